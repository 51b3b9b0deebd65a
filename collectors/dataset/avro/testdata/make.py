"""Writes the txtar archives with fastavro. The expectations (want.json) that are there are kept."""
import io
import os

import fastavro

HERE = os.path.dirname(os.path.abspath(__file__))


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

def file(schema, rows, **kw):
    out = io.BytesIO()
    fastavro.writer(out, fastavro.parse_schema(schema), rows, sync_marker=bytes(range(16)), **kw)
    return out.getvalue()


fields = [
    {"name": "id", "type": "long"},
    {"name": "kind", "type": ["null", {"type": "enum", "name": "Kind", "symbols": ["CAT", "DOG"]}]},
    {"name": "other", "type": "Kind"},
    {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
    {"name": "when", "type": {"type": "long", "logicalType": "timestamp-micros"}},
    {"name": "local", "type": ["null", {"type": "long", "logicalType": "local-timestamp-millis"}]},
    {"name": "day", "type": {"type": "int", "logicalType": "date"}},
    {"name": "tags", "type": {"type": "array", "items": ["null", "string"]}},
    {"name": "more", "type": {"type": "map", "values": "double"}},
    {"name": "hash", "type": {"type": "fixed", "name": "Hash", "size": 4}},
    {"name": "either", "type": ["int", "string", "null"]},
    {"name": "tree", "type": {"type": "record", "name": "Node", "fields": [{"name": "v", "type": "int"}, {"name": "next", "type": ["null", "Node"]}]}},
]
schema = {"type": "record", "name": "org.example.Row", "fields": fields}
row = {"id": 1, "kind": "CAT", "other": "DOG", "price": b"\x01", "when": 1, "local": None, "day": 1, "tags": ["a", None], "more": {"k": 1.5}, "hash": b"abcd", "either": "x", "tree": {"v": 1, "next": None}}
row["price"] = __import__("decimal").Decimal("1.00")
small = {"type": "record", "name": "R", "fields": [{"name": "a", "type": "int"}]}
many = [{"a": i} for i in range(300)]
whole = file(small, many, codec="deflate", sync_interval=100)
write(
    "tables",
    "A table of all types, several blocks, a table in partitions, a pointer.",
    {
        "data/kinds.avro": file(schema, [row, row]),
        "data/blocks.avro": whole,
        "sales/year=2024/0.avro": file(small, [], codec="null"),
        "data/plain.avro": file("long", [1, 2, 3]),
        "data/pointer.avro": "version https://git-lfs.github.com/spec/v1\noid sha256:" + "ab" * 32 + "\nsize 12345\n",
    },
)
write(
    "hostile",
    "A file that is cut off, one with a block damaged, one whose schema is no JSON, another format.",
    {
        "data/cut.avro": whole[:-30],
        "data/damaged.avro": whole[:-16] + bytes(16),
        "data/schema.avro": whole.replace(b'"name"', b'"name\x01'),
        "data/text.avro": "no Avro\n",
    },
)
