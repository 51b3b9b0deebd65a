"""Writes the archives of this folder. Needs onnx and numpy from PyPI (made with onnx 1.23.2)."""
import pathlib
import sys

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper as h

here = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)


def archive(name, says, files):
    """Writes a txtar: bytes as hexadecimal."""
    old = here / f"{name}.txtar"
    text = old.read_text() if old.exists() else ""
    want = text[text.index("-- want.json --") :] if "-- want.json --" in text else ""
    want = want.split("\n-- ")[0].strip("\n")
    out = [says] + ([want] if want else [])
    for path, data in files.items():
        if isinstance(data, str):
            out += [f"-- {path} --", data.rstrip("\n")]
            continue
        hexed = data.hex()
        out += [f"-- {path}.hex --"] + [hexed[i : i + 96] for i in range(0, len(hexed), 96)]
    old.write_text("\n".join(out) + "\n")


def outside(name, location, offset=None, length=None, dtype=T.FLOAT, dims=(2, 3)):
    """A tensor of external data."""
    t = T(name=name, data_type=dtype, dims=dims, data_location=T.EXTERNAL)
    for key, value in (("location", location), ("offset", offset), ("length", length)):
        if value is not None:
            t.external_data.add(key=key, value=str(value))
    return t


def small(tensors, nodes=(), **more):
    """A model of one node and the tensors given."""
    x, y = (h.make_tensor_value_info(n, T.FLOAT, [1]) for n in "xy")
    graph = h.make_graph([*nodes, h.make_node("Relu", ["x"], ["y"])], "g", [x], [y], initializer=list(tensors))
    more.setdefault("opset_imports", [h.make_opsetid("", 17)])
    return h.make_model(graph, ir_version=8, **more)


def full():
    x = h.make_tensor_value_info("x", T.FLOAT, ["batch", 3, None, 224])
    old = h.make_tensor_value_info("w", T.FLOAT, [2, 3])  # an initializer that is listed as an input
    ids = h.make_value_info("ids", h.make_sequence_type_proto(h.make_map_type_proto(T.INT64, h.make_tensor_type_proto(T.FLOAT, [2]))))
    maybe = h.make_value_info("maybe", h.make_optional_type_proto(h.make_tensor_type_proto(T.STRING, [])))
    few = h.make_value_info("few", h.make_sparse_tensor_type_proto(T.FLOAT, [5]))
    y = h.make_tensor_value_info("y", T.BFLOAT16, None)
    inner = h.make_graph([h.make_node("Identity", ["iw"], ["o"])], "then", [], [h.make_tensor_value_info("o", T.FLOAT, [4])], [h.make_tensor("iw", T.FLOAT, [4], np.ones(4, "f").tobytes(), raw=True)])
    nodes = [
        h.make_node("Relu", ["x"], ["a"]),
        h.make_node("Relu", ["a"], ["b"]),
        h.make_node("If", ["c"], ["d"], then_branch=inner, else_branch=inner),
        h.make_node("Constant", [], ["e"], value=h.make_tensor("k", T.FLOAT, [3], [1.0, 2.0, 3.0])),
        h.make_node("DequantizeLinear", ["q", "s"], ["f"]),
        h.make_node("Twice", ["f"], ["g"], domain="own"),
        h.make_node("Magic", ["g"], ["y"], domain="com.example"),
    ]
    twice = h.make_function("own", "Twice", ["i"], ["o"], [h.make_node("Add", ["i", "i"], ["o"])], [h.make_opsetid("", 17)])
    tensors = [
        h.make_tensor("w", T.FLOAT, [2, 3], np.zeros((2, 3), "f").tobytes(), raw=True),
        h.make_tensor("q", T.INT4, [3], b"\x01\x02", raw=True),
        h.make_tensor("s", T.FLOAT, [], [1.0]),
        h.make_tensor("n", T.INT2, [5], b"\x01\x02", raw=True),
        h.make_tensor("h", T.BFLOAT16, [2], b"\0\0\0\0", raw=True),
        h.make_tensor("f8", T.FLOAT8E4M3FN, [2], b"\0\0", raw=True),
        h.make_tensor("words", T.STRING, [2], [b"a", b"b"]),
        outside("big", "model.onnx_data", 4, 24),
        outside("big2", "model.onnx_data"),
        outside("far", "sub/w.bin", dtype=T.UINT8, dims=(3,)),
    ]
    sparse = h.make_sparse_tensor(h.make_tensor("sv", T.FLOAT, [2], [1.0, 2.0]), h.make_tensor("si", T.INT64, [2], [0, 7]), [10])
    graph = h.make_graph(nodes, "main_graph", [x, old, ids, maybe, few], [y], tensors, sparse_initializer=[sparse])
    m = h.make_model(graph, producer_name="pytorch", producer_version="2.5.1", ir_version=10, doc_string="A model for the test.", model_version=3,
                     domain="org.example", functions=[twice], opset_imports=[h.make_opsetid("", 17), h.make_opsetid("own", 1), h.make_opsetid("com.example", 2)])
    h.set_model_props(m, {"model_author": "A. Author", "license": "AGPL-3.0 License (https://example.org/license)", "stride": "32", "names": "{0: 'person'}"})
    return m.SerializeToString()


