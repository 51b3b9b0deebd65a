package hfconfig

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hfmodel"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/sbom"
)

// settings are the keys of trainer_state.json that say how long and on how much a
// model was trained; the others are state.
var settings = []string{"epoch", "global_step", "max_steps", "num_train_epochs", "total_flos", "train_batch_size", "num_input_tokens_seen", "best_metric", "best_global_step"}

// trainer reads trainer_state.json: the last evaluation is the model's.
func (d *draft) trainer(v *jsonlines.Value) {
	t := &d.Model.Training
	for _, key := range settings {
		if n := v.Get(key); n.Is(jsonlines.Number) {
			t.Hyperparameters = append(t.Hyperparameters, sbom.Property{Name: key, Value: n.Text})
			d.Mark("model.training.hyperparameters", n.Line)
		}
	}
	log := v.Get("log_history")
	if log == nil {
		return
	}
	for i := len(log.Items) - 1; i >= 0; i-- {
		if d.metrics(log.Items[i]); len(d.Model.Metrics) > 0 {
			return
		}
	}
}

// metrics reads one evaluation, whose names begin with "eval_"; how fast it ran is
// no property of the model.
func (d *draft) metrics(v *jsonlines.Value) {
	for _, m := range v.Members {
		name, ok := strings.CutPrefix(m.Key, "eval_")
		if !ok || !m.Value.Is(jsonlines.Number) || strings.HasSuffix(name, "_per_second") || name == "runtime" || strings.Contains(name, "jit_") || len(d.Model.Metrics) == hfmodel.MaxParts {
			continue
		}
		d.Model.Metrics = append(d.Model.Metrics, sbom.Metric{Type: name, Value: m.Value.Text, Split: "eval"})
		d.Mark("model.metrics", m.Line)
	}
}
