"""Prints, for each file named on standard input, what Python's own parser finds in it.

Files that it cannot parse give null.
"""
import ast
import json
import sys
import warnings

warnings.simplefilter("ignore")


def dotted(e):
    parts = []
    while isinstance(e, ast.Attribute):
        parts.append(e.attr)
        e = e.value
    if not isinstance(e, ast.Name):
        return ""
    return ".".join([e.id, *reversed(parts)])


def facts(tree):
    texts, inner, data, calls, imports, defs = [], [], [], [], [], []
    formatted = set()
    for n in ast.walk(tree):
        if isinstance(n, ast.JoinedStr):
            formatted.update(id(v) for v in n.values if isinstance(v, ast.Constant))
    for n in ast.walk(tree):
        if isinstance(n, ast.Constant) and isinstance(n.value, str):
            v = n.value.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
            if "\ufffd" in v:  # half a surrogate pair, which Go has no text for
                continue
            if id(n) in formatted:
                inner.append(v)
            else:
                texts.append([n.lineno, v])
        elif isinstance(n, ast.Constant) and isinstance(n.value, bytes):
            data.append([n.lineno, n.value.decode("latin-1")])
        elif isinstance(n, ast.Call):
            words = ["**" if k.arg is None else k.arg for k in n.keywords]
            calls.append([n.lineno, dotted(n.func), len(n.args), ",".join(words)])
        elif isinstance(n, ast.Import):
            imports += [[n.lineno, a.name, "", a.asname or a.name.split(".")[0]] for a in n.names]
        elif isinstance(n, ast.ImportFrom):
            m = "." * n.level + (n.module or "")
            imports += [[n.lineno, m, a.name, "" if a.name == "*" else a.asname or a.name] for a in n.names]
        elif isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            defs.append(n.name)
    return [sorted(x) for x in (texts, inner, data, calls, imports, defs)]


for name in sys.stdin.read().splitlines():
    try:
        with open(name, "rb") as f:
            source = f.read()
        if b"\\N{" in source:  # names of characters are not looked up
            print("null")
            continue
        tree = ast.parse(source)
        print(json.dumps(facts(tree)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        print("null")
