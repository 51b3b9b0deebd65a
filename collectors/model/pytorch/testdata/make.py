"""Writes the archives beside it: files as torch.save and torch.jit.save lay them out, and broken ones.

It needs nothing but Python: the classes of PyTorch that a pickle names are stood in for by empty ones. The
expectations (want.json) of an archive that is there already are kept.
"""
import collections
import io
import os
import pickle
import struct
import sys
import tarfile
import types
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
WIDTH = {"FloatStorage": 4, "HalfStorage": 2, "BFloat16Storage": 2, "LongStorage": 8, "BoolStorage": 1, "DoubleStorage": 8, "QInt8Storage": 1}


def module(name, **names):
    m = types.ModuleType(name)
    for key, value in names.items():
        value.__module__, value.__name__, value.__qualname__ = name, key, key
        setattr(m, key, value)
    sys.modules[name] = m


def function():
    return lambda *a: None


module("torch", **{k: type(k, (), {}) for k in WIDTH}, FloatTensor=type("FloatTensor", (), {}), Size=type("Size", (tuple,), {}))
module("torch._utils", _rebuild_tensor_v2=function(), _rebuild_parameter=function(), _rebuild_tensor=function())
module("torch.nn.modules.linear", Linear=type("Linear", (), {}))
module("__torch__", Net=type("Net", (), {}))
import torch  # the one of above


class Storage:
    def __init__(self, kind, data, key=None, numel=None):
        self.kind, self.data, self.key = kind, data, key
        self.numel = len(data) // WIDTH[kind] if numel is None else numel


class Tensor:
    def __init__(self, storage, shape, offset=0, strides=None, parameter=False):
        self.storage, self.shape, self.offset, self.parameter = storage, shape, offset, parameter
        if strides is None:
            strides, n = [], 1
            for d in reversed(shape):
                strides.insert(0, n)
                n *= max(d, 1)
        self.strides = tuple(strides)

    def __reduce__(self):
        u = sys.modules["torch._utils"]
        args = (self.storage, self.offset, self.shape, self.strides, False, collections.OrderedDict())
        if self.parameter:
            return u._rebuild_parameter, (Tensor(self.storage, self.shape, self.offset, self.strides), True, collections.OrderedDict())
        return u._rebuild_tensor_v2, args


def dump(obj, storages, legacy=False, proto=2):
    out = io.BytesIO()
    p = pickle.Pickler(out, protocol=proto)

    def persistent(o):
        if isinstance(o, Storage):
            if o.key is None:
                o.key = str(len(storages))
            storages[o.key] = o
            pid = ("storage", getattr(torch, o.kind), o.key, "cpu", o.numel)
            return pid + (None,) if legacy else pid

    p.persistent_id = persistent
    p.dump(obj)
    return out.getvalue()


