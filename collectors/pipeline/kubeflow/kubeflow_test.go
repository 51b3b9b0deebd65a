package kubeflow

import (
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "pipeline.yaml", []byte(seed), []byte(workflowSeed))
}

const seed = `# PIPELINE DEFINITION
components:
  comp-a: {executorLabel: exec-a, outputDefinitions: {artifacts: {m: {artifactType: {schemaTitle: system.Model}}}}}
deploymentSpec: {executors: {exec-a: {container: {image: x}}}}
pipelineInfo: {name: p}
root: {dag: {tasks: {a: {componentRef: {name: comp-a}}}}}
`

const workflowSeed = `apiVersion: argoproj.io/v1alpha1
kind: Workflow
spec: {entrypoint: a, templates: [{name: a, dag: {tasks: [{name: b, template: a}]}}]}
`
