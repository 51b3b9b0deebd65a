"""Writes the txtar archives. The expectations (want.json) that are there are kept.

The frames and messages are made by hand, by record_writer.h and example.proto: there is no
need of TensorFlow. The checksum is a table of CRC-32C."""
import gzip
import os
import struct

HERE = os.path.dirname(os.path.abspath(__file__))
TABLE = []
for i in range(256):
    for _ in range(8):
        i = i >> 1 ^ (0x82F63B78 if i & 1 else 0)
    TABLE.append(i)


def masked(data):
    c = 0xFFFFFFFF
    for b in data:
        c = TABLE[(c ^ b) & 255] ^ c >> 8
    c ^= 0xFFFFFFFF
    return struct.pack("<I", ((c >> 15 | c << 17) + 0xA282EAD8) & 0xFFFFFFFF)


def frame(data):
    size = struct.pack("<Q", len(data))
    return size + masked(size) + data + masked(data)


def varint(n):
    n &= (1 << 64) - 1
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def message(field, data):
    return varint(field << 3 | 2) + varint(len(data)) + data


def feature(values):
    if isinstance(values[0], bytes):
        return message(1, b"".join(message(1, v) for v in values))
    if isinstance(values[0], float):
        return message(2, message(1, struct.pack("<%df" % len(values), *values)))
    return message(3, message(1, b"".join(varint(v) for v in values)))


def features(values, of=feature):
    return b"".join(message(1, message(1, k.encode()) + message(2, of(v))) for k, v in values.items())


def example(**values):
    return message(1, features(values))


def sequence(context, lists):
    return message(1, features(context)) + message(2, features(lists, lambda l: b"".join(message(1, feature(v)) for v in l)))


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


pictures = [example(image=[b"\xff\xd8"], label=[i % 2 - 1], box=[0.5, 1.5], **({"source": [b"web"]} if i else {})) for i in range(4)]
frames = [sequence({"id": [i]}, {"frames": [[1, 2], [3]], "words": [[b"a"]]}) for i in range(2)]
whole = b"".join(map(frame, pictures))
write(
    "records",
    "Examples with classes that a card declares, sequences, a compressed file, records of another kind, events of TensorBoard, a file without ending, a pointer.",
    {
        "hub/README.md": "---\ntask_categories:\n- image-classification\ndataset_info:\n- features:\n  - name: label\n    dtype:\n      class_label:\n        names:\n          '0': cat\n          '1': dog\n---\n",
        "hub/demo-train.tfrecord-00000-of-00001": whole,
        "data/videos.tfrecords": b"".join(map(frame, frames)),
        "data/packed.tfrecord.gz": gzip.compress(b"".join(map(frame, frames)), mtime=0),
        "data/other.tfrecord": frame(b"\x09not an example") + frame(b""),
        "data/events.out.tfevents.1": frame(b"\x09\0\0\0\0\0\0\0\0\x1a\x0dbrain.Event:2"),
        "data/train-00000-of-00002": whole,
        "data/empty.tfrecord": b"",
        "data/pointer.tfrecord": "version https://git-lfs.github.com/spec/v1\noid sha256:" + "ab" * 32 + "\nsize 12345\n",
    },
)
write(
    "hostile",
    "A record with a wrong checksum, one whose length has a wrong one, one that is cut off, one that would have exabytes.",
    {
        "data/damaged.tfrecord": whole[:20] + b"!" + whole[21:],
        "data/length.tfrecord": frame(pictures[0]) + b"\x01" + frame(pictures[1])[1:],
        "data/cut.tfrecord": whole[:-10],
        "data/large.tfrecord": struct.pack("<Q", 1 << 62) + masked(struct.pack("<Q", 1 << 62)) + b"abc",
        "data/text.tfrecord": "no records\n",
    },
)
