// Package datafacts makes the sighting of a dataset out of what a JSON or TSV file
// of metadata says: it keeps the line of each field, bounds the lists, and tells
// files that were downloaded from what was made of them.
package datafacts

import (
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/hffeature"
	"github.com/mlbom/mlbom/collectors/internal/hflicense"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what one file can say.
const (
	maxList  = 5000
	maxValue = 16 << 10 // bytes of one property
	maxText  = 8 << 10  // bytes of a description or a citation
	maxURL   = 2000     // bytes
	maxName  = 500      // bytes
)

// Draft is a sighting in the making.
type Draft struct {
	sbom.Sighting
	format string // of the names of properties: "mlbom:FORMAT:KEY"
	left   []error
}

// New begins the sighting of what a file of metadata describes.
func New(kind sbom.Kind, format string, keys sbom.Keys, line int) *Draft {
	d := &Draft{format: format, Sighting: sbom.Sighting{
		Component: sbom.Component{Kind: kind, Keys: keys}, Basis: sbom.Declared, Where: sbom.Place{Line: line}, Lines: map[string]int{}}}
	switch kind {
	case sbom.KindDataset:
		d.Dataset = &sbom.Dataset{}
	case sbom.KindModel:
		d.Model = &sbom.Model{}
	}
	return d
}

// Problem notes what is wrong in a line.
func (d *Draft) Problem(line int, format string, args ...any) {
	if len(d.left) < 50 {
		d.left = append(d.left, &sbom.Problem{Line: line, Reason: fmt.Sprintf(format, args...)})
	}
}

// Err gives what was wrong.
func (d *Draft) Err() error { return errors.Join(d.left...) }

// Mark notes the line of a field; the first one stays.
func (d *Draft) Mark(field string, line int) {
	if line > 0 && d.Lines[field] == 0 {
		d.Lines[field] = line
	}
}

// Set fills a text that is still empty, unless it is a placeholder.
func (d *Draft) Set(field string, at *string, value string, line int) {
	if value = strings.TrimSpace(value); value != "" && *at == "" && !Placeholder(value) {
		*at = markdown.Clip(value, maxText)
		d.Mark(field, line)
	}
}

// Add appends a text that a list does not hold yet.
func (d *Draft) Add(field string, list *[]string, value string, line int) {
	if value = strings.TrimSpace(value); value != "" && !Placeholder(value) && !slices.Contains(*list, value) && d.room(field, len(*list), line) {
		*list = append(*list, markdown.Clip(value, maxText))
		d.Mark(field, line)
	}
}

func (d *Draft) room(field string, n, line int) bool {
	if n == maxList {
		d.Problem(line, "more than %d %s; the rest is left out", maxList, field)
	}
	return n < maxList
}

// Property keeps a value that the vocabulary has no field for.
func (d *Draft) Property(name, value string, line int) {
	if !Placeholder(value) {
		d.property(name, value, line)
	}
}

func (d *Draft) property(name, value string, line int) {
	p := sbom.Property{Name: "mlbom:" + d.format + ":" + name, Value: markdown.Clip(strings.TrimSpace(value), maxValue)}
	if p.Value == "" || len(name) > maxName || slices.Contains(d.Properties, p) || !d.room("properties", len(d.Properties), line) {
		return
	}
	d.Properties = append(d.Properties, p)
	d.Mark("properties", line)
}

// Keep keeps a value of JSON as a property; null, and what is empty, says nothing.
func (d *Draft) Keep(name string, v *jsonlines.Value) {
	switch {
	case v == nil || v.Is(jsonlines.Null) || v.Is(jsonlines.Array) && len(v.Items) == 0 || v.Is(jsonlines.Object) && len(v.Members) == 0:
	case v.Is(jsonlines.String):
		d.Property(name, v.Text, v.Line)
	default:
		d.property(name, v.Compact(), v.Line)
	}
}

// Ref adds an external reference.
func (d *Draft) Ref(kind, address string, line int) {
	if address = CleanURL(address); address != "" && d.room("references", len(d.Refs), line) && !slices.ContainsFunc(d.Refs, func(r sbom.Ref) bool { return r.URL == address }) {
		d.Refs = append(d.Refs, sbom.Ref{Type: kind, URL: address})
		d.Mark("refs", line)
	}
}

// Link adds a mention, once.
func (d *Draft) Link(rel sbom.Rel, to sbom.Component, note string, line int) {
	known := slices.ContainsFunc(d.Links, func(l sbom.Link) bool { return l.Rel == rel && l.To.Keys == to.Keys && l.To.Name == to.Name })
	if !known && to.Name != "" && d.room("links", len(d.Links), line) {
		d.Links = append(d.Links, sbom.Link{Rel: rel, To: to, Note: note, Line: line})
	}
}

// Origin adds a named fact on where the data comes from.
func (d *Draft) Origin(name, value string, line int) {
	p := sbom.Property{Name: name, Value: markdown.Clip(value, maxURL)}
	if value != "" && !slices.Contains(d.Dataset.Origin, p) && d.room("origins", len(d.Dataset.Origin), line) {
		d.Dataset.Origin = append(d.Dataset.Origin, p)
		d.Mark("dataset.origin", line)
	}
}

// License adds the licence that a text states: an id, a name, or prose.
func (d *Draft) License(text string, line int) {
	text = strings.TrimSpace(text)
	if text == "" || Placeholder(text) && !strings.EqualFold(text, "other") || len(d.Component.Licenses) >= maxList {
		d.Property("license", text, line)
		return
	}
	l := sbom.License{Name: markdown.Clip(firstLine(text), 200)}
	switch u := CleanURL(text); {
	case u != "":
		l.URL = u
	case len(text) > 200:
		l.Text = markdown.Clip(text, 4*maxText)
	default:
		if known, ok := hflicense.Parse(text, "", ""); ok {
			l = known
		}
	}
	if !slices.Contains(d.Component.Licenses, l) {
		d.Component.Licenses = append(d.Component.Licenses, l)
		d.Mark("licenses", line)
	}
}

func firstLine(s string) string { head, _, _ := strings.Cut(s, "\n"); return head }

// Features adds the columns of one configuration.
func (d *Draft) Features(n hffeature.Node, config string) {
	for _, f := range hffeature.Features(n, config) {
		if d.room("features", len(d.Dataset.Features), f.Line) {
			d.Dataset.Features = append(d.Dataset.Features, f.Feature)
			d.Mark("dataset.features", f.Line)
		}
	}
}

// Split adds a part of the dataset. Numbers below 0 are not known.
func (d *Draft) Split(s sbom.Split, line int) {
	if s.Name == "" || len(s.Name) > maxName || slices.Contains(d.Dataset.Splits, s) || !d.room("splits", len(d.Dataset.Splits), line) {
		return
	}
	s.Rows, s.Bytes = max(s.Rows, 0), max(s.Bytes, 0)
	d.Dataset.Splits = append(d.Dataset.Splits, s)
	d.Mark("dataset.splits", line)
}

// Number fills a count of bytes or rows that is above 0.
func (d *Draft) Number(field string, at *int64, n int64, line int) {
	if n > 0 && *at == 0 {
		*at = n
		d.Mark(field, line)
	}
}

// Download is one file that the dataset was made of.
type Download struct {
	URL, Name, SHA256 string
	Size              int64
	Line              int
}

const emptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

// Digest gives a SHA-256 in lower case; "" for what is none, or that of nothing.
func Digest(text string) string {
	text = strings.ToLower(strings.TrimSpace(text))
	if raw, err := hex.DecodeString(text); err != nil || len(raw) != 32 || text == emptyDigest || strings.Count(text, text[:1]) == len(text) {
		return ""
	}
	return text
}

// Number reads a whole number that stands as a JSON number or as text; -1 for none.
func Number(v *jsonlines.Value) int64 {
	if v == nil || !v.Is(jsonlines.Number) && !v.Is(jsonlines.String) {
		return -1
	}
	text := strings.TrimSpace(v.Text)
	if whole, part, ok := strings.Cut(text, "."); ok && strings.Trim(part, "0123456789") == "" {
		text = whole // "3.0", as pandas writes; averages have fractions of bytes
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return -1
	}
	return n
}

// Placeholder tells what a template leaves behind.
func Placeholder(s string) bool { return card.Placeholder(s) || Unfilled(s) }

// Unfilled tells what a template leaves behind of an id. Ids are no prose: a dataset may
// be called "other" or "none".
func Unfilled(s string) bool {
	up := strings.ToUpper(s)
	return asked.MatchString(s) || strings.HasPrefix(up, "INSERT_") || strings.Contains(up, "/INSERT_") || strings.HasPrefix(up, "REPLACE_WITH") || strings.HasPrefix(strings.TrimLeft(s, "/# "), "TODO(")
}

// asked are names that a template asks for: USERNAME_PLACEHOLDER, your-username.
var asked = pattern.Lazy(`(?i)(?:^|[/_-])placeholder(?:[/_-]|$)|^(?:your|my)[_-]?(?:user(?:[_-]?name)?|kaggle[_-]?user(?:[_-]?name)?|account|org)(?:/|$)`)

// CleanURL gives an address without credentials and query secrets; "" for none.
func CleanURL(s string) string {
	s = strings.TrimSpace(s)
	u, err := url.Parse(s)
	if err != nil || len(s) > maxURL || u.Host == "" || strings.ContainsAny(s, " \t\n<>\"") {
		return ""
	}
	switch u.Scheme {
	case "http", "https", "ftp", "s3", "gs", "hf":
	default:
		return ""
	}
	if u.Scheme == "hf" { // "datasets/org@revision" has no credentials
		return s
	}
	u.User = nil
	q := u.Query()
	for key := range q {
		if secret(key) {
			q.Del(key)
			u.RawQuery = q.Encode()
		}
	}
	return u.String()
}

// secret tells the parts of a query that give access.
func secret(key string) bool {
	key = strings.ToLower(key)
	for _, s := range []string{"token", "secret", "signature", "sig", "credential", "accesskey", "access_key", "apikey", "api_key", "password", "auth", "x-amz-security", "awsaccesskeyid"} {
		if key == s || strings.Contains(key, s) && len(s) > 3 {
			return true
		}
	}
	return false
}
