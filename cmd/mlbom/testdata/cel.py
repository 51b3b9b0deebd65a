"""Evaluate expressions in CEL over components, as the policies of Dependency-Track do.

Standard input is {"expressions": {name: text}, "components": [...]}; standard output {name: [index of each that it hits]}.
"""
import json
import sys

import celpy

given = json.load(sys.stdin)
environment = celpy.Environment()
components = [celpy.json_to_cel(c) for c in given['components']]
hits = {}
for name, text in given['expressions'].items():
    program = environment.program(environment.compile(text))
    hits[name] = [i for i, c in enumerate(components) if bool(program.evaluate({'component': c}))]
json.dump(hits, sys.stdout)
