"""Writes the trees of the tests: objects as R serialises them (R Internals, 1.8),
without R. Afterwards: go test -run '^Test$' -update."""
import bz2
import gzip
import lzma
import os
import struct

HERE = os.path.dirname(os.path.abspath(__file__))
OBJ, ATTR, TAG = 1 << 8, 1 << 9, 1 << 10
NIL, GLOBAL, UNBOUND, BASE, EMPTY = (struct.pack(">i", n) for n in (254, 253, 252, 241, 242))


def i(n):
    return struct.pack(">i", n)


def char(s):
    return i(9 | 1 << 18) + i(len(s)) + s.encode()


def strings(*texts, attr=None):
    return i(16 | (ATTR if attr else 0)) + i(len(texts)) + b"".join(map(char, texts)) + (attr or b"")


def ints(*values):
    return i(13) + i(len(values)) + b"".join(map(i, values))


def reals(*values):
    return i(14) + i(len(values)) + struct.pack(">%dd" % len(values), *values)


def sym(name):
    return i(1) + char(name)


def pairs(*items):
    return b"".join(i(2 | TAG) + sym(k) + v for k, v in items) + NIL


def call(name, *args):
    return i(6) + sym(name) + b"".join(i(2) + a for a in args) + NIL


def vector(*values, attr=None, cls=False):
    return i(19 | (ATTR if attr else 0) | (OBJ if cls else 0)) + i(len(values)) + b"".join(values) + (attr or b"")


def promise(code, env=b""):
    return i(5 | (TAG if env else 0)) + env + UNBOUND + code


def environment(frame):
    return i(4) + i(0) + EMPTY + frame + NIL + NIL


def closure(env, formals, body):
    return i(3 | TAG) + env + formals + body


def bytecode(code, *consts):
    return i(21) + i(1) + ints(*code) + i(len(consts)) + b"".join(consts)


def head(version=3, writer=(4, 3, 1)):
    h = b"X\n" + i(version) + i(writer[0] << 16 | writer[1] << 8 | writer[2]) + i(0x020300 if version == 2 else 0x030500)
    return h + (i(5) + b"UTF-8" if version == 3 else b"")


def model(cls):
    attr = pairs(("names", strings("coefficients", "call")), ("class", strings(*cls)))
    return vector(reals(1.5, 2.5), call("lm", sym("y")), attr=attr, cls=True)


ASCII = "A\n3\n262913\n197888\n5\nUTF-8\n531\n2\n16\n2\n262153\n3\na\\040b\n262153\n0\n\n14\n3\n1.5\nNA\nInf\n1026\n1\n262153\n5\nclass\n16\n1\n262153\n2\nlm\n254\n"

files = {
    "models": {
        "lm.rds": gzip.compress(head() + model(["glm", "lm"]), mtime=0),
        "old.rds": bz2.compress(head(2, (3, 4, 0)) + model(["lm"])),
        "work.RData": gzip.compress(b"RDX3\n" + head() + pairs(("fit", model(["rpart"])), ("x", ints(1, 2))), mtime=0),
        "ascii.rds": ASCII.encode(),
        "plain.rds": head() + ints(1, 2, 3),
        "function.rds": lzma.compress(head() + closure(environment(pairs(("late", promise(call("system", strings("id")), GLOBAL)))), NIL, bytecode((12, 0), i(6) + NIL + i(1) + sym("f") + i(254) + NIL, i(13) + ints(1)))),
    },
    "hostile": {
        "cve-2024-27322.rds": gzip.compress(head() + promise(call("system", strings("id")), GLOBAL), mtime=0),
        "inside.rds": head() + vector(ints(1), promise(call("print", strings("x")), GLOBAL)),
        "deep.rds": head() + b"".join(i(19) + i(1) for _ in range(2400)),
        "long.rds": head() + i(14) + i(-1) + i(1) + i(5),
        "cut.rds": head() + model(["lm"])[:60],
        "version.rds": b"X\n" + i(9) + i(0) + i(0),
        "reference.rds": head() + i(255 | 7 << 8),
        "text.rds": b"no object of R\n",
    },
}
for tree, all in files.items():
    with open(os.path.join(HERE, tree + ".txtar"), "w") as out:
        out.write("Made by make.py.\n")
        for name, data in all.items():
            out.write("-- %s.hex --\n" % name)
            text = data.hex() if len(data) < 20000 else (data[:2000]).hex()
            for at in range(0, len(text), 120):
                out.write(text[at:at + 120] + "\n")
