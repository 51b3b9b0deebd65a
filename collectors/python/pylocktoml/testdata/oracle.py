# Prints what the reference implementation makes of a lock, as JSON for locktest.
# Usage: oracle.py LOCK
import json, sys, tomllib

from packaging.pylock import Pylock
from packaging.utils import canonicalize_name

with open(sys.argv[1], "rb") as f:
    raw = f.read()
try:
    lock = tomllib.loads(raw.decode())
    Pylock.from_dict(lock)
except Exception as e:
    print(json.dumps({"valid": False, "reason": f"{type(e).__name__}: {e}"}))
    sys.exit()
lock = Pylock.from_dict(lock)


def name(p):
    return p.name + " " + (raw_version.get((p.name, str(p.version))) or "" if p.version else "")


raw_version = {(p["name"], str(__import__("packaging.version").version.Version(p["version"]))): p["version"] for p in tomllib.loads(raw.decode())["packages"] if "version" in p}
packages, hashes, edges = [], {}, set()


def subset(part, whole):
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(k in whole and subset(v, whole[k]) for k, v in part.items())
    return part == whole




raw_packages = tomllib.loads(raw.decode())["packages"]
for p, table in zip(lock.packages, raw_packages):
    if p.directory:
        continue
    packages.append(name(p))
    files = ([p.sdist] if p.sdist else []) + list(p.wheels or []) + ([p.archive] if p.archive else [])
    hashes[name(p)] = [f"{a.lower()}:{h.lower()}" for f in files for a, h in f.hashes.items()]
    for d in p.dependencies or []:
        for q, t in zip(lock.packages, raw_packages):
            if subset(dict(d), t) and not q.directory and name(q) != name(p):
                edges.add(name(p) + " > " + name(q))


def holds(tree, extras, groups):
    """Whether a marker can hold, by packaging's own tree of it: what the machine decides can be so or otherwise."""
    if tree is None:
        return True
    if isinstance(tree, tuple):
        left, op, right = (str(getattr(t, "value", t)) for t in tree)
        for variable, text in ((left, right), (right, left)):
            have = {"extra": extras, "extras": extras, "dependency_groups": groups}.get(variable)
            if have is not None:
                return (canonicalize_name(text) in have) != (op in ("not in", "!="))
        return True
    either = [[]]
    for part in tree:
        if part == "or":
            either.append([])
        elif part != "and":
            either[-1].append(part)
    return any(all(holds(p, extras, groups) for p in both) for both in either)


runs = {}
defaults = {canonicalize_name(g) for g in lock.default_groups or []}
todo = {"main": (set(), defaults)}
for x in lock.extras or []:
    todo["main+extra:" + x] = ({x}, defaults)
for g in map(canonicalize_name, lock.dependency_groups or []):
    if g not in defaults:
        todo["main+" + (g if g == "dev" else "group:" + g)] = (set(), defaults | {g})
for label, asked in todo.items():
    runs[label] = [name(p) for p in lock.packages if not p.directory and holds(p.marker._markers if p.marker else None, *asked)]
facts = {"runs": runs, "valid": True, "packages": packages, "hashes": hashes}
if any(p.dependencies is not None for p in lock.packages):
    facts["edges"] = sorted(edges)
print(json.dumps(facts))
