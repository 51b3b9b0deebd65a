"""Writes the archives' inputs: results as versions 0.3 and 0.4.9 write them, with invented values."""
import json

V4 = {
    "results": {
        "group_a": {"alias": "group_a", "acc,none": 0.5, "acc_stderr,none": 0.01, "sample_len": 30},
        "arc_easy": {"alias": " - arc_easy", "acc,none": 0.4375, "acc_stderr,none": 0.0102, "acc_norm,none": 0.5, "acc_norm_stderr,none": "N/A"},
        "gsm8k": {"alias": "gsm8k", "exact_match,strict-match": 0.25, "exact_match_stderr,strict-match": 0.02, "exact_match,flexible-extract": 0.5, "exact_match_stderr,flexible-extract": 0.03},
        "own": {"alias": "own task", "perplexity,none": 12.5, "perplexity_stderr,none": "N/A"},
    },
    "groups": {"group_a": {"alias": "group_a", "acc,none": 0.5, "acc_stderr,none": 0.01}},
    "group_subtasks": {"group_a": ["arc_easy"], "gsm8k": [], "own": []},
    "configs": {
        "arc_easy": {"task": "arc_easy", "dataset_path": "allenai/ai2_arc", "dataset_name": "ARC-Easy", "dataset_kwargs": {"revision": "210d026faf9955653af8916fad021475a3f00453"}, "validation_split": "validation", "test_split": "test", "num_fewshot": 0, "output_type": "multiple_choice", "metadata": {"version": 1.0}},
        "gsm8k": {"task": "gsm8k", "dataset_path": "gsm8k", "dataset_name": "main", "training_split": "train", "test_split": "test", "fewshot_split": "train", "num_fewshot": 5, "output_type": "generate_until", "metadata": {"version": 3.0}},
        "own": {"task": "own", "dataset_path": "json", "dataset_kwargs": {"data_files": {"validation": "data/own.jsonl"}}, "validation_split": "validation", "num_fewshot": 0, "output_type": "loglikelihood_rolling"},
    },
    "versions": {"arc_easy": 1.0, "gsm8k": 3.0, "own": "Yaml", "group_a": 2},
    "n-shot": {"arc_easy": 0, "gsm8k": 5, "own": 0},
    "higher_is_better": {"arc_easy": {"acc": True, "acc_norm": True}, "gsm8k": {"exact_match": True}, "own": {"perplexity": False}},
    "n-samples": {"arc_easy": {"original": 2376, "effective": 30}, "gsm8k": {"original": 1319, "effective": 30}},
    "config": {"model": "hf", "model_args": "pretrained=models/a,dtype=bfloat16,max_memory={0: 1,1: 2},token=secret", "model_num_parameters": 1024, "model_dtype": "torch.bfloat16", "model_revision": "main", "model_sha": "", "batch_size": "8", "batch_sizes": [], "device": "cuda:0", "use_cache": None, "limit": 30.0, "bootstrap_iters": 100000, "gen_kwargs": {"temperature": 0}, "random_seed": 0, "numpy_seed": 1234, "torch_seed": 1234, "fewshot_seed": 1234},
    "git_hash": "0123abc", "date": 1769439646.3257399,
    "pretty_env_info": "PyTorch version: 2.9.0+cpu\nIs debug build: False\n\nOS: Ubuntu 24.04.2 LTS (x86_64)\nPython version: 3.12.1 (main) (64-bit runtime)\nCUDA runtime version: Could not collect\nGPU models and configuration: GPU 0: NVIDIA L4\nNvidia driver version: 535.1\n\nVersions of relevant libraries:\n[pip3] numpy==2.2.6\n[pip3] torch==2.9.0\n[conda] Could not collect",
    "transformers_version": "4.57.5", "lm_eval_version": "0.4.9", "upper_git_hash": None,
    "task_hashes": {"gsm8k": "aa" * 32}, "model_source": "hf", "model_name": "models/a", "model_name_sanitized": "models__a",
    "system_instruction": None, "system_instruction_sha": None, "fewshot_as_multiturn": False, "chat_template": "{{ x }}", "chat_template_sha": "bb" * 32,
    "start_time": 1.0, "end_time": 151.5, "total_evaluation_time_seconds": "150.5",
}
V3 = {
    "results": {"lambada_openai": {"ppl": 6.1, "ppl_stderr": 0.14, "acc": 0.61, "acc_stderr": 0.0067}, "piqa": {"acc": 0.7, "acc_stderr": 0.01}},
    "versions": {"lambada_openai": 0, "piqa": 0},
    "config": {"model": "hf-causal", "model_args": "pretrained=EleutherAI/pythia-70m,revision=step1000", "num_fewshot": 0, "batch_size": 32, "device": "cuda:0", "no_cache": True, "limit": None, "bootstrap_iters": 100000, "description_dict": {}},
}
HUB = {
    "results": {"piqa": {"acc,none": 0.7, "acc_stderr,none": 0.01}}, "configs": {"piqa": {"dataset_path": "piqa", "validation_split": "validation"}}, "versions": {"piqa": 1},
    "config": {"model": "hf", "model_args": {"pretrained": "org/base", "peft": "org/adapter", "api_key": "secret"}, "peft_sha": "c" * 40, "model_sha": "d" * 40, "model_num_parameters": -1},
    "lm_eval_version": "0.4.10",
}
API = {
    "results": {"piqa": {"acc,none": 0.7, "acc_stderr,none": "N/A"}}, "configs": {"piqa": {"dataset_path": "piqa"}}, "versions": {"piqa": 1},
    "config": {"model": "local-completions", "model_args": "model=some-model,base_url=https://me:pw@api.example.org/v1?key=secret,num_concurrent=2"},
}
NONE = {"results": {"piqa": {"acc": 0.7}}, "versions": {"piqa": 0}, "config": {"model": "gpt-neox", "model_args": {"lr": {"a": 1}}, "num_fewshot": 5}}
SAMPLE = {"doc_id": 0, "doc": {}, "target": "x", "arguments": {}, "resps": [["x"]], "filtered_resps": ["x"]}

