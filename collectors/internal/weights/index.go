package weights

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// Bounds on an index of shards.
const (
	maxShards  = 10000
	maxDepth   = 32
	namedInMsg = 5
)

type shard struct {
	name string
	line int
}

// Index reads an index of shards ("model.safetensors.index.json"): the model
// contains each file that the weight map names.
func Index(f *sbom.File, format string) ([]sbom.Sighting, error) {
	text, err := f.Text()
	if err != nil {
		return nil, err
	}
	p := newIndexReader(text)
	err = p.read()
	owner := OwnerOf(f.Path)
	s := sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindModel, Keys: owner.Keys, Name: owner.Name,
			Model: &sbom.Model{Formats: []string{format}, Parameters: p.parameters}},
		Basis: sbom.Resolved,
		Lines: map[string]int{},
	}
	if p.parameters > 0 {
		s.Lines["model.parameters"] = p.parametersLine
	}
	if p.size != "" {
		s.Properties = []sbom.Property{{Name: "index:total_size", Value: p.size}}
		s.Lines["properties"] = p.sizeLine
	}
	p.link(f, owner, &s)
	if len(p.shards) == 0 && err == nil {
		err = errors.New("the index names no shards: it has no weight_map")
	}
	if len(s.Links) == 0 && len(s.Findings) == 0 {
		return nil, err
	}
	return []sbom.Sighting{s}, err
}

// link adds a link for each shard, and findings for those that lie elsewhere or
// nowhere.
func (p *indexReader) link(f *sbom.File, owner Owner, s *sbom.Sighting) {
	var missing []string
	firstMissing := 0
	for _, sh := range p.shards {
		if Escapes(sh.name) {
			s.Findings = append(s.Findings, sbom.Finding{Rule: sbom.RulePathEscape, Where: sbom.Place{Line: sh.line},
				Message: fmt.Sprintf("the weight map names %q, which is not inside the model's folder", sh.name)})
			continue
		}
		at := path.Join(path.Dir(f.Path), sh.name)
		s.Links = append(s.Links, sbom.Link{Rel: sbom.Contains, Line: sh.line, Note: owner.Note(),
			To: sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}})
		if _, err := fs.Stat(f.FS, at); errors.Is(err, fs.ErrNotExist) {
			if missing = append(missing, sh.name); firstMissing == 0 {
				firstMissing = sh.line
			}
		}
	}
	if len(missing) > 0 {
		s.Findings = append(s.Findings, sbom.Finding{Rule: sbom.RuleBadShards, Where: sbom.Place{Line: firstMissing},
			Message: fmt.Sprintf("%d of %d shards that the index names are not there: %s", len(missing), len(p.shards), some(missing))})
	}
	if more := unlisted(f, p.shards); len(more) > 0 {
		s.Findings = append(s.Findings, sbom.Finding{Rule: sbom.RuleBadShards, Where: sbom.Place{Line: p.shards[0].line},
			Message: "shards that the index does not name are there: " + some(more)})
	}
}

func some(names []string) string {
	if len(names) > namedInMsg {
		return strings.Join(names[:namedInMsg], ", ") + ", ..."
	}
	return strings.Join(names, ", ")
}

// Escapes tells whether a relative name leads out of its folder.
func Escapes(name string) bool {
	slashed := strings.ReplaceAll(name, `\`, "/")
	if strings.HasPrefix(slashed, "/") || strings.ContainsAny(name, "\x00") || (len(name) > 1 && name[1] == ':') {
		return true
	}
	for part := range strings.SplitSeq(slashed, "/") {
		if part == ".." {
			return true
		}
	}
	return !fs.ValidPath(path.Clean(name)) || path.Clean(name) == "."
}

type indexReader struct {
	text                     string
	dec                      *json.Decoder
	at, line                 int // the line at a byte offset, moving on
	shards                   []shard
	seen                     map[string]bool
	size                     string
	parameters               int64
	sizeLine, parametersLine int
}

func newIndexReader(text string) *indexReader {
	p := &indexReader{text: text, dec: json.NewDecoder(bytes.NewReader([]byte(text))), line: 1, seen: map[string]bool{}}
	p.dec.UseNumber()
	return p
}

func (p *indexReader) fail(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &sbom.Problem{Line: p.here(), Reason: "the index ends in the middle"}
	}
	return &sbom.Problem{Line: p.here(), Reason: "the index is not valid JSON: " + err.Error()}
}

// here is the line of the token that was read last.
func (p *indexReader) here() int {
	to := min(int(p.dec.InputOffset()), len(p.text))
	p.line += strings.Count(p.text[p.at:max(p.at, to)], "\n")
	p.at = max(p.at, to)
	return p.line
}

func (p *indexReader) read() error {
	return p.object(func(key string) error {
		switch key {
		case "weight_map":
			return p.object(p.weight)
		case "metadata":
			return p.object(p.metadata)
		}
		return p.skip()
	})
}

// object walks one JSON object; each is called before the value is read.
func (p *indexReader) object(each func(key string) error) error {
	t, err := p.dec.Token()
	if err != nil {
		return p.fail(err)
	}
	if t != json.Delim('{') {
		return &sbom.Problem{Line: p.here(), Reason: fmt.Sprintf("want a JSON object, found %v", t)}
	}
	for p.dec.More() {
		key, err := p.dec.Token()
		if err != nil {
			return p.fail(err)
		}
		if err := each(key.(string)); err != nil {
			return err
		}
	}
	if _, err := p.dec.Token(); err != nil {
		return p.fail(err)
	}
	return nil
}

func (p *indexReader) weight(tensor string) error {
	t, err := p.dec.Token()
	if err != nil {
		return p.fail(err)
	}
	name, ok := t.(string)
	if !ok || name == "" {
		return &sbom.Problem{Line: p.here(), Reason: fmt.Sprintf("the weight map gives no file name for %q", tensor)}
	}
	if p.seen[name] {
		return nil
	}
	if len(p.shards) == maxShards {
		return &sbom.Problem{Line: p.here(), Reason: fmt.Sprintf("the index names more than %d shards", maxShards)}
	}
	p.seen[name] = true
	p.shards = append(p.shards, shard{name, p.here()})
	return nil
}

func (p *indexReader) metadata(key string) error {
	if key != "total_size" && key != "total_parameters" {
		return p.skip()
	}
	t, err := p.dec.Token()
	if err != nil {
		return p.fail(err)
	}
	n, ok := t.(json.Number)
	if !ok {
		if _, nested := t.(json.Delim); nested {
			return &sbom.Problem{Line: p.here(), Reason: key + " is no number"}
		}
		return nil
	}
	whole, err := strconv.ParseInt(strings.TrimSuffix(n.String(), ".0"), 10, 64)
	if err != nil || whole < 0 {
		return nil
	}
	if key == "total_size" {
		p.size, p.sizeLine = strconv.FormatInt(whole, 10), p.here()
	} else {
		p.parameters, p.parametersLine = whole, p.here()
	}
	return nil
}

func (p *indexReader) skip() error {
	for depth := 0; ; {
		t, err := p.dec.Token()
		if err != nil {
			return p.fail(err)
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			if depth++; depth > maxDepth {
				return &sbom.Problem{Line: p.here(), Reason: "the index is nested too deeply"}
			}
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}
