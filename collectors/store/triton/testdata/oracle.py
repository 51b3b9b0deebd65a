"""Writes texts of protocol buffers, and what Google's own parser makes of each, to
textproto.json in the folder given. Left out is what that parser takes against the
specification (escapes that there are not) or refuses against it ("- 5")."""
import json
import os
import sys

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, text_format

file = descriptor_pb2.FileDescriptorProto(name="m.proto", package="p", syntax="proto2")
m = file.message_type.add(name="M")
F = descriptor_pb2.FieldDescriptorProto
for name, number, label, kind, ref in (("s", 1, F.LABEL_OPTIONAL, F.TYPE_STRING, ""), ("n", 2, F.LABEL_REPEATED, F.TYPE_INT64, ""), ("m", 3, F.LABEL_REPEATED, F.TYPE_MESSAGE, ".p.M"),
                                       ("r", 4, F.LABEL_REPEATED, F.TYPE_STRING, ""), ("b", 5, F.LABEL_OPTIONAL, F.TYPE_BOOL, "")):
    m.field.add(name=name, number=number, label=label, type=kind, **({"type_name": ref} if ref else {}))
pool = descriptor_pool.DescriptorPool()
pool.Add(file)
M = message_factory.GetMessageClass(pool.FindMessageTypeByName("p.M"))

texts = [
    's: "a"', "s: 'it\\'s' # c", 's: "a" "b"\n  \'c\'', 's: "\\n\\t\\x41\\101\\u00e9\\\\"', "n: 1 n: -2 n: 0x1F n: 017", "n: [1, 2, 3]", "n: []", "n: [ -5 ]",
    "m { s: \"x\" }", "m < n: 1 >", "m: { n: 1 }", "m: < n: 1, >", "m: [ { n: 1 }, < n: 2 > ]", "m [ { n: 1 } ]", "m { m { m { s: \"deep\" } } }", "n: 1, n: 2; n: 3",
    "b: true", "b: 1", "b: f", "r: [\"a\", 'b' \"c\"]", "", "# only a comment", "s: \"#no\" # yes", "m {} m {}", "m{n:1}m{n:2}", "n:1n:2",
    's: "a', "s \"a\"", "n 1", "m { n: 1", "m }", "n: [1 2]", "n: [1,]", "n: 1,, n: 2", ": 1", "m: [ { n: 1 }", "m { n: 1 > ", "s:", "n: [", "s: \"a\nb\"",
]


def show(v):
    return {"s": v.s, "n": list(v.n), "r": list(v.r), "b": v.b, "m": [show(c) for c in v.m]}


out = []
for text in texts:
    try:
        out.append({"text": text, "ok": True, "value": show(text_format.Parse(text, M()))})
    except text_format.ParseError:
        out.append({"text": text, "ok": False})
with open(os.path.join(sys.argv[1], "textproto.json"), "w") as f:
    json.dump(out, f)
