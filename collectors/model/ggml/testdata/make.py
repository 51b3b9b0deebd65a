"""Writes whisper.txtar: a Whisper model as whisper.cpp's converter lays it out."""
import pathlib
import struct

settings = [5, 1500, 384, 6, 4, 448, 384, 6, 4, 2, 1]  # n_vocab ... n_mels, ftype
data = b"lmgg" + struct.pack("<11i", *settings) + struct.pack("<2i6f", 2, 3, *range(6))
data += struct.pack("<i", 4) + b"".join(struct.pack("<i", 2) + b"t%d" % i for i in range(4))
for name, kind, size, dims in [("decoder.positional_embedding", 0, 32, (4, 2)), ("encoder.conv1.weight", 1, 24, (3, 2, 2))]:
    data += struct.pack("<3i", len(dims), len(name), kind) + struct.pack(f"<{len(dims)}i", *dims) + name.encode() + bytes(range(size))
text = "\n".join(data.hex()[i : i + 96] for i in range(0, 2 * len(data), 96))
target = pathlib.Path(__file__).parent / "whisper.txtar"
target.write_text(f"A model of whisper.cpp.\n-- m/ggml-tiny.bin.hex --\n{text}\n")
