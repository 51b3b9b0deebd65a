#!/usr/bin/env python3
"""Makes the archives of tampered.json: name -> base64 of zlib of the bytes.

Each is a small archive with the member "m/data.pkl", whose content is the text
PICKLE below (protocol 0; it runs "id"), tampered with in the way that an advisory
or a loader's source tells of. Needs lz4, zstandard and py7zr from PyPI:

    python3 testdata/make.py > testdata/tampered.json
"""
import base64, bz2, gzip, io, json, lzma, struct, sys, tarfile, zipfile, zlib

PICKLE = b"cos\nsystem\n(S'id'\ntR."
TIME = (2020, 1, 1, 0, 0, 0)


def plain(method=zipfile.ZIP_STORED, members=None, prefix=b""):
    out = io.BytesIO()
    out.write(prefix)
    with zipfile.ZipFile(out, "w") as z:
        for name, data in members or [("m/data.pkl", PICKLE), ("m/version", b"3\n")]:
            z.writestr(zipfile.ZipInfo(name, TIME), data, method)
    return out.getvalue()


def patch(data, at, new):
    return data[:at] + new + data[at + len(new):]


def central(data):
    return data.index(b"PK\x01\x02")


def zips():
    z = plain()
    c = central(z)
    yield "zip-plain", z
    yield "zip-deflate", plain(zipfile.ZIP_DEFLATED)
    yield "zip-bzip2", plain(zipfile.ZIP_BZIP2)
    yield "zip-lzma", plain(zipfile.ZIP_LZMA)
    yield "zip-local-name", patch(z, 30, b"m/dbta.pkl")  # GHSA-7q5r-7gvp-wc82
    for bit in (0x1, 0x20, 0x40):  # GHSA-w8jq-xcqf-f792
        yield f"zip-flag-{bit:#x}", patch(patch(z, c + 8, struct.pack("<H", bit)), 6, struct.pack("<H", bit))
        yield f"zip-flag-central-{bit:#x}", patch(z, c + 8, struct.pack("<H", bit))
    yield "zip-crc", patch(z, c + 16, b"\x01\x02\x03\x04")  # GHSA-mjqp-26hc-grxg
    both = patch(patch(z, c + 16, b"\x01\x02\x03\x04"), 14, b"\x01\x02\x03\x04")
    yield "zip-crc-both", both
    yield "zip-crc-zero", patch(patch(z, c + 16, bytes(4)), 14, bytes(4))
    yield "zip-method", patch(z, c + 10, b"\x08\x00")
    yield "zip-prefix", b"#!/bin/sh\nexit 0\n" + z
    yield "zip-prefix-adjusted", plain(prefix=b"#!/bin/sh\nexit 0\n")
    yield "zip-appended", z + b"cos\nsystem\n(S'id'\ntR."
    yield "zip-no-directory", z[:c]
    yield "zip-cut", z[:40]
    yield "zip-spanned", b"PK\x07\x08" + z
    yield "zip-empty-first", b"PK\x05\x06" + bytes(18) + z
    dup = plain(members=[("m/data.pkl", PICKLE), ("m/data.qkl", b"N.")])
    yield "zip-duplicate", dup.replace(b"data.qkl", b"data.pkl")
    yield "zip-traversal", plain(members=[("../../etc/cron.d/x", b"x"), ("m/data.pkl", PICKLE)])
    link = zipfile.ZipInfo("m/link", TIME)
    link.create_system, link.external_attr = 3, 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as w:
        w.writestr(link, b"../../../etc/passwd")
        w.writestr(zipfile.ZipInfo("m/data.pkl", TIME), PICKLE)
    yield "zip-symlink", out.getvalue()
    yield "zip-hidden", hidden()
    yield "zip-count", patch(z, len(z) - 22 + 10, struct.pack("<H", 1))
    yield "zip-overlap", overlap()
    yield "zip-comment-end", comment_end(z)
    yield "zip64", zip64()
    yield "zip-stream", streamed()
    info = zipfile.ZipInfo("m/data.txt", TIME)
    info.extra = struct.pack("<HHBI", 0x7075, 5 + 10, 1, zlib.crc32(b"m/data.txt")) + b"m/data.pkl"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as w:
        w.writestr(info, PICKLE)
    yield "zip-unicode-name", out.getvalue()
    yield "zip-in-zip", plain(members=[("inner.zip", z), ("m/data.pkl", PICKLE)])


