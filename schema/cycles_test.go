package schema

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const relatedHead = `{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"n","dataLicense":"CC0-1.0","documentNamespace":"urn:x","creationInfo":{"created":"2026-01-01T00:00:00Z","creators":["Tool: t"]},"packages":[`

// related is a document of SPDX 2.3 with n packages and relationships "FROM TYPE TO".
func related(n int, relations ...string) []byte {
	var p, r []string
	for i := range n {
		p = append(p, fmt.Sprintf(`{"SPDXID":"SPDXRef-%d","name":"a","downloadLocation":"NOASSERTION"}`, i))
	}
	for _, s := range relations {
		w := strings.Fields(s)
		r = append(r, fmt.Sprintf("\n"+`{"spdxElementId":"SPDXRef-%s","relationshipType":"%s","relatedSpdxElement":"SPDXRef-%s"}`, w[0], w[1], w[2]))
	}
	return []byte(relatedHead + strings.Join(p, ",") + `],"relationships":[` + strings.Join(r, ",") + "]}")
}

func TestContainment(t *testing.T) {
	for _, c := range []struct {
		data []byte
		want string
	}{
		{related(3, "0 CONTAINS 1", "1 CONTAINS 2", "0 CONTAINS 2"), ""},
		{related(2, "0 DEPENDS_ON 1", "1 DEPENDS_ON 0"), ""},
		{related(1, "0 CONTAINS 0"), `line 2: /relationships/0: nothing can contain itself: "SPDXRef-0" contains "SPDXRef-0"; remove one of these relationships`},
		{related(2, "0 CONTAINS 1", "0 CONTAINED_BY 1"), `line 3: /relationships/1: nothing can contain itself: "SPDXRef-0" contains "SPDXRef-1" contains "SPDXRef-0"; remove one of these relationships`},
		{related(8, "0 CONTAINS 1", "1 CONTAINS 2", "2 CONTAINS 3", "3 CONTAINS 4", "4 CONTAINS 5", "5 CONTAINS 6", "6 CONTAINS 7", "7 CONTAINS 0"),
			`line 9: /relationships/7: nothing can contain itself: "SPDXRef-0" contains "SPDXRef-1" contains "SPDXRef-2" contains "SPDXRef-3" contains "SPDXRef-4" contains ... contains "SPDXRef-0"; remove one of these relationships`},
	} {
		err := Validate(FormatSPDX, "2.3", c.data)
		if got := fmt.Sprint(err); c.want == "" && err != nil || c.want != "" && got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	linked := []byte(linkedHead + `,{"type":"Relationship","spdxId":"urn:x#r","creationInfo":"_:c","relationshipType":"contains","from":"urn:x#m","to":["urn:x#ada","urn:x#m"]}]}`)
	if err := Validate(FormatSPDX, "3.0.1", linked); err == nil || err.Error() != `line 4: /@graph/3: nothing can contain itself: "urn:x#m" contains "urn:x#m"; remove one of these relationships` {
		t.Error(err)
	}
}

// TestDependencyCycles: they are legal, and noted once.
func TestDependencyCycles(t *testing.T) {
	for format, data := range map[string][]byte{
		"cyclonedx-json 1.6": bom(`,"components":[{"type":"library","name":"a","bom-ref":"SPDXRef-0"},{"type":"library","name":"b","bom-ref":"SPDXRef-1"}],"dependencies":[{"ref":"SPDXRef-0","dependsOn":["SPDXRef-1","SPDXRef-0"]},{"ref":"SPDXRef-1","dependsOn":["SPDXRef-0"]}]`),
		"spdx-json 2.3":      related(2, "0 DEPENDS_ON 1", "0 DEPENDENCY_OF 1", "1 DEPENDS_ON 1"),
	} {
		format, version, _ := strings.Cut(format, " ")
		if err := Validate(format, version, data); err != nil {
			t.Error(err)
		}
		notes := Lint(format, version, data)
		if len(notes) != 1 || notes[0].Rule != RuleCycle || notes[0].Line == 0 || notes[0].Message != `a cycle of dependencies: "SPDXRef-0" depends on "SPDXRef-1" depends on "SPDXRef-0"` {
			t.Errorf("%s: %+v", format, notes)
		}
	}
}

// TestLongChains: a chain as long as the document needs no stack, and time in
// proportion.
func TestLongChains(t *testing.T) {
	const n = 100_000
	var relations []string
	for i := range n {
		relations = append(relations, fmt.Sprintf("%d CONTAINS %d", i, (i+1)%n))
	}
	data := related(n, relations...)
	start := time.Now()
	err := Validate(FormatSPDX, "2.3", data)
	if err == nil || !strings.Contains(err.Error(), "nothing can contain itself") || strings.Count(err.Error(), "\n") > 0 {
		t.Errorf("%.300v", err)
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("it took %s", took)
	}
}
