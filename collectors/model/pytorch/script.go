package pytorch

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/collectors/internal/pickle"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on TorchScript's code.
const (
	maxCode      = 64 << 20 // bytes of all files
	maxOperators = 10_000
	maxExtra     = 100
	maxPorts     = 100
	maxPortText  = 128 // bytes of a name or a type
)

// script is what the code of a TorchScript archive says.
type script struct {
	operators       map[string]int
	inputs, outputs []sbom.Port
	libraries       []string // of operators that are not PyTorch's own
	files           []string // operators that read or write files
	renamed         bool     // the module of operators has another name in the code
}

// builtin are the sets of operators that PyTorch itself brings.
var builtin = map[string]bool{"aten": true, "prim": true, "prims": true, "quantized": true, "_quantized": true, "prepacked": true, "mkldnn": true, "mkl": true,
	"mkldnn_prepacked": true, "xnnpack": true, "metal": true, "metal_prepack": true, "vulkan": true, "vulkan_prepack": true, "sparse": true, "profiler": true,
	"cuda": true, "inductor": true, "rngprims": true, "static_runtime": true, "c10d": true, "_c10d_functional": true, "c10d_functional": true, "onednn": true,
	"_caffe2": true, "torch": true, "dist_autograd": true, "rpc": true, "higher_order": true, "debugprims": true, "symm_mem": true, "mps": true}

// files are the operators that reach for files, in the spelling of the code.
var files = map[string]bool{"aten::from_file": true, "aten::save": true, "aten::load": true, "image::read_file": true, "image::write_file": true}

func (z *members) readScript() *script {
	s := &script{operators: map[string]int{}}
	left := int64(maxCode)
	extra := 0
	root := z.facts.Class // "__torch__.torch.nn.modules.container.Sequential"
	for _, m := range z.archive.Members {
		name, inside := strings.CutPrefix(m.Name, z.root)
		switch {
		case !inside || m.Folder:
		case strings.HasPrefix(name, "extra/") && extra < maxExtra:
			extra++
			z.property("torchscript:extra", strings.TrimPrefix(name, "extra/"))
		case strings.HasPrefix(name, "code/") && strings.HasSuffix(name, ".py"):
			z.known[m] = true
			text, err := z.code(m, &left)
			if err != nil {
				z.unread(m, err)
				continue
			}
			s.count(text)
			module := strings.ReplaceAll(strings.TrimSuffix(strings.TrimPrefix(name, "code/"), ".py"), "/", ".")
			if class, ok := strings.CutPrefix(root, module+"."); ok && !strings.Contains(class, ".") {
				s.signature(text, class)
			}
		}
	}
	if m := z.archive.Find(z.root + "bytecode.pkl"); m != nil {
		s.mobile(z, z.pickle(m))
	}
	s.judge(z)
	return s
}

func (z *members) code(m *archive.Member, left *int64) (string, error) {
	r, err := m.Open()
	if err != nil {
		return "", err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, *left+1))
	if *left -= int64(len(data)); *left < 0 {
		return "", fmt.Errorf("the code has more than %d bytes", maxCode)
	}
	return string(data), err
}

// mobile reads the bytecode for phones: its version, and the operators where
// there is no code.
func (s *script) mobile(z *members, got pickle.Result) {
	if len(got.Values) == 0 {
		return
	}
	functions, ok := got.Values[0].(*pickle.Tuple)
	if !ok || len(functions.Items) == 0 {
		return
	}
	if version, ok := functions.Items[0].(pickle.Int); ok {
		z.property("torchscript:bytecode_version", fmt.Sprint(int64(version)))
	}
	// Beside code too: a loader for phones runs the bytecode, others the code.
	before := len(s.operators) > 0
	for _, f := range functions.Items[1:] {
		for _, op := range tableOf(f, "operators") {
			if name, ok := firstOf(op).(pickle.Str); ok && len(s.operators) < maxOperators && len(name) <= maxPortText && (!before || s.operators[string(name)] == 0) {
				s.operators[string(name)]++
			}
		}
	}
}

// tableOf gives the rows of a function's table: (name, ((key, rows), ...)).
func tableOf(f pickle.Value, key string) []pickle.Value {
	pair, ok := f.(*pickle.Tuple)
	if !ok || len(pair.Items) < 2 {
		return nil
	}
	tables, ok := pair.Items[1].(*pickle.Tuple)
	if !ok {
		return nil
	}
	for _, t := range tables.Items {
		row, ok := t.(*pickle.Tuple)
		if ok && len(row.Items) == 2 && row.Items[0] == pickle.Value(pickle.Str(key)) {
			if rows, ok := row.Items[1].(*pickle.Tuple); ok {
				return rows.Items
			}
		}
	}
	return nil
}

func firstOf(v pickle.Value) pickle.Value {
	if t, ok := v.(*pickle.Tuple); ok && len(t.Items) > 0 {
		return t.Items[0]
	}
	return nil
}

// judge reports operators that are native code from elsewhere, and those that
// reach for files.
func (s *script) judge(z *members) {
	foreign := map[string]bool{}
	for op := range s.operators {
		set, _, _ := strings.Cut(op, "::")
		if !builtin[set] {
			foreign[set] = true
		}
		if files[op] {
			s.files = append(s.files, op)
		}
	}
	for set := range foreign {
		s.libraries = append(s.libraries, set)
	}
	slices.Sort(s.libraries)
	slices.Sort(s.files)
	if s.renamed {
		z.found.find(sbom.RuleEvasion, "the code gives PyTorch's operators another name, which PyTorch itself never writes, so that those that it calls cannot be told")
		z.scan = pickle.Merge(z.scan, sbom.Scan{Verdict: sbom.SuspiciousUse, Coverage: sbom.Complete})
	}
	for _, set := range s.libraries {
		z.found.find(sbom.RuleCustomOp, "the code calls operators of %q, which some other library than PyTorch brings", set)
	}
	for _, op := range s.files {
		z.found.find(sbom.RuleFileOp, "the code calls %s, which reaches for files", op)
		z.scan = pickle.Merge(z.scan, sbom.Scan{Verdict: sbom.SuspiciousUse, Coverage: sbom.Complete})
	}
}

func (s *script) describe(m *sbom.Model) {
	for op, n := range s.operators {
		m.Operators = append(m.Operators, sbom.Property{Name: op, Value: fmt.Sprint(n)})
	}
	slices.SortFunc(m.Operators, func(a, b sbom.Property) int { return strings.Compare(a.Name, b.Name) })
	m.Inputs, m.Outputs = s.inputs, s.outputs
}
