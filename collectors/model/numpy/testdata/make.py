"""Writes arrays.txtar with NumPy. The expectations (want.json) that are there are kept."""
import io
import os
import pickle
import zipfile

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))


def npy(array, **kw):
    out = io.BytesIO()
    np.save(out, array, **kw)
    return out.getvalue()


def npz(level, **arrays):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", level) as z:
        for name, a in arrays.items():
            z.writestr(zipfile.ZipInfo(name + ".npy", (1980, 1, 1, 0, 0, 0)), a if isinstance(a, bytes) else npy(a), level)
    return out.getvalue()


class Call:
    def __reduce__(self):
        return eval, ("1+1",)


plain = np.arange(6, dtype="<f4").reshape(2, 3)
record = np.zeros(2, dtype=[("a", "<f4"), ("b", "S3", (2,))])
files = {
    "plain.npy": npy(plain),
    "fortran.npy": npy(np.asfortranarray(plain)),
    "record.npy": npy(record),
    "two.npy": npy(plain) + npy(np.int64(7)),
    "objects.npy": npy(np.array([1, "a", None], dtype=object)),
    "code.npy": npy(np.array([Call()], dtype=object)),
    "short.npy": npy(plain)[:-4],
    "behind.npy": npy(plain) + b"#!/bin/sh",
    "data.npz": npz(zipfile.ZIP_STORED, x=plain, y=np.array([True, False])),
    "model.npz": npz(zipfile.ZIP_STORED, **{"layer.weight": plain, "layer.bias": np.ones(3, "<f2")}),
    "code.npz": npz(zipfile.ZIP_DEFLATED, x=plain, y=npy(np.array([Call()], dtype=object))),
    "pickle.npz": npz(zipfile.ZIP_STORED, x=pickle.dumps(Call(), 2)),
    "evil.npy": b"\x93NUMPY\x01\x00\x46\x00" + b"{'descr': __import__('os').system('id'), 'shape': (), ".ljust(69) + b"\n",
}
path, want = os.path.join(HERE, "arrays.txtar"), ""
if os.path.exists(path):
    text = open(path, encoding="utf-8").read()
    start = text.find("-- want.json --\n")
    if start >= 0:
        want = text[start:text.find("\n-- ", start + 4) + 1]
with open(path, "w", encoding="utf-8") as f:
    f.write("Arrays alone and in archives: plain, of objects, with code, too short, with bytes behind.\n" + want)
    for name, data in files.items():
        digits = data.hex()
        f.write("-- %s.hex --\n" % name + "".join(digits[i:i + 120] + "\n" for i in range(0, len(digits), 120)))