def hidden():
    """A member between two others that the directory does not name."""
    z = plain(members=[("a", b"1"), ("m/data.pkl", PICKLE), ("b", b"2")])
    c = central(z)
    entries, at = [], c
    while z[at:at + 4] == b"PK\x01\x02":
        n = 46 + sum(struct.unpack("<HHH", z[at + 28:at + 34]))
        entries.append(z[at:at + n])
        at += n
    kept = entries[0] + entries[2]
    return z[:c] + kept + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 2, 2, len(kept), c, 0)


def overlap():
    """Two entries of the directory for the same bytes."""
    z = plain(members=[("m/data.pkl", PICKLE)])
    c = central(z)
    e = z[c:-22]
    return z[:c] + e + e.replace(b"data", b"dbta") + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 2, 2, 2 * len(e), c, 0)


def comment_end(z):
    """A whole archive in the comment of another: Python takes the one, Go and
    others the other."""
    inner = plain(members=[("other", b"N.")])
    return z[:-2] + struct.pack("<H", len(inner)) + inner


def zip64():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        with z.open(zipfile.ZipInfo("m/data.pkl", TIME), "w", force_zip64=True) as f:
            f.write(PICKLE)
    z = out.getvalue()
    c = central(z)
    n = len(z) - 22 - c
    rec = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 1, 1, n, c)
    loc = b"PK\x06\x07" + struct.pack("<IQI", 0, c + n, 1)
    return z[:c + n] + rec + loc + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0xffff, 0xffff, 0xffffffff, 0xffffffff, 0)


class Pipe(io.RawIOBase):
    """A file that cannot seek, so that sizes stand behind the bytes."""
    def __init__(self):
        self.data = bytearray()

    def writable(self):
        return True

    def write(self, b):
        self.data += b
        return len(b)


def streamed():
    p = Pipe()
    with zipfile.ZipFile(p, "w") as z:
        for name, method in (("m/data.pkl", zipfile.ZIP_DEFLATED), ("m/raw", zipfile.ZIP_STORED)):
            i = zipfile.ZipInfo(name, TIME)
            i.compress_type = method
            z.writestr(i, PICKLE)
    return bytes(p.data)


def tar(fmt, members=(("m/data.pkl", PICKLE),), links=()):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=fmt) as t:
        for name, data in members:
            i = tarfile.TarInfo(name)
            i.size = len(data)
            t.addfile(i, io.BytesIO(data))
        for name, kind, to in links:
            i = tarfile.TarInfo(name)
            i.type, i.linkname = kind, to
            t.addfile(i)
    data = out.getvalue().rstrip(b"\0")
    return data + bytes(-len(data) % 512 + 1024)


def tars():
    t = tar(tarfile.USTAR_FORMAT)
    yield "tar-ustar", t
    yield "tar-gnu", tar(tarfile.GNU_FORMAT, ((120 * "n" + "/data.pkl", PICKLE),))
    yield "tar-pax", tar(tarfile.PAX_FORMAT, ((120 * "\u00fc" + "/data.pkl", PICKLE),))
    old = bytearray(t)
    old[257:265] = bytes(8)
    old[148:156] = b" " * 8
    old[148:156] = b"%06o\0 " % sum(old[:512])
    yield "tar-old", bytes(old)
    yield "tar-traversal", tar(tarfile.USTAR_FORMAT, (("../../x", b"x"), ("m/data.pkl", PICKLE)))
    yield "tar-links", tar(tarfile.USTAR_FORMAT, (("m/data.pkl", PICKLE),), (("m/a", tarfile.SYMTYPE, "../../etc"), ("m/b", tarfile.LNKTYPE, "/etc/passwd"), ("m/n/ok", tarfile.SYMTYPE, "../data.pkl"), ("m/n/fine", tarfile.LNKTYPE, "m/data.pkl")))
    yield "tar-tail", t + PICKLE
    yield "tar-cut", t[:520]


