"""Writes the vectors of this folder: what the package "packaging" makes of our own inputs.

	python vectors.py
"""
import itertools, json, os, random
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

here = os.path.dirname(os.path.abspath(__file__))
VERSIONS = """0 0.0.dev1 00.01 1 1.0 1.0.0 v1.0 V1.0 1.1 1.10 2!0.1 0!1 1.0a 1.0a1 1.0.alpha-2 1.0-BETA_3 1.0b4 1.0c5 1.0rc6 1.0-preview.7 1.0pre8
1.0rc1.dev2 1.0rc1.post3 1.0rc1.post3.dev4 1.0.post 1.0-1 1.0-r2 1.0_rev_3 1.0.post1.dev 1.0.dev 1.0dev- 1.0.dev10 1.0+a 1.0+A.1 1.0+1.a 1.0+01 1.0+10 1.0+2
1.0+a-b_c.1 1.0.post1+x 1.0rc1+x 1.0.dev1+x 2024.11.26 20250101 1.99999999999999999999999999 1.0.0.0.0.1 3.10 3.9""".split() + [" 1.0\t", "\u00a01.0\x1f"]
BROKEN = ["", "x", "1.", ".1", "1..2", "1.0+", "1.0+a+b", "1.0+a..b", "1!", "1!1!1", "1.0.x", "1.0-", "1.0--1", "1.0a1b2", "1.0.dev1.post1", "1.0-SNAPSHOT", "2004d", "1 .0", "1.*", "1.0.post1.post2", "v v1", "\u0661", "1.0\u017f", "1,0"]
SPECIFIERS = ["", ">=1", "==1.0", "==1", "== 1.0.*", "==1.*", "!=1.0", "!=1.*", "!=1.0rc6", "~=1.0", "~=1.0.0", "~=1.0rc1", "~=1.0.post1", "~=0!1.0", "<1", "<1.0rc6", "<1.0.post1", "<=1.0", "<=1.0rc1", ">1", ">1.0rc1", ">1.0.post1", ">1.0.dev1",
    ">=1.0.dev1", "==1.0+a", "!=1.0+a", "===1.0", "===1.0+A.1", "===x", ">=1,<2", ">=1.0a1,!=1.0.*", "==2!0.*", ">=1,,<2", ",", "==1.0,==1.0.0", "~=1.0,~=1.0.0", "<=v1.1", ">1.99999999999999999999"]
WRONG = ["1", "=1", "=>1", "~=1", "~=1.0+a", ">=1.*", ">=1+a", "==1.0a1.*", "==1.0+a.*", "==1.0 .*", "===a b", "===a;b", "==", ">=", "~1", "^1", "==1 2", "!=", "<>1", "==*"]

def version(text):
    try:
        v = Version(text)
    except InvalidVersion:
        return {"input": text, "valid": False}
    return {"input": text, "valid": True, "normalized": str(v), "public": v.public, "base": v.base_version, "local": v.local, "dev": v.dev, "is_prerelease": v.is_prerelease, "is_postrelease": v.is_postrelease}

def specifier(text):
    try:
        return {"input": text, "valid": True, "normalized": str(SpecifierSet(text))}
    except InvalidSpecifier:
        return {"input": text, "valid": False}

def write(name, cases):
    with open(os.path.join(here, name), "w") as f:
        f.write('{"cases": [\n' + ",\n".join(json.dumps(c) for c in cases) + "\n]}\n")

write("pep440_versions.json", [version(t) for t in VERSIONS + BROKEN])
write("pep440_specifier_sets.json", [specifier(t) for t in SPECIFIERS + WRONG])
ordered = sorted(VERSIONS, key=Version)
write("pep440_sorted_groups.json", [list(g) for _, g in itertools.groupby(ordered, key=Version)])
pairs = [{"version": v, "specifier": s, "contains_prereleases": SpecifierSet(s).contains(v, prereleases=True)} for s in SPECIFIERS for v in VERSIONS]
random.seed(1)
yes = [p for p in pairs if p["contains_prereleases"]]
no = [p for p in pairs if not p["contains_prereleases"]]
write("pep440_contains.json", random.sample(yes, 200) + random.sample(no, 200))
