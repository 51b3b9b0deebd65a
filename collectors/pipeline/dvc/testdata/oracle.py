"""Makes repositories of DVC in the folder "dvc" of the folder given, and writes what
dvc itself makes of each: stages with commands, dependencies, outputs and parameters,
and the edges of its graph. More folders are repositories to copy. Needs dvc."""
import json
import os
import shutil
import sys

os.environ.update(DVC_NO_ANALYTICS="true", DVC_TEST="true")
from dvc.dependency import DatasetDependency, ParamsDependency
from dvc.repo import Repo

out = os.path.join(os.path.abspath(sys.argv[1]), "dvc")
shutil.rmtree(out, ignore_errors=True)

MADE = {
    "plain": {
        "dvc.yaml": """
stages:
  get:
    cmd: [curl x, unzip x]
    outs: [data/raw/, {data/x.bin: {cache: false, persist: true}}]
  split:
    cmd: python split.py
    deps: [data/raw/a.csv, split.py]
    params: [seed, split.ratio, conf/other.json: [a, b.c], conf/all.toml: ]
    outs: [data/train, data/test]
  train:
    cmd: python train.py
    wdir: sub
    deps: [../data/train, https://example.org/w.bin]
    outs: [model.pkl]
    metrics: [m.json: {cache: false}]
    plots: [p.csv: {x: a}, q]
  all:
    cmd: echo
    deps: [data, sub]
    frozen: true
    always_changed: true
    desc: everything
""", "params.yaml": "seed: 1\nsplit: {ratio: 0.2}\n", "conf/other.json": '{"a": 1, "b": {"c": [1, 2]}}', "conf/all.toml": "x = 1\n", "sub/.keep": ""},
    "vars": {
        "dvc.yaml": r"""
vars:
  - models: {a: {depth: 3, on: true}, b: {depth: 4, on: false}}
    names: [x, y, 1, 2.50, true, null]
    deep: [{n: one}, {n: two}]
  - extra.yaml:top,other
  - more.toml
  - some.py
  - data.json
stages:
  one:
    cmd: run ${top.level} ${ top . level } ${other[0]} ${other[1][k]} ${more.t} ${yes} \${HOME} $${data} ${DEPTH} ${Net.width} ${lr}
    deps: ["${folder}/in"]
    outs: ["${folder}/out": {cache: false}]
    params: [top]
  typed:
    cmd: echo ${models.a.on} ${big} ${small} ${exp} ${neg} ${hex} ${oct} ${zero} ${under} ${date}
  options:
    cmd: train ${models.a} ${opts}
  each:
    foreach: ${names}
    do:
      cmd: echo ${item}
      outs: ["each/${item}"]
  dict:
    foreach: ${models}
    do:
      cmd: echo ${key} ${item.depth}
      deps: [each/x]
      outs: ["dict/${key}"]
  inline:
    foreach: [{p: 1}, {p: "a b"}]
    do:
      cmd: echo ${item.p}
      vars: [{w: 1}]
      outs: ["inline/${item.p}"]
  grid:
    matrix:
      model: [cnn, 1.0]
      opt: ${deep}
      flag: [true]
    name: ignored
    cmd: go ${item.model} ${item.opt.n} ${item.flag} ${key}
    outs: ["grid/${key}"]
  local:
    cmd: echo ${q} ${top.level}
    vars: [{q: 7}, wd.yaml]
    wdir: ${folder}
    outs: [z]
artifacts:
  "m${one}": {path: "${folder}/out", type: model}
""".replace("    name: ignored\n", ""),
        "params.yaml": "folder: sub\none: 1\nbig: 1e20\nsmall: 0.00001\nexp: 1e-3\nneg: -.5\nhex: 0x1F\noct: 0o17\nzero: 010\nunder: 1_000\ndate: 'x'\nopts: {a: [1, 'b c', 2.0], b: {c: 'd e', f: true}, g: null}\n",
        "extra.yaml": "top: {level: 5}\nother: [z, {k: v}]\nunused: 1\n", "more.toml": "more = {t = true}\nyes = 'ja'\n", "some.py": "DEPTH = 4\nclass Net:\n    width = 0.5\n    def __init__(self):\n        self.lr = 1e-4\n",
        "data.json": '{"data": "d", "lr": 0.1}', "sub/wd.yaml": "wd: 1\n", "sub/.keep": ""},
    "many": {
        "dvc.yaml": "stages:\n  a:\n    cmd: a\n    deps: [data/raw.csv]\n    outs: [out/a]\n", "data/raw.csv.dvc": "outs:\n- md5: 22a1a2931c8370d3aeedd7183606fd7f\n  hash: md5\n  size: 4\n  path: raw.csv\n",
        "b/dvc.yaml": "stages:\n  b:\n    cmd: b\n    deps: [../out]\n    outs: [x]\n", "c/dvc.yaml": "stages:\n  c:\n    cmd: c\n    deps: [../b/x/deep, ../out/a]\n    outs: [y]\n",
        "imp.dvc": "frozen: true\ndeps:\n- path: get-started/data.xml\n  repo: {url: 'https://example.org/reg', rev_lock: f59388cd04276e75d70b2136597aaa27e7937cc3}\nouts:\n- path: imp\n",
        "url.dvc": "frozen: true\ndeps:\n- path: https://example.org/x.csv\n  etag: '\"abc\"'\nouts:\n- path: x.csv\n"},
}


