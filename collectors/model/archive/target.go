package archive

import (
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/yamllines"
	"github.com/mlbom/mlbom/sbom"
)

const (
	maxTargets = 20 // that are told
	maxNesting = 64
)

// ours are the names that configurations of NeMo make objects of. A name that
// ends in a dot stands for the classes and functions below.
var ours = []string{
	"nemo.", "nemo_text_processing.", "megatron.core.", "torch.nn.", "torch.optim.", "torch.utils.data.", "torch.distributed.", "torchaudio.", "torchvision.", "torchmetrics.",
	"pytorch_lightning.", "lightning.", "lightning_fabric.", "transformers.", "apex.", "transformer_engine.", "collections.OrderedDict", "collections.ordereddict",
	"omegaconf.", "sentencepiece.", "whisper_normalizer.", "lhotse.", "peft.", "timm.", "diffusers.", "modelopt.",
}

// targets looks for what a configuration calls.
type targets struct {
	findings []sbom.Finding
	seen     map[string]bool
}

func (t *targets) walk(v *yamllines.Value, depth int) {
	if depth > maxNesting || len(t.findings) >= maxTargets {
		return
	}
	for _, e := range v.Entries() {
		if name := e.Value.Text(); e.Key == "_target_" && name != "" && !t.seen[name] && !known(name) {
			t.seen[name] = true
			t.findings = append(t.findings, sbom.Finding{Rule: sbom.RuleModelCode,
				Message: fmt.Sprintf("restoring the model calls %q, which model_config.yaml names in line %d and which is not of NeMo and its libraries (CVE-2025-23304)", clip(name), e.Line)})
		}
		t.walk(e.Value, depth+1)
	}
	for _, item := range v.Items() {
		t.walk(item, depth+1)
	}
}

func clip(s string) string {
	if len(s) > maxText {
		return strings.ToValidUTF8(s[:maxText], "") + "..."
	}
	return s
}

func known(name string) bool {
	if strings.Contains(name, "__") {
		return false
	}
	for _, p := range ours {
		if name == p || strings.HasSuffix(p, ".") && strings.HasPrefix(name, p) {
			return true
		}
	}
	return false
}
