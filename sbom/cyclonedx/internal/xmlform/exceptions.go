package xmlform

// renamed are the members of JSON that are called otherwise in XML, by the type of
// the element that holds them (or its name, where the type has none) and by the
// name in XML.
var renamed = map[[2]string]string{
	{"organizationOrIndividualType", "individual"}: "contact",
	{"analysis", "responses"}:                      "response",
	{"protocolProperties", "cryptoRef"}:            "cryptoRefArray",
	{"licenseExpressionDetailedType", "details"}:   "expressionDetails",
}

// renamedAttributes holds for all types.
var renamedAttributes = map[string]string{"content-type": "contentType", "license-identifier": "licenseIdentifier"}

// textKeys name the member that holds an element's text beside its attributes, by
// the element's type. Elsewhere it is "content".
var textKeys = map[string]string{"propertyType": "value", "dataClassificationType": "classification", "licenseExpressionType": "expression", "expression": "expression"}

// merged are elements whose members stand in JSON among those of the element around.
var merged = map[[2]string]bool{{"dataflow", "classification"}: true}

// single are elements that XML may have several of (in 1.2) and JSON one: the first
// counts.
var single = map[[2]string]bool{{"metadata", "supplier"}: true, {"metadata", "manufacture"}: true, {"organizationalContact", "email"}: true, {"organizationalContact", "phone"}: true}

// listed are elements that XML has one of (in 1.5) and JSON a list.
var listed = map[[2]string]bool{{"component", "data"}: true}

// option is one of the elements that a choice holds, and how the values look in
// JSON for which it stands.
type option struct {
	element string
	key     string // the value is the only member of an object; "" is the value itself
	fits    func(v any, long bool) bool
}

// choices are the elements whose content is one of several elements, by their name.
// In JSON the element inside is not named: its value tells. Of several options the
// first one that fits counts.
var choices = map[string][]option{
	"licenses": {
		{"license", "license", has("license")},
		{"expression-detailed", "", has("expressionDetails", "licensing", "properties")},
		{"expression", "", has("expression")},
	},
	"datasets":        {{"ref", "ref", has("ref")}, {"dataset", "", isObject}},
	"environmentVars": {{"value", "", isText}, {"environmentVar", "", isObject}},
	"patents":         {{"patentFamily", "", has("familyId")}, {"patent", "", isObject}},
	"copyright":       {{"text", "text", isObject}},
	// XML has the short form for all flows of a service or for none
	"data": {{"dataflow", "", inLong}, {"classification", "", isObject}},
	// in JSON only its address tells a person from an organization
	"asserter":       {{"ref", "", isText}, {"contact", "", has("email", "phone")}, {"organization", "", isObject}},
	"patentAssignee": {{"individual", "", has("email", "phone")}, {"organization", "", isObject}},
}

// mainOption is the one without which the element of that name is something else.
var mainOption = map[string]string{"licenses": "license", "datasets": "dataset", "environmentVars": "environmentVar", "patents": "patent", "copyright": "text", "data": "dataflow",
	"asserter": "organization", "patentAssignee": "organization"}

func has(keys ...string) func(any, bool) bool {
	return func(v any, _ bool) bool {
		m, _ := v.(map[string]any)
		for _, key := range keys {
			if _, ok := m[key]; ok {
				return true
			}
		}
		return false
	}
}

func isText(v any, _ bool) bool    { _, ok := v.(string); return ok }
func isObject(v any, _ bool) bool  { _, ok := v.(map[string]any); return ok }
func inLong(_ any, long bool) bool { return long }

// isLong tells whether one of the flows says more than the short form can.
func isLong(all []any) bool {
	for _, v := range all {
		m, _ := v.(map[string]any)
		for key := range m {
			if key != "flow" && key != "classification" {
				return true
			}
		}
	}
	return false
}
