"""Runs a task of two samples on Inspect AI's mock model, and writes its logs in both forms
into a folder, each with what the library reads of it: python oracle.py FOLDER."""
import json, os, sys, types

tokens = types.ModuleType("tiktoken")  # which would fetch its tables; the mock model counts words
tokens.get_encoding = tokens.encoding_for_model = lambda name: types.SimpleNamespace(encode=lambda text, **_: text.split())
sys.modules["tiktoken"] = tokens
from inspect_ai import Task, eval, task
from inspect_ai.dataset import Sample, MemoryDataset
from inspect_ai.log import read_eval_log
from inspect_ai.scorer import includes, match

@task
def arithmetic():
    return Task(dataset=MemoryDataset([Sample(input="1+1", target="2"), Sample(input="say Default", target="Default")], name="sums", location="data/sums.jsonl"),
                scorer=[includes(), match()], version=3)

folder = sys.argv[1]
for form in ("eval", "json"):
    [log] = eval(arithmetic(), model="mockllm/model", log_dir=folder, log_format=form, display="none")
    read = read_eval_log(log.location)
    facts = {"task": read.eval.task, "model": read.eval.model, "status": read.status, "version": str(read.eval.task_version), "packages": read.eval.packages,
             "metrics": [[s.scorer, name, m.value, s.scored_samples] for s in read.results.scores for name, m in s.metrics.items()]}
    with open(os.path.join(folder, f"inspect.{form}.facts"), "w") as f:
        json.dump(facts, f)
    os.replace(log.location, os.path.join(folder, f"inspect.{form}"))
