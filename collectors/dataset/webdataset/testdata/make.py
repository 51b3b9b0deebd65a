"""Writes the txtar archives. The expectations (want.json) that are there are kept."""
import gzip
import io
import json
import os
import tarfile

HERE = os.path.dirname(os.path.abspath(__file__))


def tar(files):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as t:
        for name, data in files:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    end = len(out.getvalue().rstrip(b"\0"))
    return out.getvalue()[: (end + 511) // 512 * 512 + 1024]


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


first = tar([("000000.jpg", b"\xff\xd8"), ("000000.cls", b"7\n"), ("000001.jpg", b"\xff\xd8"), ("000001.cls", b"10\n"), ("000001.txt", b"a cat"), ("000002.jpg", b"\xff\xd8"), ("000002.cls", b"7")])
second = gzip.compress(tar([("__meta__", b"x"), ("s/000003.JPG", b"\xff\xd8"), ("s/000003.cls", b"7"), ("s/000004.jpg", b"\xff\xd8"), ("s/000004.cls", b"7")]), mtime=0)
index = {
    "__kind__": "wids-shard-index-v1",
    "wids_version": 1,
    "name": "animals",
    "shardlist": [{"url": "animals-000000.tar", "nsamples": 3, "filesize": len(first), "md5sum": "0" * 32}, {"url": "animals-000001.tar.gz", "nsamples": 2, "filesize": len(second)}],
}
write(
    "shards",
    "Two shards and the index of wids; an archive of sources and one with pickles, which are no shards.",
    {
        "data/animals-000000.tar": first,
        "data/animals-000001.tar.gz": second,
        "data/animals.json": json.dumps(index) + "\n",
        "data/source.tar": tar([("x/a.c", b"a"), ("x/b.c", b"a"), ("x/README", b"a"), ("x/Makefile", b"a"), ("x/d.h", b"")]),
    },
)
index["shardlist"] += [{"url": "../../other.tar", "nsamples": 1}, {"url": "https://example.org/{000..123}.tar", "nsamples": 1}, {"url": "lost-000007.tar"}]
write(
    "hostile",
    "Paths that leave the folder, a file twice in a sample, an archive that is cut off, an index with shards that are not there.",
    {
        "data/train-000000.tar": tar([("../0.jpg", b"a"), ("../0.cls", b"1"), ("1.jpg", b"a"), ("1.cls", b"2"), ("1.cls", b"3")]),
        "data/train-000001.tar": first[:1700],
        "data/index.json": json.dumps(index) + "\n",
        "data/broken.json": '{"wids_version": 1, "shardlist": [\n',
    },
)
