package xsd

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
)

const head = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" targetNamespace="urn:t" elementFormDefault="qualified">`

// library is a small schema with all that is understood.
const library = head + `
<xs:annotation><xs:documentation>not read</xs:documentation></xs:annotation>
<xs:simpleType name="isbn"><xs:restriction base="xs:token"><xs:pattern value="[0-9]{3}-[0-9X]"/><xs:pattern value="none"/></xs:restriction></xs:simpleType>
<xs:simpleType name="short"><xs:restriction base="xs:string"><xs:minLength value="1"/><xs:maxLength value="3"/></xs:restriction></xs:simpleType>
<xs:simpleType name="either"><xs:union memberTypes="xs:integer t:isbn"/></xs:simpleType>
<xs:attributeGroup name="marks"><xs:attribute name="mark" type="xs:boolean"/></xs:attributeGroup>
<xs:complexType name="price"><xs:simpleContent><xs:extension base="xs:decimal"><xs:attribute name="unit" type="t:short" use="required"/></xs:extension></xs:simpleContent></xs:complexType>
<xs:complexType name="book"><xs:sequence>
  <xs:element name="title" type="xs:normalizedString"/>
  <xs:choice><xs:element name="isbn" type="t:isbn"/><xs:element name="number" type="t:either"/></xs:choice>
  <xs:element name="state" default="new" minOccurs="0"><xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="new"/><xs:enumeration value="old"/></xs:restriction></xs:simpleType></xs:element>
  <xs:element name="price" type="t:price" minOccurs="0" maxOccurs="unbounded"/>
  <xs:element name="rank" minOccurs="0"><xs:simpleType><xs:restriction base="xs:decimal"><xs:minInclusive value="0"/><xs:maxInclusive value="1"/></xs:restriction></xs:simpleType></xs:element>
  <xs:element name="note" minOccurs="0"/>
  <xs:element name="link" type="t:link" minOccurs="0"/>
  <xs:any namespace="##other" processContents="lax" minOccurs="0" maxOccurs="unbounded"/>
</xs:sequence><xs:attribute name="id" type="xs:string"/><xs:attributeGroup ref="t:marks"/><xs:anyAttribute namespace="##other" processContents="lax"/></xs:complexType>
<xs:complexType name="link"><xs:attribute name="ref" type="xs:anyURI" use="required"/></xs:complexType>
<xs:element name="library"><xs:complexType><xs:sequence minOccurs="0" maxOccurs="unbounded"><xs:element name="book" type="t:book"/></xs:sequence></xs:complexType>
  <xs:unique name="ids"><xs:selector xpath=".//*"/><xs:field xpath="@id"/></xs:unique></xs:element>
</xs:schema>`

// check gives the messages for a document.
func check(t testing.TB, s *Schema, document string) []string {
	t.Helper()
	var said []string
	v := s.Validate(func(message, fix string) {
		if fix != "" {
			message += "; " + fix
		}
		said = append(said, message)
	})
	dec := xml.NewDecoder(strings.NewReader(document))
	for {
		tok, err := dec.Token()
		if err != nil {
			return said
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			v.Start(tok)
		case xml.CharData:
			v.Text(tok)
		case xml.EndElement:
			v.End()
		}
	}
}

