"""Writes files with PyTorch, and what it says of them, into the folder given: torch-*.pt and torch.json.

Where this Python has no PyTorch, that of the system is asked (Debian's python3-torch); without any, nothing is written.
"""
import json
import subprocess
import sys

try:
    import torch
except ImportError:
    other = "/usr/bin/python3"
    if sys.executable != other and subprocess.run([other, "-c", "import torch"], stderr=subprocess.DEVNULL).returncode == 0:
        sys.exit(subprocess.run([other, *sys.argv]).returncode)
    print("no PyTorch: nothing is written")
    sys.exit(0)

import collections
import random

from torch import nn

OUT = sys.argv[1] + "/torch-"
told = {}


def note(name, weights, **more):
    """What PyTorch says: each tensor once, by the elements that it looks at."""
    seen, tensors = set(), {}
    for key, t in weights.items():
        if t.layout != torch.strided:
            t = t.coalesce().values()
        place = (t.storage().data_ptr(), t.storage_offset(), tuple(t.shape), t.stride(), str(t.dtype))
        if t.storage().data_ptr() and place in seen:
            continue
        seen.add(place)
        tensors[key] = [str(t.dtype).replace("torch.", ""), list(t.shape), t.numel()]
    told["torch-" + name] = dict(tensors=tensors, parameters=sum(n for _, _, n in tensors.values()), **more)


def save(name, obj, weights, legacy=False, proto=2, **more):
    torch.save(obj, OUT + name, _use_new_zipfile_serialization=not legacy, pickle_protocol=proto)
    note(name, weights, **more)


class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.head = nn.Embedding(7, 5), nn.Linear(5, 7, bias=False)
        self.head.weight = self.embed.weight
        self.register_buffer("kept", torch.ones(3))
        self.register_buffer("gone", torch.ones(9), persistent=False)

    def forward(self, x):
        return self.head(self.embed(x))


def nets(r):
    for i in range(12):
        layers = []
        for _ in range(r.randint(1, 6)):
            a, b = r.randint(1, 9), r.randint(1, 9)
            layers.append(r.choice([lambda: nn.Linear(a, b), lambda: nn.Conv2d(a, b, 3), lambda: nn.BatchNorm1d(a), lambda: nn.LayerNorm(a),
                                    lambda: nn.LSTM(a, b), lambda: nn.MultiheadAttention(4 * a, 2), lambda: nn.Embedding(a, b), lambda: nn.PReLU()])())
        net = nn.Sequential(*layers)
        yield i, net.to(r.choice([torch.float32, torch.float64, torch.float16, torch.bfloat16]))


def main():
    torch.manual_seed(0)
    r = random.Random(1)
    for i, net in nets(r):
        w = net.state_dict()
        save("state%d.pt" % i, w, w, legacy=i % 3 == 0, proto=r.choice([2, 4, 5] if i % 3 else [2, 3, 4]))
        save("module%d.pt" % i, net, w, legacy=i % 4 == 0, cls="Sequential")
        save("check%d.ckpt" % i, {"epoch": i, "state_dict": w, "optimizer_states": [torch.optim.Adam(net.parameters(), lr=0.5).state_dict()],
                                  "pytorch-lightning_version": "1.9.%d" % i}, w, epoch=str(i))
    tied = Tied()
    save("tied.pt", tied.state_dict(), tied.state_dict())
    save("tied-module.pt", tied, tied.state_dict(), cls="Tied")
    base = torch.arange(24.0)
    kinds = collections.OrderedDict(view=base.view(2, 12), slice=base[3:9], strided=base.view(4, 6).t(), expanded=torch.ones(1).expand(5), empty=torch.empty(0, 3),
                                    scalar=torch.tensor(3), sparse=torch.eye(3).to_sparse(), parameter=nn.Parameter(torch.ones(2, 2)),
                                    quantized=torch.quantize_per_tensor(torch.ones(2, 2), 0.1, 0, torch.qint8),
                                    channel=torch.quantize_per_channel(torch.ones(2, 2), torch.tensor([.1, .2]), torch.tensor([0, 0]), 0, torch.quint8))
    for kind in ("float64", "float16", "bfloat16", "int8", "uint8", "int16", "int32", "int64", "bool", "complex64", "complex128"):
        kinds[kind] = torch.ones(2, 3, dtype=getattr(torch, kind))
    save("kinds.pt", kinds, kinds)
    save("kinds-old.pt", kinds, kinds, legacy=True)
    plain = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU()).eval()
    scripted = torch.jit.script(plain)
    scripted.save(OUT + "script.pt", _extra_files={"labels.txt": "a"})
    note("script.pt", plain.state_dict(), cls="Sequential", inputs=["input"])
    torch.jit.trace(plain, torch.ones(2, 3)).save(OUT + "trace.pt")
    note("trace.pt", plain.state_dict(), cls="Sequential", inputs=["input"])
    scripted._save_for_lite_interpreter(OUT + "mobile.ptl")
    note("mobile.ptl", plain.state_dict(), cls="Sequential", inputs=["input"])
    with open(sys.argv[1] + "/torch.json", "w") as f:
        json.dump({"version": torch.__version__, "files": told}, f)


main()
