"""Writes what pyarrow and pandas say of tables: oracle.py FOLDER [FILE...]

Without files it makes its own. Each table stands in FOLDER/csv with NAME.json beside it:
delimiter, columns, types, rows, nulls and distinct values. Types are pyarrow.csv's, the
counts those of pandas with the words that pyarrow takes for null."""
import json, os, random, shutil, sys

import pandas
import pyarrow as pa
import pyarrow.csv as pc

NULLS = ["", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "N/A", "NA", "NULL", "NaN", "n/a", "nan", "null"]
VALUES = ["1", "-1", "+1", " 1", "01", "0x1F", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1_000", "true", "False", "TRUE", "tRue",
          "1.0", "1.", ".5", "+.5", "1e5", "1e", "inf", "-INFINITY", "NAN", "+nan", "0x1p3", ".", "-", "2020-01-01", "2020-1-1", "2020-02-30", "1600-01-01",
          "12:34", "12:34:56", "12:34:56.5", "24:00", "2020-01-01 12", "2020-01-01T12:34", "2020-01-01T12:34:56Z", "2020-01-01 12:34:56+01:00",
          "2020-01-01 12:34:56+0100", "2020-01-01 12:34:56+01", "2020-01-01 12:34:56.123456789", "2020-01-01 12:34:56.1234567891", "2020-01-01 12:34:56.5Z",
          "2020-01-01Z", "1500-01-01 12:34:56", "1500-01-01 12:34:56.5", "2300-01-01 00:00:00.5", "abc", "None", "a \"b\" c", "x,y", "two\nlines", "0", "2000-12-31"] + NULLS


def quote(text):
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n') or random.random() < 0.1 else text


def make(folder):
    random.seed(6)
    for n in range(60):
        width, rows = random.randint(2, 9), random.randint(1, 60)
        pools = [random.sample(VALUES, random.choice([1, 1, 2, 3])) + random.choice([[], [""], ["NA"]]) for _ in range(width)]
        lines = [",".join("column_%d" % i for i in range(width))]
        lines += [",".join(quote(random.choice(p)) for p in pools) for _ in range(rows)]
        with open(os.path.join(folder, "made-%02d.csv" % n), "w", newline="") as f:
            f.write(random.choice(["\n", "\r\n"]).join(lines) + random.choice(["", "\n"]))


def describe(name):
    for delimiter in [",", "\t", ";", "|"]:
        try:
            t = pc.read_csv(name, read_options=pc.ReadOptions(use_threads=False, block_size=1 << 28), parse_options=pc.ParseOptions(delimiter=delimiter, newlines_in_values=True))
            break_even = t.num_columns > 1
        except (pa.ArrowInvalid, pa.ArrowException):
            continue
        if break_even:
            d = pandas.read_csv(name, sep=delimiter, dtype=str, keep_default_na=False, na_values=NULLS, index_col=False)
            if len(d) != t.num_rows:
                return None  # they do not agree
            return {"delimiter": delimiter, "rows": t.num_rows, "columns": [
                {"name": f.name, "type": str(f.type), "nulls": int(d.iloc[:, i].isna().sum()), "distinct": int(d.iloc[:, i].nunique())} for i, f in enumerate(t.schema)]}
    return None


def main():
    folder = os.path.join(sys.argv[1], "csv")
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
        except Exception as e:  # a table that one of them does not read tells nothing
            print(name, type(e).__name__, str(e)[:100])
            said = None
        if said is not None:
            with open(os.path.join(folder, name + ".json"), "w") as f:
                json.dump(said, f)


main()
