package xmlform

import (
	"fmt"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom/sbomtest"
	"github.com/mlbom/mlbom/schema"
)

// both are parts of a document in their two forms.
var both = []struct{ name, version, xml, json string }{
	{"attributes and elements", "1.6", `<components><component type="library" mime-type="a/b" bom-ref="r"><name>n</name><modified>1</modified></component></components>`,
		`"components":[{"type":"library","mime-type":"a/b","bom-ref":"r","name":"n","modified":true}]`},
	{"text beside attributes", "1.6", `<components><component type="library"><name>n</name><hashes><hash alg="MD5">3942447fac867ae5cdb3229b658f4d48</hash></hashes>
		<licenses><license bom-ref="l" acknowledgement="declared"><name>x</name><text content-type="text/plain" encoding="base64">YQ==</text></license></licenses></component></components>`,
		`"components":[{"type":"library","name":"n","hashes":[{"alg":"MD5","content":"3942447fac867ae5cdb3229b658f4d48"}],
		"licenses":[{"license":{"bom-ref":"l","acknowledgement":"declared","name":"x","text":{"contentType":"text/plain","encoding":"base64","content":"YQ=="}}}]}]`},
	{"expression before 1.5", "1.4", `<components><component type="library"><name>n</name><version>1</version><licenses><expression>
			MIT OR 0BSD
		</expression></licenses></component></components>`,
		`"components":[{"type":"library","name":"n","version":"1","licenses":[{"expression":"MIT OR 0BSD"}]}]`},
	{"expressions in 1.7", "1.7", `<components><component type="library"><name>n</name><licenses><license><id>MIT</id></license><expression bom-ref="e">MIT</expression>
		<expression-detailed expression="LicenseRef-a"><details license-identifier="LicenseRef-a"><url>http://a</url></details></expression-detailed></licenses></component></components>`,
		`"components":[{"type":"library","name":"n","licenses":[{"license":{"id":"MIT"}},{"bom-ref":"e","expression":"MIT"},
		{"expression":"LicenseRef-a","expressionDetails":[{"licenseIdentifier":"LicenseRef-a","url":"http://a"}]}]}]`},
	{"tools of old", "1.5", `<metadata><tools><tool><vendor>v</vendor><name>n</name></tool><tool/></tools></metadata>`, `"metadata":{"tools":[{"vendor":"v","name":"n"},{}]}`},
	{"tools", "1.5", `<metadata><tools><components><component type="application"><name>n</name></component></components></tools></metadata>`,
		`"metadata":{"tools":{"components":[{"type":"application","name":"n"}]}}`},
	{"dependencies", "1.6", `<dependencies><dependency ref="a"><dependency ref="b"/><provides ref="c"/></dependency><dependency ref="b"/></dependencies>`,
		`"dependencies":[{"ref":"a","dependsOn":["b"],"provides":["c"]},{"ref":"b"}]`},
	{"references", "1.5", `<compositions><composition bom-ref="c"><aggregate>complete</aggregate><assemblies><assembly ref="a"/><assembly ref="b"/></assemblies></composition></compositions>`,
		`"compositions":[{"bom-ref":"c","aggregate":"complete","assemblies":["a","b"]}]`},
	{"numbers", "1.6", `<vulnerabilities><vulnerability><ratings><rating><score>7.50</score></rating></ratings><cwes><cwe>+079</cwe><cwe>1</cwe></cwes><analysis><responses><response>update</response></responses></analysis></vulnerability></vulnerabilities>`,
		`"vulnerabilities":[{"ratings":[{"score":7.5}],"cwes":[79,1],"analysis":{"response":["update"]}}]`},
	{"datasets", "1.6", `<components><component type="machine-learning-model"><name>n</name><modelCard><modelParameters><datasets><ref>d</ref><dataset><type>dataset</type>
		<governance><owners><owner><individual><name>a</name></individual></owner><owner><organization><name>b</name></organization></owner></owners></governance></dataset></datasets></modelParameters></modelCard></component></components>`,
		`"components":[{"type":"machine-learning-model","name":"n","modelCard":{"modelParameters":{"datasets":[{"ref":"d"},{"type":"dataset",
		"governance":{"owners":[{"contact":{"name":"a"}},{"organization":{"name":"b"}}]}}]}}}]`},
	{"short flows", "1.6", `<services><service><name>s</name><data><classification flow="inbound">PII</classification></data></service></services>`,
		`"services":[{"name":"s","data":[{"flow":"inbound","classification":"PII"}]}]`},
	{"long flows", "1.6", `<services><service><name>s</name><data><dataflow name="n"><classification flow="inbound">PII</classification><source><url>http://a</url></source></dataflow>
		<dataflow><classification flow="outbound">PII</classification></dataflow></data></service></services>`,
		`"services":[{"name":"s","data":[{"name":"n","flow":"inbound","classification":"PII","source":["http://a"]},{"flow":"outbound","classification":"PII"}]}]`},
	{"evidence", "1.6", `<components><component type="library"><name>n</name><evidence><identity><field>purl</field><confidence>.5</confidence><tools><tool ref="t"/></tools></identity>
		<occurrences><occurrence><location>l</location><line>3</line></occurrence></occurrences><copyright><text>c</text></copyright></evidence></component></components>`,
		`"components":[{"type":"library","name":"n","evidence":{"identity":[{"field":"purl","confidence":0.5,"tools":["t"]}],"occurrences":[{"location":"l","line":3}],"copyright":[{"text":"c"}]}}]`},
	{"one identity in 1.5", "1.5", `<components><component type="library"><name>n</name><evidence><identity><field>purl</field></identity></evidence></component></components>`,
		`"components":[{"type":"library","name":"n","evidence":{"identity":{"field":"purl"}}}]`},
	{"data in 1.5", "1.5", `<components><component type="data"><name>n</name><data><type>dataset</type></data></component></components>`, `"components":[{"type":"data","name":"n","data":[{"type":"dataset"}]}]`},
	{"patents", "1.7", `<components><component type="library"><name>n</name><patentAssertions><patentAssertion><assertionType>ownership</assertionType><patentRefs><bom-ref>p</bom-ref></patentRefs>
		<asserter><ref>o</ref></asserter></patentAssertion><patentAssertion><assertionType>license</assertionType><asserter><contact><name>a</name><email>b</email></contact></asserter></patentAssertion></patentAssertions></component></components>
		<definitions><patents><patentFamily><familyId>f</familyId><members><ref>p</ref></members></patentFamily></patents></definitions>`,
		`"components":[{"type":"library","name":"n","patentAssertions":[{"assertionType":"ownership","patentRefs":["p"],"asserter":"o"},{"assertionType":"license","asserter":{"name":"a","email":"b"}}]}],
		"definitions":{"patents":[{"familyId":"f","members":["p"]}]}`},
	{"mixed content", "1.7", `<components><component type="cryptographic-asset"><name>n</name><cryptoProperties><assetType>protocol</assetType><protocolProperties><ikev2TransformTypes>
		<encr>ref</encr><ke><group>14</group></ke><esn>true</esn></ikev2TransformTypes><cryptoRef>a</cryptoRef></protocolProperties></cryptoProperties></component></components>`,
		`"components":[{"type":"cryptographic-asset","name":"n","cryptoProperties":{"assetType":"protocol","protocolProperties":{"ikev2TransformTypes":{"encr":["ref"],"ke":[{"group":14}],"esn":true},"cryptoRefArray":["a"]}}}]`},
	{"variables", "1.6", `<formulation><formula><workflows><workflow bom-ref="w"><uid>u</uid><taskTypes><taskType>build</taskType></taskTypes><inputs><input><environmentVars><environmentVar name="a">b</environmentVar><value>c</value></environmentVars></input></inputs></workflow></workflows></formula></formulation>`,
		`"formulation":[{"workflows":[{"bom-ref":"w","uid":"u","taskTypes":["build"],"inputs":[{"environmentVars":[{"name":"a","value":"b"},"c"]}]}]}]`},
	{"energy", "1.6", `<components><component type="machine-learning-model"><name>n</name><modelCard><considerations><environmentalConsiderations><energyConsumptions><energyConsumption><activity>training</activity>
		<energyProviders><organization/><energySource>wind</energySource><energyProvided><value>1</value><unit>kWh</unit></energyProvided></energyProviders>
		<activityEnergyCost><value>1</value><unit>kWh</unit></activityEnergyCost></energyConsumption></energyConsumptions></environmentalConsiderations></considerations></modelCard></component></components>`,
		`"components":[{"type":"machine-learning-model","name":"n","modelCard":{"considerations":{"environmentalConsiderations":{"energyConsumptions":[{"activity":"training",
		"energyProviders":[{"organization":{},"energySource":"wind","energyProvided":{"value":1,"unit":"kWh"}}],"activityEnergyCost":{"value":1,"unit":"kWh"}}]}}}}]`},
	{"text with lines", "1.6", "<annotations><annotation><subjects/><annotator><individual><name>a\"&amp;&lt;</name></individual></annotator><timestamp>2024-01-01T00:00:00Z</timestamp><text>a\n\tb&#xD; </text></annotation></annotations>",
		`"annotations":[{"subjects":[],"annotator":{"individual":{"name":"a\"&<"}},"timestamp":"2024-01-01T00:00:00Z","text":"a\n\tb\r "}]`},
	{"default", "1.6", `<components><component type="library"><name/><scope/></component></components>`, `"components":[{"type":"library","name":"","scope":"required"}]`},
	{"characters", "1.6", `<properties><property name="mlbom:xml:&quot;a\u0001&quot;">"b"</property><property name="c"/></properties>`, `"properties":[{"name":"a\u0001","value":"b"},{"name":"c"}]`},
}

