"""Writes TensorFlow models, and tensorflow.json with what the library says of
them, into the folder given; with a second folder, the names of all operators that
the library registers as ops.txt there. Needs tensorflow (made with 2.21.0)."""
import collections
import json
import os
import pathlib
import shutil
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
import numpy as np

try:
    import tensorflow as tf
except ImportError:
    print("tensorflow is not here: its models are not made")
    sys.exit()
from google.protobuf import text_format
from tensorflow.core.protobuf import saved_model_pb2
from tensorflow.python.framework import convert_to_constants, op_def_registry

v1 = tf.compat.v1
out = pathlib.Path(sys.argv[1]) / "tensorflow"
shutil.rmtree(out, ignore_errors=True)
out.mkdir(parents=True)
facts = []


def variables(prefix):
    return {n: [tf.train.load_checkpoint(str(prefix)).get_variable_to_dtype_map()[n].name, list(s)] for n, s in tf.train.list_variables(str(prefix)) if n != "_CHECKPOINTABLE_OBJECT_GRAPH"}


def operators(graph):
    c = collections.Counter(n.op for n in graph.node)
    for f in graph.library.function:
        c.update(n.op for n in f.node_def)
    return c


def signatures(meta):
    def ports(m):
        return sorted([k, tf.dtypes.as_dtype(v.dtype).name, "?" if v.tensor_shape.unknown_rank else [d.size for d in v.tensor_shape.dim]] for k, v in m.items())

    return {k: [ports(s.inputs), ports(s.outputs)] for k, s in meta.signature_def.items() if k != "__saved_model_init_op"}


def saved(name, bad=()):
    folder = out / name
    m = saved_model_pb2.SavedModel()
    if (folder / "saved_model.pb").exists():
        m.ParseFromString((folder / "saved_model.pb").read_bytes())
    else:
        text_format.Parse((folder / "saved_model.pbtxt").read_text(), m)
    meta = m.meta_graphs[0]
    facts.append({"kind": "saved", "path": name, "version": meta.meta_info_def.tensorflow_version, "tags": list(meta.meta_info_def.tags), "operators": operators(meta.graph_def),
                  "signatures": signatures(meta), "assets": [a.filename for a in meta.asset_file_def], "bad": sorted(bad),
                  "variables": variables(folder / "variables/variables") if (folder / "variables/variables.index").exists() else {}})


class Plain(tf.Module):
    def __init__(self):
        self.w = tf.Variable(np.ones((4, 3), "f"), name="w")
        self.h = tf.Variable(tf.zeros((2,), tf.bfloat16))
        vocab = out / "vocab.txt"
        vocab.write_text("a 0\nb 1\n")
        self.table = tf.lookup.StaticHashTable(tf.lookup.TextFileInitializer(str(vocab), tf.string, 0, tf.int64, 1, delimiter=" "), -1)

    @tf.function(input_signature=[tf.TensorSpec([None, 4], tf.float32, "x")])
    def __call__(self, x):
        return {"y": tf.matmul(x, self.w)}

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, "words")])
    def find(self, words):
        return {"ids": self.table.lookup(words)}


plain = Plain()
tf.saved_model.save(plain, str(out / "plain"), signatures={"serving_default": plain.__call__, "find": plain.find})
saved("plain")
(out / "text/variables").mkdir(parents=True)
m = saved_model_pb2.SavedModel()
m.ParseFromString((out / "plain/saved_model.pb").read_bytes())
(out / "text/saved_model.pbtxt").write_text(text_format.MessageToString(m))
for f in (out / "plain/variables").iterdir():
    shutil.copy(f, out / "text/variables")
shutil.copytree(out / "plain/assets", out / "text/assets")
saved("text")

model = tf.keras.Sequential([tf.keras.layers.Input((8,)), tf.keras.layers.Dense(4), tf.keras.layers.Dropout(0.5), tf.keras.layers.Dense(2)])
model.export(str(out / "keras"), verbose=False)
saved("keras")

