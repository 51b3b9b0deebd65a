"""Writes logs.txtar: a log as Inspect AI writes it, as JSON and in a zip, with invented values."""
import io, json, zipfile

LOG = {
    "version": 2, "status": "success",
    "eval": {"eval_id": "e1", "run_id": "r1", "created": "2026-01-02T03:04:05+00:00", "task": "own/gpqa", "task_id": "t1", "task_version": 3, "task_file": "/home/someone/gpqa.py",
             "task_args": {"subset": "diamond"}, "solver": "generate", "dataset": {"name": "gpqa_diamond", "location": "Idavidrein/gpqa", "samples": 198, "sample_ids": ["a"], "shuffled": True},
             "model": "hf/org/model", "model_args": {"revision": "a" * 40, "api_key": "secret"}, "model_base_url": None, "model_roles": {"grader": {"model": "openai/gpt-4o"}},
             "model_generate_config": {"temperature": 0.0}, "config": {"epochs": 2, "limit": 10},
             "revision": {"type": "git", "origin": "https://me:pw@example.org/own.git", "commit": "0123abc", "dirty": False}, "packages": {"inspect_ai": "0.3.100", "own": "1.0"}},
    "plan": {"steps": [{"solver": "generate"}]},
    "results": {"total_samples": 20, "completed_samples": 20, "scores": [
        {"name": "choice", "scorer": "choice", "reducer": "mean", "scored_samples": 19, "metrics": {"accuracy": {"name": "accuracy", "value": 0.45}, "stderr": {"name": "stderr", "value": 0.05}}},
        {"name": "tone", "scorer": "model_graded", "metrics": {"mean": {"value": 1}, "std": {"value": 0.5}, "stderr": {"value": 0.1}}}]},
    "stats": {"started_at": "2026-01-02T03:04:06+00:00", "completed_at": "2026-01-02T03:14:06+00:00", "model_usage": {}},
}
HOSTED = {"version": 2, "status": "started", "eval": {"created": "2026-01-02T03:04:05", "task": "sums", "dataset": {"name": "sums", "location": "data/sums.jsonl"}, "model": "openai/gpt-4o",
                                                      "model_base_url": "https://llm.example.org/v1?key=secret"}}

def zipped(members):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED) as z:
        for name, text in members.items():
            z.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    h = b.getvalue().hex()
    return "\n".join(h[i:i + 120] for i in range(0, len(h), 120))

with open("logs.txtar", "w") as f:
    f.write("A log as JSON and as a zip, one of a run that did not end, and other zips and files.\n")
    for name, text in [("logs/2026_gpqa.json", json.dumps(LOG, indent=1)), ("logs/gpqa.eval.hex", zipped({"_journal/start.json": "{}", "samples/1.json": "{}", "header.json": json.dumps(LOG)})),
                       ("started/a.eval.hex", zipped({"_journal/start.json": json.dumps(HOSTED)})), ("data/sums.jsonl", "{}"), ("other/a.eval", "eval 1"),
                       ("other/b.eval.hex", zipped({"x": "y"})), ("cut/a.eval.hex", zipped({"header.json": "{}"})[:100]), ("cut/b.json", json.dumps(HOSTED)[:60] + "\n")]:
        f.write(f"-- {name} --\n{text.rstrip()}\n")