func TestBothForms(t *testing.T) {
	for _, c := range both {
		t.Run(c.name, func(t *testing.T) {
			document := fmt.Sprintf(`<bom xmlns="%s%s" version="1">%s</bom>`, space, c.version, c.xml)
			want := fmt.Sprintf(`{"bomFormat":"CycloneDX","specVersion":%q,"version":1,%s}`, c.version, c.json)
			if !schema.ValidXML(c.version, []byte(document)) && c.name != "default" {
				t.Errorf("the XML is not valid: %v", schema.ValidateXML(c.version, []byte(document)))
			}
			got, left, err := ToJSON([]byte(document))
			if err != nil || left != nil {
				t.Fatal(err, left)
			}
			if want, got := canonical(t, []byte(want)), canonical(t, got); want != got {
				t.Errorf("in JSON:\n%s", sbomtest.Difference(want, got))
			}
			asXML, left, err := ToXML([]byte(want), true)
			if err != nil || left != nil {
				t.Fatal(err, left)
			}
			if !schema.ValidXML(c.version, asXML) {
				t.Errorf("what is written is not valid: %v\n%s", schema.ValidateXML(c.version, asXML), asXML)
			}
			again, left, err := ToJSON(asXML)
			if err != nil || left != nil || canonical(t, again) != canonical(t, got) {
				t.Errorf("%v %v\n%s\n%s", err, left, asXML, again)
			}
		})
	}
}

