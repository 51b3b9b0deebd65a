package pickle

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pickle/policy"
	"github.com/mlbom/mlbom/sbom"
)

// How a name is used, as in [sbom.Use].
const (
	referenced  = "referenced"
	constructed = "constructed"
	called      = "called"
)

const (
	unsafe   = policy.Unsafe
	harmless = policy.Harmless
	ruleBomb = sbom.RuleBomb
	maxNotes = 200  // findings of one stream
	maxName  = 1000 // bytes of a name
	maxShown = 200  // bytes of arguments
	maxDepth = 4    // of arguments
)

// tally is what a stream uses.
type tally struct {
	names  map[Global]*Global
	uses   map[*Global]*use
	order  []*Global
	notes  []note
	full   bool
	nested int
	lines  map[string]*Global // names by the bytes of their lines
	key    []byte             // for reuse
	judged int64              // names since the machine last asked
	// methods counts the names that are methods of harmless classes.
	methods int
	code    ownCodes
}

type use struct {
	verdict policy.Verdict
	why     string
	how     string
	args    string
	offset  int64
	soft    bool // calls were followed
	hard    bool // and some were not
	times   int
	changed string
	// onlyMade: see [policy.OnlyMade].
	onlyMade bool
	// method: of a harmless class, so that a mention of it does nothing.
	method  bool
	weights bool
	// defines: calls of it defined code, and no more.
	defines bool
	reach   []string
}

type note struct {
	rule, message string
	offset        int64
}

func newTally() *tally {
	return &tally{names: map[Global]*Global{}, uses: map[*Global]*use{}, lines: map[string]*Global{}}
}

// global gives the one value of a name.
func (t *tally) global(module, name string) *Global {
	key := Global{Module: module, Name: name}
	if g := t.names[key]; g != nil {
		return g
	}
	g := &Global{Module: module, Name: name}
	if len(t.names) < maxNames {
		t.names[key] = g
	}
	return g
}

// of gives the judgement of a name.
func (t *tally) of(g *Global) *use {
	if u := t.uses[g]; u != nil {
		return u
	}
	u := &use{}
	t.judged++
	u.verdict, u.why = policy.Judge(g.Module, g.Name)
	if made, result := strings.CutSuffix(g.Name, ".__call__"); result { // what a call gave is called
		if u.verdict, u.why = policy.Judge(g.Module, made); u.verdict == harmless {
			u.verdict = policy.Unknown
		}
	}
	if g.Module == "" { // a callee that no name stands for
		u.verdict, u.why = unsafe, "loading it imports or calls what it does not name: a call makes the name, so that it stands nowhere in the file"
		if g.Name == ownCode {
			u.why = "loading it calls code that it holds itself"
		}
		if g.Name == "persistent object" {
			u.verdict, u.why = policy.Unknown, ""
		}
	}
	if class, _, ok := strings.Cut(g.Name, "."); ok && u.verdict == policy.Unknown {
		v, _ := policy.Judge(g.Module, class)
		if u.method = v == harmless; u.method {
			t.methods++
		}
	}
	u.onlyMade = policy.OnlyMade(g.Module, g.Name)
	u.weights = policy.WeightsOnly(g.Module, g.Name)
	if len(t.uses) >= maxNames && u.verdict != unsafe {
		t.full = true
		return u
	}
	t.uses[g] = u
	return u
}

// use counts one use. Of the strongest kind the first one is kept.
func (t *tally) use(g *Global, how string, args []Value, offset int64) {
	u := t.of(g)
	if u.how == "" {
		t.order = append(t.order, g)
	}
	u.hard = u.hard || how != referenced
	if rank(hows, how) > rank(hows, u.how) {
		u.how, u.offset, u.times = how, offset, 0
		if how != referenced {
			u.args = show(args)
		}
	}
	if how == u.how {
		u.times++
	}
}

// folded notes a call that was followed to what it reaches, so that the name
// itself is as harmless as that.
func (t *tally) folded(g *Global) {
	u := t.of(g)
	u.soft = true
	if u.how == referenced {
		u.how, u.times = called, 0
	}
	u.times++
}

// judged is the verdict on all uses of a name.
func (u *use) judged() policy.Verdict {
	switch {
	case u.defines && !u.hard:
		return policy.Unknown
	case u.soft && !u.hard:
		return harmless
	}
	if u.onlyMade && u.how == called && u.verdict == harmless {
		return policy.Unknown
	}
	if u.method && u.how == referenced && u.verdict == policy.Unknown {
		return harmless
	}
	return u.verdict
}