places = ["../secret.bin", "/etc/passwd", "C:\\w.bin", "\\\\host\\share\\w.bin", "https://example.org/w.bin", "*/_ORT_MEM_ADDR_/*", "a/../../w.bin", "gone.bin", "short.bin"]
hostile = small([outside(f"t{i}", p) for i, p in enumerate(places)], [h.make_node("EPContext", [], ["z"], domain="com.microsoft", embed_mode=0, ep_cache_context="../../engine.bin")])

good = small([h.make_tensor("w", T.FLOAT, [2, 3], np.zeros((2, 3), "f").tobytes(), raw=True)], producer_name="onnx.quantize", producer_version="0.1.0")
nbits = small([h.make_tensor("B", T.UINT8, [4, 1, 16], bytes(64), raw=True)],
              [h.make_node("MatMulNBits", ["x", "B", "sc"], ["z"], domain="com.microsoft", bits=4, K=32, N=4, block_size=32)], producer_name="olive")
bad = small([])
for name, dims, kind, raw in (("size", [2, 3], T.FLOAT, bytes(20)), ("negative", [-1], T.FLOAT, b""), ("huge", [1 << 62, 8], T.FLOAT, b""), ("type", [1], 99, b"\0")):
    bad.graph.initializer.append(T(name=name, dims=dims, data_type=kind, raw_data=raw))
bad.graph.initializer.append(outside("offset", "w.bin", "-5"))
bad.graph.initializer.append(outside("length", "w.bin", 0, 1 << 40))
bad.graph.initializer.append(T(name="nowhere", dims=[1], data_type=1, data_location=T.EXTERNAL))

archive("full", "All that is read of a model: nested graphs, functions, sub-byte types, sparse and external tensors.",
        {"m/model.onnx": full(), "m/model.onnx_data": bytes(28), "m/sub/w.bin": b"abc"})
archive("external", "External data that lie elsewhere, nowhere, or are too short.", {"m/detector.onnx": hostile.SerializeToString(), "m/short.bin": bytes(23)})
archive("quantized", "Weights packed into 4 bits, and a producer without a version.", {"tiny.onnx": nbits.SerializeToString()})
data = good.SerializeToString()
archive("damaged", "Tensors that cannot be, files that are cut, no models, and a field that holds something else.", {
    "bad.onnx": bad.SerializeToString(), "w.bin": bytes(24), "cut.onnx": data[: len(data) - 30], "text.onnx": "hello, this is no model\n", "empty.onnx": "",
    "hidden.onnx": data + b"\xfa\x07\x08PK\x03\x04\x00\x00\x00\x00", "renamed.dat": data})
archive("pointer", "A Git LFS pointer in place of the model, and in place of its data.", {
    "m/model.onnx": "version https://git-lfs.github.com/spec/v1\noid sha256:" + "1" * 64 + "\nsize 1234567\n",
    "n/model.onnx": small([outside("t", "model.onnx_data")]).SerializeToString(),
    "n/model.onnx_data": "version https://git-lfs.github.com/spec/v1\noid sha256:" + "2" * 64 + "\nsize 24\n"})
archive("variant", "A model of transformers with its ONNX form below it.", {"m/onnx/model.onnx": data, "m/onnx/model_int8.onnx": "version https://git-lfs.github.com/spec/v1\noid sha256:" + "3" * 64 + "\nsize 80\n",
     "m/config.json": '{"model_type": "bert"}\n'})
archive("part", "A part of a model of transformers in ONNX form: a model of its own, and a form of what the folder above holds.",
    {"m/onnx/encoder_model.onnx": data, "m/config.json": '{"model_type": "bart"}\n'})
