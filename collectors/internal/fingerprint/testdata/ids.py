"""Prints the content id, the header id and the shapes id of safetensors files that
hold one model: python ids.py model-00001-of-00002.safetensors model-00002-of-00002.safetensors"""

import hashlib
import json
import struct
import sys


def sha(data):
    return hashlib.sha256(data).digest()


def id_of(kind, records):
    return hashlib.sha256(b"mlbom %s 1\n" % kind + b"".join(sorted(set(records)))).hexdigest()


shapes, headers, contents = [], [], []
for path in sys.argv[1:]:
    with open(path, "rb") as file:
        start = 8 + struct.unpack("<Q", file.read(8))[0]
        for name, tensor in json.loads(file.read(start - 8)).items():
            if name == "__metadata__":
                continue
            shape = ",".join(map(str, tensor["shape"]))
            begin, end = tensor["data_offsets"]
            file.seek(start + begin)
            shapes.append(sha(f"{name}\0{shape}".encode()))
            headers.append(sha(f"{name}\0{tensor['dtype']}\0{shape}".encode()))
            contents.append(headers[-1] + sha(file.read(end - begin)))
print(id_of(b"content", contents), id_of(b"header", headers), id_of(b"shapes", shapes))
