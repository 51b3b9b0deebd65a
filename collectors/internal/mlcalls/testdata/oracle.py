"""What calls name literally, by Python's own parser: for each file name on standard
input one line of JSON, a list of {"line", "text"}, or null for what is no Python 3."""
import ast
import json
import sys
import warnings

warnings.simplefilter("ignore")
FUNCTIONS = {"load_dataset", "from_pretrained", "hf_hub_download", "snapshot_download", "SentenceTransformer"}
LIBRARIES = {"datasets", "huggingface_hub", "sentence_transformers", "transformers", "modelscope"}
KEYS = ["pretrained_model_name_or_path", "model_name_or_path", "pretrained_model_or_path", "pretrained_model_name", "model_name", "model_id",
        "repo_id", "model_path", "name_or_path", "model", "path"]


def names(tree):
    known = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for a in node.names:
                known.setdefault(a.asname or a.name, node.module + "." + a.name)
        elif isinstance(node, ast.Import):
            for a in node.names:
                known.setdefault(a.asname or a.name.split(".")[0], a.name if a.asname else a.name.split(".")[0])
    return known


def dotted(node):
    parts = []
    while isinstance(node, ast.Attribute):
        parts.insert(0, node.attr)
        node = node.value
    return ".".join([node.id, *parts]) if isinstance(node, ast.Name) else "." + ".".join(parts)


def literal(call, full):
    if full.endswith(".snapshot_download") or full.endswith("_download"):
        for k in call.keywords:
            if k.arg == "repo_type" and not (isinstance(k.value, ast.Constant) and k.value.value in (None, "model", "dataset")):
                return None
    at = 1 if full.split(".")[-2:-1] and full.split(".")[-2].startswith("PeftModel") and len(call.args) > 1 else 0
    for k in call.keywords:
        if k.arg in KEYS and isinstance(k.value, ast.Constant) and isinstance(k.value.value, str):
            return k.value.value
    if len(call.args) > at and isinstance(call.args[at], ast.Constant) and isinstance(call.args[at].value, str):
        return call.args[at].value
    return None


for line in sys.stdin:
    try:
        with open(line.rstrip("\n"), "rb") as f:
            tree = ast.parse(f.read())
    except (SyntaxError, ValueError):
        print("null")
        continue
    known, found = names(tree), []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, (ast.Name, ast.Attribute)):
            continue
        name = dotted(node.func)
        first, _, rest = name.partition(".")
        full = known[first] + ("." + rest if rest else "") if first in known else name
        last = full.rpartition(".")[2]
        if last not in FUNCTIONS:
            continue
        if last != "from_pretrained" and full.partition(".")[0] not in LIBRARIES:
            continue
        text = literal(node, full)
        if text:
            found.append({"line": node.lineno, "text": text})
    print(json.dumps(found))
