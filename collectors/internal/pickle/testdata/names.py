#!/usr/bin/env python3
"""Prints the names of classes for policy/harmless.txt.

    names.py PACKAGE...        imports the package and lists its classes
    names.py --wheel FILE TOP... lists the classes of modules below TOP by their source, without import

What it prints is read before it goes into the list: classes that open files, run
code or hold what another process left are taken out (see DROP).
"""
import ast
import importlib
import inspect
import pkgutil
import sys
import warnings
import zipfile

DROP_MODULES = (".tests", ".testing", "externals", "datasets", "conftest", "fixes", "_testing", ".parallel", "joblib", "_mocking", "_plot",
                "f2py", "distutils", "ctypeslib", "pandas.io", "computation", "plotting", "compat", ".util.", "dask", "spark",
                "scipy.stats", "scipy.io", "scipy._lib", "scipy.misc", "scipy.integrate", "callback")
DROP = {"DataSource", "Repository", "NpzFile", "PytestTester", "DMatrix", "QuantileDMatrix", "ExtMemQuantileDMatrix", "_ProxyDMatrix",
        "Booster", "_PackedBooster", "Dataset", "Pool", "_TempFile", "Lambda", "BasinHoppingRunner", "RabitTracker", "FederatedTracker",
        "CommunicatorContext", "DataIter", "TrainingCheckPoint", "vectorize", "memmap", "IndexExpression", "DataFrameXchg", "Sequence",
        "_FoldFile", "FoldStorage", "_BaseReader", "_SimpleDataReader", "_SimpleStreamingFileReader", "_StreamLikeWrapper", "CatboostEvaluation",
        "_CustomLoggersStack", "OfflineMetricVisualizer", "FoldModelsHandler", "GraphModule", "DataLoader", "Interpreter", "Apply", "DataParallel",
        "DistributedDataParallel", "CustomFromMask", "BackendSupportStatus", "ZygoteProcess", "TemporaryFileContext", "ODR", "ExcelWriter", "HDFStore", "ExcelFile", "CVBooster", "_InnerPredictor", "BatchMetricCalcer", "PyperclipWindowsException"}


def imported(top):
    package = importlib.import_module(top)
    modules = [package]
    for info in pkgutil.walk_packages(package.__path__, top + "."):
        if not any(d in info.name for d in DROP_MODULES):
            try:
                modules.append(importlib.import_module(info.name))
            except BaseException:
                pass
    for module in modules:
        for thing in vars(module).values():
            if inspect.isclass(thing) and (thing.__module__ or "").split(".")[0] == top:
                if not any(d in thing.__module__ for d in DROP_MODULES):
                    yield thing.__name__


def read(wheel, top):
    with zipfile.ZipFile(wheel) as z:
        for name in z.namelist():
            if name.endswith(".py") and (name[:-3].replace("/", ".") + ".").startswith(top + "."):
                for node in ast.parse(z.read(name)).body:
                    if isinstance(node, ast.ClassDef):
                        yield node.name


def show(top, names):
    names = sorted(n for n in set(names) - DROP if n.isidentifier() and "GraphModule" not in n and "Mixin" not in n and "Warning" not in n and "Tracer" not in n)
    for i in range(0, len(names), 12):
        print(top + ".**", *names[i:i + 12])


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    if sys.argv[1] == "--wheel":
        for top in sys.argv[3:]:
            show(top, read(sys.argv[2], top))
    else:
        for top in sys.argv[1:]:
            show(top, imported(top))
