"""Writes the trees of the tests: a program's first bytes with a zip behind them."""
import io
import os
import struct
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
GGUF = b"GGUF" + struct.pack("<IQQ", 3, 0, 0) + bytes(8)


def file(head, members, method=zipfile.ZIP_STORED):
    b = io.BytesIO()
    b.write(head)
    with zipfile.ZipFile(b, "a", method) as z:
        for name, data in members.items():
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = method
            z.writestr(info, data)
    return b.getvalue()


APE = b"MZqFpD='\n" + bytes(55)
ELF = b"\x7fELF\x02\x01\x01" + bytes(57)
files = {
    "models/tiny.llamafile": file(APE, {"tiny.Q4.gguf": GGUF, ".args": "-m\ntiny.Q4.gguf\n...\n"}),
    "models/elf.llamafile": file(ELF, {"tiny.gguf": GGUF}),
    "models/packed.llamafile": file(APE, {"tiny.gguf": GGUF}, zipfile.ZIP_DEFLATED),
    "tools/other.com": file(APE, {"x.txt": "x"}),
    "tools/named.llamafile": b"MZ" + bytes(100),
}
with open(os.path.join(HERE, "models.txtar"), "w") as out:
    out.write("Made by make.py.\n")
    for name, data in files.items():
        out.write("-- %s.hex --\n" % name)
        text = data.hex()
        for at in range(0, len(text), 120):
            out.write(text[at:at + 120] + "\n")