def pack(root, members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, data in members:
            z.writestr(zipfile.ZipInfo(root + "/" + name, (1980, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def save(obj, root="archive", extra=(), **change):
    storages = {}
    data = dump(obj, storages)
    members = [("data.pkl", data), ("byteorder", "little")]
    members += [("data/" + k, change.get("s" + k, s.data)) for k, s in storages.items() if change.get("s" + k, b"") is not None]
    return pack(root, members + [("version", "3\n")] + list(extra))


def legacy(obj, tail=b""):
    storages = {}
    main = dump(obj, storages, True)
    out = pickle.dumps(0x1950A86A20F9469CFC6C, 2) + pickle.dumps(1001, 2)
    out += pickle.dumps({"protocol_version": 1001, "little_endian": True, "type_sizes": {"short": 2, "int": 4, "long": 4}}, 2)
    out += main + pickle.dumps(sorted(storages), 2)
    for key in sorted(storages):
        out += struct.pack("<q", storages[key].numel) + storages[key].data
    return out + tail


def tar(obj, tensors):
    """The oldest layout: obj names each tensor by its key."""
    out = io.BytesIO()
    storages, body = {}, b""
    for i, (key, t) in enumerate(tensors.items()):
        s = t.storage
        if s.key is None:
            s.key = i
        storages[s.key] = s
        n = len(t.shape)
        body += pickle.dumps((key, s.key, torch.FloatTensor), 2)
        body += struct.pack("<i4x%dq%dqq" % (n, n), n, *t.shape, *t.strides, t.offset)
    kept = pickle.dumps(len(storages), 2)
    for key, s in storages.items():
        kept += pickle.dumps((key, "cpu", getattr(torch, s.kind)), 2) + struct.pack("<q", s.numel) + s.data
    kept += pickle.dumps([], 2)  # views of other storages

    class Ref(str):
        pass

    main = io.BytesIO()
    p = pickle.Pickler(main, protocol=2)
    p.persistent_id = lambda o: str(o) if isinstance(o, Ref) else None
    p.dump(collections.OrderedDict((k, Ref(v)) for k, v in obj.items()))
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as t:
        for name, data in (("sys_info", pickle.dumps({"protocol_version": 1000, "little_endian": True}, 2)), ("pickle", main.getvalue()),
                           ("tensors", pickle.dumps(len(tensors), 2) + body), ("storages", kept)):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()[:-8192] if out.getvalue()[-8192:] == bytes(8192) else out.getvalue()


def archive(name, about, files):
    path, want = os.path.join(HERE, name + ".txtar"), ""
    if os.path.exists(path):
        text = open(path, encoding="utf-8").read()
        start = text.find("-- want.json --\n")
        if start >= 0:
            end = text.find("\n-- ", start + 4)
            want = text[start:end + 1]
    with open(path, "w", encoding="utf-8") as f:
        f.write(about + "\n" + want)
        for file, data in files.items():
            if isinstance(data, str):
                f.write("-- %s --\n%s" % (file, data))
                continue
            digits = data.hex()
            f.write("-- %s.hex --\n" % file + "".join(digits[i:i + 120] + "\n" for i in range(0, len(digits), 120)))


def floats(*values):
    return Storage("FloatStorage", struct.pack("<%df" % len(values), *values))


def weights():
    big = floats(*range(12))
    return collections.OrderedDict([
        ("embed.weight", Tensor(big, (3, 4))), ("head.weight", Tensor(big, (3, 4))),  # tied
        ("norm.weight", Tensor(Storage("HalfStorage", b"\0\x3c" * 4), (4,), parameter=True)),
        ("norm.bias", Tensor(Storage("BFloat16Storage", b"\x80\x3f" * 4), (4,))),
        ("steps", Tensor(Storage("LongStorage", struct.pack("<q", 7)), ())),
        ("mask", Tensor(Storage("BoolStorage", b"\1\0\1"), (3,))),
    ])


class Call:
    def __init__(self, f, *args):
        self.of = f, args

    def __reduce__(self):
        return self.of


def checkpoint():
    w = floats(1, 2, 3, 4)
    optimizer = {"state": {0: {"step": 5, "exp_avg": Tensor(floats(0, 0, 0, 0), (2, 2))}},
                 "param_groups": [{"lr": 0.001, "betas": (0.9, 0.999), "params": [0]}]}
    return {"epoch": 3, "global_step": 100, "pytorch-lightning_version": "2.1.0", "state_dict": collections.OrderedDict([("net.weight", Tensor(w, (2, 2)))]),
            "optimizer_states": [optimizer], "hyper_parameters": {"lr": 0.01, "layers": [1, 2], "net": {"depth": 3}}, "license": "Apache-2.0",
            "torch_rng_state": Tensor(Storage("LongStorage", bytes(16)), (2,))}


CODE = '''class Net(Module):
  __parameters__ = ["weight", ]
  weight : Tensor
  def forward(self: __torch__.Net,
    x: Tensor,
    mask: Optional[Tensor]=None) -> Tuple[Tensor, int]:
    # torch.comment(x)
    y = torch.linear(x, self.weight)
    z = torch.add(torch.relu(y), ops.torchvision.nms(y, y, 0.5), alpha=1)
    return (z, annotate(int, torch.len("torch.string(")))
'''


def script(code=CODE):
    net = sys.modules["__torch__"].Net()
    net.weight, net.training = Tensor(floats(1, 2), (1, 2)), True
    storages = {}
    data = dump(net, storages)
    return pack("net", [("extra/labels.txt", "a b"), ("data/0", storages["0"].data), ("data.pkl", data), ("code/__torch__.py", code),
                        ("constants.pkl", pickle.dumps((), 2)), ("version", "3\n")])


def main():
    archive("weights", "A state dict with tied weights in three layouts, zip, legacy and tar: the same tensors, and the same fingerprints of the first two.", {
        "m/pytorch_model.bin": save(weights()), "old.pt": legacy(weights()),
        "oldest.pt": tar({"a.weight": "7", "b.weight": "8"}, {7: Tensor(floats(1, 2, 3, 4, 5, 6), (2, 3)), 8: Tensor(floats(1), ())})})
    archive("checkpoint", "A checkpoint of Lightning: weights, state of the training, settings and versions apart; the state of an optimiser alone.", {
        "last.ckpt": save(checkpoint()),
        "m/optimizer.pt": save({"state": {0: {"exp_avg": Tensor(floats(0), (1,))}}, "param_groups": [{"lr": 0.5}]})})
    archive("script", "TorchScript: operators and signature, an operator of another library, one that reads files.", {
        "net.pt": script(), "reads.pt": script("class Net(Module):\n  def forward(self: __torch__.Net) -> Tensor:\n    return torch.from_file(\"/etc/passwd\", False, 9)\n")})
    one = lambda **kw: save({"w": Tensor(floats(1, 2, 3, 4), (2, 2))}, **kw)
    archive("hostile", "Storages that are too short, too long or missing, a tensor past its storage, a shape that overflows, code, bytes behind.", {
        "short.pt": one(s0=bytes(8)), "long.pt": one(s0=bytes(16) + b"PK\x03\x04"), "missing.pt": one(s0=None),
        "past.pt": save({"w": Tensor(floats(1, 2), (2, 2))}), "overflow.pt": save({"w": Tensor(floats(1), (1 << 40, 1 << 40), strides=(0, 0))}),
        "code.pt": save({"w": Call(eval, "1+1")}), "behind.pt": legacy({"w": Tensor(floats(1), (1,))}, b"#!/bin/sh\n"),
        "cut.pt": legacy({"w": Tensor(floats(1, 2, 3), (3,))})[:-4], "escape.pt": one(extra=[("../../x", "y")])})


main()
