"""Writes the vectors of this folder: what the package "packaging" makes of our own inputs.

	python vectors.py
"""
import json, os
from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name, parse_sdist_filename, parse_wheel_filename

here = os.path.dirname(os.path.abspath(__file__))
common = {"platform_release": "6.8.0-49-generic", "platform_version": "#49 SMP", "extra": ""}
ENVIRONMENTS = {
    "linux": {**common, "implementation_name": "cpython", "implementation_version": "3.12.1", "os_name": "posix", "platform_machine": "x86_64", "platform_python_implementation": "CPython", "platform_system": "Linux", "python_full_version": "3.12.1", "python_version": "3.12", "sys_platform": "linux"},
    "windows": {**common, "implementation_name": "pypy", "implementation_version": "7.3.17", "os_name": "nt", "platform_machine": "AMD64", "platform_python_implementation": "PyPy", "platform_release": "10", "platform_system": "Windows", "python_full_version": "3.10.14", "python_version": "3.10", "sys_platform": "win32", "extra": "Test.Extra"},
    "built": {**common, "implementation_name": "cpython", "implementation_version": "3.14.0a2", "os_name": "posix", "platform_machine": "arm64", "platform_python_implementation": "CPython", "platform_release": "23.4.0", "platform_system": "Darwin", "python_full_version": "3.14.0a2+", "python_version": "3.14", "sys_platform": "darwin", "extra": "b"},
}
SETS = {"extras": ["A_b", "c"], "dependency_groups": ["dev"]}
MARKERS = ["python_version >= '3.10'", "python_version<'3.9' or python_version>='3.14'", "'3.11' <= python_version", "python_version in '3.10 3.11'", "python_version not in '3.10, 3.11'", "python_version == '3.1*'", "python_version == '3.*'", "python_version ~= '3.10'", "python_version ~= '3'", "python_version === '3.12'",
    "python_full_version < '3.14'", "python_full_version > '3.14.0a1'", "python_full_version == '3.12.1'", "platform_release >= '10'", "platform_release < 'x'", "implementation_version < '3.14'", "os_name == 'posix'", "os.name != \"nt\"", "os_name > 'a'", "os_name <= 'posix'", "os_name ~= 'nt'", "'linux' in sys_platform", "sys.platform in 'linux linux2'", "'win' not  in sys_platform",
    "sys_platform == 'linux' and python_version >= '3' or extra == 'b'", "sys_platform == 'win32' or sys_platform == 'linux' and platform_machine == 'x86_64'", "(sys_platform == 'win32' or sys_platform == 'linux') and platform_machine == 'x86_64'", "((os_name == 'nt'))", "(os_name == 'nt') and (python_version < '4')", "os_name=='posix'and(python_version>'3'or extra=='b')",
    "extra == 'test-extra'", "extra == 'Test_Extra'", "'TEST.EXTRA' == extra", "extra != 'b'", "extra in 'a b c'", "'a.B' in extras", "'x' not in extras", "'DEV' in dependency_groups", "'a' == extras", "extras == 'a'", "extras in 'a'", "python_implementation == 'CPython'", "platform.python_implementation == 'PyPy'", "platform_machine == 'a\\x62\\u0063\\101\\q\\n'", 'platform_version == "it\'s"', "platform_version == 'say \"x\"'", "python_version > ''", "python_version >= '3.10.*'"]
