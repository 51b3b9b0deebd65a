"""Writes the archives of this folder. Needs flatbuffers from PyPI (made with 25.12.19)."""
import io
import pathlib
import struct
import sys
import zipfile

import flatbuffers

here = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
FLOAT, HALF, INT32, UINT8, INT64, STRING, INT8, INT4 = 0, 1, 2, 3, 4, 5, 9, 17


def archive(name, says, files):
    """Writes a txtar: bytes as hexadecimal."""
    old = here / f"{name}.txtar"
    text = old.read_text() if old.exists() else ""
    want = text[text.index("-- want.json --") :] if "-- want.json --" in text else ""
    want = want.split("\n-- ")[0].strip("\n")
    out = [says] + ([want] if want else [])
    for path, data in files.items():
        if isinstance(data, str):
            out += [f"-- {path} --", data.rstrip("\n")]
            continue
        hexed = data.hex()
        out += [f"-- {path}.hex --"] + [hexed[i : i + 96] for i in range(0, len(hexed), 96)]
    old.write_text("\n".join(out) + "\n")


class T(dict):
    """A table: slot to value. A value is ("kind", number), a text, bytes, a table, or
    a list of tables, texts or ("kind", numbers)."""


WIDTH = {"b": 1, "i": 4, "I": 4, "q": 8, "Q": 8, "f": 4, "B": 1}


def write(b, v):
    """Writes what stands elsewhere, and gives its offset."""
    if isinstance(v, T):
        inner = {s: write(b, x) if not isinstance(x, tuple) or isinstance(x[1], list) else x for s, x in v.items()}
        b.StartObject(max(v, default=-1) + 1)
        for slot, x in inner.items():
            if isinstance(x, tuple):
                {"b": b.PrependInt8Slot, "B": b.PrependUint8Slot, "i": b.PrependInt32Slot, "I": b.PrependUint32Slot, "Q": b.PrependUint64Slot}[x[0]](slot, x[1], None)
            else:
                b.PrependUOffsetTRelativeSlot(slot, x, 0)
        return b.EndObject()
    if isinstance(v, str):
        return b.CreateString(v)
    if isinstance(v, bytes):
        return b.CreateByteVector(v)
    if isinstance(v, tuple):
        kind, numbers = v
        b.StartVector(WIDTH[kind], len(numbers), WIDTH[kind])
        put = {"i": b.PrependInt32, "q": b.PrependInt64, "f": b.PrependFloat32, "B": b.PrependUint8}[kind]
        for n in reversed(numbers):
            put(n)
        return b.EndVector()
    offsets = [write(b, x) for x in v]
    b.StartVector(4, len(offsets), 4)
    for o in reversed(offsets):
        b.PrependUOffsetTRelative(o)
    return b.EndVector()


def buffer(table, mark):
    b = flatbuffers.Builder(1024)
    b.Finish(write(b, table), file_identifier=mark)
    return bytes(b.Output())


def tensor(name, kind, shape, data=0, scale=(), zero=(), signature=None, **more):
    t = T({0: ("i", list(shape)), 1: ("b", kind), 2: ("I", data), 3: name})
    if scale:
        t[4] = T({2: ("f", list(scale)), 3: ("q", list(zero))})
    if signature:
        t[7] = ("i", list(signature))
    t.update(more.get("slots", {}))
    return t


def op(code, ins, outs):
    return T({0: ("I", code), 1: ("i", ins), 2: ("i", outs)})


def builtin(n):
    return T({0: ("b", min(n, 127)), 2: ("i", 1), 3: ("i", n)})


def custom(name):
    return T({0: ("b", 32), 1: name, 3: ("i", 32)})


def model(tensors, ops, codes, buffers, ins, outs, description="MLIR Converted.", **more):
    graph = T({0: tensors, 1: ("i", ins), 2: ("i", outs), 3: ops, 4: "main"})
    data = [T({0: b}) if isinstance(b, bytes) else b for b in [b"", *buffers]]
    m = T({0: ("I", 3), 1: codes, 2: [graph, *more.get("graphs", [])], 3: description, 4: data})
    m.update(more.get("slots", {}))
    return buffer(m, b"TFL3")


def metadata(files=("labels.txt",)):
    return buffer(T({0: "Bird classifier", 1: "Finds birds.", 2: "v1", 3: [T({0: "graph", 3: [T({0: "score", 6: [T({0: f}) for f in files]})]})],
                     4: "A. Author", 5: "Apache-2.0", 7: "1.0.0"}), b"M001")


