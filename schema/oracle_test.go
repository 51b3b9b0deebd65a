package schema

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// mutationsOf is how many broken documents of each version xmllint is asked about.
const mutationsOf = 400

// TestLikeXMLLint holds the verdicts against libxml2, on the official documents
// and on random changes of the valid ones.
func TestLikeXMLLint(t *testing.T) {
	xmllint := os.Getenv("MLBOM_ORACLE_XMLLINT")
	if xmllint == "" {
		t.Skip("MLBOM_ORACLE_XMLLINT is not set: name the program xmllint")
	}
	dir := official(t)
	for _, version := range xmlVersions {
		t.Run(version, func(t *testing.T) {
			temp := t.TempDir()
			xsdFile := writeXSD(t, temp, version)
			documents := officialAndMutations(t, dir, version)
			var paths []string
			for i, d := range documents {
				path := filepath.Join(temp, fmt.Sprintf("%04d.xml", i))
				if err := os.WriteFile(path, d.data, 0o600); err != nil {
					t.Fatal(err)
				}
				paths = append(paths, path)
			}
			out, _ := exec.Command(xmllint, append([]string{"--noout", "--nonet", "--schema", xsdFile}, paths...)...).CombinedOutput()
			compareVerdicts(t, version, documents, paths, string(out))
		})
	}
}

func compareVerdicts(t *testing.T, version string, documents []mutation, paths []string, out string) {
	invalid, differ := 0, 0
	for i, d := range documents {
		err := ValidateXML(version, d.data)
		ours := !againstSchema(err)
		theirs := strings.Contains(out, paths[i]+" validates\n")
		if !theirs && !strings.Contains(out, paths[i]+" fails to validate") {
			continue // not well-formed
		}
		if !theirs {
			invalid++
		}
		if ours == theirs || ours && blankURI(out, paths[i]) || theirs && wildcardBefore(d.name, err) {
			continue
		}
		if differ++; differ < 20 {
			var said []string
			for line := range strings.Lines(out) {
				if strings.HasPrefix(line, paths[i]) {
					said = append(said, line)
				}
			}
			t.Errorf("%s: we say %v, xmllint says %v: %s\n%v", d.name, ours, theirs, strings.Join(said, ""), err)
		}
	}
	t.Logf("%d documents, %d of them invalid, %d verdicts differ", len(documents), invalid, differ)
	if version >= "1.2" && invalid < mutationsOf/4 {
		t.Errorf("only %d documents are invalid", invalid)
	}
}

// againstSchema tells whether the official schema is broken, which knows of equal
// bom-refs and not of references.
func againstSchema(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return err != nil
	}
	for _, i := range e.Issues {
		if i.Rule != RuleReference && i.Rule != RuleVersion {
			return true
		}
	}
	return false
}

// wildcardBefore is where libxml2 errs: after "contact*, any*" it takes a contact
// behind an element of another namespace.
func wildcardBefore(name string, err error) bool {
	var e *Error
	if !strings.Contains(name, "another namespace before") || !errors.As(err, &e) {
		return false
	}
	for _, i := range e.Issues {
		if i.Rule != RuleReference && !strings.Contains(i.Message, "may not stand here: nothing may follow") {
			return false
		}
	}
	return true
}

var uriOnly = regexp.MustCompile(`is not a valid value of the (atomic|union) type '(xs:anyURI|{[^}]*}[A-Za-z]*|local union type)'`)

// blankURI tells whether libxml2 refuses nothing but addresses with blanks, which
// the specification allows (part 2, 3.2.17).
func blankURI(out, path string) bool {
	for line := range strings.Lines(out) {
		if strings.HasPrefix(line, path+":") && !(uriOnly.MatchString(line) && strings.Contains(line, "' a b'")) && !strings.Contains(line, "'a b'") {
			return false
		}
	}
	return true
}

func writeXSD(t *testing.T, dir, version string) string {
	for _, name := range []string{"bom-" + version + ".xsd", "spdx.xsd"} {
		data, err := unpacked(name)
		if err != nil {
			t.Fatal(err)
		}
		data = bytes.Replace(data, []byte(`schemaLocation="http://cyclonedx.org/schema/spdx"`), []byte(`schemaLocation="spdx.xsd"`), 1)
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "bom-"+version+".xsd")
}

type mutation struct {
	name string
	data []byte
}

func officialAndMutations(t *testing.T, dir, version string) []mutation {
	var all, valid []mutation
	paths, _ := filepath.Glob(filepath.Join(dir, "test-resources", version, "*valid*.xml"))
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m := mutation{filepath.Base(path), data}
		all = append(all, m)
		if strings.HasPrefix(m.name, "valid-") {
			valid = append(valid, m)
		}
	}
	rng := rand.New(rand.NewPCG(uint64(version[2]), 7))
	for i := range mutationsOf {
		m := valid[i%len(valid)]
		data, what := mutateXML(rng, m.data)
		all = append(all, mutation{m.name + ": " + what, data})
	}
	return all
}

