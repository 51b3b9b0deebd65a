"""Prints, for each file named on standard input, what configparser and setuptools read in it."""
import configparser
import json
import os
import sys
import warnings

warnings.simplefilter("ignore")
try:
    from setuptools.config.setupcfg import read_configuration
except ImportError:
    read_configuration = None


def options(name):
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str
    try:
        parser.read(name, encoding="utf-8")
    except configparser.Error:
        return None
    return [[s, k, v] for s in parser.sections() for k, v in parser._sections[s].items()]


def meaning(name):
    if read_configuration is None:
        return None
    home = os.getcwd()
    try:
        c = read_configuration(name, ignore_option_errors=True)
    except BaseException:
        return None
    finally:
        os.chdir(home)
    meta, opt = c.get("metadata", {}), c.get("options", {})
    extras = opt.get("extras_require", {})
    return [meta.get("name", ""), str(meta.get("version", "")), list(opt.get("install_requires", [])), {k: list(v) for k, v in extras.items()}]


for name in sys.stdin.read().splitlines():
    out = [options(name), meaning(name)]
    print(json.dumps(out))
