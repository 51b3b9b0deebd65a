// Package collectors is the list of everything that the program can read. A new
// format is one folder below this one and one line in [All].
package collectors

import (
	"errors"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/bom/bomfile"
	"github.com/mlbom/mlbom/collectors/dataset/arrow"
	"github.com/mlbom/mlbom/collectors/dataset/avro"
	"github.com/mlbom/mlbom/collectors/dataset/citation"
	"github.com/mlbom/mlbom/collectors/dataset/croissant"
	"github.com/mlbom/mlbom/collectors/dataset/csv"
	"github.com/mlbom/mlbom/collectors/dataset/datacard"
	"github.com/mlbom/mlbom/collectors/dataset/datacite"
	"github.com/mlbom/mlbom/collectors/dataset/datapackage"
	"github.com/mlbom/mlbom/collectors/dataset/datasetcard"
	"github.com/mlbom/mlbom/collectors/dataset/dcat"
	"github.com/mlbom/mlbom/collectors/dataset/delta"
	"github.com/mlbom/mlbom/collectors/dataset/dps"
	"github.com/mlbom/mlbom/collectors/dataset/folder"
	"github.com/mlbom/mlbom/collectors/dataset/hfinfo"
	"github.com/mlbom/mlbom/collectors/dataset/hfscript"
	"github.com/mlbom/mlbom/collectors/dataset/iceberg"
	"github.com/mlbom/mlbom/collectors/dataset/json"
	"github.com/mlbom/mlbom/collectors/dataset/jsonlines"
	"github.com/mlbom/mlbom/collectors/dataset/kaggle"
	"github.com/mlbom/mlbom/collectors/dataset/lfspointer"
	datasetllamafactory "github.com/mlbom/mlbom/collectors/dataset/llamafactory"
	"github.com/mlbom/mlbom/collectors/dataset/orc"
	"github.com/mlbom/mlbom/collectors/dataset/parquet"
	"github.com/mlbom/mlbom/collectors/dataset/tfds"
	"github.com/mlbom/mlbom/collectors/dataset/tfrecord"
	"github.com/mlbom/mlbom/collectors/dataset/webdataset"
	"github.com/mlbom/mlbom/collectors/declaration/mlbom"
	"github.com/mlbom/mlbom/collectors/evaluation/ailuminate"
	"github.com/mlbom/mlbom/collectors/evaluation/fairness"
	"github.com/mlbom/mlbom/collectors/evaluation/garak"
	"github.com/mlbom/mlbom/collectors/evaluation/helm"
	"github.com/mlbom/mlbom/collectors/evaluation/hubresults"
	"github.com/mlbom/mlbom/collectors/evaluation/inspectai"
	"github.com/mlbom/mlbom/collectors/evaluation/lmeval"
	"github.com/mlbom/mlbom/collectors/evaluation/mteb"
	"github.com/mlbom/mlbom/collectors/evaluation/promptfoo"
	"github.com/mlbom/mlbom/collectors/golang/gobinary"
	"github.com/mlbom/mlbom/collectors/golang/gomod"
	"github.com/mlbom/mlbom/collectors/golang/gosum"
	"github.com/mlbom/mlbom/collectors/golang/gowork"
	"github.com/mlbom/mlbom/collectors/golang/vendor"
	"github.com/mlbom/mlbom/collectors/license/text"
	"github.com/mlbom/mlbom/collectors/model/addresses"
	"github.com/mlbom/mlbom/collectors/model/archive"
	"github.com/mlbom/mlbom/collectors/model/catalog"
	"github.com/mlbom/mlbom/collectors/model/catboost"
	"github.com/mlbom/mlbom/collectors/model/chattemplate"
	"github.com/mlbom/mlbom/collectors/model/code"
	"github.com/mlbom/mlbom/collectors/model/coreml"
	"github.com/mlbom/mlbom/collectors/model/diffusers"
	"github.com/mlbom/mlbom/collectors/model/executorch"
	"github.com/mlbom/mlbom/collectors/model/fasttext"
	"github.com/mlbom/mlbom/collectors/model/flax"
	"github.com/mlbom/mlbom/collectors/model/frameworkhub"
	"github.com/mlbom/mlbom/collectors/model/ggml"
	"github.com/mlbom/mlbom/collectors/model/gguf"
	"github.com/mlbom/mlbom/collectors/model/hdf5"
	"github.com/mlbom/mlbom/collectors/model/hfconfig"
	"github.com/mlbom/mlbom/collectors/model/keras"
	"github.com/mlbom/mlbom/collectors/model/lightgbm"
	"github.com/mlbom/mlbom/collectors/model/llamafile"
	"github.com/mlbom/mlbom/collectors/model/mct"
	"github.com/mlbom/mlbom/collectors/model/mergekit"
	"github.com/mlbom/mlbom/collectors/model/mlc"
	"github.com/mlbom/mlbom/collectors/model/modelcard"
	"github.com/mlbom/mlbom/collectors/model/mof"
	"github.com/mlbom/mlbom/collectors/model/native"
	"github.com/mlbom/mlbom/collectors/model/numpy"
	"github.com/mlbom/mlbom/collectors/model/onnx"
	"github.com/mlbom/mlbom/collectors/model/opaque"
	"github.com/mlbom/mlbom/collectors/model/openvino"
	"github.com/mlbom/mlbom/collectors/model/paddle"
	"github.com/mlbom/mlbom/collectors/model/peft"
	"github.com/mlbom/mlbom/collectors/model/pickle"
	"github.com/mlbom/mlbom/collectors/model/pmml"
	"github.com/mlbom/mlbom/collectors/model/pytorch"
	"github.com/mlbom/mlbom/collectors/model/rdata"
	"github.com/mlbom/mlbom/collectors/model/safetensors"
	"github.com/mlbom/mlbom/collectors/model/sentencetransformers"
	"github.com/mlbom/mlbom/collectors/model/signature"
	"github.com/mlbom/mlbom/collectors/model/skops"
	"github.com/mlbom/mlbom/collectors/model/spacy"
	"github.com/mlbom/mlbom/collectors/model/tensorflow"
	"github.com/mlbom/mlbom/collectors/model/tensorrt"
	"github.com/mlbom/mlbom/collectors/model/tflite"
	"github.com/mlbom/mlbom/collectors/model/tokenizer"
	"github.com/mlbom/mlbom/collectors/model/xgboost"
	"github.com/mlbom/mlbom/collectors/pipeline/airflow"
	"github.com/mlbom/mlbom/collectors/pipeline/dvc"
	"github.com/mlbom/mlbom/collectors/pipeline/hydra"
	"github.com/mlbom/mlbom/collectors/pipeline/kedro"
	"github.com/mlbom/mlbom/collectors/pipeline/kubeflow"
	"github.com/mlbom/mlbom/collectors/pipeline/lakefs"
	"github.com/mlbom/mlbom/collectors/pipeline/metaflow"
	"github.com/mlbom/mlbom/collectors/pipeline/pachyderm"
	"github.com/mlbom/mlbom/collectors/pipeline/wandb"
	"github.com/mlbom/mlbom/collectors/python/condaenv"
	"github.com/mlbom/mlbom/collectors/python/condalock"
	"github.com/mlbom/mlbom/collectors/python/condameta"
	"github.com/mlbom/mlbom/collectors/python/installed"
	"github.com/mlbom/mlbom/collectors/python/pdmlock"
	"github.com/mlbom/mlbom/collectors/python/pipfile"
	"github.com/mlbom/mlbom/collectors/python/pipfilelock"
	"github.com/mlbom/mlbom/collectors/python/pixi"
	"github.com/mlbom/mlbom/collectors/python/pixilock"
	"github.com/mlbom/mlbom/collectors/python/poetrylock"
	"github.com/mlbom/mlbom/collectors/python/pthfile"
	"github.com/mlbom/mlbom/collectors/python/pylocktoml"
	"github.com/mlbom/mlbom/collectors/python/pyproject"
	"github.com/mlbom/mlbom/collectors/python/pythonversion"
	"github.com/mlbom/mlbom/collectors/python/requirements"
	"github.com/mlbom/mlbom/collectors/python/script"
	"github.com/mlbom/mlbom/collectors/python/sdist"
	"github.com/mlbom/mlbom/collectors/python/setupcfg"
	"github.com/mlbom/mlbom/collectors/python/setuppy"
	"github.com/mlbom/mlbom/collectors/python/uvlock"
	"github.com/mlbom/mlbom/collectors/python/venv"
	"github.com/mlbom/mlbom/collectors/python/wheel"
	"github.com/mlbom/mlbom/collectors/source/notebook"
	"github.com/mlbom/mlbom/collectors/source/python"
	"github.com/mlbom/mlbom/collectors/source/shell"
	"github.com/mlbom/mlbom/collectors/store/bentoml"
	"github.com/mlbom/mlbom/collectors/store/gitclone"
	"github.com/mlbom/mlbom/collectors/store/hfcache"
	"github.com/mlbom/mlbom/collectors/store/hflocal"
	"github.com/mlbom/mlbom/collectors/store/hfmodules"
	"github.com/mlbom/mlbom/collectors/store/kitfile"
	"github.com/mlbom/mlbom/collectors/store/mlflow"
	"github.com/mlbom/mlbom/collectors/store/modelfile"
	"github.com/mlbom/mlbom/collectors/store/oci"
	"github.com/mlbom/mlbom/collectors/store/ollama"
	"github.com/mlbom/mlbom/collectors/store/triton"
	"github.com/mlbom/mlbom/collectors/training/accelerate"
	"github.com/mlbom/mlbom/collectors/training/axolotl"
	"github.com/mlbom/mlbom/collectors/training/hftrainer"
	"github.com/mlbom/mlbom/collectors/training/litgpt"
	trainingllamafactory "github.com/mlbom/mlbom/collectors/training/llamafactory"
	"github.com/mlbom/mlbom/collectors/training/torchtune"
	"github.com/mlbom/mlbom/collectors/training/trl"
	"github.com/mlbom/mlbom/sbom"
)

