"""Makes a run with a logged model and a registered version with mlflow, in the
folder "mlruns" of the folder given."""
import logging
import os
import shutil
import sys
import warnings

os.environ.update(MLFLOW_DISABLE_TELEMETRY="true", MLFLOW_ALLOW_FILE_STORE="true", DO_NOT_TRACK="true")
warnings.filterwarnings("ignore")
out = os.path.join(os.path.abspath(sys.argv[1]), "mlruns")
shutil.rmtree(out, ignore_errors=True)
import mlflow
import numpy
import pandas
from mlflow.models import ModelSignature
from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema, TensorSpec
from mlflow.types.schema import Array, DataType, Object, Property

logging.disable(logging.CRITICAL)


class Plain(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input


mlflow.set_tracking_uri("file://" + out)
mlflow.set_registry_uri("file://" + out)
mlflow.set_experiment("trial")
signature = ModelSignature(
    inputs=Schema([ColSpec("double", "x"), ColSpec(Array(DataType.string), "words", required=False), ColSpec(Object([Property("a", DataType.long)]), "o")]),
    outputs=Schema([TensorSpec(numpy.dtype("float32"), (-1, 3), "y")]),
    params=ParamSchema([ParamSpec("temperature", "double", 0.5)]))
table = pandas.DataFrame({"x": [1.0, 2.0]})
with mlflow.start_run(run_name="first") as run:
    mlflow.log_param("depth", 3)
    mlflow.log_metric("rmse", 0.5, step=1)
    mlflow.log_metric("rmse", 0.25, step=2)
    mlflow.set_tag("mlflow.source.git.commit", "a" * 40)
    mlflow.set_tag("mlflow.source.git.repoURL", "https://example.org/team/train")
    mlflow.log_input(mlflow.data.from_pandas(table, source="https://example.org/data.csv", name="points"), context="training")
    mlflow.pyfunc.log_model(name="plain", python_model=Plain(), signature=signature, pip_requirements=["numpy"], metadata={"team": "a"}, registered_model_name="demo")
    mlflow.log_metrics({"acc": 0.5, "acc2": 1e-7}, step=3)
    mlflow.log_metric("acc", 0.75, step=1)
    mlflow.log_input(mlflow.data.from_pandas(table, name="held"), context="validation")
    with mlflow.start_run(run_name="inner", nested=True):
        mlflow.log_param("opt/lr", 0.1)
with mlflow.start_run(run_name="failed"):
    mlflow.end_run("FAILED")
client = mlflow.MlflowClient()
facts = {}
for run in client.search_runs([e.experiment_id for e in client.search_experiments()]):
    facts[run.info.run_id] = {
        "name": run.info.run_name, "status": run.info.status, "start": run.info.start_time, "end": run.info.end_time,
        "params": run.data.params, "metrics": {k: repr(v) for k, v in run.data.metrics.items()},
        "inputs": sorted([i.dataset.name, next(t.value for t in i.tags if t.key == "mlflow.data.context"), i.dataset.digest] for i in run.inputs.dataset_inputs),
        "outputs": sorted(o.model_id for o in run.outputs.model_outputs) if run.outputs else [],
        "parent": run.data.tags.get("mlflow.parentRunId", "")}
import json

with open(os.path.join(os.path.abspath(sys.argv[1]), "mlruns-facts.json"), "w") as f:
    json.dump(facts, f, indent=1)
