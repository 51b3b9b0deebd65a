"""Writes Arrow files of all sorts into the folder given, and what pyarrow says of them into
arrow.json there. Further folders are searched for files to tell of as well."""
import json
import os
import sys

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.ipc as ipc

out = sys.argv[1]
os.makedirs(os.path.join(out, "arrow"), exist_ok=True)
rows = pa.table({"a": [1, None, 3, None] * 25, "s": ["x", None] * 50, "l": [[1, None], None] * 50, "st": [{"p": 1, "q": None}, None] * 50, "d": pa.array(["x", None, "y", "x"] * 25).dictionary_encode()})
nested = pa.table(
    {
        "m": pa.array([[("k", 1)], None], pa.map_(pa.string(), pa.int32())),
        "f": pa.array([[1, 2], None], pa.list_(pa.int16(), 2)),
        "v": pa.array(["x", None], pa.string_view()),
        "lv": pa.array([[1], None], pa.list_view(pa.int8())),
        "r": pa.RunEndEncodedArray.from_arrays(pa.array([2], pa.int32()), pa.array(["z"])),
        "u": pa.array([b"0" * 16, None], pa.uuid()),
        "n": pa.array([None, None]),
        "t": pa.array([1, None], pa.timestamp("ns", "Asia/Tokyo")),
        "i": pa.array([(1, 2, 3), None], pa.month_day_nano_interval()),
    }
)
for name, table in (("rows", rows), ("nested", nested), ("empty", rows.schema.empty_table())):
    for form in ("stream", "file"):
        for codec in (None, "lz4", "zstd"):
            for old in (False, True):
                version = ipc.MetadataVersion.V4 if old else ipc.MetadataVersion.V5
                path = os.path.join(out, "arrow", f"{name}-{form}-{codec}-{old}.arrow")
                options = ipc.IpcWriteOptions(compression=codec, metadata_version=version, use_legacy_format=old and form == "stream")
                with getattr(ipc, "new_" + form)(path, table.schema, options=options) as w:
                    w.write_table(table, max_chunksize=30)
for codec in ("lz4", "zstd", "uncompressed"):
    feather.write_feather(rows, os.path.join(out, "arrow", f"rows-{codec}.feather"), compression=codec)


def told(path):
    try:
        if open(path, "rb").read(6) == b"ARROW1":
            r = ipc.open_file(path)
            batches = [r.get_batch(i) for i in range(r.num_record_batches)]
        else:
            r = ipc.open_stream(path)
            batches = list(r)
        nulls = [sum(b.column(i).null_count for b in batches) for i in range(len(r.schema))]
        return {"fields": [[x.name, str(x.type), x.nullable] for x in r.schema], "rows": sum(b.num_rows for b in batches), "groups": len(batches), "nulls": nulls}
    except Exception as e:
        return {"error": str(e)}


all_files = {}
for root in [os.path.join(out, "arrow")] + sys.argv[2:]:
    for folder, _, names in os.walk(root):
        for name in sorted(names):
            path = os.path.join(folder, name)
            if name.endswith((".arrow", ".stream", ".arrow_file", ".feather")):
                all_files[os.path.relpath(path, out) if path.startswith(out) else os.path.abspath(path)] = told(path)
json.dump(all_files, open(os.path.join(out, "arrow.json"), "w"))