// All lists every collector, by name. The list is the caller's own.
func All() []*sbom.Collector {
	return slices.Concat(data(), projects(), models(), pipelines(), packages(), stores())
}

// data lists those of documents, datasets and declarations.
func data() []*sbom.Collector {
	return []*sbom.Collector{
		&bomfile.Collector,
		&arrow.Collector,
		&avro.Collector,
		&citation.Collector,
		&croissant.Collector,
		&csv.Collector,
		&datacard.Collector,
		&datacite.Collector,
		&datapackage.Collector,
		&datasetcard.Collector,
		&dcat.Collector,
		&delta.Collector,
		&dps.Collector,
		&folder.Collector,
		&hfinfo.Collector,
		&hfscript.Collector,
		&iceberg.Collector,
		&json.Collector,
		&jsonlines.Collector,
		&kaggle.Collector,
		&lfspointer.Collector,
		&datasetllamafactory.Collector,
		&orc.Collector,
		&parquet.Collector,
		&tfds.Collector,
		&tfrecord.Collector,
		&webdataset.Collector,
		&mlbom.Collector,
	}
}

// projects lists those of evaluations, Go and licences.
func projects() []*sbom.Collector {
	return []*sbom.Collector{
		&ailuminate.Collector,
		&fairness.Collector,
		&garak.Collector,
		&helm.Collector,
		&hubresults.Collector,
		&inspectai.Collector,
		&lmeval.Collector,
		&mteb.Collector,
		&promptfoo.Collector,
		&gobinary.Collector,
		&gomod.Collector,
		&gosum.Collector,
		&gowork.Collector,
		&vendor.Collector,
		&text.Collector,
	}
}

