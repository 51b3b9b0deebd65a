"""Writes the archives of this folder. Needs nothing but Python."""
import pathlib
import struct
import sys

here = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)


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


def varint(n):
    n &= (1 << 64) - 1
    out = b""
    while n > 127:
        out += bytes([n & 127 | 128])
        n >>= 7
    return out + bytes([n])


def f(number, value):
    """A field: a number, a text or the bytes of a message."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def entry(key, value):
    return f(1, key) + f(2, value)


def tensor_type(kind, *dims):
    return f(1, f(1, kind) + f(2, len(dims)) + b"".join(f(3, f(1, f(1, d))) for d in dims))


def const(name, kind, dims, file, offset):
    value = f(2, tensor_type(kind, *dims)) + f(5, f(1, file) + (f(2, offset) if offset else b""))
    return f(3, f(1, "const") + f(3, f(1, name) + f(2, tensor_type(kind, *dims))) + f(5, entry("val", value)) + f(5, entry("name", f(3, f(1, b"")))))


def record(kind, data, at):
    """A tensor in the file of weights: where it is, and its bytes 64 further on."""
    return struct.pack("<IIQQ", 0xDEADBEEF, kind, len(data), at + 64).ljust(64, b"\0") + data.ljust(-len(data) % 64 + len(data), b"\0")


def model(spec, kind, content, **more):
    x = f(1, f(1, "x") + f(2, "What goes in") + f(3, f(5, f(1, b"\x01\x04") + f(2, 65568))))
    image = f(1, f(1, "picture") + f(3, f(4, f(1, 224) + f(2, 224) + f(3, 20))))
    y = f(10, f(1, "y") + f(3, f(3, b"")))
    meta = f(1, "Adds and multiplies.") + f(2, "1.2") + f(3, "A. Author") + f(4, "MIT")
    for k, v in more.items():
        meta += f(100, entry(k.replace("__", "."), v))
    return f(1, spec) + f(2, x + image + y + f(100, meta)) + f(kind, content)


weights = struct.pack("<II", 3, 2).ljust(64, b"\0")
first = len(weights)
weights += record(1, bytes(range(24)), first)
second = len(weights)
weights += record(1, bytes(6), second)
ops = const("w", 10, [3, 4], "@model_path/weights/weight.bin", first) + const("b", 10, [3], "@model_path/weights/weight.bin", second) + f(3, f(1, "linear")) + f(3, f(1, "relu") + f(4, f(3, f(1, "add"))))
program = lambda ops: f(1, 1) + f(2, entry("main", f(2, "iOS15") + f(3, entry("iOS15", ops))))
made = {"com__github__apple__coremltools__version": "9.0", "com__github__apple__coremltools__source": "torch==2.5.0", "com__github__apple__coremltools__conversion_date": "2026-01-01", "org__example": "x"}
archive("package", "A package: a program, its weights, its manifest.", {
    "adder.mlpackage/Data/com.apple.CoreML/model.mlmodel": model(6, 502, program(ops), **made), "adder.mlpackage/Data/com.apple.CoreML/weights/weight.bin": weights,
    "adder.mlpackage/Manifest.json": '{"fileFormatVersion": "1.0.0"}\n'})

custom = f(1, f(1, "c") + f(500, f(10, "MyLayer"))) + f(1, f(140, f(1, 3))) + f(1, f(605, f(1, f(1, f(130, b"")))))
pipeline = f(1, f(1, 4) + f(403, custom)) + f(1, f(1, 4) + f(555, f(10, "MyModel")))
archive("native", "A network with a layer of native code, a pipeline with a model of native code, a model that names another file.", {
    "net.mlmodel": model(4, 500, custom), "pipe.mlmodel": model(4, 200, f(1, pipeline)), "linked.mlmodel": model(4, 556, f(1, f(1, f(1, "../../other.mlmodel")))),
    "renamed.bin": model(4, 500, custom), "p.mlmodel": "version https://git-lfs.github.com/spec/v1\noid sha256:" + "1" * 64 + "\nsize 1234\n"})

bad = const("out", 10, [3], "@model_path/../../w.bin", 64) + const("gone", 10, [3], "gone.bin", 64) + const("negative", 10, [-3], "w.bin", 0) + const("short", 11, [1000], "w.bin", 0)
good = model(4, 500, custom)
archive("damaged", "Weights that lie elsewhere or nowhere, a file that is cut off, none at all.", {
    "bad.mlmodel": model(7, 502, program(bad)), "w.bin": bytes(64), "cut.mlmodel": good[:-9], "text.mlmodel": "hello, this is no model\n"})
