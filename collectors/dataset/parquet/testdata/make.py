"""Writes the txtar archives with pyarrow. The expectations (want.json) that are there are kept."""
import io
import json
import os
import struct

import pyarrow as pa
import pyarrow.parquet as pq

HERE = os.path.dirname(os.path.abspath(__file__))


def parquet(table, **kw):
    out = io.BytesIO()
    pq.write_table(table, out, **kw)
    return out.getvalue()


def write(name, title, files):
    path = os.path.join(HERE, name + ".txtar")
    want = ""
    if os.path.exists(path):
        text = open(path).read()
        start = text.index("-- want.json --\n")
        want = text[start : text.index("\n-- ", start + 5) + 1]
    with open(path, "w") as f:
        f.write(title + "\n" + want)
        for member, data in files.items():
            if isinstance(data, str):
                f.write(f"-- {member} --\n{data}")
                continue
            f.write(f"-- {member}.hex --\n")
            for i in range(0, len(data), 40):
                f.write(data[i : i + 40].hex() + "\n")


def varint(n):
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def zigzag(n):
    return varint(n << 1 ^ n >> 63)


def binary(text):
    return varint(len(text)) + text.encode()


def element(name, kind=None, children=None):
    """A SchemaElement in the compact protocol: type, repetition, name, children."""
    out, last = b"", 0
    for field, form, value in ((1, 5, kind), (3, 5, 0 if kind is not None else None), (4, 8, name), (5, 5, children)):
        if value is not None:
            out += bytes([(field - last) << 4 | form]) + (binary(value) if form == 8 else zigzag(value))
            last = field
    return out + b"\0"


def footer(rows, group_rows, offset, path=None):
    """One column "x" of int64 in one row group, with whatever numbers."""
    meta = b"\x15" + zigzag(2) + b"\x19\x05" + b"\x19\x18" + binary("x") + b"\x15" + zigzag(0) + b"\x16" + zigzag(group_rows)
    meta += b"\x16" + zigzag(24) + b"\x16" + zigzag(24) + b"\x26" + zigzag(offset) + b"\0"
    chunk = (b"\x18" + binary(path) + b"\x16" if path else b"\x26") + zigzag(offset) + b"\x1c" + meta + b"\0"
    group = b"\x19\x1c" + chunk + b"\x16" + zigzag(24) + b"\x16" + zigzag(group_rows) + b"\0"
    schema = b"\x19\x2c" + element("schema", children=1) + element("x", kind=2)
    meta = b"\x15" + zigzag(1) + schema + b"\x16" + zigzag(rows) + b"\x19\x1c" + group + b"\x28" + binary("made by hand") + b"\0"
    return b"PAR1" + bytes(24) + meta + struct.pack("<I", len(meta)) + b"PAR1"


LABELS = {"info": {"features": {"text": {"dtype": "string", "_type": "Value"}, "label": {"names": ["neg", "pos"], "_type": "ClassLabel"}, "picture": {"_type": "Image"}}}}
PICTURE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
hub = pa.schema([("text", pa.string()), ("label", pa.int64()), ("picture", PICTURE)], metadata={"huggingface": json.dumps(LABELS)})


def part(n):
    return pa.table({"text": ["t"] * n, "label": [i % 2 if i else None for i in range(n)], "picture": [None] * n}, schema=hub)


card = "---\nlicense: mit\ntask_categories:\n- text-classification\n---\n# Demo\n"
write(
    "hub",
    "A dataset of the hub: two splits, classes and pictures stated by the datasets library.",
    {"hub/README.md": card, "hub/data/train-00000-of-00001.parquet": parquet(part(5)), "hub/data/test-00000-of-00001.parquet": parquet(part(2), compression="zstd", store_schema=False)},
)
geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Polygon", "Point"]}}}
pandas = {"index_columns": ["when", {"kind": "range"}], "pandas_version": "2.2.0"}
kinds = pa.schema(
    [
        pa.field("when", pa.timestamp("us", "Europe/Berlin")),
        pa.field("geometry", pa.binary(), nullable=False),
        pa.field("size", pa.dictionary(pa.int8(), pa.string())),
        pa.field("price", pa.decimal128(9, 2)),
        pa.field("tags", pa.large_list(pa.field("item", pa.string(), nullable=False))),
        pa.field("attributes", pa.map_(pa.string(), pa.int32())),
        pa.field("id", pa.uuid()),
        pa.field("half", pa.float16()),
        pa.field("took", pa.duration("ms")),
    ],
    metadata={"geo": json.dumps(geo), "pandas": json.dumps(pandas), "zone": "x"},
)
write(
    "kinds",
    "Types that Arrow's own schema tells, metadata of pandas and GeoParquet, a table in partitions with its summary.",
    {
        "sales/year=2024/part-0.parquet": parquet(kinds.empty_table()),
        "sales/year=2025/part-0.parquet": parquet(pa.table({"a": [1, 2, None], "b": [1.5, 2.5, 3.5]}), row_group_size=2),
        "sales/_common_metadata": parquet(pa.table({"a": pa.array([], pa.int64())})),
        "other/_metadata": b"not Parquet",
    },
)
broken = parquet(pa.table({"a": [1, 2, 3]}))
write(
    "hostile",
    "Rows that do not add up, chunks outside of the file and of the folder, a cut file, another format, an encrypted footer, an LFS pointer.",
    {
        "data/rows.parquet": footer(7, 3, 4),
        "data/outside.parquet": footer(3, 3, 4000),
        "data/escape.parquet": footer(3, 3, 4, "../../other.parquet"),
        "data/lost.parquet": footer(3, 3, 4, "part-1.parquet"),
        "data/cut.parquet": broken[:-20],
        "data/damaged.parquet": broken[:-100] + bytes(40) + broken[-60:],
        "data/text.parquet": "a,b\n1,2\n",
        "data/secret.parquet": b"PARE" + bytes(8) + b"\x1c\x1c\x00\x00\x00" + struct.pack("<I", 5) + b"PARE",
        "data/pointer.parquet": "version https://git-lfs.github.com/spec/v1\noid sha256:" + "ab" * 32 + "\nsize 12345\n",
    },
)
