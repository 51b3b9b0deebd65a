package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"os"
	"strings"
	"testing"
	"unicode/utf16"
)

// small are whole documents with the name NAME.
var small = map[string]string{
	"cyclonedx-json": `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"NAME"}]}`,
	"cyclonedx-xml":  `<?xml version="1.0" encoding="UTF-8"?><bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1"><components><component type="library"><name>NAME</name></component></components></bom>`,
	"spdx-json":      `{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"NAME","dataLicense":"CC0-1.0","documentNamespace":"urn:x","creationInfo":{"created":"2026-01-01T00:00:00Z","creators":["Tool: t"]}}`,
	"spdx-yaml":      "spdxVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nname: NAME\ndataLicense: CC0-1.0\ndocumentNamespace: urn:x\ncreationInfo: {created: \"2026-01-01T00:00:00Z\", creators: [\"Tool: t\"]}\n",
	"spdx-tag-value": "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: NAME\nDataLicense: CC0-1.0\nDocumentNamespace: urn:x\nCreated: 2026-01-01T00:00:00Z\nCreator: Tool: t\n",
	"spdx-3":         `{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","created":"2026-01-01T00:00:00Z","createdBy":["urn:x#a"]},{"type":"Person","spdxId":"urn:x#a","creationInfo":"_:c","name":"NAME"}]}`,
}

// refused holds that convert and merge refuse the input in one line with exit 2
// and that validate says no, all with the same complaint.
func refused(t *testing.T, what string, data []byte, want string, verdict int) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("in", data, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, command := range [][]string{{"convert", "in", "-o", "cyclonedx-json=out"}, {"merge", "in", "-o", "spdx-json=out"}, {"validate", "-q", "in"}} {
		var out, diagnostics bytes.Buffer
		code := run(context.Background(), append([]string{"mlbom"}, command...), &out, &diagnostics)
		text, exit := diagnostics.String(), exitUsage
		if command[0] == "validate" {
			text, exit = out.String()+text, verdict
		}
		if code != exit || !strings.Contains(text, want) {
			t.Errorf("%s: %s exits with %d, want %d and %q:\n%.600s", what, command[0], code, exit, want, text)
		}
		if exit == exitUsage && (strings.Count(text, "\n") != 1 || !strings.HasPrefix(text, "mlbom: in: ")) {
			t.Errorf("%s: not one line with the name of the file: %q", what, text)
		}
		if strings.ContainsAny(text, "\x00\x1b\r\x07") {
			t.Errorf("%s: control characters reach the terminal: %q", what, text)
		}
		if _, err := os.Stat("out"); err == nil {
			t.Errorf("%s: %s wrote something", what, command[0])
		}
	}
}

// wide is a text in UTF-16.
func wide(s string, little bool) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if little {
			b = binary.LittleEndian.AppendUint16(b, u)
		} else {
			b = binary.BigEndian.AppendUint16(b, u)
		}
	}
	return b
}

// TestBadText gives every format in encodings and with bytes that it cannot have.
func TestBadText(t *testing.T) {
	for format, doc := range small {
		name := func(s string) []byte { return []byte(strings.ReplaceAll(doc, "NAME", s)) }
		for _, c := range []struct {
			what string
			data []byte
			want string
		}{
			{"UTF-16 LE with mark", append([]byte("\xff\xfe"), wide(doc, true)...), "line 1: the document is in UTF-16; write it in UTF-8"},
			{"UTF-16 BE with mark", append([]byte("\xfe\xff"), wide(doc, false)...), "line 1: the document is in UTF-16; write it in UTF-8"},
			{"UTF-16 LE", wide(doc, true), "line 1: the document is in UTF-16; write it in UTF-8"},
			{"UTF-16 BE", wide(doc, false), "line 1: the document is in UTF-16; write it in UTF-8"},
			{"Latin-1", name("caf\xe9"), "invalid UTF-8 (byte 0xe9 at offset "},
			{"invalid UTF-8", name("a\xc3\x28b"), "invalid UTF-8 (byte 0xc3 at offset "},
			{"zero byte", name("a\x00\x1b[31m"), "line "},
			{"twice", append(name("a"), name("b")...), "line "},
			{"empty", nil, "neither a CycloneDX document in JSON or XML nor an SPDX document in JSON, YAML, tag-value, XML or RDF/XML; it is empty"},
			{"spaces", []byte(" \n\n"), "it is empty"},
			{"binary", []byte("\x7fELF\x02\x01\x1b[31m\x00\x00"), `it begins with "\x7fELF\x02\x01\x1b[31m\x00\x00"`},
		} {
			refused(t, format+": "+c.what, c.data, c.want, exitProblem)
		}
	}
}

