"""Runs the setup.py that is named, with a setup() that prints what it is given."""
import json
import os
import sys
import types

kept = {}


def setup(**keywords):
    kept.update(keywords)


fake = types.ModuleType("setuptools")
fake.setup = setup
fake.find_packages = lambda *a, **k: []
sys.modules["setuptools"] = fake
name = os.path.abspath(sys.argv[1])
os.chdir(os.path.dirname(name))
with open(name) as f:
    exec(compile(f.read(), name, "exec"), {"__name__": "__main__", "__file__": name})
wanted = ("name", "version", "install_requires", "extras_require", "tests_require", "setup_requires")
print(json.dumps({k: kept[k] for k in wanted if k in kept}))
