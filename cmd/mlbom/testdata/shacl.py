"""Holds SPDX 3 documents against the SHACL shapes of the standard.

shacl.py FOLDER FILE...: the folder has spdx-context.jsonld and spdx-model.ttl.
"""
import json
import sys

import pyshacl
import rdflib

folder, files = sys.argv[1], sys.argv[2:]
with open(folder + "/spdx-context.jsonld", encoding="utf-8") as f:
    context = json.load(f)["@context"]
model = rdflib.Graph().parse(folder + "/spdx-model.ttl")
# The shapes are typed owl:Class; without this they have no targets, and all conforms.
model.add((rdflib.OWL.Class, rdflib.RDFS.subClassOf, rdflib.RDFS.Class))
good = 0
for name in files:
    with open(name, encoding="utf-8") as f:
        doc = json.load(f)
    doc["@context"] = context
    data = rdflib.Graph().parse(data=json.dumps(doc), format="json-ld")
    conforms, _, text = pyshacl.validate(data, shacl_graph=model, ont_graph=model, inference=None)
    good += conforms
    if not conforms:
        print(name, text)
print(good, "of", len(files), "conform")
