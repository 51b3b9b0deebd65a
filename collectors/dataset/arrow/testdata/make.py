"""Writes the txtar archives with pyarrow. The expectations (want.json) that are there are kept."""
import io
import json
import os

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.ipc as ipc

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


def stream(table, form=ipc.new_stream, **options):
    out = io.BytesIO()
    with form(out, table.schema, options=ipc.IpcWriteOptions(**options)) as w:
        w.write_table(table, max_chunksize=3)
    return out.getvalue()


info = {"info": {"features": {"text": {"dtype": "string", "_type": "Value"}, "label": {"names": ["neg", "pos"], "_type": "ClassLabel"}}}, "fingerprint": "0123456789abcdef"}
table = pa.table({"text": ["a", None, "c", "d"], "label": [0, 1, None, None], "tags": [["x"], None, [], ["y", None]]}, metadata={"huggingface": json.dumps(info)})
words = pa.table({"word": pa.array(["a", "b", None, "a"]).dictionary_encode(), "at": pa.array([1, 2, 3, 4], pa.timestamp("ms", "UTC")), "at2": pa.array([None] * 4)})
old = io.BytesIO()
feather.write_feather(words, old, compression="zstd")
whole, marks = stream(table), stream(words, ipc.new_file, compression="lz4")
write(
    "tables",
    "A stream as the datasets library keeps it, a file with a dictionary, Feather of both versions, an old stream, a pointer.",
    {
        "saved/dataset_dict.json": '{"splits": ["train"]}\n',
        "saved/train/dataset_info.json": '{"citation": "", "features": {}, "splits": {}}\n',
        "saved/train/data-00000-of-00001.arrow": whole,
        "data/words.arrow": marks,
        "data/words.feather": old.getvalue(),
        "data/before.arrow": stream(table.select(["label"]), use_legacy_format=True, metadata_version=ipc.MetadataVersion.V4),
        "data/first.feather": b"FEA1" + bytes(8) + b"FEA1",
        "data/pointer.arrow": "version https://git-lfs.github.com/spec/v1\noid sha256:" + "ab" * 32 + "\nsize 12345\n",
    },
)
write(
    "hostile",
    "A stream and a file that are cut off, a file with damage in it, another format under the names.",
    {
        "data/cut.arrow": whole[:-120],
        "data/footless.arrow": marks[:-40],
        "data/damaged.arrow": marks[:-60] + b"\xff" * 8 + marks[-52:],
        "data/text.arrow": "no Arrow\n",
        "data/text.ipc": "no Arrow\n",
    },
)
