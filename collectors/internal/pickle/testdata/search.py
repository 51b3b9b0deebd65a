#!/usr/bin/env python3
"""Searches the source of Python's standard library, of installed packages and of
wheels for functions and classes that run code, start programs, open files or
import by name: candidates for policy/found.txt. Nothing is imported.

    search.py std | PACKAGE_FOLDER... | WHEEL...

Prints "reason module name", where name may be Class.method; a class stands alone
where one of the methods does it that a pickle reaches by making an object. What
policy/unsafe.txt already holds is left out by hand, and so are conversion scripts.
"""
import ast
import os
import sys
import sysconfig
import zipfile

REASONS = {"exec": "code", "eval": "code", "compile": "code", "execfile": "code", "runpy": "code", "code": "code", "os": "system", "subprocess": "system",
           "shutil": "system", "_posixsubprocess": "system", "__import__": "import", "importlib": "import", "pickle": "load", "marshal": "load",
           "urllib": "network", "socket": "network", "ctypes": "machine code", "open": "files", "io": "files", "tempfile": "files", "input": "files"}
OS = {"system", "popen", "remove", "unlink", "execv", "spawnv", "mkdir", "makedirs", "rename"}
MADE = {"__init__", "__new__", "__setstate__", "__reduce__", "__getattr__", "__call__", "__setitem__", "append", "extend", "__del__", "__setattr__"}


def reasons(node):
    for n in ast.walk(node):
        if isinstance(n, ast.Call):
            f = n.func
            if isinstance(f, ast.Name) and f.id in ("exec", "eval", "compile", "open", "__import__", "execfile", "input"):
                yield REASONS[f.id]
            elif isinstance(f, ast.Attribute) and isinstance(f.value, ast.Name) and f.value.id in REASONS and (f.value.id != "os" or f.attr in OS):
                yield REASONS[f.value.id]


def search(module, source):
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return
    for n in tree.body:
        if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)):
            show(module, n.name, reasons(n))
        elif isinstance(n, ast.ClassDef):
            for m in n.body:
                if isinstance(m, ast.FunctionDef):
                    show(module, n.name if m.name in MADE else n.name + "." + m.name, reasons(m))


def show(module, name, why):
    why = sorted(set(why))
    if why:
        print(why[0], module, name)


def name(path):
    module = path[:-3].replace(os.sep, ".").replace("/", ".")
    return module.removesuffix(".__init__")


for target in sys.argv[1:]:
    if target.endswith(".whl"):
        with zipfile.ZipFile(target) as z:
            for n in z.namelist():
                if n.endswith(".py") and "/test" not in n:
                    search(name(n), z.read(n).decode(errors="replace"))
        continue
    root = sysconfig.get_paths()["stdlib"] if target == "std" else target
    base = root if target == "std" else os.path.dirname(os.path.abspath(root))
    for folder, folders, files in os.walk(root):
        folders[:] = [d for d in folders if d not in ("site-packages", "test", "tests", "__pycache__")]
        for f in files:
            if f.endswith(".py"):
                path = os.path.join(folder, f)
                with open(path, errors="replace") as text:
                    search(name(os.path.relpath(path, base)), text.read())
