#!/usr/bin/env python3
"""Writes the archives of this folder's *.txtar, each as a member in hexadecimal.

    python3 testdata/make.py && go test . -run '^Test$' -update

Needs py7zr from PyPI for one 7z archive. The pickles are written by hand, so that
nothing of PyTorch is needed; those that do harm run "id" if somebody loads them.
"""
import base64, bz2, gzip, io, lzma, pathlib, pickle, collections, tarfile, textwrap, zipfile

TIME = (2020, 1, 1, 0, 0, 0)
HARM = b"cos\nsystem\n(S'id'\ntR."
FINE = pickle.dumps(collections.OrderedDict(a=1), 2)


def zipped(*members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, data in members:
            z.writestr(zipfile.ZipInfo(name, TIME), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def tarred(*members):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as t:
        for name, data in members:
            i = tarfile.TarInfo(name)
            i.size = len(data)
            t.addfile(i, io.BytesIO(data))
    data = out.getvalue().rstrip(b"\0")
    return data + bytes(-len(data) % 512 + 1024)


def sevened(*members):
    import py7zr
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as z:
        for name, data in members:
            z.writestr(data, name)
    return out.getvalue()


CHECKPOINT = zipped(("model_weights/data.pkl", FINE), ("model_weights/version", b"3\n"))
CONFIG = b"""sample_rate: 16000
target: nemo.collections.asr.models.ctc_bpe_models.EncDecCTCModelBPE
nemo_version: 1.23.0
encoder:
  _target_: nemo.collections.asr.modules.ConformerEncoder
  n_layers: 17
optim:
  _target_: torch.optim.AdamW
"""
MANIFEST = b"""{
  "createdOn": "01/01/2020 00:00:00",
  "runtime": "python",
  "model": {
    "modelName": "resnet-18",
    "serializedFile": "resnet18.pt",
    "handler": "my_handler.py:handle",
    "modelFile": "model.py",
    "modelVersion": "1.0"
  },
  "archiverVersion": "0.11.1"
}
"""
HANDLER = b"import torch\n\ndef handle(data, context):\n    return data\n"
HIDDEN = b"import base64\nexec(base64.b64decode('cHJpbnQoMSk='))\n"

TREES = {
    "nemo": ("NeMo archives: an ordinary one, and one whose configuration calls what it should not", [
        ("asr/conformer.nemo", gzip.compress(tarred(("./model_config.yaml", CONFIG), ("./model_weights.ckpt", CHECKPOINT)), mtime=0)),
        ("bad/bad.nemo", tarred(("model_config.yaml", CONFIG + b"hook:\n  _target_: os.system\n  command: id\n"), ("model_weights.ckpt", zipped(("model_weights/data.pkl", HARM))))),
        ("not/a.nemo", b"this is no archive, whatever it is called"),
    ]),
    "torchserve": ("TorchServe archives: a handler that is code, one that hides some", [
        ("resnet.mar", zipped(("MAR-INF/MANIFEST.json", MANIFEST), ("resnet18.pt", CHECKPOINT), ("my_handler.py", HANDLER), ("model.py", HANDLER))),
        ("bad.mar", zipped(("MAR-INF/MANIFEST.json", MANIFEST), ("resnet18.pt", zipped(("x/data.pkl", HARM))), ("my_handler.py", HIDDEN))),
    ]),
    "baselines": ("Stable-Baselines3: objects in Base64 in JSON, which loading the model loads", [
        ("ppo.zip", zipped(("data", b'{"policy_class": {":type:": "x", ":serialized:": "' + base64.b64encode(FINE) + b'"}, "n": 1}'), ("policy.pth", CHECKPOINT), ("_stable_baselines3_version", b"2.3.0"))),
        ("bad.zip", zipped(("data", b'{"a": {":serialized:": "' + base64.b64encode(HARM) + b'"}}'), ("policy.pth", CHECKPOINT), ("_stable_baselines3_version", b"2.3.0"))),
    ]),
    "packed": ("archives and streams with pickles at several depths, whatever their names", [
        ("a/model.zip", zipped(("inner/weights.tar.gz", gzip.compress(tarred(("w.txt", HARM)), mtime=0)))),
        ("b/data.bin", sevened(("x.txt", HARM))),
        ("c/cache.dat", lzma.compress(HARM)),
        ("d/cache.dat", bz2.compress(FINE)),
        ("e/plain.tar", tarred(("../../evil", b"x"), ("p.pkl", FINE))),
    ]),
    "ordinary": ("archives with nothing of models in them give nothing", [
        ("a.jar", zipped(("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0\n"), ("A.class", b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(40)))),
        ("b.docx", zipped(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w:document/>"))),
        ("c.tgz", gzip.compress(tarred(("pkg/setup.py", b"from setuptools import setup\nsetup()\n"), ("pkg/run.sh", b"#!/bin/sh\necho hi\n")), mtime=0)),
        ("d.log.xz", lzma.compress(b"hello\n" * 50)),
        ("e.7z", sevened(("readme.txt", b"hello"))),
    ]),
}

here = pathlib.Path(__file__).parent
for name, (about, files) in TREES.items():
    text = [about + "\n"]
    target = here / f"{name}.txtar"
    old = target.read_text() if target.exists() else ""
    want = old.partition("-- want.json --\n")[2].partition("\n-- ")[0]
    text.append("-- want.json --\n" + (want or "{}").strip() + "\n")
    for path, data in files:
        text.append(f"-- {path}.hex --\n" + "\n".join(textwrap.wrap(data.hex(), 120)) + "\n")
    target.write_text("".join(text))
