"""Writes onnx.json into the folder given: what the reference library says of its
own test models, which it makes, and of all .onnx files in further folders."""
import collections
import json
import pathlib
import sys
import warnings

import onnx
from onnx import TensorProto as T

warnings.simplefilter("ignore")
out = pathlib.Path(sys.argv[1])
FIELDS = ("t", "tensors", "sparse_tensor", "sparse_tensors")


def walk(graph, facts):
    for t in graph.initializer:
        count(t, facts)
    for s in graph.sparse_initializer:
        count(s.values, facts)
    nodes(graph.node, facts)


def count(t, facts):
    n = 1
    for d in t.dims:
        n *= d
    kind = facts["tensors"].setdefault(T.DataType.Name(t.data_type), [0, 0])
    kind[0] += 1
    kind[1] += n


def nodes(list_, facts):
    for node in list_:
        facts["operators"][(node.domain or "ai.onnx") + "." + node.op_type] += 1
        for a in node.attribute:
            for g in [*([a.g] if a.HasField("g") else []), *a.graphs]:
                walk(g, facts)


def dims(t):
    if not t.HasField("shape"):
        return ""
    return "[" + ",".join(d.dim_param or (str(d.dim_value) if d.HasField("dim_value") and d.dim_value >= 0 else "?") for d in t.shape.dim) + "]"


def port(v):
    kind = v.type.WhichOneof("value")
    if kind == "tensor_type":
        return [v.name, T.DataType.Name(v.type.tensor_type.elem_type), dims(v.type.tensor_type)]
    return [v.name, kind or "", ""]


def describe(m):
    facts = {"ir": m.ir_version, "producer": m.producer_name, "version": m.producer_version, "model": m.model_version, "graph": m.graph.name,
             "opsets": {(o.domain or "ai.onnx"): o.version for o in m.opset_import}, "metadata": {p.key: p.value for p in m.metadata_props},
             "functions": len(m.functions), "tensors": {}, "operators": collections.Counter()}
    walk(m.graph, facts)
    for t in m.training_info:
        walk(t.initialization, facts)
        walk(t.algorithm, facts)
    for f in m.functions:
        nodes(f.node, facts)
    held = {t.name for t in m.graph.initializer} | {s.values.name for s in m.graph.sparse_initializer}
    facts["inputs"] = [port(v) for v in m.graph.input if v.name not in held]
    facts["outputs"] = [port(v) for v in m.graph.output]
    return facts


models = []
folder = out / "onnx"
folder.mkdir(exist_ok=True)
try:
    from onnx.backend.test.loader import load_model_tests

    cases = load_model_tests(kind="node")
except Exception as e:  # older libraries make them while they load
    print("no models of its own:", e)
    cases = []
for c in cases:
    m = c.model or onnx.load(pathlib.Path(c.model_dir) / "model.onnx", load_external_data=False)
    path = folder / (c.name + ".onnx")
    path.write_bytes(m.SerializeToString())
    models.append({"path": str(path), "facts": describe(m)})
for more in sys.argv[2:]:
    for path in sorted(pathlib.Path(more).rglob("*.onnx")):
        models.append({"path": str(path), "facts": describe(onnx.load(path, load_external_data=False))})
(out / "onnx.json").write_text(json.dumps(models))
print(len(models), "models")
