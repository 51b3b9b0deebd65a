"""Writes programs.txtar: small ExecuTorch programs after schema/program.fbs, with the flatbuffers package.

The expectations (want.json) that are there are kept.
"""
import os
import struct

import flatbuffers

HERE = os.path.dirname(os.path.abspath(__file__))
WIDTH = {"b": 1, "i": 4, "I": 4, "Q": 8}


class Table:
    """Fields by slot: (kind, value); kinds b i I Q are numbers, s text, t a table, v a vector of tables, n of numbers."""

    def __init__(self, **slots):
        self.slots = {int(k[1:]): v for k, v in slots.items()}

    def build(self, b):
        made = {}
        for slot, (kind, v) in self.slots.items():
            if kind == "s":
                made[slot] = b.CreateString(v)
            elif kind == "t":
                made[slot] = v.build(b)
            elif kind == "v":
                items = [x if isinstance(x, int) else x.build(b) for x in v]
                b.StartVector(4, len(items), 4)
                for x in reversed(items):
                    b.PrependUOffsetTRelative(x)
                made[slot] = b.EndVector()
            elif kind == "n":
                b.StartVector(4, len(v), 4)
                for x in reversed(v):
                    b.PrependInt32(x)
                made[slot] = b.EndVector()
        b.StartObject(max(self.slots) + 1)
        for slot, (kind, v) in sorted(self.slots.items(), key=lambda s: -WIDTH.get(s[1][0], 4)):
            if kind in WIDTH:
                {"b": b.PrependInt8Slot, "i": b.PrependInt32Slot, "I": b.PrependUint32Slot, "Q": b.PrependUint64Slot}[kind](slot, v, -99 if kind in "bi" else 0)
            else:
                b.PrependUOffsetTRelativeSlot(slot, made[slot], 0)
        return b.EndObject()


def tensor(kind, shape, index=0, name=None, external=False):
    slots = dict(_0=("b", kind), _2=("n", shape), _5=("I", index))
    if name:
        slots["_9"] = ("t", Table(_1=("s", name), _2=("b", int(external))))
    return Table(_0=("b", 5), _1=("t", Table(**slots)))


def call(i, kind=1):
    return Table(_0=("b", kind), _1=("t", Table(_0=("i", i), _1=("n", [0]))))


def operator(name, overload=""):
    return Table(_0=("s", name), _1=("s", overload))


def plan(name, values, inputs, outputs, operators, delegates, calls):
    return Table(_0=("s", name), _2=("v", values), _3=("n", inputs), _4=("n", outputs), _5=("v", [Table(_2=("v", calls))]), _6=("v", operators),
                 _7=("v", [Table(_0=("s", d)) for d in delegates]))


def program(plans, segment=b"", claim=None):
    b = flatbuffers.Builder(1024)
    root = Table(_0=("I", 0), _1=("v", plans), _4=("v", [Table(_0=("Q", 0), _1=("Q", len(segment) if claim is None else claim))])).build(b)
    b.Finish(root, file_identifier=b"ET12")
    data = bytes(b.Output())
    # the extended header stands between the identifier and the tables: all offsets from the root move with it
    extra = 32
    data = struct.pack("<I", struct.unpack("<I", data[:4])[0] + extra) + data[4:8] + b"eh00" + struct.pack("<IQQQ", 32, len(data) + extra, len(data) + extra, len(segment)) + data[8:]
    return data + segment


weights = [tensor(6, [2, 3], 1, "linear.weight"), tensor(6, [2], 2, "linear.bias"), tensor(6, [1, 3]), tensor(6, [1, 2])]
forward = plan("forward", weights, [2], [3], [operator("aten::addmm", "out"), operator("mylib::fuse", "out")], ["XnnpackBackend"], [call(0), call(0), call(1), call(0, 2)])
second = plan("encode", [tensor(6, [2, 3], 1, "linear.weight"), tensor(15, [4], 3, "scale"), tensor(15, [8], 0, "outside", True)], [], [], [], [], [])
plain = program([forward, second], bytes(64))
files = {
    "net.pte": plain,
    "segment.pte": program([forward], bytes(64), 4096),
    "cut.pte": plain[:200],
    "other.pte": b"\x10\0\0\0TFL3" + bytes(40),
}
path, want = os.path.join(HERE, "programs.txtar"), ""
if os.path.exists(path):
    text = open(path, encoding="utf-8").read()
    start = text.find("-- want.json --\n")
    if start >= 0:
        want = text[start:text.find("\n-- ", start + 4) + 1]
with open(path, "w", encoding="utf-8") as f:
    f.write("A program with two methods, one whose segment lies outside, one that is cut off, one that is none.\n" + want)
    for name, data in files.items():
        digits = data.hex()
        f.write("-- %s.hex --\n" % name + "".join(digits[i:i + 120] + "\n" for i in range(0, len(digits), 120)))