members = [
    ("out/models__a/results_2026-01-26T15-03-11.465269.json", json.dumps(V4, indent=2)),
    ("out/models__a/samples_gsm8k_2026-01-26T15-03-11.465269.jsonl", json.dumps(SAMPLE) + "\n" + json.dumps(SAMPLE) + "\n"),
    ("models/a/config.json", "{}"), ("data/own.jsonl", "{}\n"),
    ("old.json", json.dumps(V3, indent=2)), ("hub/results.json", json.dumps(HUB)), ("api/results.json", json.dumps(API, indent=1)), ("neox_eval_results.json", json.dumps(NONE, indent=1)),
]
with open("runs.txtar", "w") as f:
    f.write("Versions 0.3 and 0.4: a folder of the tree, models on the hub, an adapter, a service, and a run that names no model.\n")
    for name, text in members:
        f.write(f"-- {name} --\n{text.rstrip()}\n")
broken = json.dumps(V3, indent=1)
with open("hostile.txtar", "w") as f:
    f.write("Results of other tools, a file that ends too early, values that are none.\n")
    for name, text in [("results.json", '{"results": [1, 2], "versions": {}}'), ("a/results.json", '{"evalId": "eval-1", "results": {"version": 3, "results": []}}'), ("cut/results.json", broken[:-40]),
                       ("samples_x.jsonl", '{"text": "x"}'),
                       ("odd/results.json", json.dumps({"results": {"t": {"acc,none": None, "f1,none": "N/A", "x,none": {"a": 1}, "bypass,none": 999, "nan,none": float("nan")}, "u": {}}, "versions": {"t": None}, "configs": {"t": {"dataset_path": "/home/someone/data", "test_split": 3}, "u": 7}, "config": {"model_args": "pretrained=/home/someone/models/x,revision=main", "model_num_parameters": -1}, "date": 1e300, "n-samples": 7}))]:
        f.write(f"-- {name} --\n{text}\n")
