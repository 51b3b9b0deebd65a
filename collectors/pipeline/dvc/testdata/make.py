"""Writes repository.txtar anew but for want.json: a repository of DVC whose digests are
those of its files. Run in this folder; then go test -update."""
import hashlib
import json
import re


def md5(data):
    return hashlib.md5(data.encode()).hexdigest()


# A file of an archive ends in a newline.
raw, train_py = "x,y\n1,2\n", "print('train')\n"
listing = json.dumps([{"md5": md5("a\n"), "relpath": "a.txt"}, {"md5": md5("b\n"), "relpath": "sub/b.txt"}]) + "\n"
folder = md5(listing)
files = {
    ".dvc/config": "[core]\n    remote = store\n['remote \"base\"']\n    url = s3://bucket/base\n['remote \"store\"']\n    url = remote://base/dvc\n    access_key_id = AKIAEXAMPLE\n"
                   "['remote \"web\"']\n    url = https://ann:secret@example.org/cache?sig=abc\n['remote \"disk\"']\n    url = /home/ann/cache\n",
    f".dvc/cache/files/md5/{folder[:2]}/{folder[2:]}.dir": listing,
    "dvc.yaml": """vars:
  - sizes: {small: 1, large: 2}
  - conf/more.json:alpha
stages:
  prepare:
    desc: Splits the table
    cmd: python src/prepare.py --token hf_notforyou --seed ${seed}
    deps: [data/raw.csv, src/prepare.py, data/images, "ds://reviews"]
    params: [seed, prepare]
    outs:
      - data/prepared:
          desc: Training rows
          type: dataset
          labels: [tabular]
          meta: {owner: {team: data}}
  train:
    foreach: ${sizes}
    do:
      cmd: ["python src/train.py --size ${item}", "echo ${key}"]
      deps: [data/prepared, src/train.py, base.bin, "https://example.org/w.bin?token=1"]
      params: [train.lr, conf/more.json: [alpha]]
      outs: ["models/${key}.pkl"]
  evaluate:
    cmd: python src/evaluate.py
    wdir: .
    deps: [models/large.pkl, data/prepared]
    metrics: [metrics.json: {cache: false}]
    plots: [plots/roc.csv: {x: fpr, y: tpr}]
    always_changed: true
artifacts:
  classifier: {path: models/large.pkl, type: model, desc: Says what it is, labels: [demo], meta: {rank: 1}}
  thing: {path: plots/roc.csv, type: plot}
datasets:
  - {name: reviews, type: url, url: "s3://bucket/reviews", rev: v1}
  - {name: shared, type: dvc, url: "https://github.com/example/registry", path: data/shared}
metrics: [metrics.json]
params: [params.yaml]
plots: [plots/roc.csv: {x: a}]
""",
    "dvc.lock": f"""schema: '2.0'
stages:
  prepare:
    cmd: python src/prepare.py --token hf_notforyou --seed 1
    deps:
    - path: data/raw.csv
      hash: md5
      md5: {md5(raw)}
      size: {len(raw)}
    - path: data/images
      hash: md5
      md5: {folder}.dir
      size: 4
      nfiles: 2
    params:
      params.yaml:
        prepare:
          split: 0.2
          secret: abc
        seed: 1
    outs:
    - path: data/prepared
      hash: md5
      md5: {md5('p')}.dir
      size: 12
      nfiles: 2
  train@large:
    cmd:
    - python src/train.py --size 2
    - echo large
    deps:
    - path: src/train.py
      hash: md5
      md5: {md5(train_py + 'old')}
      size: {len(train_py) + 3}
    - path: base.bin
      md5: {md5('base')}
      size: 5
    params:
      conf/more.json:
        alpha: 0.5
      params.yaml:
        train.lr: 0.1
    outs:
    - path: models/large.pkl
      hash: md5
      md5: {md5('other model')}
      size: 11
  gone:
    cmd: python gone.py
    outs:
    - path: gone.csv
      md5: {md5('gone')}
datasets:
- {{name: shared, type: dvc, url: 'https://github.com/example/registry', path: data/shared, rev_lock: {'a' * 40}}}
""",
    "params.yaml": "seed: 1\nprepare: {split: 0.3}\ntrain: {lr: 0.1}\n",
    "conf/more.json": '{"alpha": 0.5, "beta": 1}\n',
    "metrics.json": '{"auc": 0.91, "loss": {"test": 1.5e-05}, "note": "n"}\n',
    "data/raw.csv": raw,
    "data/raw.csv.dvc": f"md5: 0123456789abcdef0123456789abcdef\nfrozen: true\ndeps:\n- path: data/raw.csv\n  repo:\n    url: https://user:pw@github.com/example/registry.git\n    rev: main\n    rev_lock: {'b' * 40}\nouts:\n- md5: {md5(raw)}\n  size: {len(raw)}\n  hash: md5\n  path: raw.csv\n  remote: web\n",
    "base.bin": "base2\n",
    "base.bin.dvc": f"frozen: true\ndesc: Weights to begin with\ndeps:\n- path: model.safetensors\n  repo: {{url: 'https://huggingface.co/org/base', rev_lock: {'c' * 40}}}\nouts:\n- md5: {md5('base')}\n  size: 5\n  path: base.bin\n",
    "web.csv.dvc": "deps:\n- path: https://ann:pw@example.org/x/web.csv?sig=1\n  etag: '\"abc\"'\n  size: 3\nouts:\n- path: web.csv\n  cloud:\n    store:\n      etag: 0a1b\n      version_id: v7\n      size: 3\n",
    "table.csv.dvc": "frozen: true\ndeps:\n- db: {connection: warehouse, query: 'select * from t', file_format: csv}\nouts:\n- {path: table.csv, cache: false}\n",
    "old/Dvcfile.dvc": "cmd: python old.py\nwdir: ..\ndeps:\n- {path: data/raw.csv, md5: 0123456789abcdef0123456789abcdef}\nouts:\n- {path: old/out.txt, md5: 89abcdef0123456789abcdef01234567, cache: false}\n",
    "many.dvc": f"outs:\n- path: many\n  hash: md5\n  files:\n  - {{relpath: one.txt, md5: {md5('1')}, size: 1}}\n  - {{relpath: ../two.txt, md5: {md5('2')}, size: 1}}\n",
    "models/large.pkl": "the model!!\n",
    "src/train.py": train_py,
    "src/prepare.py": "print('prepare')\n",
}
try:
    with open("repository.txtar") as f:
        want = re.search(r"^-- want.json --\n(.*?)(?=^-- )", f.read(), re.S | re.M)
except FileNotFoundError:
    want = None
with open("repository.txtar", "w") as f:
    f.write("A repository of DVC: templates, a lock that is older than its files, imports, a listing in the cache, remotes with secrets. Made by make.py.\n")
    f.write("-- want.json --\n" + (want.group(1) if want else "{}\n"))
    for name, text in files.items():
        f.write(f"-- {name} --\n{text}" + ("" if text.endswith("\n") else "\n"))
