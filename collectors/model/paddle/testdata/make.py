"""Writes the archives of this folder. Needs nothing but Python."""
import pathlib
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


def var(name, kind, dtype, dims, stays):
    tensor = f(1, dtype) + b"".join(f(2, d) for d in dims)
    return f(3, f(1, name) + f(2, f(1, kind) + f(3, f(1, tensor))) + f(3, int(stays)))


def op(name, ins=(), outs=()):
    return f(4, f(1, f(1, "X") + b"".join(f(2, i) for i in ins)) + f(2, f(1, "Out") + b"".join(f(2, o) for o in outs)) + f(3, name))


def program(*parts, version=2006000):
    return f(1, f(1, 0) + f(2, -1) + b"".join(parts)) + f(4, f(1, version))


LOD, FEED, FETCH = 7, 9, 10
good = program(var("feed", FEED, 5, [], True), var("fetch", FETCH, 5, [], True), var("x", LOD, 5, [-1, 4], False), var("w", LOD, 5, [4, 3], True), var("b", LOD, 4, [3], True), var("y", LOD, 5, [-1, 3], False),
               op("feed", ["feed"], ["x"]), op("matmul_v2", ["x"], ["y"]), op("relu", ["y"], ["y"]), op("fetch", ["y"], ["fetch"]))
bad = program(var("w", LOD, 5, [-4, 3], True), var("v", LOD, 99, [2], True), op("py_func"), op("py_func"), op("save_combine"))
pir = '{"base_code": {"magic": "pir", "trainable": false, "version": 2}, "program": {"regions": [{"#": "region_0", "blocks": [{"#": "block_0", "args": [], "ops": [{"#": "p", "A": [0, 1, 1, "w"]}, {"#": "1.conv2d", "I": [{"%": 1}]}, {"#": "1.conv2d"}, {"#": "0.py_func"}]}]}]}}'
archive("model", "Programs in both forms, with their parameters, one with operators that reach out of it, damaged ones.", {
    "m/inference.pdmodel": good, "m/inference.pdiparams": bytes(9), "n/inference.json": pir, "n/inference.pdiparams": "abc", "bad.pdmodel": bad, "cut.pdmodel": good[:-30], "text.pdmodel": "hello, this is no model, not at all\n",
    "o/inference.json": '{"temperature": 1}\n', "q/inference.json": pir[:-40], "old/__model__": good, "old/__params__": "abc", "renamed.dat": good})
