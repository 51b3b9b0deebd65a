"""Writes tflite.json into the folder given: what the library's own tables say of
models that this script makes, and of all .tflite files in further folders. Needs
tflite and flatbuffers from PyPI (made with 2.18.0 and 25.12.19)."""
import collections
import json
import pathlib
import runpy
import sys

import tflite

out = pathlib.Path(sys.argv[1])


def enum(of):
    return {v: k for k, v in vars(of).items() if isinstance(v, int)}


TYPES, OPS = enum(tflite.TensorType), enum(tflite.BuiltinOperator)


def text(b):
    return (b or b"").decode("utf-8", "replace")


def port(t, name=None):
    dims = [t.ShapeSignature(i) for i in range(t.ShapeSignatureLength())] or [t.Shape(i) for i in range(t.ShapeLength())]
    known = bool(dims) or t.HasRank()
    return [text(t.Name() if name is None else name), TYPES.get(t.Type(), str(t.Type())), dims if known else None]


def describe(data):
    m = tflite.Model.GetRootAs(data, 0)
    codes = []
    for i in range(m.OperatorCodesLength()):
        c = m.OperatorCodes(i)
        number = max(c.DeprecatedBuiltinCode(), c.BuiltinCode())
        codes.append(text(c.CustomCode()) if number == 32 else OPS[number])
    ops, tensors, used = collections.Counter(), {}, set()
    for i in range(m.SubgraphsLength()):
        g = m.Subgraphs(i)
        ops.update(codes[g.Operators(j).OpcodeIndex()] for j in range(g.OperatorsLength()))
        for j in range(g.TensorsLength()):
            t = g.Tensors(j)
            b = t.Buffer()
            if not b or b in used:
                continue
            buffer = m.Buffers(b)
            if not buffer.DataLength() and not (buffer.Offset() > 1 and buffer.Size()):
                continue
            used.add(b)
            n = 1
            for d in range(t.ShapeLength()):
                n *= t.Shape(d)
            kind = tensors.setdefault(TYPES.get(t.Type(), str(t.Type())), [0, 0])
            kind[0] += 1
            kind[1] += n
    g = m.Subgraphs(0)
    facts = {"version": m.Version(), "description": text(m.Description()), "operators": ops, "tensors": tensors, "subgraphs": m.SubgraphsLength(),
             "inputs": [port(g.Tensors(g.Inputs(i))) for i in range(g.InputsLength())], "outputs": [port(g.Tensors(g.Outputs(i))) for i in range(g.OutputsLength())],
             "metadata": sorted(text(m.Metadata(i).Name()) for i in range(m.MetadataLength()))}
    for i in range(m.SignatureDefsLength()):
        s = m.SignatureDefs(i)
        if m.SignatureDefsLength() > 1 and text(s.SignatureKey()) != "serving_default":
            continue
        g = m.Subgraphs(s.SubgraphIndex())
        facts["inputs"] = [port(g.Tensors(s.Inputs(j).TensorIndex()), s.Inputs(j).Name()) for j in range(s.InputsLength())]
        facts["outputs"] = [port(g.Tensors(s.Outputs(j).TensorIndex()), s.Outputs(j).Name()) for j in range(s.OutputsLength())]
    return facts


folder = out / "tflite"
folder.mkdir(exist_ok=True)
for name, data in runpy.run_path(str(pathlib.Path(__file__).parent / "make.py"))["valid"]().items():
    (folder / name).write_bytes(data)
models = []
for more in [folder, *sys.argv[2:]]:
    for path in sorted(pathlib.Path(more).rglob("*.tflite")):
        data = path.read_bytes()
        if data[4:8] == b"TFL3":
            models.append({"path": str(path), "facts": describe(data)})
(out / "tflite.json").write_text(json.dumps(models))
print(len(models), "models")