func TestValidate(t *testing.T) {
	s, err := Compile([]byte(library))
	if err != nil {
		t.Fatal(err)
	}
	if s.Unique != "id" || s.Namespace != "urn:t" {
		t.Errorf("%q %q", s.Unique, s.Namespace)
	}
	const good = `<title>a</title><isbn>123-X</isbn>`
	book := func(inside string) string { return `<library xmlns="urn:t"><book>` + inside + `</book></library>` }
	for _, c := range []struct{ document, want string }{
		{`<library xmlns="urn:t"/>`, ""},
		{`<library xmlns="urn:t"> <book id="1" mark="0" xmlns:q="urn:q" q:x="1">` + good + `<q:any><q:thing/></q:any></book></library>`, ""},
		{book(good + `<state/><price unit="EUR">.5</price><price unit="x">-7</price><rank>1.000</rank><note a="1">any <x/></note><link ref="a b"/>`), ""},
		{book(`<title>a</title><number> none </number>`), ""},
		{book(`<title>a</title><number>-7</number>`), ""},
		{`<library xmlns="urn:x"/>`, `the root element "library" of "urn:x" is not declared`},
		{book(`<isbn>123-X</isbn>`), `the element "isbn" stands where "title" must; keep this order: title, isbn, number, state, price, rank, note, link`},
		{book(`<title>a</title>`), `the element "book" ends too early; add one of isbn, number`},
		{book(``), `the element "book" ends too early; add "title"`},
		{book(good + good), `the element "title" may not stand here: next may be state, price, rank, note, link; keep this order: title, isbn, number, state, price, rank, note, link`},
		{book(good + `<colour/>`), `the element "colour" is not known in "book"; allowed are: title, isbn, number, state, price, rank, note, link`},
		{book(good + "text"), `text stands between the elements of "book"; put it into an element, or remove it`},
		{book(`<title>a<b/></title><isbn>none</isbn>`), `the element "b" may not stand inside "title", which has text only; remove it`},
		{book(`<title>a</title><isbn>12</isbn>`), `"12" does not have the form that is wanted: [0-9]{3}-[0-9X] or none`},
		{book(`<title>a</title><number>x</number>`), `"x" is no whole number`},
		{book(good + `<state>worn</state>`), `"worn" is not one of the allowed values: new, old`},
		{book(good + `<price>1</price>`), `the attribute "unit" is missing; add it`},
		{book(good + `<price unit="long">1</price>`), `the attribute "unit": "long" has more than 3 characters`},
		{book(good + `<price unit="">1e3</price>`), `the attribute "unit": "" has fewer than 1 characters
"1e3" is no decimal number`},
		{book(good + `<rank>1.01</rank>`), `"1.01" is more than 1`},
		{book(good + `<rank>-0.1</rank>`), `"-0.1" is less than 0`},
		{book(good + `<link ref="%"/>`), `the attribute "ref": "%" is no URI: a % needs two hexadecimal digits`},
		{book(good + `<link ref="x"><a/></link>`), `the element "a" may not stand here: "link" has no elements; remove it`},
		{book(good + `<x xmlns=""/>`), `the element "x" of the namespace "" may not stand here; remove it, or put it where the schema is open`},
		{book(`<q:x xmlns:q="urn:q"/>` + good), `the element "x" of the namespace "urn:q" may not stand here; put it behind the elements that the schema declares`},
		{`<library xmlns="urn:t"><book colour="red">` + good + `</book></library>`, `the attribute "colour" is not known here; allowed are: id, mark`},
		{`<library xmlns="urn:t" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="a b" i:type="x"/>`,
			`the attribute xsi:type is not understood; remove it: the schema has no place that needs it`},
		{book(good + `<q:x xmlns:q="urn:q"><library><book/></library></q:x>`), `the element "book" ends too early; add "title"`},
	} {
		if got := strings.Join(check(t, s, c.document), "\n"); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.document, got, c.want)
		}
	}
}

