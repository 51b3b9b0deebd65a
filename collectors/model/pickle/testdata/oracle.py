"""Writes pickles, joblib and skops files of estimators into the folder given, and what the libraries say of them: estimators.json.

Libraries that this Python does not have are left out.
"""
import json
import pickle
import sys

try:
    import joblib
    import numpy as np
    import sklearn
    from sklearn import cluster, compose, decomposition, ensemble, feature_extraction, linear_model, model_selection, naive_bayes, neighbors, neural_network
    from sklearn import pipeline, preprocessing, svm, tree
except ImportError as e:
    print("nothing is written:", e)
    sys.exit(0)

OUT = sys.argv[1] + "/estimator-"
rng = np.random.RandomState(0)
X, y = rng.rand(40, 4), np.arange(40) % 2
told = {}


class Table(dict):
    """As much of a data frame as scikit-learn asks for names."""


def says(e):
    params = {k: str(v) for k, v in e.get_params(deep=True).items() if isinstance(v, (str, int, float, bool))} if hasattr(e, "get_params") else {}
    first = e
    while isinstance(first, pipeline.Pipeline):
        first = first.steps[0][1]
    return {"class": type(e).__name__, "library": type(e).__module__.split(".")[0], "params": params,
            "features": int(getattr(first, "n_features_in_", 0) or 0), "classes": [str(c) for c in getattr(e, "classes_", [])],
            "version": sys.modules[type(e).__module__.split(".")[0]].__version__, "sklearn": sklearn.__version__ if hasattr(e, "__sklearn_tags__") else ""}


def write(name, e, formats=("pkl0", "pkl2", "pkl4", "pkl5", "joblib", "joblib-zlib", "joblib-gzip", "joblib-bz2", "joblib-xz", "joblib-lzma", "skops")):
    for f in formats:
        file = name + "." + f
        if f.startswith("pkl"):
            with open(OUT + file + ".pkl", "wb") as out:
                pickle.dump(e, out, protocol=int(f[3:]))
            file += ".pkl"
        elif f.startswith("joblib"):
            file += ".joblib"
            joblib.dump(e, OUT + file, compress=(f[7:], 3) if f[7:] else 0)
        else:
            try:
                import skops.io
                skops.io.dump(e, OUT + file)
            except Exception as problem:  # a type that skops cannot hold
                print(name, problem)
                continue
        told["estimator-" + file] = says(e)


def main():
    estimators = dict(
        logistic=linear_model.LogisticRegression(C=2.5), forest=ensemble.RandomForestClassifier(3), boosting=ensemble.GradientBoostingClassifier(n_estimators=2),
        histogram=ensemble.HistGradientBoostingClassifier(max_iter=2), svc=svm.SVC(gamma=0.1), tree=tree.DecisionTreeClassifier(max_depth=3),
        neighbours=neighbors.KNeighborsClassifier(3), bayes=naive_bayes.GaussianNB(), net=neural_network.MLPClassifier((3,), max_iter=5),
        ada=ensemble.AdaBoostClassifier(n_estimators=2), bagging=ensemble.BaggingClassifier(svm.SVC(), 2),
        vote=ensemble.VotingClassifier([("a", linear_model.LogisticRegression()), ("b", tree.DecisionTreeClassifier())]),
        search=model_selection.GridSearchCV(linear_model.LogisticRegression(), {"C": [1, 2]}), ridge=linear_model.Ridge(), kmeans=cluster.KMeans(2, n_init=1),
        pca=decomposition.PCA(2), pipe=pipeline.make_pipeline(preprocessing.StandardScaler(), decomposition.PCA(2), svm.LinearSVC()),
        columns=pipeline.Pipeline([("c", compose.ColumnTransformer([("s", preprocessing.MinMaxScaler(), [0, 1]), ("d", "drop", [2])], remainder="passthrough")),
                                   ("r", linear_model.SGDClassifier(max_iter=5, tol=None))]),
    )
    for name, e in estimators.items():
        write(name, e.fit(X, y))
    text = pipeline.make_pipeline(feature_extraction.text.TfidfVectorizer(), linear_model.LogisticRegression())
    write("text", text.fit(["one two", "three four", "five six", "one six"], [0, 1, 0, 1]))
    for module, name in (("xgboost", "XGBClassifier"), ("lightgbm", "LGBMClassifier"), ("catboost", "CatBoostClassifier")):
        try:
            lib = __import__(module)
        except ImportError:
            continue
        quiet = {"lightgbm": {"verbose": -1}, "catboost": {"verbose": 0, "allow_writing_files": False, "iterations": 2}}.get(module, {})
        e = getattr(lib, name)(**(quiet if module == "catboost" else dict(n_estimators=2, **quiet))).fit(X, y)
        write(module, e, ("pkl2", "pkl4", "joblib", "joblib-xz"))
    with open(sys.argv[1] + "/estimators.json", "w") as f:
        json.dump(told, f)


main()
