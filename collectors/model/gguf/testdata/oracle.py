"""Writes reference.gguf with the reference writer into the folder given."""
import sys

import numpy as np
import gguf

w = gguf.GGUFWriter(sys.argv[1] + "/reference.gguf", "llama")
w.add_name("Reference")
w.add_license("mit")
w.add_context_length(4096)
w.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
w.add_tokenizer_model("llama")
w.add_token_list(["<unk>", "<s>", "</s>"])
w.add_eos_token_id(2)
a = gguf.quants.quantize(np.ones((8, 64), dtype=np.float32), gguf.GGMLQuantizationType.Q8_0)
w.add_tensor("a", a, raw_dtype=gguf.GGMLQuantizationType.Q8_0)
w.add_tensor("b", np.ones((16,), dtype=np.float32))
w.write_header_to_file()
w.write_kv_data_to_file()
w.write_tensors_to_file()
w.close()

# The ids, made of what the reference reader gives.
import hashlib
import json

r = gguf.GGUFReader(sys.argv[1] + "/reference.gguf")
tokenizer = hashlib.sha256()
for name in sorted(r.fields):
    if name.startswith("tokenizer.ggml."):
        value = b"".join(part.tobytes() for part in r.fields[name].parts[2:])  # after the key's length and text
        tokenizer.update(name.encode() + b"\0" + value)


def sha(data):
    return hashlib.sha256(data).digest()


def id_of(kind, records):
    return hashlib.sha256(b"mlbom %s 1\n" % kind + b"".join(sorted(set(records)))).hexdigest()


shapes, headers, contents = [], [], []
for t in r.tensors:
    shape = ",".join(str(n) for n in reversed(t.shape.tolist()))
    shapes.append(sha(f"{t.name}\0{shape}".encode()))
    headers.append(sha(f"{t.name}\0{t.tensor_type.name}\0{shape}".encode()))
    contents.append(headers[-1] + sha(t.data.tobytes()))
json.dump(
    {"tokenizer": tokenizer.hexdigest(), "content": id_of(b"content", contents), "header": id_of(b"header", headers), "shapes": id_of(b"shapes", shapes)},
    open(sys.argv[1] + "/reference.gguf.json", "w"),
)