with v1.Graph().as_default(), v1.Session() as s:
    x = v1.placeholder(tf.float32, [None, 3], "x")
    w = v1.get_variable("w", [3, 2])
    parts = v1.get_variable("parts", [10, 2], partitioner=v1.fixed_size_partitioner(3))
    y = tf.identity(tf.matmul(x, w), "y")
    s.run(v1.global_variables_initializer())
    v1.saved_model.simple_save(s, str(out / "one"), {"x": x}, {"y": y})
    (out / "checkpoint1").mkdir()
    v1.train.Saver(sharded=True).save(s, str(out / "checkpoint1/model.ckpt"), global_step=7)
saved("one")
facts.append({"kind": "checkpoint", "path": "checkpoint1/model.ckpt-7", "variables": variables(out / "checkpoint1/model.ckpt-7")})

opt = tf.keras.optimizers.Adam()
model.compile(opt, "mse")
model.fit(np.zeros((4, 8), "f"), np.zeros((4, 2), "f"), verbose=0)
tf.train.CheckpointManager(tf.train.Checkpoint(model=model, optimizer=opt), str(out / "checkpoint2"), 3).save()
facts.append({"kind": "checkpoint", "path": "checkpoint2/ckpt-1", "variables": variables(out / "checkpoint2/ckpt-1")})

frozen = convert_to_constants.convert_variables_to_constants_v2(tf.function(model).get_concrete_function(tf.TensorSpec([1, 8], tf.float32)))
graph = frozen.graph.as_graph_def()
(out / "frozen.pb").write_bytes(graph.SerializeToString())
consts = collections.defaultdict(lambda: [0, 0])
for n in graph.node:
    if n.op == "Const":
        c = consts[tf.dtypes.as_dtype(n.attr["dtype"].type).name]
        c[0] += 1
        c[1] += int(np.prod([d.size for d in n.attr["value"].tensor.tensor_shape.dim], dtype=np.int64))
facts.append({"kind": "graph", "path": "frozen.pb", "operators": operators(graph), "tensors": consts})

raw = tf.raw_ops


def evil(name, bad, body):
    class Evil(tf.Module):
        @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, "x")])
        def __call__(self, x):
            body(x)
            return x * 2.0

    tf.saved_model.save(Evil(), str(out / name))
    saved(name, bad)


evil("write", ["WriteFile"], lambda x: raw.WriteFile(filename="/tmp/pwned", contents="x"))
evil("read", ["ReadFile", "MatchingFiles"], lambda x: (raw.ReadFile(filename="/etc/passwd"), raw.MatchingFiles(pattern="/home/*")))
evil("print", ["PrintV2"], lambda x: tf.print("x", output_stream="file:///tmp/pwned"))
evil("printing", [], lambda x: (tf.print("fine", x), tf.debugging.assert_positive(x), tf.io.decode_jpeg(tf.constant(b""))))
evil("save", ["SaveV2"], lambda x: raw.SaveV2(prefix="/tmp/pwned", tensor_names=["a"], shape_and_slices=[""], tensors=[x]))
evil("reader", ["WholeFileReaderV2"], lambda x: raw.ReaderReadV2(reader_handle=raw.WholeFileReaderV2(), queue_handle=raw.FIFOQueueV2(component_types=[tf.string])))
evil("python", ["EagerPyFunc"], lambda x: tf.py_function(lambda: 1.0, [], tf.float32))
evil("debug", ["DebugIdentityV3"], lambda x: raw.DebugIdentityV3(input=x, debug_urls=["file:///tmp/pwned"]))
(pathlib.Path(sys.argv[1]) / "tensorflow.json").write_text(json.dumps(facts))
print(len(facts), "models")

if len(sys.argv) > 2:
    names = {n for n in dir(tf.raw_ops) if n[0].isupper()} | {n for f in facts for n in f.get("operators", {})}
    names |= {n for n in v1.Graph()._c_graph.get().__class__.__dict__ if False}
    try:
        from tensorflow.python.client import pywrap_tf_session
        from tensorflow.core.framework import op_def_pb2

        ops = op_def_pb2.OpList()
        buf = pywrap_tf_session.TF_GetAllOpList()
        ops.ParseFromString(pywrap_tf_session.TF_GetBuffer(buf))
        names |= {o.name for o in ops.op}
    except Exception as e:
        print("raw_ops alone:", e)
    names = {n for n in names if op_def_registry.get(n) is not None}
    (pathlib.Path(sys.argv[2]) / "ops.txt").write_text("\n".join(sorted(names)) + "\n")
    print(len(names), "operators")
