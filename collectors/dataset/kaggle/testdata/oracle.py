"""Lets Kaggle's own program read metadata files, those made here and those of
MLBOM_CORPUS, and writes what it would send, or why it refuses, into kaggle.json in the
folder given. Nothing is sent: its client is replaced."""
import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from types import SimpleNamespace

os.environ.update(KAGGLE_USERNAME="nobody", KAGGLE_KEY="none")
from kaggle.api.kaggle_api_extended import KaggleApi

api = KaggleApi()
api.authenticate()
sent = []


class Recorder:
    def __getattr__(self, name):
        return self

    def __call__(self, request):
        sent.append(request)
        return SimpleNamespace(errors=[])


api.build_kaggle_client = lambda: contextlib.nullcontext(Recorder())
api.upload_files = lambda *args, **kwargs: None
calls = {"dataset-metadata.json": api.dataset_create_new, "model-metadata.json": api.model_create_new, "model-instance-metadata.json": api.model_instance_create, "kernel-metadata.json": api.kernels_push}
KEYS = "title slug owner_slug license_name subtitle description category_ids publish_time provenance_sources model_slug language kernel_type dataset_data_sources competition_data_sources kernel_data_sources model_data_sources".split()
BODY = "instance_slug overview license_name training_data base_model_instance external_base_model_url".split()


def told(name, text):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, name).write_text(text)
        try:
            source = json.loads(text)
            source = source.get("info", source) if name == "dataset-metadata.json" else source
            for r in source.get("resources") or []:
                if ".." not in r["path"]:
                    Path(folder, r["path"]).parent.mkdir(parents=True, exist_ok=True)
                    Path(folder, r["path"]).write_text("")
            if source.get("code_file"):
                Path(folder, source["code_file"]).write_text("{}")
        except Exception:
            pass
        sent.clear()
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                calls[name](folder)
        except Exception as e:
            return {"refused": str(e) or repr(e)}
        r = sent[-1]
        out = {k: getattr(r, k) for k in KEYS if hasattr(r, k)}
        if hasattr(r, "body"):
            out |= {k: getattr(r.body, k) for k in BODY}
        return {"said": {k: [str(x) for x in v] if isinstance(v, list) else [str(v)] for k, v in out.items() if v not in (None, "", [])}}


D = {"id": "ann/bird-songs", "title": "Songs of birds", "licenses": [{"name": "CC0-1.0"}], "subtitle": "Songs of birds in the north", "description": "By hand.", "keywords": ["audio", "birds"], "resources": [{"path": "a.csv", "description": "All."}]}
M = {"ownerSlug": "ann", "slug": "bird-net", "title": "Bird net", "subtitle": "", "isPrivate": True, "description": "Tells birds.", "provenanceSources": "The woods."}
I = {"ownerSlug": "ann", "modelSlug": "bird-net", "instanceSlug": "small", "framework": "pytorch", "overview": "Small.", "usage": "", "licenseName": "Apache 2.0", "fineTunable": True, "trainingData": ["ann/bird-songs"], "baseModelInstance": "ann/net/pyTorch/base/1", "externalBaseModelUrl": ""}
K = {"id": "ann/count-birds", "title": "Count birds", "code_file": "a.py", "language": "python", "kernel_type": "script", "dataset_sources": ["ann/bird-songs", "ann/owl-songs/3"], "competition_sources": ["titanic"], "kernel_sources": ["ann/first-look"], "model_sources": ["ann/bird-net/pyTorch/small/2"], "keywords": ["birds"]}
names = dict(zip("DMIK", calls))
whole = dict(D=D, M=M, I=I, K=K)
cases = []
for key, base in whole.items():
    cases.append((names[key], json.dumps(base)))
    for k in base: # without each, and with nothing in it
        cases.append((names[key], json.dumps({x: v for x, v in base.items() if x != k})))
        cases.append((names[key], json.dumps({**base, k: [] if isinstance(base[k], list) else ""})))
for change in ({"id": "bird-songs"}, {"id": "nobody/INSERT_SLUG_HERE"}, {"title": "INSERT_TITLE_HERE"}, {"licenses": D["licenses"] * 2}, {"title": "Short"}, {"resources": [{"path": "a.csv"}, {"path": "a.csv"}]}):
    cases.append((names["D"], json.dumps({**D, **change})))
for change in ({"ownerSlug": "INSERT_OWNER_SLUG_HERE"}, {"slug": "INSERT_SLUG_HERE"}, {"title": "INSERT_TITLE_HERE"}, {"isPrivate": "yes"}, {"publishTime": "soon"}):
    cases.append((names["M"], json.dumps({**M, **change})))
for change in ({"modelSlug": "INSERT_EXISTING_MODEL_SLUG_HERE"}, {"instanceSlug": "INSERT_INSTANCE_SLUG_HERE"}, {"framework": "INSERT_FRAMEWORK_HERE"}, {"fineTunable": "yes"}, {"trainingData": "ann/bird-songs"}):
    cases.append((names["I"], json.dumps({**I, **change})))
for change in ({"dataset_sources": ["bird-songs"]}, {"kernel_sources": ["x"]}, {"model_sources": ["ann/b"]}, {"language": "perl"}, {"kernel_type": "tool"}, {"dataset_sources": ["a/b/c/d"]}, {"docker_image_pinning_type": "never"}):
    cases.append((names["K"], json.dumps({**K, **change})))
if os.environ.get("MLBOM_CORPUS"):
    for f in sorted(Path(os.environ["MLBOM_CORPUS"]).glob("kaggle*/**/*.json")):
        name = next((n for n in calls if f.name.endswith(n)), None)
        if name:
            cases.append((name, f.read_text(encoding="utf-8-sig", errors="replace")))
with open(os.path.join(sys.argv[1], "kaggle.json"), "w") as out:
    json.dump([{"name": n, "text": t, **told(n, t)} for n, t in cases], out)
