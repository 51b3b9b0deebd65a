"""Writes forms.txtar: one card as JSON, and as the text and the wire form that the Model
Card Toolkit 2.0.0 writes (Apache-2.0). Name the file model_card_pb2.py of the package; it
needs protobuf 3.20."""
import importlib.util, json, sys
from google.protobuf import json_format, text_format

spec = importlib.util.spec_from_file_location("pb", sys.argv[1])
pb = importlib.util.module_from_spec(spec)
spec.loader.exec_module(pb)
CARD = {
    "model_details": {
        "name": "Smiling Detection", "overview": "Finds smiles.", "documentation": "A longer text.\nOf two lines.",
        "owners": [{"name": "Team A", "contact": "a@example.org"}, {"name": "Team B", "contact": "https://example.org/b"}],
        "version": {"name": "v1.2", "date": "2020-02-20", "diff": "More data."},
        "licenses": [{"identifier": "Apache-2.0"}, {"custom_text": "Ask first."}],
        "references": [{"reference": "https://example.org/paper"}, {"reference": "a book"}],
        "citations": [{"style": "APA", "citation": "A. (2020)."}], "path": "weights",
    },
    "model_parameters": {
        "model_architecture": "MobileNet",
        "data": [
            {"name": "CelebA", "link": "https://example.org/celeba?key=secret", "sensitive": {"sensitive_data": ["faces", "gender"]}, "description": "Pictures of people.",
             "graphics": {"description": "Distribution", "collection": [{"name": "by age", "image": "aGVsbG8="}]}},
            {"name": "eval", "link": "data/eval.csv"},
        ],
        "input_format": "pictures", "input_format_map": [{"key": "size", "value": "48x48"}], "output_format": "a score",
        "output_format_map": [{"key": "score", "value": "float"}],
    },
    "quantitative_analysis": {
        "performance_metrics": [
            {"type": "accuracy", "value": "0.9", "slice": "age: young", "confidence_interval": {"lower_bound": "0.88", "upper_bound": "0.92"}},
            {"type": "false positive rate", "value": "0.1"},
        ],
        "graphics": {"description": "ROC", "collection": [{"name": "roc curve", "image": "aGVsbG8="}]},
    },
    "considerations": {
        "users": [{"description": "Researchers"}], "use_cases": [{"description": "Photo apps"}], "limitations": [{"description": "Dark pictures"}],
        "tradeoffs": [{"description": "Small and fast"}], "ethical_considerations": [{"name": "Bias by gender", "mitigation_strategy": "More data"}],
    },
}
message = json_format.ParseDict(CARD, pb.ModelCard())
with open("forms.txtar", "w") as f:
    f.write("One card in three forms, as the Model Card Toolkit writes them, and one of schema 0.0.1; a schema and another's file.\n")
    for folder, name, text in [
        ("json", "model_card.json", json.dumps(CARD | {"schema_version": "0.0.2"}, indent=1)),
        ("text", "model_card.pbtxt", text_format.MessageToString(message)),
        ("wire", "model_card.proto.hex", "\n".join(h[i:i + 120] for h in [message.SerializeToString().hex()] for i in range(0, len(h), 120))),
        ("old", "any name.json", json.dumps({"schema_version": "0.0.1", "model_details": {"name": "Old", "license": "MIT", "references": ["https://example.org"], "citation": "B."},
                                              "model_parameters": {"data": {"train": {"name": "T", "link": "https://example.org/t"}, "eval": {"name": "E"}}},
                                              "considerations": {"users": ["Some"], "limitations": ["Few"], "ethical_considerations": [{"name": "R"}]}}, indent=1)),
        ("schema", "model_card.schema.json", '{"$schema": "x", "properties": {"model_details": {"type": "object", "properties": {}}}}'),
        ("other", "model_card.json", '{"name": "x"}'),
        ("schema", "model_card.proto", 'syntax = "proto3";\nmessage ModelCard { ModelDetails model_details = 1; }'),
        ("cut", "model_card.json", '{"model_details": {"name": "Cut", "overview": "The end'),
    ]:
        f.write(f"-- {folder}/{name} --\n{text.rstrip()}\n")
        if folder in ("json", "text", "wire"):
            f.write(f"-- {folder}/weights/config.json --\n{{}}\n-- {folder}/data/eval.csv --\na,b\n")