// models lists those of model files.
func models() []*sbom.Collector {
	return []*sbom.Collector{
		&addresses.Collector,
		&archive.Collector,
		&catalog.Collector,
		&catboost.Collector,
		&chattemplate.Collector,
		&code.Collector,
		&coreml.Collector,
		&diffusers.Collector,
		&executorch.Collector,
		&fasttext.Collector,
		&flax.Collector,
		&frameworkhub.Collector,
		&ggml.Collector,
		&gguf.Collector,
		&hdf5.Collector,
		&hfconfig.Collector,
		&keras.Collector,
		&lightgbm.Collector,
		&llamafile.Collector,
		&mct.Collector,
		&mergekit.Collector,
		&mlc.Collector,
		&modelcard.Collector,
		&mof.Collector,
		&native.Collector,
		&numpy.Collector,
		&onnx.Collector,
		&opaque.Collector,
		&openvino.Collector,
		&paddle.Collector,
		&peft.Collector,
		&pickle.Collector,
		&pmml.Collector,
		&pytorch.Collector,
		&rdata.Collector,
		&safetensors.Collector,
		&sentencetransformers.Collector,
		&signature.Collector,
		&skops.Collector,
		&spacy.Collector,
		&tensorflow.Collector,
		&tensorrt.Collector,
		&tflite.Collector,
		&tokenizer.Collector,
		&xgboost.Collector,
	}
}