// TestRefused holds that a schema is never read by half.
func TestRefused(t *testing.T) {
	in := func(s string) string { return head + s + "</xs:schema>" }
	content := func(s string) string { return in(`<xs:complexType name="a">` + s + `</xs:complexType>`) }
	simple := func(s string) string {
		return in(`<xs:simpleType name="a"><xs:restriction base="xs:string">` + s + `</xs:restriction></xs:simpleType>`)
	}
	for _, c := range []struct{ schema, want string }{
		{"", "there is no element"},
		{"<a/>", `an element of "" is not understood`},
		{strings.Replace(in(""), "qualified", "unqualified", 1), "elementFormDefault"},
		{in(`<xs:notation/>`), "<notation>: not understood at the top"},
		{in(`<xs:import namespace="urn:x"/>`), `the schema of "urn:x" was not given`},
		{in(`<xs:element name="a" abstract="true"/>`), `the attribute "abstract" is not understood`},
		{in(`<xs:element name="a"><xs:complexType/><xs:key name="k"/></xs:element>`), "<key>: not understood in an element"},
		{in(`<xs:element name="a"><xs:unique name="u"><xs:selector xpath="t:b"/><xs:field xpath="@c"/></xs:unique></xs:element>`), "an identity constraint other than"},
		{content(`<xs:all/>`), "<all>: not understood in a type"},
		{content(`<xs:sequence><xs:group ref="t:b"/></xs:sequence>`), "<group>: not understood in a content model"},
		{content(`<xs:sequence><xs:element ref="t:b"/></xs:sequence>`), `the attribute "ref" is not understood`},
		{content(`<xs:sequence><xs:element name="b" type="xs:string" maxOccurs="2"/></xs:sequence>`), `maxOccurs="2" is not understood`},
		{content(`<xs:sequence minOccurs="2"/>`), `minOccurs="2" is not understood`},
		{content(`<xs:sequence><xs:element name="b" type="xs:float"/></xs:sequence>`), `the built-in type "float" is not understood`},
		{content(`<xs:sequence><xs:element name="b" type="t:none"/></xs:sequence>`), `the type "none" is not declared`},
		{content(`<xs:sequence><xs:any namespace="##any" processContents="lax"/></xs:sequence>`), "only namespace="},
		{content(`<xs:sequence><xs:element name="b" type="xs:string" minOccurs="0"/><xs:element name="b" type="xs:string"/></xs:sequence>`), "not deterministic: b"},
		{content(`<xs:choice><xs:element name="b" type="xs:string"/><xs:element name="b" type="xs:integer"/></xs:choice>`), `"b" has two types in one place`},
		{content(`<xs:attribute name="b" type="xs:string" use="prohibited"/>`), `use="prohibited" is not understood`},
		{content(`<xs:complexContent/>`), "<complexContent>: not understood in a type"},
		{simple(`<xs:totalDigits value="3"/>`), "<totalDigits>: the facet is not understood"},
		{simple(`<xs:minInclusive value="3"/>`), "the bound"},
		{simple(`<xs:pattern value="\d+"/>`), `the escape \d`},
		{in(`<xs:simpleType name="a"><xs:list itemType="xs:string"/></xs:simpleType>`), "<list>: not understood in a simple type"},
		{in(`<xs:simpleType name="a"><xs:restriction base="t:a"/></xs:simpleType>`), `the type "a" is made of itself`},
		{in(strings.Repeat("<xs:annotation>", 2)), "XML syntax error on line 1"},
	} {
		_, err := Compile([]byte(c.schema))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s\n got %v\nwant %s", c.schema, err, c.want)
		}
	}
	if _, err := Compile(); err == nil {
		t.Error("nothing compiles")
	}
}