func TestNestedDependencies(t *testing.T) {
	got, _, err := ToJSON([]byte(`<bom xmlns="` + space + `1.6"><dependencies><dependency ref="a"><dependency ref="b"><dependency ref="c"><dependency ref="d"/></dependency></dependency></dependency><dependency ref="b"><dependency ref="e"/></dependency></dependencies></bom>`))
	want := `{"bomFormat":"CycloneDX","specVersion":"1.6","dependencies":[{"ref":"a","dependsOn":["b"]},{"ref":"b","dependsOn":["e","c"]},{"ref":"c","dependsOn":["d"]}]}`
	if err != nil || string(got) != want {
		t.Errorf("%s %v", got, err)
	}
}

func TestLeftOut(t *testing.T) {
	for _, c := range []struct{ xml, want string }{
		{`<components colour="red"/>`, "line 1: bom/components/@colour"},
		{`<components><x:a xmlns:x="urn:x"><x:b/></x:a></components>`, "line 1: bom/components/a"},
		{"\n<other><deep/></other>", "line 2: bom/other"},
		{`<components>text</components>`, "line 1: bom/components/text()"},
		{`<metadata/><metadata/>`, "line 1: bom/metadata"},
		{`<components><component type="library"><name>a</name><name>b</name></component></components>`, "line 1: bom/components/component/name"},
		{strings.Repeat("<x/>", 60), "and 10 more"},
	} {
		_, left, err := ToJSON([]byte(`<bom xmlns="` + space + `1.6">` + c.xml + `</bom>`))
		if err != nil || len(left) == 0 || left[len(left)-1] != c.want {
			t.Errorf("%s: %v %v", c.xml, left, err)
		}
	}
	for _, c := range []struct{ json, want string }{
		{`"signature":{}`, "/signature"},
		{`"components":[{"type":"library","name":"n","a/b":1}]`, "/components/0/a~1b"},
		{`"components":[{"type":"library","name":["n"]}]`, "/components/0/name"},
		{`"components":{}`, "/components"},
		{`"components":[null]`, "/components/0"},
		{`"components":[{"type":"library","name":"a\u0001"}]`, "/components/0/name"},
		{`"dependencies":[{"ref":"a","dependsOn":"b"}]`, "/dependencies/0/dependsOn"},
		{`"vulnerabilities":[{"ratings":[{"score":1e300}]}]`, "/vulnerabilities/0/ratings/0/score"},
		{`"vulnerabilities":[{"cwes":[1.5]}]`, "/vulnerabilities/0/cwes/0"},
	} {
		_, left, err := ToXML([]byte(`{"bomFormat":"CycloneDX","specVersion":"1.6",`+c.json+`}`), true)
		if err != nil || len(left) != 1 || left[0] != c.want {
			t.Errorf("%s: %v %v", c.json, left, err)
		}
	}
	_, left, err := ToXML([]byte(`{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"data","name":"n","data":[{"type":"other"},{"type":"other"}]}]}`), true)
	if err != nil || len(left) != 1 || left[0] != "/components/0/data/1" {
		t.Errorf("%v %v", left, err)
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct{ xml, want string }{
		{"", "the XML has no element"},
		{"<bom/>", "not in the name space of CycloneDX"},
		{`<bom xmlns="` + space + `1.1"/>`, `"1.1" is not understood`},
		{`<!DOCTYPE bom><bom xmlns="` + space + `1.6"/>`, "DTD"},
		{`<bom xmlns="` + space + `1.6">`, "unexpected EOF"},
		{`<bom xmlns="` + space + `1.6"/><a/>`, "second root"},
		{`<?xml version="1.0" encoding="latin1"?><bom/>`, "want UTF-8 or UTF-16"},
		{`<bom xmlns="` + space + `1.6"><components>` + strings.Repeat(`<component type="library"><components>`, 200), "nested more than 256 deep"},
	} {
		if _, _, err := ToJSON([]byte(c.xml)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%.80s: %v", c.xml, err)
		}
	}
	for _, bad := range []string{"", "[]", "{}", `{"bomFormat":"CycloneDX","specVersion":"2.0"}`, `{"bomFormat":"CycloneDX","specVersion":"1.6"} x`} {
		if _, _, err := ToXML([]byte(bad), true); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

func FuzzToJSON(f *testing.F) {
	for _, c := range both {
		f.Add([]byte(fmt.Sprintf(`<bom xmlns="%s%s" version="1">%s</bom>`, space, c.version, c.xml)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		asJSON, _, err := ToJSON(data)
		if err != nil {
			return
		}
		first := canonical(t, asJSON)
		asXML, left, err := ToXML(asJSON, false)
		if err != nil {
			t.Fatalf("%v: %s", err, asJSON)
		}
		again, leftAgain, err := ToJSON(asXML)
		if err != nil {
			t.Fatalf("%v: %s", err, asXML)
		}
		if len(left)+len(leftAgain) == 0 && schema.ValidXML(versionOf(data), data) && canonical(t, again) != first {
			t.Errorf("%s\nbecomes\n%s", asJSON, again)
		}
	})
}

func versionOf(data []byte) string {
	_, version, _ := schema.Detect(data)
	return version
}

func FuzzToXML(f *testing.F) {
	for _, c := range both {
		f.Add([]byte(fmt.Sprintf(`{"bomFormat":"CycloneDX","specVersion":%q,"version":1,%s}`, c.version, c.json)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		asXML, _, err := ToXML(data, true)
		if err != nil {
			return
		}
		if _, _, err := ToJSON(asXML); err != nil {
			t.Errorf("%v: %s", err, asXML)
		}
	})
}
