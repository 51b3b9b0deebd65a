"""Writes Parquet files of all sorts into the folder given, and what pyarrow says of them
into parquet.json there. Further folders are searched for files to tell of as well."""
import datetime
import decimal
import json
import os
import sys

import pyarrow as pa
import pyarrow.parquet as pq

out = sys.argv[1]
os.makedirs(os.path.join(out, "parquet"), exist_ok=True)


def save(name, table, **kw):
    pq.write_table(table, os.path.join(out, "parquet", name + ".parquet"), **kw)


def field(t, nullable=True):  # a null is always nullable
    return pa.field("x", t, nullable or t == pa.null())


KINDS = [pa.null(), pa.bool_(), pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64(), pa.float16(), pa.float32(), pa.float64()]
KINDS += [pa.string(), pa.large_string(), pa.string_view(), pa.binary(), pa.large_binary(), pa.binary_view(), pa.binary(7), pa.date32(), pa.date64(), pa.uuid(), pa.json_()]
KINDS += [pa.time32("s"), pa.time32("ms"), pa.time64("us"), pa.time64("ns")] + [pa.duration(u) for u in ("s", "ms", "us", "ns")]
KINDS += [pa.timestamp(u, z) for u in ("s", "ms", "us", "ns") for z in (None, "UTC", "Europe/Berlin", "+02:00")]
KINDS += [pa.decimal128(p, s) for p, s in ((5, 2), (18, 0), (38, 10))] + [pa.decimal256(50, 3), pa.decimal256(9, 3), pa.decimal32(5, 1), pa.decimal64(12, 1)]
KINDS += [pa.dictionary(pa.int8(), pa.string()), pa.dictionary(pa.uint16(), pa.string(), ordered=True), pa.dictionary(pa.int32(), pa.int64()), pa.dictionary(pa.int32(), pa.binary()), pa.dictionary(pa.int8(), pa.large_string()), pa.dictionary(pa.int64(), pa.large_binary())]
NESTED = []
for t in KINDS[1:6] + [pa.string(), pa.large_string(), pa.timestamp("us", "UTC"), pa.decimal128(5, 2), pa.dictionary(pa.int8(), pa.string()), pa.duration("s"), pa.uuid()]:
    NESTED += [pa.list_(t), pa.large_list(t), pa.list_(pa.field("element", t, False)), pa.list_(t, 3), pa.list_view(t), pa.struct([("a", t), pa.field("b", t, False)]), pa.map_(pa.string(), t), pa.map_(pa.string(), t, keys_sorted=True)]
    NESTED += [pa.list_(pa.list_(t)), pa.list_(pa.struct([("a", pa.list_(t))])), pa.struct([("m", pa.map_(pa.int32(), pa.list_(t)))])]
for i, t in enumerate(KINDS + NESTED):
    for stored in (True, False):
        for nullable in (True, False):
            try:
                save(f"kind-{i}-{stored}-{nullable}", pa.schema([field(t, nullable)]).empty_table(), store_schema=stored)
            except (pa.ArrowNotImplementedError, pa.ArrowInvalid):
                pass
rows = pa.table({"a": [1, None, 3, None] * 25, "s": ["x", None] * 50, "l": [[1, None], None] * 50, "d": [decimal.Decimal("1.5")] * 100, "t": [datetime.datetime(2024, 1, 1)] * 100})
for codec in ("none", "snappy", "gzip", "brotli", "zstd", "lz4"):
    for version in ("1.0", "2.4", "2.6"):
        for stats in (True, False, ["a"]):
            save(f"rows-{codec}-{version}-{stats if isinstance(stats, bool) else 'a'}", rows, compression=codec, version=version, write_statistics=stats, row_group_size=30, data_page_version="2.0" if version == "2.6" else "1.0")
save("flags", rows, use_deprecated_int96_timestamps=True, use_compliant_nested_type=False, store_schema=False)


def told(path):
    try:
        f = pq.ParquetFile(path)
        md = f.metadata
        nulls = []
        for c in range(md.num_columns):
            stats = [md.row_group(g).column(c).statistics for g in range(md.num_row_groups)]
            nulls.append(sum(s.null_count for s in stats) if all(s is not None and s.has_null_count for s in stats) else None)
        return {"fields": [[x.name, str(x.type), x.nullable] for x in f.schema_arrow], "rows": md.num_rows, "groups": md.num_row_groups, "by": md.created_by, "nulls": nulls}
    except Exception as e:
        return {"error": str(e)}


all_files = {}
for root in [os.path.join(out, "parquet")] + sys.argv[2:]:
    for folder, _, names in os.walk(root):
        for name in sorted(names):
            path = os.path.join(folder, name)
            if name.endswith((".parquet", ".parq", ".pq")) or name in ("_metadata", "_common_metadata"):
                all_files[os.path.relpath(path, out) if path.startswith(out) else os.path.abspath(path)] = told(path)
json.dump(all_files, open(os.path.join(out, "parquet.json"), "w"))
