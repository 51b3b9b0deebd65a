"""Trains small models with fastText and saves them, plain and quantised, into the
folder given. Needs fasttext (the package fasttext-wheel)."""
import json
import os
import sys
import tempfile

try:
    import fasttext
except ImportError as missing:
    print("nothing is written:", missing)
    sys.exit()


folder = os.path.join(sys.argv[1], "fasttext")
os.makedirs(folder, exist_ok=True)
with tempfile.NamedTemporaryFile("w", suffix=".txt", delete=False) as f:
    for i in range(2000):
        f.write("__label__%s word%d some text about thing%d\n" % ("ab"[i % 2], i % 900, i % 7))
m = fasttext.train_supervised(f.name, dim=8, epoch=1, wordNgrams=2, bucket=1000, minCount=1, thread=1, verbose=0)
for name in ("model.bin", "model.ftz"):
    if name.endswith("ftz"):
        m.quantize(f.name, retrain=False, qnorm=True, cutoff=400)
    m.save_model(os.path.join(folder, name))
    json.dump({"words": len(m.get_words()), "labels": len(m.get_labels()), "dim": m.get_dimension(), "quantized": m.is_quantized()}, open(os.path.join(folder, name + ".facts"), "w"))
u = fasttext.train_unsupervised(f.name, dim=6, epoch=1, bucket=500, minCount=1, thread=1, verbose=0)
# of words alone, get_labels() gives the words
u.save_model(os.path.join(folder, "words.bin"))
json.dump({"words": len(u.get_words()), "labels": 2, "dim": 6, "quantized": False, "parameters": (len(u.get_words()) + 500) * 6 + len(u.get_words()) * 6}, open(os.path.join(folder, "words.bin.facts"), "w"))
os.unlink(f.name)