// TestUnknownVersions: there is no verdict on them, so validate exits with 2 too.
func TestUnknownVersions(t *testing.T) {
	for _, c := range [][4]string{
		{"cyclonedx-json", `"1.6"`, `"1.1"`, `no schema for CycloneDX "1.1" in JSON: want 1.2 to 1.7`},
		{"cyclonedx-json", `"1.6"`, `"1.8"`, `no schema for CycloneDX "1.8" in JSON: want 1.2 to 1.7`},
		{"cyclonedx-xml", "bom/1.6", "bom/1.8", `CycloneDX "1.8" in XML: want 1.0 to 1.7`},
		{"spdx-json", "SPDX-2.3", "SPDX-2.1", `no schema for SPDX "2.1"`},
		{"spdx-json", "SPDX-2.3", "SPDX-3.9", `no schema for SPDX "3.9"`},
		{"spdx-yaml", "SPDX-2.3", "SPDX-2.1", `no schema for SPDX "2.1"`},
		{"spdx-tag-value", "SPDX-2.3", "SPDX-2.1", `no schema for SPDX "2.1"`},
		{"spdx-3", "rdf/3.0.1", "rdf/3.9.0", `no schema for SPDX "3.9.0" in JSON-LD: want 3.0.1`},
	} {
		refused(t, c[0]+" "+c[2], []byte(strings.Replace(small[c[0]], c[1], c[2], 1)), c[3], exitUsage)
	}
	refused(t, "a number", []byte(strings.Replace(small["cyclonedx-json"], `"1.6"`, "1.6", 1)), `line 1: the version of the document is ""; write it as text`, exitProblem)
}

// TestBombs: what is small to write and large to read, and what reaches out.
func TestBombs(t *testing.T) {
	const deep = 10_000
	xml := small["cyclonedx-xml"]
	with := func(declaration, name string) string {
		return strings.Replace(strings.Replace(xml, "<bom", declaration+"<bom", 1), "NAME", name, 1)
	}
	nested := func(open, close string) string { return strings.Repeat(open, deep) + strings.Repeat(close, deep) }
	in := func(format, value string) string { return strings.Replace(small[format], `"NAME"`, value, 1) }
	for _, c := range [][3]string{
		{"billion laughs", with(`<!DOCTYPE bom [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>`, "&b;"), "line 1: a DTD or another declaration; remove it"},
		{"external entity", with(`<!DOCTYPE bom [<!ENTITY x SYSTEM "file:///etc/passwd">]>`, "&x;"), "line 1: a DTD or another declaration; remove it"},
		{"external DTD", with(`<!DOCTYPE bom SYSTEM "http://x/y.dtd">`, "a"), "line 1: a DTD or another declaration; remove it"},
		{"undeclared entity", with("", "&x;"), "line 1: "},
		{"another encoding", strings.Replace(xml, "UTF-8", "UTF-16", 1), `line 1: the XML declaration says that the encoding is "UTF-16"; write the document, and the declaration, in UTF-8`},
		{"deep XML", with("", nested("<x>", "</x>")), "line 1: "},
		{"deep JSON", in("cyclonedx-json", nested("[", "]")), "nested more than 256 deep"},
		{"deep JSON of SPDX", in("spdx-json", nested(`{"a":`, "}")), "nested more than 256 deep"},
		{"deep JSON-LD", in("spdx-3", nested("[", "]")), "nested more than 256 deep"},
		{"deep before the format", `{"a":` + nested("[", "]") + `,"bomFormat":"CycloneDX"}`, "nested more than 256 deep"},
		{"deep YAML", small["spdx-yaml"] + "x: " + nested("[", "]") + "\n", "line 7: "},
		{"aliases", small["spdx-yaml"] + "a: &a [x, x]\nb: [*a, *a]\n", "line 8: /b/0: an alias; SPDX has no use for them"},
		{"YAML documents", small["spdx-yaml"] + "---\n" + small["spdx-yaml"], "line 7: a second document; keep one document a file"},
		{"exponent", in("cyclonedx-json", "1e999999999"), "the exponent of \"1e999999999\" is beyond 400"},
		{"digits", in("spdx-json", strings.Repeat("9", 100_000)), "a number of 100000 digits, the bound is 400"},
		{"double key", in("cyclonedx-json", `"a","name":"b"`), `duplicate key "name": readers disagree on which value counts; keep one of them`},
		{"double key of YAML", small["spdx-yaml"] + "name: b\n", "line 7: "},
		{"double key of tag-value", small["spdx-tag-value"] + "DocumentName: b\n", `line 8: "name" is given twice`},
		{"double attribute", strings.Replace(xml, `type="library"`, `type="library" type="file"`, 1), `line 1: `},
		{"no BOM", `{"a":1}`, `it begins with "{\"a\":1}"`},
		{"other XML", "<html/>", `it begins with "<html/>"`},
		{"text", "hello\x1b[31m\n", `it begins with "hello\x1b[31m"`},
	} {
		refused(t, c[0], []byte(c[1]), c[2], exitProblem)
	}
}

// TestNoDocument: what cannot be read at all, and where nothing can be written.
func TestNoDocument(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("good", []byte(small["spdx-json"]), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir("folder", 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ args, want string }{
		{"convert folder", "mlbom: folder: it is a folder; name a file, or - for standard input\n"},
		{"merge good folder", "mlbom: folder: it is a folder; name a file, or - for standard input\n"},
		{"validate folder", "mlbom: folder: it is a folder; name a file, or - for standard input\n"},
		{"convert gone", "mlbom: gone: no such file or directory\n"},
		{"convert good -o spdx-json=none/out", "mlbom: cannot write none/out: no such file or directory; choose a folder that exists and can be written\n"},
		{"merge good -o spdx-json=folder", "mlbom: folder is a folder; name a file\n"},
	} {
		var out, diagnostics bytes.Buffer
		code := run(context.Background(), append([]string{"mlbom"}, strings.Fields(c.args)...), &out, &diagnostics)
		if code != exitUsage || diagnostics.String() != c.want || out.Len() > 0 {
			t.Errorf("%s: exit %d\n%s%swant %s", c.args, code, &out, &diagnostics, c.want)
		}
	}
}
