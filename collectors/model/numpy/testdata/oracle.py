"""Writes arrays of many types into the folder given, and what NumPy says of them: arrays.json."""
import json
import random
import sys

import numpy as np

OUT = sys.argv[1] + "/array-"
r = random.Random(1)
kinds = ["?", "i1", "u1", "<i2", ">i2", "<u4", "<i8", ">f4", "<f2", "<f4", "<f8", "<c8", "<c16", "S5", "<U3", ">U3", "<M8[ns]", "<m8[D]", "V7",
         [("a", "<f4"), ("b", ">i2", (2, 3))], [("x", [("y", "u1"), ("z", "<U2")]), (("titled", "t"), "?")], ("<f4", (2,)), "g"]
told = {}


def says(a):
    return {"dtype": np.lib.format.dtype_to_descr(a.dtype) if a.dtype.fields is None else "", "shape": list(a.shape), "item": a.dtype.itemsize, "bytes": a.nbytes,
            "fields": list(a.dtype.names or [])}


files = {}
for i in range(120):
    shape = tuple(r.randint(0, 4) for _ in range(r.randint(0, 4)))
    a = np.zeros(shape, dtype=r.choice(kinds))
    if r.random() < 0.3:
        a = np.asfortranarray(a)
    name = "%d.npy" % i
    with open(OUT + name, "wb") as f:
        np.lib.format.write_array(f, a, version=r.choice([None, (1, 0), (2, 0), (3, 0)]) if a.dtype.names is None else None)
    told["array-" + name] = {"": says(a)}
    files["a%d" % i] = a
np.savez(OUT + "all.npz", **files)
np.savez_compressed(OUT + "packed.npz", **files)
told["array-all.npz"] = told["array-packed.npz"] = {k: says(a) for k, a in files.items()}
with open(sys.argv[1] + "/arrays.json", "w") as f:
    json.dump(told, f)