// place is where an element stands in the bytes.
type place struct {
	name               string
	from, open, to     int // begin, end of the start tag, end
	closing            int // begin of the end tag
	next               int // the sibling behind, or -1
	attributes         []xml.Attr
	parent, lastInside int
}

func places(data []byte) []place {
	dec := xml.NewDecoder(bytes.NewReader(data))
	var all []place
	var stack []int
	for {
		from := int(dec.InputOffset())
		tok, err := dec.Token()
		if err != nil {
			return all
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			p := place{name: tok.Name.Local, from: from, open: int(dec.InputOffset()), next: -1, lastInside: -1, parent: -1, attributes: tok.Copy().Attr}
			if len(stack) > 0 {
				p.parent = stack[len(stack)-1]
				above := &all[p.parent]
				if above.lastInside >= 0 {
					all[above.lastInside].next = len(all)
				}
				above.lastInside = len(all)
			}
			stack = append(stack, len(all))
			all = append(all, p)
		case xml.EndElement:
			p := &all[stack[len(stack)-1]]
			p.closing, p.to = from, int(dec.InputOffset())
			stack = stack[:len(stack)-1]
		}
	}
}

var samples = []string{"", " ", "x", "-1", "0", "1", "01", "+2.50", ".5", "5.", "1e5", "true", "TRUE", " false\n", "2020-02-30T00:00:00Z", "2020-02-29T24:00:00Z", "2020-01-01T00:00:00",
	"2020-01-01T00:00:00+15:00", "2020-01-01", "2020-01-01T23:59:60Z", "a b", "http://[x", "%zz", "a#b#c", "urn:cdx:f08a6ccd-4dce-4759-bd84-c626675d60a7/1", "en-US", "MIT", "de", "1:b", "http://h:99999/", "é", "a\tb", "99999999999999999999", "0.95", "1.0000001", "{x}", "//", "::"}

func mutateXML(rng *rand.Rand, data []byte) ([]byte, string) {
	all := places(data)
	p := all[rng.IntN(len(all))]
	sample := samples[rng.IntN(len(samples))]
	splice := func(from, to int, text string) []byte {
		return []byte(string(data[:from]) + text + string(data[to:]))
	}
	isEmpty := p.closing == p.open && p.to == p.open // <a/>
	nameEnd := p.from + 1 + len(regexp.MustCompile(`^[^\s/>]+`).Find(data[p.from+1:]))
	switch rng.IntN(9) {
	case 0:
		return splice(p.from, p.to, ""), "without " + p.name
	case 1:
		return splice(p.from, p.from, string(data[p.from:p.to])), "twice " + p.name
	case 2:
		if p.next >= 0 {
			q := all[p.next]
			return splice(p.from, q.to, string(data[q.from:q.to])+string(data[p.from:p.to])), "swapped " + p.name + " and " + q.name
		}
	case 3:
		if !isEmpty {
			return splice(p.open, p.closing, sample), fmt.Sprintf("%s holds %q", p.name, sample)
		}
	case 4:
		other := all[rng.IntN(len(all))].name
		if !isEmpty {
			changed := splice(p.closing, p.to, "</"+other+">")
			return append(append(append([]byte{}, changed[:p.from+1]...), other...), changed[nameEnd:]...), p.name + " called " + other
		}
	case 5:
		if len(p.attributes) > 0 {
			a := p.attributes[rng.IntN(len(p.attributes))]
			if i := bytes.Index(data[p.from:p.open], []byte(a.Name.Local+`="`)); i >= 0 && a.Name.Local != "xmlns" {
				at := p.from + i + len(a.Name.Local) + 2
				end := at + bytes.IndexByte(data[at:], '"')
				return splice(at, end, sample), fmt.Sprintf("%s/@%s is %q", p.name, a.Name.Local, sample)
			}
		}
	case 6:
		added := []string{` x="1"`, ` xmlns:q="urn:q" q:x="1"`, ` bom-ref="new"`, ` xml:lang="de"`, ` type="library"`}[rng.IntN(5)]
		return splice(nameEnd, nameEnd, added), p.name + " with" + added
	case 7:
		if !isEmpty {
			added := []string{" ", "text", "<!-- c -->", `<q:x xmlns:q="urn:q"><q:y z="1">a</q:y></q:x>`, `<x xmlns=""/>`, "<name>n</name>"}[rng.IntN(6)]
			return splice(p.closing, p.closing, added), p.name + " and at its end " + added
		}
	case 8:
		if p.lastInside >= 0 {
			q := all[p.lastInside]
			return splice(q.from, q.from, `<q:x xmlns:q="urn:q"/>`), "another namespace before " + q.name
		}
	}
	return data, "unchanged"
}
