// Package rdata reads what R serialises: .rds files (saveRDS) and .RData/.rda files
// (save), in XDR, binary and ASCII form, plain or compressed. It walks the whole
// stream, and tells the version of R, the names and classes of the objects, and
// what of them is code or runs when it is looked at.
//
// Source: R Internals, section 1.8 (Serialization Formats); R src/main/serialize.c
// and src/include/Rinternals.h; CVE-2024-27322 (promises in RDS).
//
// Not understood: the instructions of byte code; what an object is used for; files
// in the formats of before R 1.4 (RDX1).
package rdata

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/weights"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads serialised objects of R.
var Collector = sbom.Collector{
	Name: "model/rdata",
	Doc: `Objects and models of R (.rds, .RData, .rda)
Reads the version of R, the classes of the objects and their names. Reports promises,
which run when they are looked at (CVE-2024-27322), and tells of functions and code.`,
	Match:   []string{"*.rds", "*.rdata", "*.rda"},
	Collect: collect,
}

func collect(ctx context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if seen, ok, err := weights.Pointer(f, "rds", weights.ModelLike(f.Path)); ok || err != nil {
		return seen, err
	}
	s, found, broken := read(ctx, f)
	if !found {
		return nil, errors.Join(errors.New("the file is not what R serialises, whatever its name says"), broken)
	}
	file, err := weights.File(f, s.format)
	if err != nil {
		return nil, errors.Join(broken, err)
	}
	s.describe(&file, broken)
	if !s.isModel() && !weights.ModelLike(f.Path) {
		return []sbom.Sighting{file}, broken
	}
	m := weights.OwnerOf(f.Path).Model(s.format, file)
	s.model(&m)
	return []sbom.Sighting{file, m}, broken
}

// read opens the file, unpacks it and walks the stream.
func read(ctx context.Context, f *sbom.File) (s *stream, found bool, err error) {
	r, size, err := f.Open()
	if err != nil {
		return nil, false, err
	}
	defer r.Close()
	s = &stream{ctx: ctx, format: "rds", code: map[string]int{}}
	head := make([]byte, min(size, 512))
	if _, err := r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return s, false, err
	}
	var in io.Reader = io.NewSectionReader(r, 0, size)
	if _, packed := archive.Compressed(head); packed {
		limits := f.Settings.Limits
		content, kind, ok := archive.Unpack(in, head, archive.Options{Limits: limits, Budget: archive.NewBudget(limits.WithDefaults())})
		if !ok {
			return s, false, errors.New("the compression is broken from the start")
		}
		in, s.packed = content, kind
	}
	s.r = bufio.NewReaderSize(in, 1<<16)
	found, err = s.begin()
	if !found || err != nil {
		return s, found, err
	}
	err = s.read()
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errors.New("the file is not complete: it ends within an object")
	}
	return s, true, err
}

// modelClasses are classes of objects that are models, of R itself and of the
// packages that fit most of them.
var modelClasses = map[string]string{"lm": "tabular-regression", "glm": "tabular-regression", "nls": "tabular-regression", "loess": "tabular-regression", "gam": "tabular-regression",
	"rpart": "", "randomForest": "", "ranger": "", "gbm": "", "xgb.Booster": "", "lgb.Booster": "", "catboost.Model": "", "svm": "", "ksvm": "", "nnet": "", "multinom": "tabular-classification",
	"naiveBayes": "tabular-classification", "lda": "tabular-classification", "qda": "tabular-classification", "knn3": "tabular-classification", "C5.0": "tabular-classification", "train": "", "train.formula": "",
	"model_fit": "", "workflow": "", "glmnet": "", "cv.glmnet": "", "coxph": "", "survreg": "", "Arima": "time-series-forecasting", "ets": "time-series-forecasting", "prophet": "time-series-forecasting",
	"kmeans": "", "prcomp": "", "princomp": "", "earth": "", "mboost": "", "bart": "", "brmsfit": "", "stanreg": "", "stanfit": "", "lmerMod": "", "glmerMod": "", "WrappedModel": "", "Learner": "",
	"H2OModel": "", "keras.engine.training.Model": "", "vetiver_model": "", "tree": "", "ctree": "", "party": "", "cubist": "", "polr": "", "rlm": "tabular-regression"}

func (s *stream) isModel() bool { return s.modelClass() != "" }

// modelClass is the class of the first object that is a model.
func (s *stream) modelClass() string {
	for _, c := range s.top {
		if _, ok := modelClasses[c]; ok {
			return c
		}
	}
	return ""
}

// describe puts what the file says into its sighting.
func (s *stream) describe(file *sbom.Sighting, broken error) {
	add := func(name, value string) {
		if value != "" {
			file.Properties = append(file.Properties, sbom.Property{Name: "r:" + name, Value: value})
		}
	}
	add("version", s.writer)
	add("serialization", s.form)
	add("compression", s.packed)
	add("class", strings.Join(s.top, ", "))
	add("objects", strings.Join(s.names, ", "))
	for _, kind := range codeKinds {
		if n := s.code[kind]; n > 0 {
			add(kind, strconv.Itoa(n))
		}
	}
	scan := sbom.Scan{Verdict: sbom.Clean, Coverage: sbom.Complete, Uses: s.uses}
	if n := s.live; n > 0 {
		scan.Verdict = sbom.SuspiciousUse
		what := "code"
		if len(s.calls) > 0 {
			what = strings.Join(s.calls, ", ")
		}
		f := sbom.Finding{Rule: sbom.RuleModelCode, Message: fmt.Sprintf("the file holds a promise (%d in all), which runs %.300s when the object is looked at (CVE-2024-27322)", n, what)}
		if s.unsafe {
			f.Rule, scan.Verdict = sbom.RuleUnsafeCall, sbom.Malicious
		}
		file.Findings = append(file.Findings, f)
	}
	if broken != nil {
		scan.Coverage, scan.Reason = sbom.Partial, "not all of the stream could be read"
		if scan.Verdict == sbom.Clean {
			scan.Verdict = sbom.Undecided
		}
	}
	file.File.Scan = scan
}

func (s *stream) model(m *sbom.Sighting) {
	is := m.Component.Model
	if is == nil {
		return
	}
	is.Library = "R"
	class := s.modelClass()
	if class == "" && len(s.top) > 0 && !slices.Contains([]string{"list", "function", "environment", "data.frame"}, s.top[0]) {
		class = s.top[0]
	}
	is.Architecture, is.Task = class, modelClasses[class]
	if s.writer != "" {
		is.Training.Versions = []sbom.Property{{Name: "R", Value: s.writer}}
	}
}
