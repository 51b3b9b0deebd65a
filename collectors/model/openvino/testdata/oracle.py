"""Writes an OpenVINO model, and openvino.json with what the library says of it, into
the folder given. Needs openvino (made with 2026.4.1)."""
import collections
import json
import pathlib
import sys

try:
    import numpy as np
    import openvino as ov
    from openvino import opset13 as op
except ImportError:
    print("openvino is not here: its models are not made")
    sys.exit()

out = pathlib.Path(sys.argv[1]) / "openvino"
out.mkdir(exist_ok=True, parents=True)
models = []


def save(name, model):
    ov.save_model(model, str(out / (name + ".xml")), compress_to_fp16=name == "half")
    model = ov.Core().read_model(str(out / (name + ".xml")))
    facts = {"operators": collections.Counter(o.get_type_name() for o in model.get_ordered_ops()), "tensors": {},
             "inputs": [[p.get_any_name(), p.get_element_type().get_type_name(), [d.get_length() if d.is_static else -1 for d in p.get_partial_shape()]] for p in model.inputs],
             "outputs": [[p.get_element_type().get_type_name(), [d.get_length() if d.is_static else -1 for d in p.get_partial_shape()]] for p in model.outputs]}
    for o in model.get_ordered_ops():
        if o.get_type_name() == "Constant":
            kind = facts["tensors"].setdefault(o.get_output_element_type(0).get_type_name(), [0, 0])
            kind[0] += 1
            kind[1] += int(np.prod(list(o.get_output_shape(0)), dtype=np.int64))
    models.append({"path": name + ".xml", "facts": facts})


x = op.parameter([-1, 4], np.float32, name="x")
w = op.constant(np.random.rand(4, 3).astype("f"))
y = op.relu(op.matmul(x, w, False, False))
z = op.reshape(y, op.constant(np.array([-1], np.int64)), False)
save("plain", ov.Model([op.result(z, name="z")], [x], "plain"))
save("half", ov.Model([op.result(z, name="z")], [x], "half"))
(out.parent / "openvino.json").write_text(json.dumps(models))
print(len(models), "models")
