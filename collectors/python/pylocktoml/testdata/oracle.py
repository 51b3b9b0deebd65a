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
facts = {"valid": True, "packages": packages, "hashes": hashes}
if any(p.dependencies is not None for p in lock.packages):
    facts["edges"] = sorted(edges)
print(json.dumps(facts))
