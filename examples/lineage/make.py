"""Writes the files of this example whose digests others name, so that they fit.

python3 make.py, in this folder. Standard library only; the same bytes on every run.
The numbers are made up; nothing here was trained.
"""

import hashlib
import json
import os
import struct

HERE = os.path.dirname(os.path.abspath(__file__))


def write(name, data):
    data = data.encode() if isinstance(data, str) else data
    path = os.path.join(HERE, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)
    return {"md5": hashlib.md5(data).hexdigest(), "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


def table(start, rows):
    things = ["kettle", "lamp", "chair", "radio"]
    words = [("negative", "broke after a week"), ("positive", "does what it should"), ("neutral", "is a {thing}"), ("positive", "was worth the money")]
    lines = ["id,text,label"]
    for i in range(start, start + rows):
        thing = things[i % 4]
        label, text = words[(i * 7 // 3) % 4]
        lines.append(f"{i},the {thing} {text.format(thing=thing)},{label}")
    return "\n".join(lines) + "\n"


def safetensors(shapes):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, shape in shapes.items():
        count = 1
        for n in shape:
            count *= n
        raw = b"".join(struct.pack("<f", ((i * 37) % 101) / 101) for i in range(count))
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


raw = write("data/raw/reviews.csv", table(0, 60))
train = write("data/reviews/train.csv", table(0, 40))
validation = write("data/reviews/validation.csv", table(40, 10))
test = write("data/reviews/test.csv", table(50, 10))
weights = write("model/model.safetensors", safetensors({"encoder.weight": [8, 16], "encoder.bias": [8], "classifier.weight": [3, 8], "classifier.bias": [3]}))

write("data/raw/reviews.csv.dvc", f"""outs:
- md5: {raw['md5']}
  size: {raw['size']}
  hash: md5
  path: reviews.csv
  desc: Reviews as they were handed over by the shop
""")

write("data/reviews/croissant.json", json.dumps({
    "@context": {"@language": "en", "@vocab": "https://schema.org/", "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
                 "sc": "https://schema.org/", "dct": "http://purl.org/dc/terms/", "conformsTo": "dct:conformsTo", "recordSet": "cr:recordSet", "field": "cr:field",
                 "source": "cr:source", "extract": "cr:extract", "column": "cr:column", "fileObject": "cr:fileObject", "dataType": {"@id": "cr:dataType", "@type": "@vocab"}},
    "@type": "sc:Dataset",
    "conformsTo": "http://mlcommons.org/croissant/1.0",
    "name": "reviews",
    "description": "Sixty short product reviews with a label of three classes.",
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "url": "https://data.example.org/reviews",
    "version": "1.2.0",
    "datePublished": "2026-01-20",
    "creator": {"@type": "Organization", "name": "Example Shop", "url": "https://shop.example.org"},
    "rai:dataCollection": "Customers wrote the reviews in the shop between 2024 and 2025.",
    "rai:dataPreprocessingProtocol": ["Names and order numbers were removed.", "Split by id, 40/10/10."],
    "distribution": [{"@type": "cr:FileObject", "@id": name, "name": name, "contentUrl": name, "encodingFormat": "text/csv", "contentSize": f"{f['size']} B", "sha256": f["sha256"]}
                     for name, f in (("train.csv", train), ("validation.csv", validation), ("test.csv", test))],
    "recordSet": [{"@type": "cr:RecordSet", "@id": "reviews", "name": "reviews", "field": [
        {"@type": "cr:Field", "@id": f"reviews/{column}", "name": column, "dataType": kind, "source": {"fileObject": {"@id": "train.csv"}, "extract": {"column": column}}}
        for column, kind in (("id", "sc:Integer"), ("text", "sc:Text"), ("label", "sc:Text"))]}],
}, indent=2) + "\n")


def entry(kind, path, f):
    return f"    - path: {path}\n      hash: md5\n      md5: {f['md5']}\n      size: {f['size']}\n"


def source(path):
    with open(os.path.join(HERE, path), "rb") as f:
        data = f.read()
    return {"md5": hashlib.md5(data).hexdigest(), "size": len(data)}


report = write("evaluation/results_2026-01-28T09-30-00.json", json.dumps({
    "results": {"reviews": {"alias": "reviews", "acc,none": 0.8, "acc_stderr,none": 0.1333, "f1,none": 0.78}},
    "group_subtasks": {"reviews": []},
    "configs": {"reviews": {"task": "reviews", "dataset_path": "csv", "dataset_kwargs": {"data_files": {"test": "data/reviews/test.csv"}}, "test_split": "test",
                            "output_type": "multiple_choice", "num_fewshot": 0, "metadata": {"version": 1.0}}},
    "versions": {"reviews": 1.0},
    "n-shot": {"reviews": 0},
    "higher_is_better": {"reviews": {"acc": True, "f1": True}},
    "n-samples": {"reviews": {"original": 10, "effective": 10}},
    "config": {"model": "hf", "model_args": "pretrained=model", "model_num_parameters": 163, "model_dtype": "torch.float32", "batch_size": "8", "device": "cpu", "limit": None,
               "random_seed": 0, "numpy_seed": 1234},
    "git_hash": "5f3a9c1",
    "date": 1769592600.0,
    "transformers_version": "4.57.3",
    "lm_eval_version": "0.4.9",
    "task_hashes": {},
    "model_source": "hf",
    "model_name": "model",
    "total_evaluation_time_seconds": "12.5",
}, indent=2) + "\n")

lock = "schema: '2.0'\nstages:\n"
for name, command, deps, params, outs in (
    ("prepare", "python src/prepare.py", (("data/raw/reviews.csv", raw), ("src/prepare.py", source("src/prepare.py"))), {"prepare.seed": 7},
     (("data/reviews/test.csv", test), ("data/reviews/train.csv", train), ("data/reviews/validation.csv", validation))),
    ("train", "python src/train.py", (("data/reviews/train.csv", train), ("data/reviews/validation.csv", validation), ("src/train.py", source("src/train.py"))),
     {"train.epochs": 3, "train.learning_rate": 5e-05}, (("model/model.safetensors", weights),)),
    ("evaluate", "python src/evaluate.py", (("data/reviews/test.csv", test), ("model/model.safetensors", weights), ("src/evaluate.py", source("src/evaluate.py"))), {},
     (("evaluation/results_2026-01-28T09-30-00.json", report),)),
):
    lock += f"  {name}:\n    cmd: {command}\n    deps:\n" + "".join(entry("dep", p, f) for p, f in deps)
    if params:
        lock += "    params:\n      params.yaml:\n" + "".join(f"        {k}: {v}\n" for k, v in params.items())
    lock += "    outs:\n" + "".join(entry("out", p, f) for p, f in outs)
write("dvc.lock", lock)
