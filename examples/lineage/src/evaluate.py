"""Measures the classifier on the test part; lm-evaluation-harness writes the report."""

import lm_eval

lm_eval.simple_evaluate(model="hf", model_args="pretrained=model", tasks=["reviews"])
