"""Splits the reviews by id."""

import csv
import pathlib

PARTS = {"train": range(0, 40), "validation": range(40, 50), "test": range(50, 60)}

with open("data/raw/reviews.csv", newline="") as f:
    rows = list(csv.DictReader(f))
for name, ids in PARTS.items():
    with open(pathlib.Path("data/reviews") / f"{name}.csv", "w", newline="") as f:
        out = csv.DictWriter(f, ["id", "text", "label"], lineterminator="\n")
        out.writeheader()
        out.writerows(row for row in rows if int(row["id"]) in ids)