BROKEN = ["", " ", "os_name", "os_name ==", "== 'x'", "os_name = 'x'", "os_name == x", "os_name == 'x", "(os_name == 'x'", "os_name == 'x')", "os_name == 'x' and", "os_name == 'x' os_name == 'y'", "os_name == 'x' & os_name == 'y'", "not os_name == 'x'", "os_name notin 'x'", "os_name == '\\x1'", "os_name == 'a\\'", "os_name == 'a\nb'", "python_versions > '3'", "OS_NAME == 'x'", "os_name\n== 'x'", "os_name == 'x' or or os_name == 'y'", "()"]
REQUIREMENTS = ["a", "A.b-C_d", "a_", "a>=1", "a >=1, <2 ", "a(>=1,<2)", "a ( )", "a [x, Y.z]  ==1.0", "a[]", "a[x]>=1;python_version<'3'", "a @ https://h/x.whl", "a@https://h/x.whl", "a[x] @ git+https://h/r@v1#egg=a ; os_name=='nt'", "a @ https://h/x;y=1", "a>=1,", "a===1.0+x;os_name=='nt'", "a===x,", "a~=1.0", "a!=1.*", "a==1.0.0,==1.0", "  a  ", "a;os_name=='nt'", "a ; (os_name=='nt' or extra=='X_y') and python_version > '3'", "a2", "a>=\u00a01"]
WRONG = ["", "-a", "a-", "a b", "a>=", "a>=1 <2", "a>=1,,<2", "a,", "a(>=1", "a>=1)", "a[x", "a[x y]", "a[,x]", "a[x,]", "a[-]", "a @", "a @ h x", "a=1", "a=>1", "a~=1", "a>=1.*", "a>1+l", "a;", "a; x", "a==1.0; os_name", "a\u00e9", "https://h/x.whl", "./a", "a @ https://h/x ;", "a\n>=1"]
FILES = ["a-1.0-py3-none-any.whl", "A_b-1.0-1-py2.py3-none-any.whl", "a-1.0-1x-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", "a-v1.0-py3-none-any.whl", "a-1.0+cu121-cp310-cp310-linux_x86_64.whl", "a.b-1!2.0-py3-none-any.whl", "a-1.0.tar.gz", "A_B.c-1.0.zip", "a-b-1.0rc1.tar.gz", "a-1.0.tar.bz2", "a.whl", "a-1.0-none-any.whl", "a-x-py3-none-any.whl", "a__b-1.0-py3-none-any.whl", "a-1.0-x-py3-none-any.whl", "a-1.0-3py-none-any.whl", "a-1.0-py3..py2-none-any.whl", "a-1.0-py3-none-.whl", "-1.0.tar.gz", "a.tar.gz", "a-x.tar.gz", "a-1.0-py3-none-any.zip", "-1.0-py3-none-any.whl", "a b-1.0-py3-none-any.whl"]
NAMES = ["Foo.Bar__baz--Qux", "a"]

def marker(text):
    try:
        m = Marker(text)
    except InvalidMarker:
        return {"input": text, "valid": False}
    result = {}
    for name, env in ENVIRONMENTS.items():
        try:
            result[name] = m.evaluate({**env, **SETS})
        except (UndefinedComparison, UndefinedEnvironmentName) as e:
            result[name] = "error:" + type(e).__name__
    return {"input": text, "valid": True, "str": str(m), "eval": result}

def requirement(text):
    try:
        r = Requirement(text)
    except InvalidRequirement:
        return {"input": text, "valid": False}
    return {"input": text, "valid": True, "name": r.name, "canonical": canonicalize_name(r.name), "extras": sorted(r.extras), "specifier": str(r.specifier), "url": r.url, "marker": r.marker and str(r.marker), "str": str(r)}

def file(text):
    c = {"input": text, "wheel": None, "sdist": None, "canonical_name": canonicalize_name(text)}
    try:
        name, version, build, tags = parse_wheel_filename(text)
        c["wheel"] = {"name": name, "version": str(version), "build": list(build), "tags": sorted(str(t) for t in tags)}
    except ValueError:
        pass
    try:
        name, version = parse_sdist_filename(text)
        c["sdist"] = {"name": name, "version": str(version)}
    except ValueError:
        pass
    return c

def write(name, cases):
    lines = [json.dumps(c) for c in cases] if isinstance(cases, list) else [json.dumps(k) + ": " + json.dumps(v) for k, v in cases.items()]
    start, end = "[]" if isinstance(cases, list) else "{}"
    with open(os.path.join(here, name), "w") as f:
        f.write('{"cases": ' + start + "\n" + ",\n".join(lines) + "\n" + end + "}\n")

write("pep508_environments.json", {k: {**v, **SETS} for k, v in ENVIRONMENTS.items()})
write("pep508_markers.json", [marker(t) for t in MARKERS + BROKEN])
write("pep508_requirements.json", [requirement(t) for t in REQUIREMENTS + WRONG])
write("filenames_and_names.json", [file(t) for t in FILES + NAMES])
