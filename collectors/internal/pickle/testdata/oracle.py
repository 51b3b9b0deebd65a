#!/usr/bin/env python3
"""Prints, for random harmless objects, their pickles of every protocol, what
pickletools.genops reads in them, and what they are: one JSON object a line.
Every second pickle has a few bytes changed; it is only read, not loaded."""
import base64
import collections
import json
import pickle
import pickletools
import random
import struct
import sys

rnd = random.Random(5)


def text(n):
    return "".join(rnd.choice(["a", "b", "Z", "0", " ", "\n", "'", '"', "\\", "\u00e9", "\u20ac", "\U0001f600", "\x00", "\x7f"]) for _ in range(n))


def thing(depth):
    kind = rnd.randrange(16 if depth else 9)
    if kind == 0:
        return rnd.choice([None, True, False])
    if kind == 1:
        return rnd.choice([rnd.randrange(-300, 300), rnd.randrange(-2**17, 2**17), rnd.randrange(-2**33, 2**33), rnd.randrange(-2**63, 2**63)])
    if kind == 2:
        return rnd.choice([rnd.randrange(-2**90, 2**90), 2**63, -2**63 - 1, 2**64, 0x1950A86A20F9469CFC6C, rnd.randrange(2**200)])
    if kind == 3:
        return rnd.choice([0.0, -0.0, 1.5, rnd.random(), rnd.uniform(-1e300, 1e300), float("inf"), 5e-324])
    if kind in (4, 5):
        return text(rnd.choice([0, 1, 3, 10, 300]))
    if kind == 6:
        return rnd.randbytes(rnd.choice([0, 1, 5, 300]))
    if kind == 7:
        return bytearray(rnd.randbytes(rnd.choice([0, 4, 30])))
    if kind == 8:
        return rnd.randrange(256)
    some = [thing(depth - 1) for _ in range(rnd.choice([0, 1, 2, 3, 5, 40 if depth < 3 else 6]))]
    if kind in (9, 10):
        return some
    if kind in (11, 12):
        return tuple(some)
    if kind == 13:
        return {text(3): v for v in some}
    if kind == 14:
        return rnd.choice([set, frozenset])(rnd.randrange(1000) for _ in range(rnd.randrange(6)))
    return collections.OrderedDict((text(2), v) for v in some)


def spell(v):
    if v is None or isinstance(v, bool):
        return str(v)
    if isinstance(v, int):
        return "i%d" % v
    if isinstance(v, float):
        return "f" + struct.pack(">d", v).hex()
    if isinstance(v, str):
        return "s" + v.encode("utf-8", "surrogatepass").hex()
    if isinstance(v, (bytes, bytearray)):
        return "b" + bytes(v).hex()
    if isinstance(v, list):
        return "[" + ",".join(map(spell, v)) + "]"
    if isinstance(v, tuple):
        return "(" + ",".join(map(spell, v)) + ")"
    if isinstance(v, (set, frozenset)):
        return "{" + ",".join(sorted(map(spell, v))) + "}"
    return "<" + ",".join(spell(k) + ":" + spell(x) for k, x in v.items()) + ">"


def argument(a):
    if a is None:
        return ""
    return spell(a)


def ops(data):
    out = []
    try:
        for op, arg, pos in pickletools.genops(data):
            out.append([pos, op.name, argument(arg)])
    except Exception:
        pass
    return out


for n in range(int(sys.argv[1])):
    v = thing(4)
    for protocol in range(6):
        data = pickle.dumps(v, protocol)
        row = {"value": spell(v)}
        if n % 2:
            changed = bytearray(data)
            for _ in range(rnd.randrange(1, 4)):
                changed[rnd.randrange(len(changed))] = rnd.randrange(256)
            data, row = bytes(changed), {}
        if len(data) < 100000:
            print(json.dumps({"pickle": base64.b64encode(data).decode(), "ops": ops(data), **row}))
