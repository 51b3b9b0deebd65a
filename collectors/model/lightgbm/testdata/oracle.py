"""Trains small models with LightGBM and saves them into the folder given. Needs
lightgbm and numpy."""
import json
import os
import sys

try:
    import lightgbm as lgb
    import numpy as np
except ImportError as missing:
    print("nothing is written:", missing)
    sys.exit()


folder = os.path.join(sys.argv[1], "lightgbm")
os.makedirs(folder, exist_ok=True)
rng = np.random.default_rng(1)
x, y = rng.random((80, 3)), rng.integers(0, 3, 80)
x[:, 2] = rng.integers(0, 4, 80)
for name, p in (("multi", {"objective": "multiclass", "num_class": 3}), ("rf", {"objective": "regression", "boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.5})):
    d = lgb.Dataset(x, label=y, feature_name=["a", "b", "c"], categorical_feature=["c"], params={"verbose": -1})
    b = lgb.train({"min_data_in_leaf": 2, "verbose": -1, **p}, d, num_boost_round=4)
    b.save_model(os.path.join(folder, name + ".txt"))
    json.dump({"features": b.feature_name(), "trees": b.num_trees(), "objective": p["objective"], "boosting": p.get("boosting", "gbdt")}, open(os.path.join(folder, name + ".facts"), "w"))