def write(folder, files):
    for name, text in files.items():
        os.makedirs(os.path.dirname(os.path.join(folder, name)) or ".", exist_ok=True)
        with open(os.path.join(folder, name), "w") as f:
            f.write(text)


def local(item):
    if item.fs.protocol == "local":
        return os.path.relpath(item.fs_path, ROOT)
    return item.def_path


def facts(stage):
    deps = [d for d in stage.deps if not isinstance(d, (ParamsDependency, DatasetDependency))]
    own = [d for d in deps if not getattr(d, "def_repo", None)]
    return {
        "cmd": stage.cmd if isinstance(stage.cmd, list) else [stage.cmd] if stage.cmd else [],
        "deps": sorted(local(d) for d in own), "outs": sorted(local(o) for o in stage.outs),
        "params": {d.def_path: sorted(d.params or []) for d in stage.deps if isinstance(d, ParamsDependency)},
        "frozen": bool(stage.frozen), "always": bool(stage.always_changed), "desc": stage.desc or "",
        "md5": {local(o): o.hash_info.value for o in stage.outs if o.hash_info and o.hash_info.name == "md5" and not o.hash_info.isdir},
    }


def label(stage):
    file = os.path.relpath(stage.path, ROOT)
    return f"{file}#{stage.name}" if getattr(stage, "name", None) else file


folders = []
for name, files in MADE.items():
    folders.append(os.path.join(out, name))
    write(folders[-1], files)
for given in sys.argv[2:]:
    folders.append(os.path.join(out, os.path.basename(given.rstrip("/"))))
    shutil.copytree(given, folders[-1], symlinks=True)
for ROOT in folders:
    os.makedirs(os.path.join(ROOT, ".dvc", "tmp"), exist_ok=True)
    for secret in ("config.local", "config"):  # remotes need libraries that are not here
        if os.path.exists(os.path.join(ROOT, ".dvc", secret)):
            os.remove(os.path.join(ROOT, ".dvc", secret))
    with open(os.path.join(ROOT, ".dvc", "config"), "w") as f:
        f.write("[core]\n    no_scm = true\n")
    os.chdir(ROOT)
    try:
        index = Repo(ROOT).index
        result = {"stages": {label(s): facts(s) for s in index.stages}, "edges": sorted([label(a), label(b)] for a, b in index.graph.edges)}
    except Exception as e:  # the test wants a problem then
        result = {"refused": f"{type(e).__name__}: {e}"}
    with open(os.path.join(ROOT, "facts.json"), "w") as f:
        json.dump(result, f, indent=1)
