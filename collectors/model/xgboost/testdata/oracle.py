"""Trains small models with XGBoost and saves them in each form into the folder given.
Needs xgboost and numpy."""
import json
import os
import sys

try:
    import numpy as np
    import xgboost as xgb
except ImportError as missing:
    print("nothing is written:", missing)
    sys.exit()


folder = os.path.join(sys.argv[1], "xgboost")
os.makedirs(folder, exist_ok=True)
rng = np.random.default_rng(1)
x, y = rng.random((60, 4)), rng.integers(0, 3, 60)
for name, objective in (("multi", {"objective": "multi:softprob", "num_class": 3}), ("reg", {"objective": "reg:squarederror"}), ("linear", {"objective": "reg:squarederror", "booster": "gblinear"})):
    d = xgb.DMatrix(x, label=y, feature_names=["a", "b", "c", "d"], feature_types=["float", "float", "int", "float"])
    b = xgb.train({"max_depth": 2, **objective}, d, num_boost_round=5)
    b.set_attr(note="made here")
    for form in ("json", "ubj"):
        at = os.path.join(folder, name + "." + form)
        b.save_model(at)
        json.dump({"version": xgb.__version__, "features": b.feature_names, "types": b.feature_types, "trees": 0 if name == "linear" else len(b.get_dump()),
                   "objective": objective["objective"], "booster": objective.get("booster", "gbtree")}, open(at + ".facts", "w"))
