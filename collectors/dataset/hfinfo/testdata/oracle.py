"""Writes what the datasets library reads of dataset_infos.json and dataset_info.json
into the folder given: datasetinfos/FACTS.json, and the files beside it. A file is
made with the library; those of further folders are taken too.

Needs datasets 2.21, the last with the class Sequence.
"""
import json
import pathlib
import re
import sys

import datasets
from datasets import Array2D, Audio, ClassLabel, DatasetInfo, Features, Sequence, SplitDict, SplitInfo, Translation, Value

out = pathlib.Path(sys.argv[1]) / "datasetinfos"
out.mkdir(parents=True, exist_ok=True)


def snake(name):
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower()


def words(f, top=True):
    """The type of a feature, of the library's own objects."""
    if isinstance(f, dict):
        return "struct<" + ", ".join(k + ": " + words(v, False) for k, v in f.items()) + ">"
    if isinstance(f, list):
        return "list<" + words(f[0], top) + ">"
    kind = type(f).__name__
    if kind == "Value":
        return f.dtype
    if kind == "ClassLabel":
        return ("class_label" if top else "class_label<" + ", ".join(f.names) + ">") if f.names else "class_label<num_classes: %d>" % f.num_classes
    if kind in ("Sequence", "LargeList"):
        return snake(kind) + "<" + words(f.feature, top) + ">" + (" (length: %d)" % f.length if getattr(f, "length", -1) != -1 else "")
    if kind.startswith("Translation"):
        return snake(kind) + ("<" + ", ".join(f.languages) + ">" if f.languages else "")
    if kind.startswith("Array"):
        return snake(kind) + "<" + f.dtype + "> (shape: [" + ",".join(str(x) for x in f.shape) + "])"
    if kind == "Audio" and f.sampling_rate:
        return "audio (sampling_rate: %d)" % f.sampling_rate
    return snake(kind)


def labels(f):
    if isinstance(f, list):
        return labels(f[0])
    if type(f).__name__ in ("Sequence", "LargeList") and not isinstance(f.feature, dict):
        return labels(f.feature)
    return list(f.names or []) if type(f).__name__ == "ClassLabel" else []


def facts(doc):
    every = doc if not ("features" in doc and ("splits" in doc or "citation" in doc)) else {doc.get("config_name") or "": doc}
    r = {"features": [], "splits": [], "downloads": [], "homepages": [], "licenses": [], "versions": [], "size": 0, "download": 0}
    for name, d in every.items():
        info = DatasetInfo.from_dict(d)
        config = "" if len(every) == 1 and name == "default" else name
        for k, v in (info.features or {}).items():
            r["features"].append({"config": config, "name": k, "type": words(v), "labels": labels(v)})
        for k, s in (info.splits or {}).items():
            r["splits"].append({"config": config, "name": k, "rows": s.num_examples or 0, "bytes": s.num_bytes or 0})
        for url, sums in (info.download_checksums or {}).items():
            r["downloads"].append({"url": url, "checksum": sums["checksum"] or "", "size": sums["num_bytes"] or 0})
        r["homepages"] += [info.homepage] if info.homepage else []
        r["licenses"] += [info.license] if info.license else []
        r["versions"] += [str(info.version)] if info.version else []
        if len(every) == 1:
            r["size"], r["download"] = info.dataset_size or 0, info.download_size or 0
    return r


def made():
    features = Features({"text": Value("string"), "mood": ClassLabel(names=["sad", "glad"]), "tags": Sequence(ClassLabel(names=["O", "B"])), "free": ClassLabel(num_classes=3),
                         "deep": [{"a": Value("int32"), "b": Sequence(Value("int64"), length=3)}], "both": Translation(["de", "en"]), "nested": [[Value("float32")]],
                         "plain": {"x": Value("bool"), "y": ClassLabel(names=["p", "q"])}, "pixels": Array2D((2, 3), "uint8"), "voice": Audio(16000)})
    info = DatasetInfo(description="Moods.", features=features, license="mit", homepage="https://example.org", version="1.2.0", dataset_size=110, download_size=60,
                       splits=SplitDict({"train": SplitInfo("train", 100, 5), "test": SplitInfo("test", 10, 1)}),
                       download_checksums={"https://example.org/a.zip": {"num_bytes": 60, "checksum": "853fbe7922f70c59629f06a39e8d9ca440c3d740e760fd3b87a5ddf3dcba2436"}})
    folder = out / "made"
    folder.mkdir(exist_ok=True)
    info.write_to_directory(str(folder))
    yield "made/dataset_info.json", (folder / "dataset_info.json").read_text()


def below(folders):
    for folder in folders:
        for p in sorted(pathlib.Path(folder).rglob("dataset_info*.json")):
            yield re.sub(r"[^A-Za-z0-9]+", "_", str(p.parent.relative_to(folder))) + "/" + p.name, p.read_text()


every = {}
for name, text in [*made(), *below(sys.argv[2:])]:
    try:
        every[name] = facts(json.loads(text))
    except Exception as e:
        print("not the library's:", name, type(e).__name__, e)
        continue
    (out / name).parent.mkdir(exist_ok=True)
    (out / name).write_text(text)
(out / "FACTS.json").write_text(json.dumps(every))
print(len(every), "files, datasets", datasets.__version__)
