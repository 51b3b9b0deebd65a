"""Writes Avro files of all codecs and types into the folder given, and what fastavro
reads of them into avro.json there."""
import datetime
import decimal
import json
import os
import sys

import fastavro

out = os.path.join(sys.argv[1], "avro")
os.makedirs(out, exist_ok=True)
types = {
    "b": "boolean", "i": "int", "l": "long", "f": "float", "d": "double", "y": "bytes", "s": "string", "n": ["null", "string"],
    "e": {"type": "enum", "name": "E", "symbols": ["X", "Y"]}, "x": {"type": "fixed", "name": "F", "size": 4},
    "a": {"type": "array", "items": "long"}, "m": {"type": "map", "values": "int"}, "u": ["int", "string"],
    "r": {"type": "record", "name": "In", "fields": [{"name": "p", "type": "long"}]},
    "day": {"type": "int", "logicalType": "date"}, "at": {"type": "long", "logicalType": "timestamp-micros"},
    "dec": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2},
}
value = {"b": True, "i": 1, "l": -2, "f": 0.5, "d": 1.5, "y": b"z", "s": "s", "n": None, "e": "X", "x": b"abcd", "a": [1, 2], "m": {"k": 1}, "u": "w", "r": {"p": 1},
         "day": datetime.date(2026, 1, 2), "at": datetime.datetime(2026, 1, 2, tzinfo=datetime.timezone.utc), "dec": decimal.Decimal("1.25")}
schema = {"type": "record", "name": "Bird", "namespace": "ex.am", "fields": [{"name": k, "type": t} for k, t in types.items()]}
said = []
for codec in ("null", "deflate", "bzip2", "xz", "zstandard", "snappy", "lz4"):
    for rows, interval in ((0, 16000), (1, 16000), (1000, 100)):
        name = f"{codec}-{rows}.avro"
        try:
            with open(os.path.join(out, name), "wb") as f:
                fastavro.writer(f, schema, [value] * rows, codec=codec, sync_interval=interval)
        except Exception: # a codec whose library is not there
            os.remove(os.path.join(out, name))
            continue
        with open(os.path.join(out, name), "rb") as f:
            r = fastavro.reader(f)
            fields = r.writer_schema["fields"]
            said.append({"file": name, "codec": r.codec, "record": r.writer_schema["name"].split(".")[-1], "columns": [f["name"] for f in fields],
                         "nullable": [isinstance(f["type"], list) and "null" in f["type"] for f in fields], "rows": sum(1 for _ in r)})
with open(os.path.join(sys.argv[1], "avro.json"), "w") as f:
    json.dump(said, f)
