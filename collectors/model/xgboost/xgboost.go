// Package xgboost reads the models of XGBoost: JSON, UBJSON, and the binary form of
// before version 3.1 by its header. The trees are counted and not read.
//
// Source: dmlc/xgboost doc/tutorials/saving_model.rst, doc/model.schema,
// src/learner.cc (LearnerModelParamLegacy), include/xgboost/json_io.h; ubjson.org.
//
// Not understood: the trees, the attributes of the binary form, models that Python
// pickled (these are pickles).
package xgboost

import (
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads models of XGBoost.
var Collector = sbom.Collector{
	Name: "model/xgboost",
	Doc: `XGBoost models (JSON, UBJSON, binary)
Reads version, objective, booster, the numbers of features, classes and trees, names and
types of the features, and attributes such as the best iteration.`,
	Match:   []string{"*.ubj", "*.xgb", "*.xgboost", "*.bst"},
	Sniff:   sniff,
	Collect: collect,
}

const format = "xgboost"

// The beginnings of the three forms.
var (
	jsonHead = []byte(`{"learner":{`)
	ubjHead  = []byte("learner{")
	binHead  = []byte("binf")
)

func sniff(head []byte) bool {
	return isJSON(head) || isUBJSON(head) || bytes.HasPrefix(head, binHead)
}

func isJSON(head []byte) bool {
	if !bytes.HasPrefix(bytes.TrimLeft(head, " \n\t\r"), []byte("{")) {
		return false
	}
	squeezed := bytes.Map(func(r rune) rune {
		if r == ' ' || r == '\n' || r == '\t' || r == '\r' {
			return -1
		}
		return r
	}, head)
	return bytes.HasPrefix(squeezed, jsonHead) ||
		bytes.HasPrefix(squeezed, []byte(`{"version":[`)) && bytes.Contains(squeezed, jsonHead[1:])
}

func isUBJSON(head []byte) bool {
	return len(head) > 20 && head[0] == '{' && head[1] == 'L' && bytes.HasPrefix(head[10:], ubjHead)
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	named := isName(f.Path)
	if named {
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
	limit := f.Settings.Limits.WithDefaults().Header
	s := &summary{}
	var broken error
	switch {
	case isJSON(head):
		s.form, broken = "json", readJSON(ctx, io.NewSectionReader(r, 0, min(size, limit)), s)
	case isUBJSON(head):
		s.form, broken = "ubjson", readUBJSON(ctx, io.NewSectionReader(r, 0, min(size, limit)), s)
	default:
		s.form, broken = "binary", readBinary(io.NewSectionReader(r, 0, size), s)
	}
	if !s.found {
		if named {
			return nil, errors.Join(errors.New("the file is no model of XGBoost that is known"), broken)
		}
		return nil, nil
	}
	if size > limit && broken != nil {
		broken = errors.Join(broken, errors.New("only the first bytes of the model were read; raise the limit of headers to read all"))
	}
	file, err := weights.File(f, format)
	if err != nil {
		return nil, errors.Join(broken, err)
	}
	m := weights.OwnerOf(f.Path).Model(format, file)
	s.describe(&m)
	return []sbom.Sighting{file, m}, broken
}

func isName(file string) bool {
	switch strings.ToLower(path.Ext(file)) {
	case ".ubj", ".xgb", ".xgboost", ".bst":
		return true
	}
	return false
}
