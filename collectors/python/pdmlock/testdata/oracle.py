# Prints what PDM itself makes of a lock, as JSON for locktest.
# Usage: oracle.py LOCK
import json, os, re, shutil, sys, tempfile, tomllib

from packaging.utils import canonicalize_name
from pdm.core import Core
from pdm.environments import BareEnvironment
from pdm.models.markers import Marker
from pdm.models.repositories import LockedRepository
from pdm.models.requirements import FileRequirement

name = sys.argv[1]
try:
    with open(name, "rb") as f:
        lock = tomllib.load(f)
except ValueError as e:
    print(json.dumps({"skip": str(e)}))
    sys.exit()
if "package" not in lock:
    print(json.dumps({"skip": "no packages"}))
    sys.exit()
old = lock.get("metadata", {}).get("files", {})
manifest = os.path.join(os.path.dirname(name), "pyproject.toml")
with tempfile.TemporaryDirectory() as root:
    shutil.copy(name, root + "/pdm.lock")
    if os.path.exists(manifest):
        shutil.copy(manifest, root + "/pyproject.toml")
    else:
        with open(root + "/pyproject.toml", "w") as f:
            f.write('[project]\nname = "x"\nversion = "0"\n')
    project = Core().create_project(root)
    for p in lock["package"]:  # files of before lock version 4.3
        p.setdefault("files", old.get(f"{p['name']} {p.get('version', '')}", []))
    sources, env = [], BareEnvironment(project)
    project.lockfile._data.setdefault("metadata", {})["strategy"] = ["static_urls", "cross_platform"]
    repo = LockedRepository(lock, sources, env)

    def key(c):
        return canonicalize_name(c.name) + " " + (c.version or "")

    entries = list(repo.packages.values())
    local = {id(e) for e in entries if isinstance(e.candidate.req, FileRequirement) and e.candidate.req.is_local_dir} if True else set()
    local |= {id(e) for e in entries if getattr(e.candidate.req, "path", None) and not str(e.candidate.req.path).endswith((".whl", ".gz", ".zip"))}
    libraries = [e for e in entries if id(e) not in local]
    packages, hashes, edges, runs = set(), {}, set(), {}
    optional = {canonicalize_name(k) for k in project.pyproject.metadata.get("optional-dependencies", {})}
    for e in libraries:
        n = key(e.candidate)
        packages.add(n)
        if not e.candidate.req.extras:
            hashes.setdefault(n, set()).update(h["hash"] for h in e.candidate.hashes)
        for g in e.candidate.req.groups:
            g = canonicalize_name(g)
            label = "main" if g == "default" else "extra:" + g if g in optional else g if g in ("dev", "main") else "group:" + g
            runs.setdefault(label, set()).add(n)
        needs = repo._get_dependencies_from_lockfile(e.candidate).dependencies
        for d in needs:
            named = [q for q in entries if canonicalize_name(q.candidate.name) == canonicalize_name(d.name)]
            fit = [q for q in named if d.is_named and d.specifier.contains(q.candidate.version or "0", True)]
            for q in fit or named:
                if id(q) not in local and key(q.candidate) != n:
                    edges.add(n + " > " + key(q.candidate))
facts = {"packages": sorted(packages), "edges": sorted(edges), "hashes": {k: sorted(v) for k, v in hashes.items()}, "runs": {k: sorted(v) for k, v in runs.items()}}
print(json.dumps(facts))
