"""Writes weights with flax.serialization into the folder given, and what they hold
as JSON. Needs flax."""
import json
import os
import sys

try:
    import ml_dtypes
    import numpy as np
    from flax import serialization
except ImportError as missing:
    print("nothing is written:", missing)
    sys.exit()


folder = os.path.join(sys.argv[1], "flax")
os.makedirs(folder, exist_ok=True)
params = {"dense": {"kernel": np.ones((4, 3), "float32"), "bias": np.zeros(3, "float32")},
          "embed": {"embedding": np.ones((7, 2), ml_dtypes.bfloat16)}, "scale": np.float16(2).reshape(()), "ids": np.arange(300, dtype="int32"), "none": np.zeros((0, 5), "float64")}
trees = {"flax_model": params, "state": {"params": params, "opt_state": {"0": {"mu": params}}, "step": 3}}
for name, tree in trees.items():
    with open(os.path.join(folder, name + ".msgpack"), "wb") as f:
        f.write(serialization.to_bytes(tree))
serialization.MAX_CHUNK_SIZE = 64  # so that arrays are split
with open(os.path.join(folder, "split.msgpack"), "wb") as f:
    f.write(serialization.to_bytes({"big": np.ones((10, 10), "float32")}))
flat = {}


def walk(path, v):
    if isinstance(v, dict):
        for k, x in v.items():
            walk(path + [k], x)
    else:
        flat["/".join(path)] = [str(np.asarray(v).dtype), list(np.asarray(v).shape)]


walk([], params)
json.dump(flat, open(os.path.join(folder, "flax_model.json"), "w"))
