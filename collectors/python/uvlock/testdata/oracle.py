# Prints what uv itself makes of a lock, as JSON for locktest. The lock is
# copied beside manifests that are made from it, so that uv finds a project.
# Usage: oracle.py UV LOCK
import json, os, re, subprocess, sys, tempfile, tomllib

uv, name = sys.argv[1:]
with open(name, "rb") as f:
    raw = f.read()
try:
    lock = tomllib.loads(raw.decode())
except ValueError as e:
    print(json.dumps({"skip": f"not TOML: {e}"}))
    sys.exit()


def norm(s):
    return re.sub(r"[-_.]+", "-", s).lower()


def quote(s):
    return json.dumps(s)


members = set(lock.get("manifest", {}).get("members", []))
local = {}
for p in lock.get("package", []):
    at = p.get("source", {}).get("editable", p.get("source", {}).get("virtual"))
    if at is not None and (at == "." or p["name"] in members):
        local[p["name"]] = (at, p)
if not local:
    print(json.dumps({"skip": "no project in it"}))
    sys.exit()

groups, extras = set(), set()
with tempfile.TemporaryDirectory() as root:
    with open(root + "/uv.lock", "wb") as f:
        f.write(raw)
    roots = [n for n, (at, _) in local.items() if at == "."]
    tables = {}
    for n, (at, p) in local.items():
        xs = set(p.get("optional-dependencies", {})) | set(p.get("metadata", {}).get("provides-extras", []))
        gs = set(p.get("dev-dependencies", {})) | set(p.get("metadata", {}).get("requires-dev", {}))
        groups |= gs
        extras |= xs
        text = f"[project]\nname = {quote(n)}\nversion = {quote(p.get('version', '0'))}\n"
        if "requires-python" in lock:
            text += f"requires-python = {quote(lock['requires-python'])}\n"
        text += "[project.optional-dependencies]\n" + "".join(f"{quote(x)} = []\n" for x in sorted(xs))
        text += "[dependency-groups]\n" + "".join(f"{quote(g)} = []\n" for g in sorted(gs))
        tables[at] = text
    text = tables.get(".", "")
    workspace = lock.get("manifest", {}).get("dependency-groups", {})
    if "." not in tables and workspace:  # a workspace without a project of its own
        groups |= set(workspace)
        text = "[dependency-groups]\n" + "".join(f"{quote(g)} = []\n" for g in sorted(workspace))
    others = sorted(at for at in tables if at != ".")
    if others:
        text += "[tool.uv.workspace]\nmembers = " + json.dumps(others) + "\n"
    if "conflicts" in lock:
        text += "[tool.uv]\nconflicts = [" + ", ".join(
            "[" + ", ".join("{" + ", ".join(f"{k} = {quote(v)}" for k, v in c.items()) + "}" for c in s) + "]" for s in lock["conflicts"]
        ) + "]\n"
    tables["."] = text
    for at, text in tables.items():
        os.makedirs(os.path.join(root, at), exist_ok=True)
        with open(os.path.join(root, at, "pyproject.toml"), "w") as f:
            f.write(text)

    def export(*options):
        cmd = [uv, "export", "--frozen", "--offline", "--no-config", "--quiet", "--all-packages", *options]
        done = subprocess.run(cmd, cwd=root, capture_output=True, text=True)
        return done.stdout if done.returncode == 0 else None

    applications = {norm(p["name"]) for p in lock["package"] if set(p["source"]) & {"editable", "virtual", "directory"}}

    def bom(*options):
        text = export("--format", "cyclonedx1.5", *options)
        if text is None:
            return None
        doc = json.loads(text)
        refs = {}
        for c in doc.get("components", []):
            if norm(c["name"]) not in applications:
                refs[c["bom-ref"]] = norm(c["name"]) + " " + c.get("version", "")
        return doc, refs

    runs, packages, hashes, edges = {}, set(), {}, set()
    todo = {"main": ["--no-default-groups"]}
    for g in sorted(groups):
        todo["dev" if norm(g) == "dev" else "group:" + norm(g)] = ["--only-group", g]
    for x in sorted(extras):
        todo["main+extra:" + norm(x)] = ["--no-default-groups", "--extra", x]
    missed = []
    for label, options in todo.items():
        got = bom(*options)
        if got is None:
            missed.append(label)
            continue
        doc, refs = got
        runs[label] = sorted(set(refs.values()))
        packages |= set(refs.values())
        for c in doc.get("components", []):
            if c["bom-ref"] in refs:
                hashes.setdefault(refs[c["bom-ref"]], set()).update(
                    h["alg"].lower().replace("sha-", "sha") + ":" + h["content"]
                    for r in c.get("externalReferences", []) for h in r.get("hashes", [])
                )
        for d in doc.get("dependencies", []):
            for to in d.get("dependsOn", []):
                if d["ref"] in refs and to in refs and refs[d["ref"]] != refs[to]:
                    edges.add(refs[d["ref"]] + " > " + refs[to])
facts = {"packages": sorted(packages), "runs": runs, "hashes": {k: sorted(v) for k, v in hashes.items()}, "edges": sorted(edges)}
if missed or not runs:  # extras that not every member has, or conflicts
    facts["packages"] = facts["edges"] = None
facts["partial"] = "conflicts" in lock  # not all extras and groups can be asked for together
print(json.dumps(facts))
