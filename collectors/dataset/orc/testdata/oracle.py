"""Writes ORC files of all sorts into the folder given, and what pyarrow says of them into
orc.json there. Further folders are searched for files to tell of as well."""
import json
import os
import sys

import pyarrow as pa
from pyarrow import orc

out = sys.argv[1]
os.makedirs(os.path.join(out, "orc"), exist_ok=True)
table = pa.table(
    {
        "a": [1, None, 3, None] * 2500,
        "i8": pa.array([1, None] * 5000, pa.int8()),
        "f": pa.array([1.5, None] * 5000, pa.float32()),
        "s": ["x", None] * 5000,
        "b": [b"x", None] * 5000,
        "l": [[1, None], None] * 5000,
        "m": pa.array([[("k", 1)], None] * 5000, pa.map_(pa.string(), pa.int32())),
        "st": [{"p": 1, "q": [True]}, None] * 5000,
        "d": pa.array([1, None] * 5000, pa.date32()),
        "t": pa.array([1, None] * 5000, pa.timestamp("ns")),
        "z": pa.array([1, None] * 5000, pa.timestamp("ns", "UTC")),
        "n": pa.array([1, None] * 5000).cast(pa.decimal128(30, 2)),
        "u": pa.array([True, False] * 5000),
    }
)
for codec in ("uncompressed", "zlib", "snappy", "lz4", "zstd"):
    for version in ("0.11", "0.12"):
        orc.write_table(table, os.path.join(out, "orc", f"{codec}-{version}.orc"), compression=codec, file_version=version, stripe_size=64 << 10)
orc.write_table(table.schema.empty_table(), os.path.join(out, "orc", "empty.orc"))


def told(path):
    try:
        f = orc.ORCFile(path)
        t = f.read()
        return {"fields": [[x.name, str(x.type)] for x in f.schema], "rows": f.nrows, "stripes": f.nstripes, "nulls": [c.null_count for c in t.columns]}
    except Exception as e:
        return {"error": str(e)}


all_files = {}
for root in [os.path.join(out, "orc")] + sys.argv[2:]:
    for folder, _, names in os.walk(root):
        for name in sorted(n for n in names if n.endswith(".orc")):
            path = os.path.join(folder, name)
            all_files[os.path.relpath(path, out) if path.startswith(out) else os.path.abspath(path)] = told(path)
json.dump(all_files, open(os.path.join(out, "orc.json"), "w"))
