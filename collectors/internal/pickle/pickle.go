// Package pickle says what loading a Python pickle would do, without doing it.
// A pickle is a program for a small stack machine, which can import and call any
// name of Python. This package runs that program on symbols: it follows stack,
// marks and memo as the machine in CPython does (Modules/_pickle.c, protocols 0
// to 5, all 68 opcodes), keeps the objects as values that stand for them, and
// judges each name that is imported or called by package policy. Nothing is
// loaded, imported or executed.
//
// It is as lenient as the loaders are: protocols may be mixed, a PROTO may stand
// anywhere or nowhere, frames mean nothing, names may be any UTF-8. It is more
// lenient where a loader would stop with an error, since what ran before the
// error ran, and the code after it costs nothing to report.
//
// Several pickles may follow one another. Bytes between them are searched for
// further ones. PyTorch's old format (five pickles, then raw storages) and
// joblib's (raw arrays in the middle of a pickle) are known.
//
// Functions and classes that cloudpickle and dill write by value are told of with
// the names that their code uses, and are unsafe where the pickle calls them.
//
// Not understood: what the code of a class does when the object is made; a name
// that policy does not know is said to be unknown. Of code in the file only the
// names are read, not the instructions. Out-of-band buffers of
// protocol 5 are empty. What a persistent id stands for is the loader's affair.
package pickle

import (
	"context"
	"io"
	"slices"

	"github.com/mlbom/mlbom/sbom"
)

// Options say how a stream is read. The zero value reads one plain stream with
// the default limits.
type Options struct {
	Limits sbom.Limits
	In     string  // the member of an archive that is read: goes to [sbom.Use].In and into messages
	Budget *Budget // of opcodes, shared by all pickles of a file; nil makes one of the limits
	// Arrays: a joblib file, in which the bytes of arrays follow the object that
	// describes them.
	Arrays bool
}

// Budget is a number of opcodes that several streams share. It is not safe for
// concurrent use.
type Budget struct{ left int64 }

// NewBudget gives the budget for one file.
func NewBudget(l sbom.Limits) *Budget { return &Budget{l.WithDefaults().Opcodes} }

// Result is what an analysis gives.
type Result struct {
	Scan     sbom.Scan
	Findings []sbom.Finding
	Values   []Value // what each pickle leaves on the stack; bounded, see [Value]
	Pickles  int     // that came to their end
	Protocol int     // the highest that the stream states
	End      int64   // offset behind the last pickle, in bytes
}

// Analyze reads all pickles of a stream. It never fails: what could not be
// examined stands in the coverage and its reason.
func Analyze(ctx context.Context, r io.Reader, o Options) Result {
	if o.Budget == nil {
		o.Budget = NewBudget(o.Limits)
	}
	a := &analysis{ctx: ctx, options: o, limits: o.Limits.WithDefaults(), tally: newTally()}
	a.stream(newInput(r, 0))
	return a.result()
}

// Merge joins the scans of several streams of one file: the worst verdict, the
// least coverage, all uses.
func Merge(a, b sbom.Scan) sbom.Scan {
	switch {
	case a.Verdict == "" && a.Coverage == "":
		return b
	case b.Verdict == "" && b.Coverage == "":
		return a
	}
	out := sbom.Scan{Verdict: a.Verdict, Coverage: a.Coverage, Reason: a.Reason, WeightsOnly: a.WeightsOnly}
	if rank(verdicts, b.Verdict) > rank(verdicts, out.Verdict) {
		out.Verdict = b.Verdict
	}
	if rank(coverages, b.Coverage) > rank(coverages, out.Coverage) {
		out.Coverage, out.Reason = b.Coverage, b.Reason
	}
	if out.WeightsOnly == "" || b.WeightsOnly == "no" {
		out.WeightsOnly = b.WeightsOnly
	}
	if out.Verdict == sbom.Clean && out.Coverage != sbom.Complete {
		out.Verdict = sbom.Undecided
	}
	out.Uses = mergeUses(a.Uses, b.Uses)
	return out
}

// From best to worst.
var (
	verdicts  = []sbom.Verdict{"", sbom.Clean, sbom.Undecided, sbom.SuspiciousUse, sbom.Malicious}
	coverages = []sbom.Coverage{"", sbom.Complete, sbom.Partial, sbom.Unsupported, sbom.Encrypted, sbom.OverLimit}
	hows      = []string{"", referenced, constructed, called}
)

func rank[T comparable](order []T, v T) int { return slices.Index(order, v) }

// mergeUses keeps one use of each name in each member: the strongest.
func mergeUses(a, b []sbom.Use) []sbom.Use {
	type key struct{ name, in string }
	at := map[key]int{}
	var out []sbom.Use
	for _, u := range slices.Concat(a, b) {
		k := key{u.Name, u.In}
		i, ok := at[k]
		switch {
		case !ok && len(out) < maxNames:
			at[k] = len(out)
			out = append(out, u)
		case ok && rank(hows, u.How) > rank(hows, out[i].How):
			out[i] = u
		case ok && u.How == out[i].How && u.Offset != out[i].Offset:
			out[i].Times = max(1, out[i].Times) + max(1, u.Times)
		}
	}
	return out
}