def streams():
    yield "gzip", gzip.compress(PICKLE, mtime=0)
    yield "bzip2", bz2.compress(PICKLE)
    yield "xz", lzma.compress(PICKLE)
    yield "xz-two", lzma.compress(PICKLE[:9]) + lzma.compress(PICKLE[9:], check=lzma.CHECK_SHA256)
    yield "lzma", lzma.compress(PICKLE, format=lzma.FORMAT_ALONE)
    yield "lzma-other", lzma.compress(PICKLE, format=lzma.FORMAT_ALONE, filters=[{"id": lzma.FILTER_LZMA1, "lc": 0, "lp": 2, "pb": 1}])
    yield "zlib", zlib.compress(PICKLE)
    yield "zlib-1", zlib.compress(PICKLE, 1)
    yield "zf", b"ZF" + hex(len(PICKLE)).encode().ljust(19) + zlib.compress(PICKLE)
    yield "zf-wide", b"ZF" + hex(len(PICKLE)).encode().ljust(20) + zlib.compress(PICKLE)
    yield "tar-gzip", gzip.compress(tar(tarfile.USTAR_FORMAT), mtime=0)
    # what needs a module that is not in the standard library, as made by it
    yield "lz4", bytes.fromhex(LZ4)
    yield "zstd", bytes.fromhex(ZSTD)


LZ4 = ZSTD = ""
try:
    import lz4.frame, zstandard
    LZ4 = lz4.frame.compress(PICKLE).hex()
    ZSTD = zstandard.ZstdCompressor().compress(PICKLE).hex()
except ImportError:
    sys.exit("needs lz4 and zstandard")


def jumps():
    """Bytes that the filter for x86 changes in all of its ways."""
    seed, out = 1, bytearray()
    for _ in range(1200):
        seed = (seed * 1103515245 + 12345) & 0x7fffffff
        out.append((0xe8, 0xe9, 0x00, 0xff, 0xe8, 0x12, seed >> 8 & 0xff, 0xff)[seed >> 16 & 7])
    return bytes(out)


def sevens():
    import py7zr
    lz2, x86 = {"id": py7zr.FILTER_LZMA2, "preset": 1}, {"id": py7zr.FILTER_X86}
    kinds = {"lzma2": [lz2], "default": [x86, lz2], "lzma": [{"id": py7zr.FILTER_LZMA}], "deflate": [{"id": py7zr.FILTER_DEFLATE}],
             "bzip2": [{"id": py7zr.FILTER_BZIP2}], "copy": [{"id": py7zr.FILTER_COPY}], "delta": [{"id": py7zr.FILTER_DELTA}, lz2], "zstd": [{"id": py7zr.FILTER_ZSTD, "level": 3}], "ppmd": [{"id": py7zr.FILTER_PPMD, "order": 6, "mem": 16}]}
    for name, filters in kinds.items():
        out = io.BytesIO()
        with py7zr.SevenZipFile(out, "w", filters=filters) as z:
            z.writestr(PICKLE, "m/data.pkl")
            z.writestr(b"3\n" * 300, "m/version")
            z.writestr(b"", "m/empty")
        yield "7z-" + name, out.getvalue()
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", filters=[x86, lz2]) as z:
        z.writestr(jumps(), "m/jumps")
    yield "7z-jumps", out.getvalue()
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", filters=[lz2, {"id": py7zr.FILTER_CRYPTO_AES256_SHA256}], password="x") as z:
        z.writestr(PICKLE, "m/data.pkl")
    yield "7z-encrypted", out.getvalue()
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", filters=[lz2, {"id": py7zr.FILTER_CRYPTO_AES256_SHA256}], password="x", header_encryption=True) as z:
        z.writestr(PICKLE, "m/data.pkl")
    yield "7z-encrypted-names", out.getvalue()
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", filters=[lz2]) as z:
        z.set_encoded_header_mode(False)
        z.writestr(PICKLE, "m/data.pkl")
    yield "7z-plain-header", out.getvalue()


if __name__ == "__main__":
    samples = {name: base64.b64encode(zlib.compress(data, 9)).decode() for maker in (zips, tars, streams, sevens) for name, data in maker()}
    json.dump(samples, sys.stdout, indent=0, sort_keys=True)
    print()
