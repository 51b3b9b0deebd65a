"""Writes what pyarrow says of JSON lines: oracle.py FOLDER [FILE...]

Without files it makes its own. Each file stands in FOLDER/jsonl with NAME.json beside it:
columns, types, rows, nulls and, of what is no list or object, distinct values."""
import json, os, random, shutil, sys

import pyarrow.compute as pc
import pyarrow.json as pj

TEXTS = ["", "a", "b \"c\"", "caf\u00e9", "\U0001f600", "2020-01-01", "2020-01-01 12:34:56", "12:34", "new\nline", "\\", "NaN"]


def value(kind):
    return {"int": lambda: random.randint(-3, 3), "big": lambda: random.choice([2**63 - 1, 2**63, 5]), "float": lambda: random.choice([1.5, 2, -0.25, 1e300]), "bool": lambda: random.random() < 0.5,
            "text": lambda: random.choice(TEXTS), "date": lambda: random.choice(TEXTS[5:7]), "null": lambda: None, "list": lambda: [random.randint(0, 9) for _ in range(random.randint(0, 3))],
            "chat": lambda: [{"role": random.choice(["user", "assistant"]), "content": random.choice(TEXTS)} for _ in range(random.randint(0, 3))],
            "object": lambda: {"b": random.choice(TEXTS), "c": {"d": [1.5, None]}}}[kind]()


def make(folder):
    random.seed(6)
    kinds = ["int", "big", "float", "bool", "text", "date", "null", "list", "chat", "object"]
    for n in range(60):
        columns = [("column_%d" % i, random.choice(kinds)) for i in range(random.randint(1, 7))]
        with open(os.path.join(folder, "made-%02d.jsonl" % n), "w") as f:
            for _ in range(random.randint(1, 50)):
                record = {name: (None if random.random() < 0.05 else value(kind)) for name, kind in columns if random.random() < 0.95}
                f.write(json.dumps(record, ensure_ascii=random.random() < 0.5) + random.choice(["\n", "\r\n", "\n\n"]))


def describe(name):
    t = pj.read_json(name, read_options=pj.ReadOptions(use_threads=False, block_size=1 << 28))
    columns = []
    for f, c in zip(t.schema, t.columns):
        kind = str(f.type)
        nested = "<" in kind
        columns.append({"name": f.name, "type": kind, "nulls": c.null_count, "distinct": None if nested or kind.startswith("timestamp") or kind in ("double", "null") else pc.count_distinct(c).as_py()})
    return {"rows": t.num_rows, "columns": columns}


def main():
    folder = os.path.join(sys.argv[1], "jsonl")
    os.makedirs(folder, exist_ok=True)
    if len(sys.argv) == 2:
        make(folder)
    for i, name in enumerate(sys.argv[2:]):
        shutil.copy(name, os.path.join(folder, "%04d-%s" % (i, os.path.basename(name))))
    for name in sorted(os.listdir(folder)):
        if name.endswith(".json"):
            continue
        try:
            said = describe(os.path.join(folder, name))
        except Exception as e:  # what pyarrow does not read tells nothing
            print(name, type(e).__name__, str(e)[:100])
            continue
        with open(os.path.join(folder, name + ".json"), "w") as f:
            json.dump(said, f)


main()
