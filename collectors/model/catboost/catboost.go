// Package catboost reads the binary models of CatBoost (*.cbm): features, the number
// of trees, and what CatBoost notes of itself and of the training.
//
// Source: catboost/catboost catboost/libs/model/flatbuffers/{model,features}.fbs and
// catboost/libs/model/model.cpp.
//
// Not understood: the trees, the tables of counters behind them, models that Python
// pickled (these are pickles) and those saved as JSON.
package catboost

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/flatbuf"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads models of CatBoost.
var Collector = sbom.Collector{
	Name: "model/catboost",
	Doc: `CatBoost models (.cbm)
Reads the version, the loss, the features, the number of trees, and the parameters of
training.`,
	Match:   []string{"*.cbm"},
	Sniff:   func(head []byte) bool { return strings.HasPrefix(string(head), magic) },
	Collect: collect,
}

const (
	format      = "catboost"
	magic       = "CBM1"
	maxFeatures = 10_000
	maxInfo     = 1000
	maxText     = 1024 // bytes of a value that is kept
)

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if strings.HasSuffix(strings.ToLower(f.Path), ".cbm") {
		if seen, ok, err := weights.Pointer(f, format, true); ok || err != nil {
			return seen, err
		}
	}
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	var head [8]byte
	if _, err := r.ReadAt(head[:], 0); err != nil || string(head[:4]) != magic {
		return nil, errors.New("the file is no model of CatBoost: it does not begin with " + magic)
	}
	n := int64(binary.LittleEndian.Uint32(head[4:]))
	var broken error
	if n > size-8 {
		broken = fmt.Errorf("the model is not complete: it should have %d bytes, and %d are there; fetch it anew", n, size-8)
		n = size - 8
	}
	m := &model{info: map[string]string{}}
	m.read(flatbuf.Open(io.NewSectionReader(r, 8, n), n))
	file, err := weights.File(f, format)
	if err != nil {
		return nil, errors.Join(broken, m.broken, err)
	}
	s := weights.OwnerOf(f.Path).Model(format, file)
	m.describe(&s)
	return []sbom.Sighting{file, s}, errors.Join(broken, m.broken)
}

// model is what the file says.
type model struct {
	version string // of the format
	trees   int
	inputs  []sbom.Port
	info    map[string]string
	broken  error
}

// The fields that are read, by their numbers in model.fbs and features.fbs.
const (
	coreVersion = 0
	coreTrees   = 1
	coreInfo    = 2

	treesSizes = 2
	treesCat   = 4
	treesFloat = 5

	floatFlat = 2
	floatID   = 4
	catFlat   = 1
	catID     = 2
)

func (m *model) read(b *flatbuf.Buffer) {
	root, ok := b.Root()
	if ok {
		m.version = root.Text(coreVersion)
		for i, kv := range root.Vector(coreInfo, 4).Tables() {
			if i < maxInfo {
				m.info[kv.Text(0)] = kv.Text(1)
			}
		}
		if trees, ok := root.Table(coreTrees); ok {
			m.trees = trees.Vector(treesSizes, 4).Len()
			m.features(trees.Vector(treesFloat, 4), floatID, floatFlat, "float32")
			m.features(trees.Vector(treesCat, 4), catID, catFlat, "category")
		}
	}
	m.broken = b.Err()
}

func (m *model) features(list flatbuf.Vector, id, flat int, kind string) {
	for _, x := range list.Tables() {
		if len(m.inputs) >= maxFeatures {
			return
		}
		name := x.Text(id)
		if name == "" {
			name = strconv.Itoa(int(x.Int32(flat, -1)))
		}
		if len(name) <= maxText {
			m.inputs = append(m.inputs, sbom.Port{Name: name, Format: kind})
		}
	}
}

var release = pattern.Lazy(`(?:release |tags/v)(\d+(?:\.\d+)+)`)

func (m *model) describe(s *sbom.Sighting) {
	for _, key := range []string{"model_guid", "train_finish_time"} {
		if v := m.info[key]; v != "" && len(v) <= maxText {
			s.Properties = append(s.Properties, sbom.Property{Name: "catboost:" + key, Value: v})
		}
	}
	is := s.Component.Model
	if is == nil {
		return
	}
	is.Library, is.Inputs = "catboost", m.inputs
	if m.version != "" && len(m.version) <= maxText {
		s.Properties = append(s.Properties, sbom.Property{Name: "catboost:format_version", Value: m.version})
	}
	if v := release.FindStringSubmatch(m.info["catboost_version_info"]); v != nil {
		is.Training.Versions = []sbom.Property{{Name: "catboost", Value: v[1]}}
	}
	if m.trees > 0 {
		is.Hyperparameters = append(is.Hyperparameters, sbom.Property{Name: "num_trees", Value: strconv.Itoa(m.trees)})
	}
	m.training(is)
}

// training takes the parameters, and the task where the loss says it.
func (m *model) training(is *sbom.Model) {
	var p struct {
		Loss struct {
			Type string `json:"type"`
		} `json:"loss_function"`
		Boosting map[string]any `json:"boosting_options"`
		Trees    map[string]any `json:"tree_learner_options"`
		TaskType string         `json:"task_type"`
	}
	text := m.info["params"]
	if text == "" {
		return
	}
	if err := json.Unmarshal([]byte(text), &p); err != nil {
		m.broken = errors.Join(m.broken, fmt.Errorf("the parameters of the training are not valid JSON: %w", err))
		return
	}
	add := func(name string, v any) {
		if s := fmt.Sprint(v); v != nil && s != "" && len(s) <= maxText {
			is.Training.Hyperparameters = append(is.Training.Hyperparameters, sbom.Property{Name: name, Value: s})
		}
	}
	add("loss_function", p.Loss.Type)
	for _, name := range []string{"boosting_type", "iterations", "learning_rate"} {
		add(name, p.Boosting[name])
	}
	for _, name := range []string{"depth", "grow_policy", "l2_leaf_reg"} {
		add(name, p.Trees[name])
	}
	switch p.Loss.Type {
	case "Logloss", "CrossEntropy", "MultiClass", "MultiClassOneVsAll", "MultiLogloss", "MultiCrossEntropy", "Focal":
		is.Task = "tabular-classification"
	case "RMSE", "MAE", "Quantile", "MAPE", "Poisson", "Huber", "Expectile", "Tweedie", "LogLinQuantile", "Lq", "MultiRMSE", "RMSEWithUncertainty":
		is.Task = "tabular-regression"
	case "YetiRank", "YetiRankPairwise", "PairLogit", "PairLogitPairwise", "QueryRMSE", "QuerySoftMax", "StochasticRank", "LambdaMart":
		is.Task = "ranking"
	}
}
