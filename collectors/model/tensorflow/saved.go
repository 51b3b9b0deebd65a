package tensorflow

import (
	"errors"
	"io"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/protowalk"
	"github.com/mlbom/mlbom/sbom"
)

// read finds out which message the file holds, and walks it. The error says what is
// wrong with it; what was read before stands.
func read(f *sbom.File) (*model, string, error) {
	m := newModel(f.Settings.Limits.WithDefaults().Header)
	r, size, err := f.Open()
	if err != nil {
		return m, "", err
	}
	defer r.Close()
	if strings.HasSuffix(strings.ToLower(f.Path), ".pbtxt") {
		return readText(f, m)
	}
	head := make([]byte, min(size, sbom.HeadSize))
	if _, err := io.ReadFull(io.NewSectionReader(r, 0, size), head); err != nil {
		return m, "", err
	}
	return known(m, r, size, head)
}

// known walks the message that the file holds. The library takes the fields in any
// order, so what does not begin as its own writer has it is tried as each.
func known(m *model, r io.ReaderAt, size int64, head []byte) (*model, string, error) {
	for _, kind := range []struct {
		format string
		begins func([]byte) bool
		walk   func(*model, protowalk.Message)
	}{{formatSaved, isSaved, (*model).saved}, {formatMeta, isMeta, (*model).meta}, {formatGraph, isGraph, (*model).graph}} {
		begins := kind.begins(head)
		try := newModel(m.limit)
		top := protowalk.Open(r, size)
		if begins || isMessage(head) {
			kind.walk(try, top)
		}
		if begins || try.plausible() && !top.Broken() {
			return try, kind.format, errors.Join(append(try.problems, top.Err())...)
		}
	}
	return m, "", errors.New("the file is not what its name says: it is no SavedModel of TensorFlow")
}

// isMessage tells whether a file begins with a field that one of the messages has,
// so that other files are not walked.
func isMessage(head []byte) bool {
	return len(head) > 4 && (head[0] == 0x08 || head[0] == 0x0a || head[0] == 0x12 || head[0] == 0x1a || head[0] == 0x22)
}

// plausible tells whether there are nodes, and all have an operator's name.
func (m *model) plausible() bool {
	for op := range m.operators {
		if !operatorName.MatchString(op) {
			return false
		}
	}
	return m.nodes > 0 && len(m.operators) > 0
}

// saved reads a SavedModel.
func (m *model) saved(top protowalk.Message) {
	for f := range top.Fields() {
		if f.Number == 2 {
			m.meta(f.Message())
		}
	}
}

// meta reads a MetaGraphDef.
func (m *model) meta(msg protowalk.Message) {
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			m.info(f.Message())
		case 2:
			m.graph(f.Message())
		case 3:
			m.saver(f.Message())
		case 4:
			m.collection(f.Message())
		case 5:
			m.signature(f.Message())
		case 6:
			m.asset(f.Message())
		case 7:
			m.objects(f.Message())
		}
	}
}

func (m *model) info(msg protowalk.Message) {
	var tags []string
	for f := range msg.Fields() {
		switch f.Number {
		case 4:
			if len(tags) < 64 {
				tags = append(tags, f.Text(256))
			}
		case 5:
			m.version = f.Text(256)
		case 6:
			m.git = f.Text(256)
		case 7:
			m.stripped = f.Int() != 0
		}
	}
	if len(m.tags) < 64 {
		m.tags = append(m.tags, strings.Join(tags, ","))
	}
}

// saver reads a SaverDef: where the saver's part of the graph begins.
func (m *model) saver(msg protowalk.Message) {
	for f := range msg.Fields() {
		if f.Number == 2 && len(m.saverRoots) < maxEntries {
			m.saverRoots = append(m.saverRoots, nodeOf(f.Text(maxName)))
		}
	}
}

// collection reads an entry of collection_def: a graph with several savers lists
// them there.
func (m *model) collection(msg protowalk.Message) {
	key := ""
	for f := range msg.Fields() {
		if f.Number == 1 {
			key = f.Text(256)
		}
		if f.Number != 2 || key != "savers" {
			continue
		}
		for c := range f.Message().Fields() {
			if c.Number != 2 {
				continue
			}
			for b := range c.Message().Fields() {
				if b.Number == 1 {
					m.saver(b.Message())
				}
			}
		}
	}
}

// signature is one that the model can be called by.
type signature struct {
	inputs, outputs []sbom.Port
	method          string
}

// signature reads an entry of signature_def.
func (m *model) signature(msg protowalk.Message) {
	key, s := "", &signature{}
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			key = f.Text(maxName)
		case 2:
			for d := range f.Message().Fields() {
				switch d.Number {
				case 1:
					s.inputs = m.port(s.inputs, d.Message())
				case 2:
					s.outputs = m.port(s.outputs, d.Message())
				case 3:
					s.method = d.Text(256)
				}
			}
		}
	}
	if key != "" && key != "__saved_model_init_op" && len(m.signatures) < maxEntries && m.hold(len(key)) {
		m.signatures[key] = s
	}
}

// port reads an entry of a map to TensorInfo.
func (m *model) port(ports []sbom.Port, msg protowalk.Message) []sbom.Port {
	var p sbom.Port
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			p.Name = f.Text(maxName)
		case 2:
			for t := range f.Message().Fields() {
				switch t.Number {
				case 2:
					p.Format = typeOf(t.Int()).long
				case 3:
					p.Shape = shapeText(shape(t.Message()))
				case 4:
					p.Format = "sparse"
				}
			}
		}
	}
	if len(ports) == maxEntries || !m.hold(len(p.Name)+len(p.Shape)) {
		return ports
	}
	return append(ports, p)
}

func (m *model) asset(msg protowalk.Message) {
	a := asset{at: msg.At}
	for f := range msg.Fields() {
		if f.Number == 2 {
			a.name = f.Text(maxName)
		}
	}
	if a.name != "" && len(m.assets) < maxEntries {
		m.assets = append(m.assets, a)
	}
}

// objects reads a SavedObjectGraph: the variables, and what Keras says of itself
// there.
func (m *model) objects(msg protowalk.Message) {
	for f := range msg.Fields() {
		if f.Number != 1 {
			continue
		}
		for o := range f.Message().Fields() {
			switch o.Number {
			case 4:
				m.userObject(o.Message())
			case 7:
				m.variables++
			}
		}
	}
}

// userObject counts the objects of Keras. Until TensorFlow 2.4 its metadata are
// here, later in keras_metadata.pb.
func (m *model) userObject(msg protowalk.Message) {
	identifier, at := "", int64(0)
	var metadata string
	for f := range msg.Fields() {
		switch f.Number {
		case 1:
			identifier = f.Text(256)
		case 3:
			metadata, at = f.Text(maxKerasJSON), f.At
		}
	}
	if !strings.HasPrefix(identifier, "_tf_keras_") {
		return
	}
	m.kerasLayers[identifier]++
	if metadata != "" {
		m.findings = append(m.findings, lambdas(metadata, at)...)
	}
}
