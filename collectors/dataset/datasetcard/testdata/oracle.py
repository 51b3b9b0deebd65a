"""Writes what the hub's own libraries read of dataset cards into the folder given:
datasetcards/FACTS.json, and the cards beside it. Cards are made with huggingface_hub
and datasets; those of further folders (*.md below them) are taken too.

Needs datasets 2.21 (the last with the class Sequence), huggingface_hub and pyyaml.
"""
import json
import pathlib
import re
import sys

import yaml
from datasets import Array2D, Audio, ClassLabel, DatasetInfo, Features, Image, Sequence, SplitDict, SplitInfo, Translation, Value
from datasets.info import DatasetInfosDict
from huggingface_hub import DatasetCard, DatasetCardData, RepoCard

out = pathlib.Path(sys.argv[1]) / "datasetcards"
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
        if not f.names:
            return "class_label<num_classes: %d>" % f.num_classes
        return "class_label" if top else "class_label<" + ", ".join(map(str, f.names)) + ">"
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
    return [str(n) for n in f.names or []] if type(f).__name__ == "ClassLabel" else []


def listed(v):
    """The texts of a value that is one or a list of them."""
    if isinstance(v, list):
        return [str(x).strip() for x in v if isinstance(x, str) and str(x).strip()]
    return [v.strip()] if isinstance(v, str) and v.strip() else []


def configs(data):
    info = data.get("dataset_info")
    return [c for c in (info if isinstance(info, list) else [info]) if isinstance(c, dict)]


def files(data):
    """The data files of each configuration, as MetadataConfigs takes them."""
    found = []
    for c in data.get("configs") if isinstance(data.get("configs"), list) else []:
        if not isinstance(c, dict):
            continue
        of = c.get("data_files")
        paths = []
        if isinstance(of, str):
            paths = [of]
        elif isinstance(of, dict):
            for p in of.values():
                paths += listed(p)
        elif isinstance(of, list):
            for p in of:
                paths += listed(p.get("path")) if isinstance(p, dict) else listed(p)
        folder = (c.get("data_dir") or "").strip("/")
        found += [folder + "/" + p if folder and "://" not in p else p for p in paths]
    return found


def facts(text):
    card = RepoCard(text, ignore_metadata_errors=True)
    block = re.search(r"^\s*---\r?\n([\S\s]*?)\r?\n---", text).group(1)
    raw = yaml.load(block, Loader=yaml.BaseLoader)
    typed = yaml.safe_load(block)
    r = {"keys": sorted(raw), "name": raw.get("pretty_name") if isinstance(raw.get("pretty_name"), str) else ""}
    DatasetCardData(**{k.replace("-", "_"): v for k, v in card.data.to_dict().items()})  # the library takes it
    for k in ("license", "language", "size_categories", "task_categories", "task_ids", "multilinguality", "annotations_creators",
              "language_creators", "source_datasets", "tags"):
        r[k] = listed(raw.get(k))
    r["features"], r["splits"], r["files"] = [], [], files(raw)
    info, many = configs(typed), len(configs(typed)) > 1
    for c in info:
        name = c.get("config_name") or ""
        if name == "default" and not many:
            name = ""
        if c.get("features"):
            for k, v in Features._from_yaml_list(c["features"]).items():
                r["features"].append({"config": name, "name": k.strip(), "type": words(v), "labels": labels(v)})
        for s in c.get("splits") or []:
            s = SplitInfo(**s)
            r["splits"].append({"config": name, "name": s.name, "rows": max(int(s.num_examples or 0), 0), "bytes": max(int(s.num_bytes or 0), 0)})
    if len(info) == 1:
        r["size"], r["download"] = int(info[0].get("dataset_size") or 0), int(info[0].get("download_size") or 0)
    return r


def made():
    """A card that the libraries write."""
    features = Features({"text": Value("string"), "mood": ClassLabel(names=["sad", "glad"]), "tags": Sequence(ClassLabel(names=["O", "B"])),
                         "deep": [{"a": Value("int32"), "b": Sequence(Value("int64"), length=3)}], "both": Translation(["de", "en"]),
                         "plain": {"x": Value("bool"), "y": ClassLabel(names=["p", "q"])}, "pixels": Array2D((2, 3), "uint8"), "voice": Audio(16000), "face": Image()})
    info = DatasetInfo(features=features, splits=SplitDict({"train": SplitInfo("train", 100, 5), "test": SplitInfo("test", 10, 1)}), dataset_size=110, download_size=60)
    data = DatasetCardData(language=["en", "no"], license=["mit", "cc-by-4.0"], pretty_name="Moods", size_categories="n<1K", task_categories=["text-classification"],
                           source_datasets=["original", "squad"], annotations_creators="found", train_eval_index=[{"config": "x"}])
    DatasetInfosDict({"default": info}).to_dataset_card_data(data)
    yield "made", str(DatasetCard("---\n" + data.to_yaml() + "\n---\n\n# Dataset Card for Moods\n"))


def below(folders):
    for folder in folders:
        for p in sorted(pathlib.Path(folder).rglob("*.md")):
            try:
                yield re.sub(r"[^A-Za-z0-9]+", "_", str(p.relative_to(folder))), p.read_text()
            except UnicodeDecodeError:
                pass


every, refused = {}, 0
for name, text in [*made(), *below(sys.argv[2:])]:
    try:
        every[name] = facts(text)
    except Exception as e:  # what the libraries refuse is not compared
        refused += 1
        continue
    (out / name).mkdir(exist_ok=True)
    (out / name / "README.md").write_text(text)
(out / "FACTS.json").write_text(json.dumps(every, default=str))
print(len(every), "cards,", refused, "that the libraries refuse or that have no front matter")
