"""Writes HDF5 files of every form with h5py into the folder given, and beside each
NAME.h5 a NAME.h5.json: what h5py reads of it."""
import json
import os
import sys

try:
    import h5py
    import numpy as np
except ImportError as missing:
    print("nothing is written:", missing)
    sys.exit()


def describe(name):
    """What h5py sees: objects by the first path, with shape and type."""
    out = {"objects": {}, "links": {}}
    seen = set()

    def attrs(o):
        all = {}
        for k in o.attrs:
            try:
                v = o.attrs[k]
            except Exception:
                continue
            if isinstance(v, h5py.Empty):
                v = None
            if isinstance(v, bytes):
                v = v.decode("utf-8", "replace")
            if isinstance(v, np.ndarray) and v.dtype.kind in "SO" and h5py.check_string_dtype(o.attrs.get_id(k).dtype):
                v = [x.decode("utf-8", "replace") if isinstance(x, bytes) else str(x) for x in v.ravel()]
            all[k] = v if isinstance(v, str) or isinstance(v, list) and all_text(v) else None
        return all

    def all_text(v):
        return __builtins__.all(isinstance(x, str) for x in v)

    def walk(group, path):
        for key in group:
            here = path + "/" + key
            link = group.get(key, getlink=True)
            if isinstance(link, h5py.ExternalLink):
                out["links"][here] = [link.filename, link.path]
                continue
            if isinstance(link, h5py.SoftLink):
                out["links"][here] = ["", link.path]
                continue
            try:
                o = group[key]
            except Exception:
                continue
            at = h5py.h5o.get_info(o.id).addr
            if at in seen:
                continue
            seen.add(at)
            if isinstance(o, h5py.Group):
                out["objects"][here] = {"attrs": attrs(o)}
                walk(o, here)
            elif isinstance(o, h5py.Dataset):
                shape = None if o.shape is None else list(o.shape)
                out["objects"][here] = {"attrs": attrs(o), "shape": shape, "size": int(o.id.get_type().get_size()),
                                        "kind": int(o.id.get_type().get_class()), "offset": o.id.get_offset()}

    with h5py.File(name, "r") as f:
        out["objects"]["/"] = {"attrs": attrs(f)}
        seen.add(h5py.h5o.get_info(f.id).addr)
        walk(f, "")
    return out


def fill(f):
    f.attrs["text"] = "häuser " * 3
    f.attrs["fixed"] = np.bytes_("fixed")
    f.attrs["list"] = ["a", "bb", "ccc"]
    f.attrs["fixed_list"] = np.array([b"x", b"yyyy"])
    f.attrs["long"] = "0123456789" * 9000
    f.attrs["n"] = np.int64(-5)
    f.attrs["empty"] = h5py.Empty("f4")
    for t in "f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 >f4 >i8 c8 c16 ?".split():
        f.create_dataset("types/" + t.replace("?", "bool").replace(">", "big_"), data=np.ones((2, 3), dtype=t))
    f.create_dataset("scalar", data=np.float32(1))
    f.create_dataset("none", data=h5py.Empty("f4"))
    f.create_dataset("zero", shape=(0, 4), dtype="f4")
    f.create_dataset("text", data=["one", "two"], dtype=h5py.string_dtype())
    f.create_dataset("fixed", data=np.array([b"one", b"three"]))
    f.create_dataset("chunked", data=np.ones((100, 10), dtype="f4"), chunks=(10, 10), compression="gzip", shuffle=True)
    f.create_dataset("compound", data=np.zeros(3, dtype=[("a", "f4"), ("b", "i8", (2, 2))]))
    f.create_dataset("enum", data=np.zeros(3, dtype="i1"), dtype=h5py.enum_dtype({"A": 0, "B": 1, "C": 2}, "i1"))
    f.create_dataset("ragged", shape=(3,), dtype=h5py.vlen_dtype("i4"))
    f["committed"] = np.dtype("f8")
    f.create_dataset("shared", shape=(4,), dtype=f["committed"])
    many = f.create_group("many")
    for i in range(300):
        many.create_group("group_%03d" % i)
    d = many.create_dataset("attributes", data=np.ones(1))
    for i in range(60):
        d.attrs["attribute_%02d" % i] = "value %d" % i
    f["a/b/c/d/e"] = np.arange(5)
    f["hard"] = f["a/b"]
    f["soft"] = h5py.SoftLink("/a/b")
    f["external"] = h5py.ExternalLink("other.h5", "/x/y")
    f["virtual_layout"] = 1
    layout = h5py.VirtualLayout(shape=(4,), dtype="f4")
    layout[:] = h5py.VirtualSource("source.h5", "data", shape=(4,))
    f.create_virtual_dataset("virtual", layout)
    f.create_dataset("stored_elsewhere", shape=(4,), dtype="f4", external=[("elsewhere.bin", 0, 16)])


def main(folder):
    if len(sys.argv) > 2:  # describe files that are there
        print(json.dumps(describe(sys.argv[2])))
        return
    folder = os.path.join(folder, "hdf5")
    os.makedirs(folder, exist_ok=True)
    for libver in ("earliest", "v108", "v110", "latest"):
        name = os.path.join(folder, libver + ".h5")
        with h5py.File(name, "w", libver=libver, userblock_size=512 if libver == "v110" else 0) as f:
            fill(f)
        with open(name + ".json", "w") as out:
            json.dump(describe(name), out)
    name = os.path.join(folder, "tracked.h5")
    with h5py.File(name, "w", libver="latest", track_order=True) as f:
        fill(f)
    with open(name + ".json", "w") as out:
        json.dump(describe(name), out)
    name = os.path.join(folder, "wide.h5")  # trees of several levels, heaps with tables of blocks
    with h5py.File(name, "w", libver="latest") as f:
        for i in range(6000):
            f.create_group("a_rather_long_name_of_a_group_to_fill_the_heap_%d" % i)
        g = f.create_group("huge")
        for i in range(20):
            g.attrs["huge_%d" % i] = np.bytes_("x" * 70000)
    with open(name + ".json", "w") as out:
        json.dump(describe(name), out)


main(sys.argv[1])
