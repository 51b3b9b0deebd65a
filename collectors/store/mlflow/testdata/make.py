"""Writes runs.txtar anew but for want.json: a file store that mlflow (3.17.2, Apache-2.0)
made, with its addresses and names of people replaced. Run in this folder with a Python
that has mlflow-skinny, pandas and cloudpickle; then go test -update."""
import logging
import os
import re
import tempfile
import warnings

os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", MLFLOW_ALLOW_FILE_STORE="true", DO_NOT_TRACK="true")
warnings.filterwarnings("ignore")
import mlflow
import numpy
import pandas
from mlflow.models import infer_signature

logging.disable(logging.CRITICAL)
out = tempfile.mkdtemp()
store = os.path.join(out, "mlruns")


class Plain(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input: list[str], params=None) -> list[str]:
        return model_input


mlflow.set_tracking_uri("file://" + store)
mlflow.set_experiment("trial")
table = pandas.DataFrame({"x": [1.0, 2.0], "label": ["a", "b"]})
with mlflow.start_run(run_name="over", description="All of it") as over:
    mlflow.log_params({"depth": 3, "api_key": "secret", "opt/lr": 0.1})
    mlflow.log_metric("rmse", 0.5, step=2)
    mlflow.log_metric("rmse", 0.25, step=1)
    mlflow.log_metric("loss", float("nan"))
    mlflow.set_tags({"team": "red", "owner": "ann@example.org", "mlflow.source.git.commit": "a" * 40, "mlflow.source.git.repoURL": "git@github.com:example/train.git"})
    mlflow.log_input(mlflow.data.from_pandas(table, source="https://ann:pw@example.org/data.csv?sig=1", name="points", targets="label"), context="training")
    mlflow.log_input(mlflow.data.from_pandas(table, source="data/held.csv", name="held"), context="validation")
    mlflow.log_input(mlflow.data.from_numpy(numpy.zeros((4, 2)), name="zeros"), context="test")
    info = mlflow.pyfunc.log_model(name="plain", python_model=Plain(), pip_requirements=["numpy"], metadata={"team": {"name": "a"}}, input_example=["a"])
    with mlflow.start_run(run_name="under", nested=True):
        mlflow.log_metric("acc", 1)
files = {"data/held.csv": "x\n1\n"}
for folder, _, names in os.walk(store):
    for name in sorted(names):
        at = os.path.join(folder, name)
        if name.endswith((".pkl", ".json")) or ".trash" in at:
            continue
        with open(at) as f:
            text = f.read()
        text = text.replace(out, "/store").replace(os.path.abspath(__file__), "/home/ann/make.py").replace(__file__, "/home/ann/make.py")
        rel = os.path.relpath(at, out)
        if name == "mlflow.user":
            text = "ann"
        if name == "mlflow.source.name":
            text = "/home/ann/make.py"
        if name == "meta.yaml":
            text = text.replace('"mlflow.user": "root"', '"mlflow.user": "ann"')
            text = re.sub(r"^user_id: .*$", "user_id: ann", text, flags=re.M)
        files[rel] = text
files["MLproject"] = """name: demo
python_env: python_env.yaml
docker_env: {image: example/train:1.0}
entry_points:
  main:
    parameters:
      alpha: {type: float, default: 0.5}
      data: path
      token: string
    command: "python train.py --alpha {alpha} --data {data}"
  check:
    command: python check.py --password hunter2
"""
files["python_env.yaml"] = "python: 3.12\ndependencies: [numpy]\n"
files["recipe/meta.yaml"] = "package: {name: a}\nabout: {summary: not an experiment_id of mlflow}\n"
files["broken/MLproject"] = "- a\n"
files["mlflow.db"] = "No database.\n"
old = ""
if os.path.exists("runs.txtar"):
    with open("runs.txtar") as f:
        old = f.read()
want = re.search(r"^-- want.json --\n(.*?)(?=^-- )", old, re.S | re.M)
with open("runs.txtar", "w") as f:
    f.write("Runs with what they took, gave and logged, one in another; a project. Made by make.py with mlflow.\n-- want.json --\n" + (want.group(1) if want else "{}\n"))
    for name, text in sorted(files.items()):
        f.write(f"-- {name} --\n{text}" + ("" if text.endswith("\n") else "\n"))
