"""Writes estimators.txtar: a small estimator as skops lays it out, and files that got past its audit.

It needs nothing but Python. The expectations (want.json) that are there are kept.
"""
import io
import json
import os
import struct
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))


def node(cls, loader, content=None, module="builtins", **more):
    n = {"__class__": cls, "__module__": module, "__loader__": loader}
    if content is not None:
        n["content"] = content
    n.update(more)
    return n


def plain(v):
    return node("str", "JsonNode", json.dumps(v), is_json=True)


def mapping(**kv):
    return node("dict", "DictNode", kv, key_types=node("list", "ListNode", [node("str", "TypeNode") for _ in kv]))


def listing(*items):
    return node("list", "ListNode", list(items))


def pair(*items):
    return node("tuple", "TupleNode", list(items))


def obj(name, **attrs):
    module, _, cls = name.rpartition(".")
    return node(cls, "ObjectNode", mapping(**attrs), module)


def npy(descr, shape, data):
    header = ("{'descr': '%s', 'fortran_order': False, 'shape': %s, }" % (descr, shape)).encode()
    header = header.ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + data


def save(root, version="0.13.0", **arrays):
    out = io.BytesIO()
    schema = dict(root, protocol=2, _skops_version=version)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for name, data in list(arrays.items()) + [("schema.json", json.dumps(schema).encode())]:
            z.writestr(zipfile.ZipInfo(name if "." in name else name + ".npy", (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def array(file):
    return node("ndarray", "NdArrayNode", module="numpy", type="numpy", file=file + ".npy")


def pipeline(*steps):
    return obj("sklearn.pipeline.Pipeline", steps=listing(*(pair(plain(n), s) for n, s in steps)), memory=plain(None), verbose=plain(False),
               _sklearn_version=plain("1.7.2"))


scaler = obj("sklearn.preprocessing._data.StandardScaler", with_mean=plain(True), n_features_in_=plain(2), _sklearn_version=plain("1.7.2"),
             feature_names_in_=node("ndarray", "NdArrayNode", [plain("age"), plain("income")], "numpy", type="json", shape=pair(plain(2))))
model = obj("sklearn.linear_model._logistic.LogisticRegression", C=plain(0.5), solver=plain("lbfgs"), classes_=array("classes"), coef_=array("coef"),
            _sklearn_version=plain("1.7.2"))
files = {
    "plain.skops": save(pipeline(("scale", scaler), ("clf", model)), classes=npy("<i8", "(2,)", struct.pack("<qq", 0, 1)), coef=npy("<f8", "(1, 2)", bytes(16))),
    "own.skops": save(obj("mypackage.models.Best", alpha=plain(1))),
    "operator.skops": save(node("call", "OperatorFuncNode", module="builtins", attrs=pair(node("system", "TypeNode", module="os"), plain("id"))), "0.11.0"),
    "method.skops": save(node("int", "MethodNode", {"func": "__setattr__", "obj": obj("sklearn.svm._classes.SVC")}, "builtins"), "0.11.0"),
    "function.skops": save(node("system", "FunctionNode", module="posix")),
    "broken.skops": b"PK\x03\x04 no archive",
}
path, want = os.path.join(HERE, "estimators.txtar"), ""
if os.path.exists(path):
    text = open(path, encoding="utf-8").read()
    start = text.find("-- want.json --\n")
    if start >= 0:
        want = text[start:text.find("\n-- ", start + 4) + 1]
with open(path, "w", encoding="utf-8") as f:
    f.write("A pipeline, an object of a class of one's own, and nodes that say one thing and do another.\n" + want)
    for name, data in files.items():
        digits = data.hex()
        f.write("-- %s.hex --\n" % name + "".join(digits[i:i + 120] + "\n" for i in range(0, len(digits), 120)))