// pipelines lists those of pipelines and runs.
func pipelines() []*sbom.Collector {
	return []*sbom.Collector{
		&airflow.Collector,
		&dvc.Collector,
		&hydra.Collector,
		&kedro.Collector,
		&kubeflow.Collector,
		&lakefs.Collector,
		&metaflow.Collector,
		&pachyderm.Collector,
		&wandb.Collector,
	}
}

// packages lists those of Python and conda.
func packages() []*sbom.Collector {
	return []*sbom.Collector{
		&condaenv.Collector,
		&condalock.Collector,
		&condameta.Collector,
		&installed.Collector,
		&pdmlock.Collector,
		&pipfile.Collector,
		&pipfilelock.Collector,
		&pixi.Collector,
		&pixilock.Collector,
		&poetrylock.Collector,
		&pthfile.Collector,
		&pylocktoml.Collector,
		&pyproject.Collector,
		&pythonversion.Collector,
		&requirements.Collector,
		&script.Collector,
		&sdist.Collector,
		&setupcfg.Collector,
		&setuppy.Collector,
		&uvlock.Collector,
		&venv.Collector,
		&wheel.Collector,
	}
}

// stores lists those of source code, of stores that hold several models, and of
// training.
func stores() []*sbom.Collector {
	return []*sbom.Collector{
		&notebook.Collector,
		&python.Collector,
		&shell.Collector,
		&bentoml.Collector,
		&gitclone.Collector,
		&hfcache.Collector,
		&hflocal.Collector,
		&hfmodules.Collector,
		&kitfile.Collector,
		&mlflow.Collector,
		&modelfile.Collector,
		&oci.Collector,
		&ollama.Collector,
		&triton.Collector,
		&accelerate.Collector,
		&axolotl.Collector,
		&hftrainer.Collector,
		&litgpt.Collector,
		&trainingllamafactory.Collector,
		&torchtune.Collector,
		&trl.Collector,
	}
}

var validName = regexp.MustCompile(`^[a-z0-9]+(/[a-z0-9]+)+$`)

// Validate tells what is wrong with a list of collectors: with [All], or with
// one that a program puts together itself.
func Validate(list []*sbom.Collector) error {
	var faults []error
	seen := map[string]bool{}
	for i, c := range list {
		if c == nil {
			faults = append(faults, fmt.Errorf("collector %d is nil", i))
			continue
		}
		if seen[c.Name] {
			faults = append(faults, fmt.Errorf("collector %q is in the list twice", c.Name))
		}
		seen[c.Name] = true
		for _, fault := range lacks(c) {
			faults = append(faults, fmt.Errorf("collector %q %s", c.Name, fault))
		}
	}
	return errors.Join(faults...)
}

// lacks lists what one collector lacks.
func lacks(c *sbom.Collector) []string {
	var faults []string
	if !validName.MatchString(c.Name) {
		faults = append(faults, `has a bad name: want lower case, "domain/format"`)
	}
	if strings.TrimSpace(c.Doc) == "" {
		faults = append(faults, "has no Doc: say what it reads, with a title in the first line")
	}
	if c.Collect == nil {
		faults = append(faults, "has no Collect")
	}
	if len(c.Match) == 0 && c.Sniff == nil {
		faults = append(faults, "reads nothing: give it a pattern in Match, or a Sniff")
	}
	for _, p := range c.Match {
		if _, err := path.Match(strings.ToLower(p), ""); err != nil || p == "" {
			faults = append(faults, fmt.Sprintf("has a pattern that does not compile: %q", p))
		}
	}
	return faults
}