def zipped(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for n in names:
            z.writestr(zipfile.ZipInfo(n), "robin\nwren\n")
    return out.getvalue()


CONV, FC, SPLIT, DILATE = 3, 9, 49, 203


def valid():
    float_ = model([tensor("x", FLOAT, [1, 4], signature=[-1, 4]), tensor("w", FLOAT, [3, 4], 1), tensor("dims", INT32, [2], 2), tensor("y", FLOAT, [1, 3]), tensor("shared", FLOAT, [3, 4], 1), tensor("h", HALF, [2], 3)],
                   [op(0, [0, 1], [3]), op(1, [0], [3]), op(2, [0], [3])], [builtin(FC), builtin(DILATE), custom("TFLite_Detection_PostProcess")], [bytes(48), bytes(8), bytes(4)], [0], [3],
                   slots={7: [T({0: [T({0: "input", 1: ("I", 0)})], 1: [T({0: "output", 1: ("I", 3)})], 2: "serving_default"})]})
    conversion = buffer(T({0: T({0: "2.15.0", 1: ("I", 2)})}), b"CVM0")
    full = model([tensor("x", INT8, [1, 4], 0, [0.5], [-1]), tensor("w", INT8, [3, 4], 1, [0.1, 0.2, 0.3], [0, 0, 0]), tensor("four", INT4, [3], 2, [1.0], [0]), tensor("y", INT8, [1, 3], 0, [0.25], [3])],
                 [op(0, [0, 1], [3])], [builtin(FC)], [bytes(12), bytes(2), b"1.14.0" + bytes(10), metadata(), conversion], [0], [3], description="TOCO Converted.",
                 slots={6: [T({0: "min_runtime_version", 1: ("I", 3)}), T({0: "TFLITE_METADATA", 1: ("I", 4)}), T({0: "CONVERSION_METADATA", 1: ("I", 5)}), T({0: "other"})]})
    return {"float.tflite": float_, "full.tflite": full + zipped("labels.txt")}


def offset():
    """Buffers behind the tables, as in a file of more than 2 GB."""
    for at in range(1, 4096, 16):
        m = model([tensor("w", FLOAT, [2, 2], 1)], [], [], [T({1: ("Q", at), 2: ("Q", 16)})], [], [])
        if at >= len(m):
            return m.ljust(at, b"\0") + bytes(16)
    raise ValueError


def bad():
    graph = T({0: [tensor("short", FLOAT, [2, 2], 1), tensor("negative", FLOAT, [-2], 1), tensor("huge", FLOAT, [2**31 - 1] * 3, 1), tensor("nowhere", FLOAT, [1], 99), tensor("type", 77, [4], 2)],
               1: ("i", [0, 9]), 2: ("i", [-1]), 3: [op(0, [0], [0]), op(5, [0], [0])]})
    return buffer(T({0: ("I", 3), 1: [builtin(SPLIT)], 2: [graph], 4: [T({0: b""}), T({0: bytes(12)}), T({0: bytes(4)}), T({1: ("Q", 1 << 40), 2: ("Q", 1 << 40)})]}), b"TFL3")


if __name__ == "__main__":
    models = valid()
    archive("valid", "Floats with a signature, integers with all metadata and a label file behind the model, buffers behind the tables.",
            {"m/model.tflite": models["float.tflite"], "bird.tflite": models["full.tflite"], "large.tflite": offset()})
    flex = model([tensor("x", FLOAT, [1])], [op(i, [0], [0]) for i in range(5)], [custom("FlexWriteFile"), custom("FlexErf"), custom("Magic"), custom("FlexNoSuchThing"), custom("FlexSaveV2")], [], [0], [0])
    other = model([tensor("w", FLOAT, [2], 0, slots={10: ("I", 7)}), tensor("v", FLOAT, [2], 0, slots={10: ("I", 8)})], [], [], [], [], [],
                  slots={8: [T({0: "../../w.bin"}), T({0: "gone.bin"}), T({0: "w.bin"})], 9: [T({0: ("I", 7), 1: ("I", 2), 2: ("Q", 0), 3: ("Q", 8)})]})
    archive("reaching", "Operators from elsewhere, one that writes files; tensors in other files; archives that nobody named.",
            {"flex.tflite": flex, "outer.tflite": other, "w.bin": bytes(8), "behind.tflite": models["float.tflite"] + zipped("../x", "payload.py")})
    data = models["full.tflite"]
    archive("damaged", "Tables that lead nowhere, files that are cut off, none at all.", {
        "bad.tflite": bad(), "cut.tflite": data[:300], "offset.tflite": struct.pack("<I", 1 << 31) + data[4:], "text.tflite": "hello, this is no model\n", "renamed.dat": models["float.tflite"],
        "lost.tflite": data[: len(data) - 130], "pointer.tflite": "version https://git-lfs.github.com/spec/v1\noid sha256:" + "1" * 64 + "\nsize 1234\n"})
