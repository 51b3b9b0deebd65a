"""Makes a real cache of the Hugging Face hub, and a local_dir, with huggingface_hub
against a hub of our own, in the folder given: "hub" and "hublocal".

The hub speaks the parts of the API that a download needs."""
import hashlib
import http.server
import json
import os
import shutil
import sys
import threading
import urllib.parse

COMMITS = {"main": "1" * 40, "old": "2" * 40}
SMALL = {"config.json": b'{"model_type": "bert"}\n', "README.md": b"---\nlicense: mit\nbase_model: org/base\n---\n# A card\n"}
LARGE = {"model.safetensors": (8).to_bytes(8, "little") + b'{}      ', "onnx/model.bin": b"\x00" * 64}


def files(commit):
    all = dict(SMALL)
    if commit == COMMITS["old"]:
        all["config.json"] = b'{"model_type": "gpt2"}\n'
    return all | LARGE


def blob(data):
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


class Hub(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def json(self, value):
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def do_HEAD(self):
        self.do_GET()

    def do_GET(self):
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path)
        parts = path.strip("/").split("/")
        if parts[0] == "api":
            kind, rest = parts[1], parts[2:]
            at = rest.index("revision") if "revision" in rest else rest.index("tree") if "tree" in rest else len(rest)
            id, revision = "/".join(rest[:at]), "/".join(rest[at + 1:at + 2]) or "main"
            commit = COMMITS.get(revision, revision)
            if "tree" in rest:
                return self.json([{"type": "file", "path": n, "size": len(d), "oid": blob(d)} | ({"lfs": {"oid": hashlib.sha256(d).hexdigest(), "size": len(d), "pointerSize": 130}} if n in LARGE else {})
                                  for n, d in files(commit).items()])
            return self.json({"_id": "0", "id": id, "modelId": id, "author": "org", "sha": commit, "private": False, "disabled": False, "gated": False, "downloads": 1, "likes": 0, "tags": [],
                              "createdAt": "2024-01-01T00:00:00.000Z", "lastModified": "2024-01-01T00:00:00.000Z", "siblings": [{"rfilename": n} for n in files(commit)]})
        at = parts.index("resolve")
        commit, name = COMMITS.get(parts[at + 1], parts[at + 1]), "/".join(parts[at + 2:])
        data = files(commit).get(name)
        if data is None:
            self.send_response(404)
            self.send_header("X-Error-Code", "EntryNotFound")
            self.send_header("X-Repo-Commit", commit)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        etag = hashlib.sha256(data).hexdigest() if name in LARGE else blob(data)
        self.send_response(200)
        self.send_header("X-Repo-Commit", commit)
        self.send_header("ETag", '"%s"' % etag)
        if name in LARGE:
            self.send_header("X-Linked-Etag", '"%s"' % etag)
            self.send_header("X-Linked-Size", str(len(data)))
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ.update(HF_ENDPOINT="http://127.0.0.1:%d" % server.server_port, HF_HUB_DISABLE_XET="1", HF_HUB_DISABLE_TELEMETRY="1", HF_HUB_DISABLE_PROGRESS_BARS="1")
for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "HF_TOKEN"):
    os.environ.pop(name, None)
import huggingface_hub

cache, local = os.path.join(sys.argv[1], "hub"), os.path.join(sys.argv[1], "hublocal")
for folder in (cache, local):
    shutil.rmtree(folder, ignore_errors=True)
huggingface_hub.snapshot_download("org/name", cache_dir=cache)
huggingface_hub.hf_hub_download("org/name", "config.json", revision="old", cache_dir=cache)
huggingface_hub.hf_hub_download("org/name", "README.md", revision="old", cache_dir=cache)
huggingface_hub.hf_hub_download("gpt2", "config.json", revision=COMMITS["main"], cache_dir=cache)
huggingface_hub.hf_hub_download("org/set", "README.md", repo_type="dataset", cache_dir=cache)
try:
    huggingface_hub.hf_hub_download("org/name", "nothing.json", cache_dir=cache)
except huggingface_hub.errors.EntryNotFoundError:
    pass
huggingface_hub.snapshot_download("org/name", local_dir=local)
