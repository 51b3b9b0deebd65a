"""Trains small models with CatBoost and saves them into the folder given. Needs
catboost and numpy."""
import json
import os
import sys

try:
    import catboost
    import numpy as np
except ImportError as missing:
    print("nothing is written:", missing)
    sys.exit()


folder = os.path.join(sys.argv[1], "catboost")
os.makedirs(folder, exist_ok=True)
rng = np.random.default_rng(1)
x = [[float(a), float(b), str(c)] for a, b, c in zip(rng.random(60), rng.random(60), rng.integers(0, 3, 60))]
y = [int(r[0] > 0.5) for r in x]
pool = catboost.Pool(x, y, feature_names=["a", "b", "kind"], cat_features=[2])
for name, cls, p in (("class", catboost.CatBoostClassifier, {}), ("deep", catboost.CatBoostRegressor, {"grow_policy": "Depthwise"})):
    m = cls(iterations=4, depth=2, verbose=0, allow_writing_files=False, random_seed=1, thread_count=1, **p).fit(pool)
    m.save_model(os.path.join(folder, name + ".cbm"))
    json.dump({"version": catboost.__version__, "features": m.feature_names_, "trees": m.tree_count_, "guid": m.get_metadata()["model_guid"]}, open(os.path.join(folder, name + ".facts"), "w"))
