package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/collectors"
	"github.com/mlbom/mlbom/sbom"
)

var update = flag.Bool("update", false, "write README's tables anew")

const readme = "../../README.md"

var marked = regexp.MustCompile(`(?s)<!-- made: (\w+) -->\n.*?<!-- end -->`)

// TestReadmeIsMade: help text, README and code never disagree, for README's
// tables are made from the code.
func TestReadmeIsMade(t *testing.T) {
	old, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	parts := map[string]func(*testing.T) string{"commands": commandsPart, "exits": exitsPart, "collectors": collectorsPart, "rules": rulesPart, "findings": findingsPart,
		"screen": screenPart, "component": componentPart, "limits": limitsPart, "outputs": outputsPart, "picture": picturePart, "tour": tourPart}
	made := marked.ReplaceAllFunc(old, func(b []byte) []byte {
		name := string(marked.FindSubmatch(b)[1])
		make, ok := parts[name]
		if !ok {
			t.Errorf("README has a part %q that nothing makes", name)
			return b
		}
		delete(parts, name)
		return fmt.Appendf(nil, "<!-- made: %s -->\n%s<!-- end -->", name, make(t))
	})
	for name := range parts {
		t.Errorf("README has no part <!-- made: %s -->", name)
	}
	if bytes.Equal(old, made) {
		return
	}
	if *update {
		if err := os.WriteFile(readme, made, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	t.Error("README's tables are stale: go test ./cmd/mlbom -run Readme -update")
}

const shownTree = "../../examples/finetuned-model"

// screenPart is what a person sees; the time that it took is left out.
func screenPart(t *testing.T) string {
	dir := t.TempDir()
	var out, diagnostics bytes.Buffer
	if code := run(context.Background(), []string{"mlbom", "generate", shownTree, "-o", "cyclonedx-json=" + dir + "/bom.cdx.json", "--go-mod-cache", "none"}, &out, &diagnostics); code != exitOK || out.Len() > 0 {
		t.Fatalf("exit %d: %s%s", code, &out, &diagnostics)
	}
	text := strings.ReplaceAll(diagnostics.String(), dir+"/", "")
	return "```text\n" + regexp.MustCompile(`(?m) in [0-9.]+[mµ]?s$`).ReplaceAllString(text, "") + "```\n"
}

// componentPart is the model of that document, with the first of its places.
func componentPart(t *testing.T) string {
	var bom struct {
		Components []struct {
			Ref         string          `json:"bom-ref"`
			Type        string          `json:"type"`
			Name        string          `json:"name"`
			Description string          `json:"description"`
			Hashes      json.RawMessage `json:"hashes"`
			Licenses    json.RawMessage `json:"licenses"`
			Pedigree    json.RawMessage `json:"pedigree"`
			Evidence    struct {
				Occurrences []json.RawMessage `json:"occurrences"`
			} `json:"evidence"`
		}
	}
	if err := json.Unmarshal(generated(t, shownTree, "cyclonedx-json"), &bom); err != nil {
		t.Fatal(err)
	}
	for _, c := range bom.Components {
		if c.Ref == "model:./" {
			c.Evidence.Occurrences = c.Evidence.Occurrences[:3]
			text, err := json.MarshalIndent(c, "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			return "```json\n" + string(text) + "\n```\n"
		}
	}
	t.Fatal("the model is not in the document")
	return ""
}

func commandsPart(t *testing.T) string {
	var b strings.Builder
	for _, c := range newApp(&b, &b).Commands {
		var out bytes.Buffer
		if code := run(context.Background(), []string{"mlbom", c.Name, "--help"}, &out, &out); code != exitOK {
			t.Fatalf("mlbom %s --help: exit %d", c.Name, code)
		}
		fmt.Fprintf(&b, "### mlbom %s\n\n```text\n%s```\n\n", c.Name, strings.TrimLeft(out.String(), "\n"))
	}
	return b.String()
}

func outputsPart(*testing.T) string {
	var b strings.Builder
	b.WriteString("| format | versions | endings of FILE |\n|---|---|---|\n")
	for _, f := range formats {
		versions := strings.Join(versionsOf(f), ", ")
		if isPicture(f) {
			versions = "a picture"
		}
		fmt.Fprintf(&b, "| `%s` | %s | `%s` |\n", f, versions, strings.Join(endingsOf(f), "`, `"))
	}
	return b.String()
}

func exitsPart(*testing.T) string {
	var b strings.Builder
	b.WriteString("| code | meaning |\n|---|---|\n")
	for _, e := range exitCodes {
		fmt.Fprintf(&b, "| %d | %s |\n", e.code, e.meaning)
	}
	return b.String()
}

func collectorsPart(*testing.T) string {
	var b strings.Builder
	b.WriteString("| collector | reads | files |\n|---|---|---|\n")
	for _, k := range collectors.All() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", k.Name, title(k), strings.ReplaceAll(shorten(files(k), 160), "*", `\*`))
	}
	return b.String()
}

func rulesPart(*testing.T) string {
	var b strings.Builder
	b.WriteString("| rule | severity | what | tags |\n|---|---|---|---|\n")
	for _, r := range sbom.Rules() {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", r.ID, r.Severity, r.Title, strings.Join(r.Tags, ", "))
	}
	return b.String()
}

// findingsPart documents the lines of --findings from the struct that they are
// made of.
func findingsPart(t *testing.T) string {
	var b strings.Builder
	b.WriteString("| key | type | present |\n|---|---|---|\n")
	line := reflect.TypeFor[findingLine]()
	for i := range line.NumField() {
		key, omit, _ := strings.Cut(line.Field(i).Tag.Get("json"), ",")
		when := "always"
		if omit != "" {
			when = "where known"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", key, jsonType(line.Field(i).Type), when)
	}
	return b.String()
}

func jsonType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "string"
	case reflect.Slice:
		return "list of strings"
	}
	return "number"
}

func TestFindingLinesAreJSON(t *testing.T) {
	g := &sbom.Graph{
		Nodes:    []*sbom.Node{{ID: "file:x", Findings: []sbom.Finding{{Rule: sbom.RuleUnsafeFormat, Message: "a \"pickle\"", Where: sbom.Place{Path: "x\n.pkl", Offset: 7}}}}},
		Problems: []sbom.Problem{{Path: "y", Line: 3, Reason: "broken"}},
	}
	var got []findingLine
	for line := range strings.Lines(string(findingLines(g))) {
		var f findingLine
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		got = append(got, f)
	}
	if len(got) != 2 || got[0].Severity != "medium" || got[0].Component != "file:x" || got[0].Offset != 7 || got[1].Type != "problem" || got[1].Line != 3 {
		t.Errorf("got %+v", got)
	}
}

func TestTerminalTextIsPlain(t *testing.T) {
	if got := plain("a\x1b[31mred\u202e\nb"); strings.ContainsAny(got, "\x1b\n\u202e") {
		t.Errorf("plain left %q", got)
	}
}

// What several collectors say of one file is one line.
func TestProblemsOnce(t *testing.T) {
	one := sbom.Problem{Path: "a.txt", Reason: "the file cannot be read"}
	var b strings.Builder
	listProblems(&b, []sbom.Problem{one, one})
	if want := "1 place could not be read, so the document is marked incomplete\n  a.txt: the file cannot be read\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

// picturePart is the graph of the example of data, pipeline and evaluation.
func picturePart(t *testing.T) string {
	return "```mermaid\n" + string(generated(t, filepath.Join(examples, "lineage"), "mermaid")) + "```\n"
}