func TestPatterns(t *testing.T) {
	for _, c := range []struct{ pattern, yes, no string }{
		{`a.b`, "axb", "a\nb"},
		{`a|bc`, "bc", "ac"},
		{`$^`, "$^", ""},
		{`[-+a.]+`, "-+a.", "b"},
		{`[^a^]`, "b", "^"},
		{`\(\{\}\)\.`, "({}).", "x"},
		{`[A-Za-z0-9\-/.() ]{0,3}x`, "- /x", "-- -x"},
		{`(\?*|\*?)[#$$%]`, "??$", "x"},
	} {
		re, err := compilePattern(c.pattern)
		if err != nil || !re.MatchString(c.yes) || re.MatchString(c.no) {
			t.Errorf("%s: %v %v", c.pattern, err, re)
		}
	}
	for _, bad := range []string{`[a-z-[b]]`, `\i\c*`, `\p{L}`, `a**`, `a*?`, `(?:a)`, `a{2`, `a{x}`, `[`, `a]`, `a}`, `(`, `[a`, `\`, `[[:alpha:]]`, `*a`} {
		if re, err := compilePattern(bad); err == nil {
			t.Errorf("%s is understood as %v", bad, re)
		}
	}
}

func TestBuiltins(t *testing.T) {
	for _, c := range []struct{ typ, yes, no string }{
		{"boolean", "true|false|0|1| 1\n", "TRUE|yes||2"},
		{"integer", "0|-0|+7|007|99999999999999999999", "1.0||+|1e3|--1"},
		{"nonNegativeInteger", "0|-0|+1", "-1|x"},
		{"positiveInteger", "1|+01", "0|-1|0.5"},
		{"decimal", "1|-1.5|+.5|5.|00.10", ".|1e3|NaN||INF"},
		{"date", "2024-02-29|2000-02-29|2023-01-01Z|2023-01-01+14:00|-0001-01-01|12024-02-29", "2023-02-29|1900-02-29|2023-1-1|0000-01-01|2023-01-01+14:01|2023-13-01|2023-01-32"},
		{"dateTime", "2024-02-29T00:00:00|2024-01-01T24:00:00Z|2024-01-01T23:59:59.999-05:30", "2024-01-01|2024-01-01T24:00:01Z|2024-01-01T23:60:00Z|2024-01-01T23:59:60Z|2024-01-01T1:00:00Z|2024-01-01 00:00:00Z"},
		{"anyURI", "|a|http://x/é|urn:a:b|a b|//h/p?q#f|http://[::1]:80/|mailto:a@b|?q|#f|a/b:c", "%|%g0|a#b#c|http://[x|1:b|:|a[b|http://h:x/"},
	} {
		s := &Simple{Base: c.typ}
		for v := range strings.SplitSeq(c.yes, "|") {
			if wrong := s.Check(v); wrong != "" {
				t.Errorf("%s: %s", c.typ, wrong)
			}
		}
		for v := range strings.SplitSeq(c.no, "|") {
			if s.Check(v) == "" {
				t.Errorf("%s takes %q", c.typ, v)
			}
		}
	}
}

func TestCompareDecimals(t *testing.T) {
	sorted := []string{"-100", "-99.5", "-1.01", "-1", "-0.5", "0", "0.05", ".5", "1", "1.5", "9", "10", "1000000000000000000000"}
	for i, a := range sorted {
		for j, b := range sorted {
			if got := compareDecimals(a, b); (got < 0) != (i < j) || (got > 0) != (i > j) {
				t.Errorf("%s, %s: %d", a, b, got)
			}
		}
	}
	if compareDecimals("-0", "0.00") != 0 || compareDecimals("+1.0", "01") != 0 {
		t.Error("equal numbers differ")
	}
}

func FuzzCompile(f *testing.F) {
	f.Add([]byte(library))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Compile(data)
		if (s == nil) == (err == nil) {
			t.Errorf("%v %v", s, err)
		}
	})
}

func FuzzValidate(f *testing.F) {
	s, err := Compile([]byte(library))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(`<library xmlns="urn:t"><book id="1"><title>a</title><isbn>123-X</isbn><state/><price unit="E">1</price></book></library>`)
	f.Fuzz(func(t *testing.T, document string) {
		first := fmt.Sprint(check(t, s, document))
		if again := fmt.Sprint(check(t, s, document)); first != again {
			t.Errorf("%s\n%s", first, again)
		}
		if bytes.ContainsAny([]byte(first), "\x00\x1b\r") {
			t.Errorf("%q", first)
		}
	})
}

func FuzzPattern(f *testing.F) {
	f.Add(`[a-z]{2}(-[A-Z]{2})?`, "de-DE")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if re, err := compilePattern(pattern); err == nil {
			re.MatchString(text)
		}
	})
}
