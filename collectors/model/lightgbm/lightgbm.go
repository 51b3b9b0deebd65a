// Package lightgbm reads the text that LightGBM saves of a model: its head, the
// parameters at its end, and how many trees there are. The trees are not read.
//
// Source: microsoft/LightGBM src/boosting/gbdt_model_text.cpp.
//
// Not understood: the trees; models that Python pickled (these are pickles).
package lightgbm

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads models of LightGBM.
var Collector = sbom.Collector{
	Name: "model/lightgbm",
	Doc: `LightGBM models (text)
Reads the version of the format, objective, classes, features with their types, the
number of trees, and the parameters of training.`,
	Match:   []string{"*.lgb", "*.lgbm", "*.bst"},
	Sniff:   sniff,
	Collect: collect,
}

const (
	format      = "lightgbm"
	maxLine     = 16 << 20 // bytes
	maxFeatures = 10_000
	maxValue    = 1024 // bytes
	maxKept     = 200
)

func sniff(head []byte) bool {
	return bytes.HasPrefix(bytes.ReplaceAll(head, []byte("\r\n"), []byte("\n")), []byte("tree\nversion=v"))
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if strings.HasPrefix(strings.ToLower(path.Ext(f.Path)), ".lgb") {
		if seen, ok, err := weights.Pointer(f, format, true); ok || err != nil {
			return seen, err
		}
	}
	r, size, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	head := make([]byte, min(size, sbom.HeadSize))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), head); err != nil {
		return nil, err
	}
	if !sniff(head) {
		return nil, errors.New("the file is no model of LightGBM: it does not begin with its version")
	}
	m := &model{}
	broken := m.read(ctx, io.NewSectionReader(r, 0, size))
	file, err := weights.File(f, format)
	if err != nil {
		return nil, errors.Join(broken, err)
	}
	s := weights.OwnerOf(f.Path).Model(format, file)
	m.describe(&s)
	return []sbom.Sighting{file, s}, broken
}

// model is what the text says, apart from its trees.
type model struct {
	head, parameters []sbom.Property
	features, infos  []string
	trees            int
	line             int
}

func (m *model) read(ctx context.Context, r io.Reader) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 1<<16), maxLine)
	part, ended := "head", false
	for lines.Scan() {
		if m.line++; m.line%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		line := strings.TrimSuffix(lines.Text(), "\r")
		switch {
		case strings.HasPrefix(line, "Tree="):
			part = "trees"
			m.trees++
		case line == "end of trees", part == "trees" && line == "feature importances:": // version 2 writes no end
			part, ended = "", true
		case line == "parameters:":
			part = "parameters"
		case line == "end of parameters":
			part = ""
		case part == "head":
			m.header(line)
		case part == "parameters":
			m.parameter(line)
		}
	}
	if err := lines.Err(); err != nil {
		return &sbom.Problem{Line: m.line + 1, Reason: "the line cannot be read: " + err.Error()}
	}
	if !ended {
		return &sbom.Problem{Line: m.line, Reason: "the model is not complete: it has no end of trees; fetch it anew"}
	}
	return nil
}

func (m *model) header(line string) {
	name, value, ok := strings.Cut(line, "=")
	switch {
	case !ok:
	case name == "feature_names":
		m.features = fields(value)
	case name == "feature_infos":
		m.infos = fields(value)
	case name != "tree_sizes" && name != "monotone_constraints" && len(value) <= maxValue && len(m.head) < maxKept:
		m.head = append(m.head, sbom.Property{Name: name, Value: value})
	}
}

func fields(s string) []string {
	var all []string
	for w := range strings.FieldsSeq(s) {
		if len(all) == maxFeatures {
			break
		}
		all = append(all, w)
	}
	return all
}

// paths are parameters that name files on the machine of whoever trained.
var paths = map[string]bool{"data": true, "valid": true, "output_model": true, "input_model": true, "output_result": true, "config": true,
	"machine_list_filename": true, "initscore_filename": true, "forcedsplits_filename": true, "forcedbins_filename": true, "machines": true, "convert_model": true, "parser_config_file": true}

// parameter takes "[name: value]".
func (m *model) parameter(line string) {
	name, value, ok := strings.Cut(strings.Trim(line, "[]"), ":")
	if value = strings.TrimSpace(value); ok && value != "" && !paths[name] && len(value) <= maxValue && len(m.parameters) < maxKept {
		m.parameters = append(m.parameters, sbom.Property{Name: name, Value: value})
	}
}

func (m *model) describe(s *sbom.Sighting) {
	is := s.Component.Model
	if is == nil {
		return
	}
	is.Library = "lightgbm"
	is.Training.Hyperparameters = m.parameters
	for _, p := range m.head {
		switch p.Name {
		case "version": // of the format, which is not the library's
			s.Properties = append(s.Properties, sbom.Property{Name: "lightgbm:format_version", Value: p.Value})
			continue
		case "objective":
			is.Task = task(p.Value)
		}
		is.Hyperparameters = append(is.Hyperparameters, p)
	}
	is.Hyperparameters = append(is.Hyperparameters, sbom.Property{Name: "num_trees", Value: strconv.Itoa(m.trees)})
	for _, p := range m.parameters {
		if p.Name == "boosting" {
			is.Architecture = p.Value
		}
	}
	for i, name := range m.features {
		port := sbom.Port{Name: name}
		if len(m.infos) == len(m.features) && m.infos[i] != "none" {
			port.Format = "number"
			if !strings.HasPrefix(m.infos[i], "[") { // "0:1:2" are the values of a category
				port.Format = "category"
			}
		}
		is.Inputs = append(is.Inputs, port)
	}
}

// task of an objective, where its name says it.
func task(objective string) string {
	first, _, _ := strings.Cut(objective, " ")
	switch first {
	case "binary", "multiclass", "multiclassova", "cross_entropy", "cross_entropy_lambda":
		return "tabular-classification"
	case "regression", "regression_l1", "huber", "fair", "poisson", "quantile", "mape", "gamma", "tweedie":
		return "tabular-regression"
	case "lambdarank", "rank_xendcg":
		return "ranking"
	}
	return ""
}