// change notes that a class or module itself is changed.
func (t *tally) change(g *Global, what string, offset int64) {
	t.use(g, called, nil, offset)
	u := t.of(g)
	u.verdict, u.changed, u.args = unsafe, what, ""
}

// note adds a finding.
func (t *tally) note(rule, message string, offset int64) {
	n := note{rule, message, offset}
	if len(t.notes) < maxNotes && !slices.ContainsFunc(t.notes, func(o note) bool { return o.rule == rule && o.message == message }) {
		t.notes = append(t.notes, n)
	}
}

// merge takes over what a nested stream uses.
func (t *tally) merge(o *tally) {
	for _, g := range o.order {
		from := o.uses[g]
		if from == nil {
			continue
		}
		mine := t.global(g.Module, g.Name)
		u := t.of(mine)
		if u.how == "" {
			t.order = append(t.order, mine)
		}
		if rank(hows, from.how) > rank(hows, u.how) {
			hard := u.hard
			*u = *from
			u.hard = u.hard || hard
		} else if from.how == u.how {
			u.times += from.times
		}
	}
	for _, n := range o.notes {
		t.note(n.rule, n.message, n.offset)
	}
	t.full = t.full || o.full
	for _, s := range o.code.names {
		t.code.name(s)
	}
	for _, s := range o.code.functions {
		add(&t.code.functions, s)
	}
	for _, s := range o.code.hooks {
		t.code.hook(s)
	}
	t.methods += o.methods
}

// moveTo gives all uses one place.
func (t *tally) moveTo(offset int64) {
	for _, u := range t.uses {
		u.offset = offset
	}
	for i := range t.notes {
		t.notes[i].offset = offset
	}
}

// worst is the worst use; "" means none but harmless ones.
func (t *tally) worst() (v sbom.Verdict) {
	v = sbom.Clean
	for _, u := range t.uses {
		switch {
		case u.how == "":
		case u.judged() == unsafe:
			return sbom.Malicious
		case u.judged() == policy.Unknown:
			v = sbom.SuspiciousUse
		}
	}
	return v
}

// harm tells of an unsafe name that is no accident of the bytes.
func (t *tally) harm() bool {
	for g, u := range t.uses {
		if u.how != "" && u.judged() == unsafe && certain(g) {
			return true
		}
	}
	return false
}

// show writes arguments as Python would, on one line, safe for a terminal.
func show(args []Value) string {
	var b strings.Builder
	b.WriteByte('(')
	for i, v := range args {
		if i > 0 {
			b.WriteString(", ")
		}
		write(&b, v, 0)
		if b.Len() > maxShown {
			break
		}
	}
	if len(args) == 1 {
		b.WriteByte(',')
	}
	b.WriteByte(')')
	s := b.String()
	if len(s) > maxShown {
		s = strings.ToValidUTF8(s[:maxShown-len("…")], "") + "…"
	}
	return s
}

func write(b *strings.Builder, v Value, depth int) {
	if b.Len() > maxShown || depth > maxDepth {
		b.WriteString("…")
		return
	}
	switch v := v.(type) {
	case None:
		b.WriteString("None")
	case Bool:
		b.WriteString(map[bool]string{true: "True", false: "False"}[bool(v)])
	case Int, Float, Big:
		fmt.Fprint(b, v)
	case Str:
		b.WriteString(literal(string(v)))
	case *Bytes:
		b.WriteString("b" + literal(v.Head))
	case *Global:
		b.WriteString(plain(v.String()))
	case *List:
		writeAll(b, "[", v.Items, "]", depth)
	case *Tuple:
		writeAll(b, "(", v.Items, ")", depth)
	case *Set:
		writeAll(b, "{", v.Items, "}", depth)
	case *Dict:
		b.WriteString("{")
		for i, p := range v.Items[:min(len(v.Items), maxShown)] {
			writeAll(b, map[bool]string{true: "", false: ", "}[i == 0], []Value{p.Key}, ": ", depth)
			write(b, p.Value, depth+1)
		}
		b.WriteString("}")
	case *Object:
		write(b, v.Callee, depth+1)
		writeAll(b, "(", v.Args, ")", depth)
	default:
		b.WriteString("…")
	}
}

func writeAll(b *strings.Builder, before string, items []Value, after string, depth int) {
	b.WriteString(before)
	for i, v := range items[:min(len(items), maxShown)] {
		if i > 0 {
			b.WriteString(", ")
		}
		write(b, v, depth+1)
	}
	b.WriteString(after)
}
