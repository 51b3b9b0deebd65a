"""Writes the txtar archives with pyarrow. The expectations (want.json) that are there are kept."""
import io
import os

import pyarrow as pa
from pyarrow import orc

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

def file(table, **kw):
    out = io.BytesIO()
    orc.write_table(table, out, **kw)
    return out.getvalue()


table = pa.table(
    {
        "a": [1, None, 3],
        "s": ["x", None, None],
        "l": [[1, 2], None, []],
        "m": pa.array([[("k", 1.5)], None, []], pa.map_(pa.string(), pa.float64())),
        "st": [{"p": True, "q": None}, None, {"p": False, "q": b"x"}],
        "d": pa.array([1, 2, 3], pa.date32()),
        "t": pa.array([1, 2, 3], pa.timestamp("ns")),
        "n": pa.array([1, 2, 3]).cast(pa.decimal128(30, 2)),
    }
)
whole = file(table, compression="zstd")
write(
    "tables",
    "Tables that are packed in several ways, a table in partitions, a pointer, other formats under the name, a cut file.",
    {
        **{f"data/{c}.orc": file(table, compression=c) for c in ("uncompressed", "zlib", "snappy", "lz4", "zstd")},
        "sales/year=2024/0.orc": file(table.select(["a"])),
        "data/pointer.orc": "version https://git-lfs.github.com/spec/v1\noid sha256:" + "ab" * 32 + "\nsize 12345\n",
        "data/text.orc": "ORC is no table\n",
        "data/cut.orc": whole[:-30],
        "data/damaged.orc": whole[:-60] + bytes(20) + whole[-40:],
    },
)
