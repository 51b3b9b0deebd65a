// Package mlcalls finds the models and datasets that Python source names in calls:
// load_dataset("squad", revision=...), AutoModel.from_pretrained("org/name"),
// pandas.read_csv("data/x.csv"), Trainer(model=..., train_dataset=...).
//
// A reference is followed through variables, formatted texts, dictionaries,
// functions of the source, and the defaults of parameters, of options (argparse,
// click, typer) and of fields (dataclasses, pydantic), by package pysource; nothing
// is run. What is known only at run time is counted and never guessed.
//
// Not understood: attributes that an __init__ assigns and other methods read;
// arguments of a command line, whose defaults stand for them (and are told as such);
// configurations by Hydra and Fire; modules of the tree that assign a reference
// conditionally; training loops that are written out.
//
// Sources: the documentation of the libraries' functions, as named in table.go.
package mlcalls

import (
	"bytes"
	"errors"
	"slices"

	"github.com/mlbom/mlbom/collectors/internal/pysource"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on one source.
const (
	maxUses      = 5_000
	maxCalls     = 50_000 // that are looked at
	maxName      = 500    // bytes of a reference
	maxTrainings = 100
	maxParents   = 40 // folders above a source
)

// Use is one thing that a source names.
type Use struct {
	Rel  sbom.Rel // Uses of models, Consumes of data
	To   sbom.Component
	Note string // by which call, and what else it says
	Line int
	// Unpinned says what lets it change, for a reference to a hub; Code that loading it
	// runs code. Both are sentences of a finding.
	Unpinned, Code string
	// role of the data where the call itself tells: data_files={"train": ...}.
	role string
}

// Training is a call that trains a model on data.
type Training struct {
	Line       int
	Tool       string // "transformers", "trl"
	Activity   string // one of sbom's; "" where the base tells
	Base       []Use
	Train      []Use
	Validation []Use
	Other      []Use // further models: an adapter, a teacher, a reward model
	Parameters []sbom.Property
	Output     sbom.Component // what it makes, where that is known; else of no kind
}

// Result is what a source names.
type Result struct {
	Uses      []Use
	Trainings []Training
	// Calls are those of the table, Dynamic the ones of them whose reference is known
	// at run time only.
	Calls, Dynamic int
	Problems       []*sbom.Problem
}

// words are in every source that has a call of the table: most have none.
var words = [][]byte{[]byte("from_pretrained"), []byte("load"), []byte("read_"), []byte("hub"), []byte("pipeline"), []byte("dataset"), []byte("Dataset"),
	[]byte("Transformer"), []byte("LLM"), []byte("Llama"), []byte("fetch_"), []byte("artifact"), []byte("Inference"), []byte("applications"), []byte("create_model"),
	[]byte("torchvision"), []byte("Embedding"), []byte("ollama"), []byte("Encoder"), []byte("Trainer")}

// Speaks tells whether a source can name anything of interest.
func Speaks(src []byte) bool {
	return bytes.Contains(src, []byte("import")) && slices.ContainsFunc(words, func(w []byte) bool { return bytes.Contains(src, w) })
}

// reader works through one source.
type reader struct {
	file    *sbom.File
	module  *pysource.Module
	out     Result
	seen    map[string]bool
	visited map[*pysource.Expr]bool
	named   map[*pysource.Expr][]Use // what a call of the table names
	pending []pysource.Found         // trainings, which are read when all calls were
	options map[*pysource.Expr]*pysource.Value
	looked  int
}

func newReader(f *sbom.File, src string) *reader {
	return &reader{file: f, module: pysource.Parse(src), seen: map[string]bool{}, visited: map[*pysource.Expr]bool{}, named: map[*pysource.Expr][]Use{},
		options: map[*pysource.Expr]*pysource.Value{}}
}

// Read finds what a source names. Paths in it are as seen from the file's folder.
func Read(f *sbom.File, src string) Result {
	r := newReader(f, src)
	r.work()
	for _, f := range r.pending {
		r.training(f)
	}
	for _, uses := range r.named {
		if r.out.Calls++; len(uses) == 0 {
			r.out.Dynamic++
		}
	}
	r.out.Problems = r.module.Problems
	slices.SortStableFunc(r.out.Uses, func(a, b Use) int { return a.Line - b.Line })
	return r.out
}

// work goes through the source as it runs, and then to what no way through it reaches.
func (r *reader) work() {
	run := &pysource.Runner{Tree: r.file.FS, File: r.file.Path, Called: r.called, Follow: true, Gives: r.gives}
	run.Run(r.module)
	own := map[string]bool{}
	for s := range pysource.All(r.module.Body) {
		if s.Kind == pysource.Def || s.Kind == pysource.Class {
			own[s.Name] = true
		}
	}
	for e := range pysource.Exprs(r.module.Body) {
		if e.Kind == pysource.Call && !r.visited[e] && (e.Parts[0].Kind != pysource.Identifier || !own[e.Parts[0].Name]) {
			r.called(r.literal(e))
		}
	}
}

// literal gives a call with those arguments that are literals.
func (r *reader) literal(e *pysource.Expr) pysource.Found {
	f := pysource.Found{Name: r.module.Qualified(e.Parts[0]), Line: e.Line, Expr: e, Unsure: true}
	if f.Name == "" && e.Parts[0].Kind == pysource.Attribute {
		f.Name = "." + e.Parts[0].Name
	}
	positional, named := e.Args()
	for _, a := range positional {
		f.Args = append(f.Args, constant(a))
	}
	for _, k := range named {
		if k.Kind == pysource.Keyword {
			v := constant(k.Parts[0])
			v.Key = k.Name
			f.Named = append(f.Named, v)
		}
	}
	return f
}

func constant(e *pysource.Expr) pysource.Value {
	switch e.Kind {
	case pysource.StringLiteral:
		return pysource.Value{Kind: pysource.TextValue, Text: e.Name, Line: e.Line}
	case pysource.NumberLiteral:
		return pysource.Value{Kind: pysource.NumberValue, Text: e.Name, Line: e.Line}
	case pysource.Constant:
		if e.Name == "True" || e.Name == "False" {
			return pysource.Value{Kind: pysource.BoolValue, Text: e.Name, Line: e.Line}
		}
		return pysource.Value{Kind: pysource.NoneValue, Line: e.Line}
	}
	return pysource.Value{Line: e.Line, Text: "it is not followed"}
}

// called looks at one call.
func (r *reader) called(f pysource.Found) {
	if r.visited[f.Expr] = true; r.looked > maxCalls {
		return
	}
	r.looked++
	c := call{Found: f, reader: r, name: canonical(f.Name)}
	if c.isTraining() && len(r.pending) < maxTrainings {
		r.pending = append(r.pending, f)
	}
	read := find(c.name)
	if read == nil {
		return
	}
	uses, is := read(&c)
	if !is {
		return // another function of that name
	}
	list := r.named[f.Expr]
	for _, u := range uses {
		u.Line = f.Line
		key := string(u.Rel) + "\x00" + u.To.Name + "\x00" + u.To.Version + "\x00" + u.Note + "\x00" + u.Code
		if !slices.ContainsFunc(list, func(o Use) bool { return o.To.Name == u.To.Name && o.To.Version == u.To.Version && o.Note == u.Note }) && len(list) < 50 {
			list = append(list, u)
		}
		if len(r.out.Uses) < maxUses && !r.seen[key] {
			r.seen[key] = true
			r.out.Uses = append(r.out.Uses, u)
		}
	}
	r.named[f.Expr] = list
}

// Errors gives the problems as one: the first, with how many more there are.
func (r Result) Errors() error {
	if len(r.Problems) == 0 {
		return nil
	}
	p := *r.Problems[0]
	if len(r.Problems) > 1 {
		p.Reason += "; there are more such faults in the source"
	}
	return errors.Join(&p)
}
