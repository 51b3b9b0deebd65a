"""Writes archives of every kind into the folder given, below archives/, with
manifest.json: file -> member -> SHA-256 of its bytes. The tests of
collectors/internal/archive read them. Modules that are not there (py7zr, lz4,
zstandard) are done without."""
import bz2, gzip, hashlib, io, json, lzma, os, random, sys, tarfile, zipfile, zlib

root = os.path.join(sys.argv[1], "archives")
os.makedirs(root, exist_ok=True)
rng = random.Random(1)
manifest = {}


def blob():
    kind, n = rng.randrange(4), rng.choice([0, 1, 100, 511, 512, 513, 5000, 70000, 300000])
    if kind == 0:
        return rng.randbytes(n)
    if kind == 1:
        return bytes(n)
    if kind == 2:
        return (b"import torch\n" * (n // 13 + 1))[:n]
    return bytes(rng.choice((0xe8, 0xe9, 0, 0xff, 0x10, 0x80)) for _ in range(min(n, 20000)))


def members():
    names = ["a.bin", "m/data.pkl", "m/data/0", "sub dir/\u00fc.txt", "x" * 150 + "/y", "deep/" * 20 + "z"]
    return {n: blob() for n in rng.sample(names, rng.randrange(1, len(names) + 1))}


def put(name, files, data):
    with open(os.path.join(root, name), "wb") as f:
        f.write(data)
    manifest[name] = {n: hashlib.sha256(b).hexdigest() for n, b in files.items()}


class Pipe(io.RawIOBase):
    def __init__(self):
        self.data = bytearray()

    def writable(self):
        return True

    def write(self, b):
        self.data += b
        return len(b)


for i in range(6):
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        for out, kind in ((io.BytesIO(), "plain"), (Pipe(), "piped")):
            files = members()
            with zipfile.ZipFile(out, "w", method) as z:
                for n, b in files.items():
                    if i % 2:
                        with z.open(n, "w", force_zip64=True) as f:
                            f.write(b)
                    else:
                        z.writestr(n, b)
                z.comment = b"a comment" * (i % 3)
            put(f"{i}-{method}-{kind}.zip", files, out.getvalue() if kind == "plain" else bytes(out.data))
    for fmt in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
        for mode in ("w", "w:gz", "w:bz2", "w:xz"):
            files, out = members(), io.BytesIO()
            if fmt == tarfile.USTAR_FORMAT:
                files = {n: b for n, b in files.items() if len(n) < 100} or {"a.bin": b"x"}
            with tarfile.open(fileobj=out, mode=mode, format=fmt) as t:
                for n, b in files.items():
                    info = tarfile.TarInfo(n)
                    info.size = len(b)
                    t.addfile(info, io.BytesIO(b))
            put(f"{i}-{fmt}-{mode.replace(':', '-')}.tar", files, out.getvalue())
    for kind, pack in {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress, "zlib": zlib.compress,
                       "xz9": lambda b: lzma.compress(b, preset=9), "lzma": lambda b: lzma.compress(b, format=lzma.FORMAT_ALONE),
                       "gzgz": lambda b: gzip.compress(b[:50]) + gzip.compress(b[50:])}.items():
        b = blob() + b"\0"
        put(f"{i}.{kind}", {"": b}, pack(b))

try:
    import lz4.frame, zstandard
    for i in range(6):
        b = blob() + b"\0"
        put(f"{i}.lz4", {"": b}, lz4.frame.compress(b))
        put(f"{i}.zst", {"": b}, zstandard.ZstdCompressor(level=1 + 3 * i).compress(b))
except ImportError:
    print("lz4 or zstandard is not there", file=sys.stderr)
try:
    import py7zr
    lz2, x86 = {"id": py7zr.FILTER_LZMA2, "preset": 6}, {"id": py7zr.FILTER_X86}
    for i in range(4):
        for k, filters in enumerate(([x86, lz2], [lz2], [{"id": py7zr.FILTER_LZMA}], [{"id": py7zr.FILTER_BZIP2}], [{"id": py7zr.FILTER_DEFLATE}], [{"id": py7zr.FILTER_ZSTD, "level": 3}], [{"id": py7zr.FILTER_COPY}])):
            files, out = members(), io.BytesIO()
            with py7zr.SevenZipFile(out, "w", filters=filters) as z:
                for n, b in files.items():
                    z.writestr(b, n)
            put(f"{i}-{k}.7z", files, out.getvalue())
except ImportError:
    print("py7zr is not there", file=sys.stderr)
with open(os.path.join(root, "manifest.json"), "w") as f:
    json.dump(manifest, f)
print(len(manifest), "archives")
