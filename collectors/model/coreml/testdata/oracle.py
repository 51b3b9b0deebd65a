"""Writes Core ML models, and coreml.json with what the library's own messages say of
them, into the folder given. Needs coremltools (made with 9.0)."""
import collections
import json
import logging
import pathlib
import shutil
import sys

try:
    logging.disable(logging.CRITICAL)
    import coremltools as ct
    import numpy as np
    from coremltools.converters.mil import Builder as mb
    from coremltools.models import datatypes, neural_network
    from coremltools.proto import MIL_pb2, Model_pb2
except ImportError:
    print("coremltools is not here: its models are not made")
    sys.exit()

out = pathlib.Path(sys.argv[1]) / "coreml"
shutil.rmtree(out, ignore_errors=True)
out.mkdir(parents=True)


def about(m):
    m.author, m.license, m.version, m.short_description = "A. Author", "MIT", "1.2", "Adds and multiplies."
    m.user_defined_metadata["org.example"] = "x"
    return m


@mb.program(input_specs=[mb.TensorSpec(shape=(1, 64))], opset_version=ct.target.iOS15)
def prog(x):
    y = mb.linear(x=x, weight=np.random.rand(32, 64).astype("f"), bias=np.random.rand(32).astype("f"))
    return mb.relu(x=y, name="y")


made = []
try:
    about(ct.convert(prog, convert_to="mlprogram", minimum_deployment_target=ct.target.iOS15, compute_units=ct.ComputeUnit.CPU_ONLY)).save(str(out / "prog.mlpackage"))
    made.append("prog.mlpackage/Data/com.apple.CoreML/model.mlmodel")
except Exception as e:
    print("no program:", e)

b = neural_network.NeuralNetworkBuilder([("x", datatypes.Array(3))], [("y", datatypes.Array(2))])
b.add_inner_product("fc", np.ones((2, 3)), np.ones(2), 3, 2, True, "x", "h")
b.add_activation("act", "RELU", "h", "y")
about_spec = b.spec.description.metadata
about_spec.author, about_spec.license, about_spec.versionString, about_spec.shortDescription = "A. Author", "MIT", "1.2", "Adds."
(out / "net.mlmodel").write_bytes(b.spec.SerializeToString())
made.append("net.mlmodel")

TYPES = {v.number: v.name for v in MIL_pb2.DataType.DESCRIPTOR.values}


def blocks(block, facts):
    for op in block.operations:
        facts["operators"][op.type] += 1
        for v in op.attributes.values():
            if v.WhichOneof("value") == "blobFileValue":
                t = v.type.tensorType
                n = 1
                for d in t.dimensions:
                    n *= d.constant.size
                kind = facts["tensors"].setdefault(TYPES[t.dataType], [0, 0])
                kind[0] += 1
                kind[1] += n
        for inner in op.blocks:
            blocks(inner, facts)


models = []
for name in made:
    m = Model_pb2.Model()
    m.ParseFromString((out / name).read_bytes())
    d = m.description
    facts = {"spec": m.specificationVersion, "type": m.WhichOneof("Type"), "author": d.metadata.author, "license": d.metadata.license, "version": d.metadata.versionString,
             "description": d.metadata.shortDescription, "user": dict(d.metadata.userDefined), "inputs": [f.name for f in d.input], "outputs": [f.name for f in d.output],
             "operators": collections.Counter(), "tensors": {}}
    for f in m.mlProgram.functions.values():
        for block in f.block_specializations.values():
            blocks(block, facts)
    for layer in m.neuralNetwork.layers:
        facts["operators"][layer.WhichOneof("layer")] += 1
    models.append({"path": name, "facts": facts})
(out.parent / "coreml.json").write_text(json.dumps(models))
print(len(models), "models")
