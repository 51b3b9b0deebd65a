# Prints what Pipenv's own reader makes of a lock, as JSON for locktest.
# Usage: oracle.py LOCK
import json, os, sys

from pipenv.vendor import plette
from pipenv.patched.pip._vendor.packaging.utils import canonicalize_name

try:
    with open(sys.argv[1]) as f:
        lock = plette.Lockfile.load(f)
    raw = lock._data
    packages, hashes, runs = set(), {}, {}
    for category in raw:
        if category == "_meta":
            continue
        for key, value in raw[category].items():
            p = plette.models.packages.Package(value) if hasattr(plette.models, "packages") else value
            value = p._data if hasattr(p, "_data") else p
            if isinstance(value, str):
                value = {"version": value}
            at = value.get("path") or value.get("file", "")
            if at and "://" not in at and not at.endswith((".whl", ".tar.gz", ".zip")):
                continue
            name = canonicalize_name(key) + " " + value.get("version", "").lstrip("=")
            packages.add(name)
            hashes.setdefault(name, set()).update(value.get("hashes", []))
            label = {"default": "main", "develop": "dev"}.get(category, category if category in ("dev", "main") else "group:" + canonicalize_name(category))
            runs.setdefault(label, set()).add(name)
except Exception as e:
    print(json.dumps({"skip": f"{type(e).__name__}: {e}"}))
    sys.exit()
facts = {"packages": sorted(packages), "hashes": {k: sorted(v) for k, v in hashes.items()}, "runs": {k: sorted(v) for k, v in runs.items()}}
manifest = os.path.join(os.path.dirname(sys.argv[1]), "Pipfile")
if os.path.exists(manifest):
    with open(manifest) as f:
        old = plette.Pipfile.load(f).get_hash().value
    want = raw["_meta"].get("hash", {}).get("sha256")

    def normal():
        import hashlib
        with open(manifest) as f:
            table = plette.Pipfile.load(f)._data
        sections = ("source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv", "default", "develop")
        plain = lambda t: {canonicalize_name(k): v for k, v in t.items()}
        data = {"_meta": {"sources": table.get("source", {}), "requires": table.get("requires", {})}, "default": plain(table.get("packages", {})), "develop": plain(table.get("dev-packages", {}))}
        data.update({k: plain(v) for k, v in table.items() if k not in sections})
        return hashlib.sha256(json.dumps(data, sort_keys=True, separators=(",", ":")).encode()).hexdigest()

    if want:
        facts["fresh"] = want in (old, normal())
print(json.dumps(facts))
