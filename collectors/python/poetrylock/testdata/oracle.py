# Prints what Poetry itself makes of a lock, as JSON for locktest. Groups and
# extras are those that "poetry export" installs, where a manifest is beside it.
# Usage: oracle.py LOCK
import contextlib, json, os, re, sys, tomllib
from pathlib import Path

from packaging.utils import canonicalize_name
from poetry.factory import Factory
from poetry.packages.locker import Locker
from poetry_plugin_export.walker import get_project_dependency_packages

try:
    from poetry_plugin_export.walker import get_project_dependency_packages2
except ImportError:
    get_project_dependency_packages2 = None

lock = Path(sys.argv[1])
manifest = lock.parent / "pyproject.toml"
data = {}
if manifest.exists():
    data = tomllib.loads(manifest.read_text())
try:
    locker = Locker(lock, data)
    repository = locker.locked_repository()
    packages = repository.packages
except Exception as e:  # old, broken or empty
    print(json.dumps({"skip": f"{type(e).__name__}: {e}"}))
    sys.exit()


def name(p):
    return canonicalize_name(p.name) + " " + versions.get((canonicalize_name(p.name), p.version), str(p.version))


# Poetry writes versions anew; the lock's own spelling is what is compared.
from poetry.core.constraints.version import Version

versions = {(canonicalize_name(p["name"]), Version.parse(p["version"])): p["version"] for p in locker.lock_data["package"]}
libraries = [p for p in packages if p.source_type != "directory"]
edges = set()
for p in libraries:
    for d in p.requires:
        named = [q for q in packages if q.name == d.name]
        fit = [q for q in named if d.constraint.allows(q.version) or d.source_type and d.source_type == q.source_type]
        for q in fit or named:
            if q.source_type != "directory" and name(p) != name(q):
                edges.add(name(p) + " > " + name(q))
hashes = {name(p): [f["hash"] if ":" in f["hash"] else "sha256:" + f["hash"] for f in p.files] for p in libraries}
facts = {"packages": sorted(map(name, libraries)), "edges": sorted(edges)}
if "files" not in locker.lock_data["metadata"]:  # before, those of all versions of a name are one list
    facts["hashes"] = hashes

# The export forgets what an extra needs by a range with "!=", which the table of
# dependencies and that of extras spell differently; "poetry install" does not.
for p in packages:
    for feature, needs in p.extras.items():
        named = {d.name for d in needs}
        p.extras[feature] = [r for r in p.requires if r.name in named]
locker.locked_repository = lambda: repository

runs = {}
newer = locker.is_locked_groups_and_markers()
known = bool(data.get("tool", {}).get("poetry") or "project" in data)
root = None
if known and not newer and locker.is_fresh():
    with contextlib.redirect_stdout(sys.stderr):
        root = Factory().create_poetry(manifest).package


def run(groups, extras=()):
    if newer:
        found = get_project_dependency_packages2(locker, groups=set(map(canonicalize_name, groups)), extras=set(extras))
    else:
        requires = root.with_dependency_groups(groups, only=True).all_requires
        found = get_project_dependency_packages(locker, requires, root.name, root.python_marker, extras)
    return sorted({name(d.package) for d in found if d.package.source_type != "directory"})


if newer or root:
    groups = {g for p in locker.lock_data["package"] for g in p["groups"]} if newer else root.dependency_group_names(include_optional=True)
    todo = {}
    for g in map(canonicalize_name, groups):
        todo[g if g in ("main", "dev") else "group:" + g] = ([g], ())
    for x in map(canonicalize_name, locker.lock_data.get("extras", {})):
        todo["main+extra:" + x] = (["main"], [x])
    for label, (groups, extras) in sorted(todo.items()):
        try:
            runs[label] = run(groups, extras)
        except Exception as e:
            print("no run of", label, e, file=sys.stderr)
facts["runs"] = runs
if known:
    facts["fresh"] = locker.is_fresh()
print(json.dumps(facts))
