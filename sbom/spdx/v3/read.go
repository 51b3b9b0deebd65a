package v3

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// world is what a document defines, by identifier.
type world map[string]object

func str(v any) string {
	s, _ := v.(string)
	return s
}

func list(v any) []any {
	l, ok := v.([]any)
	if !ok && v != nil {
		return []any{v}
	}
	return l
}

func kind(o object) string {
	if t := str(o["type"]); t != "" {
		return t
	}
	return str(o["@type"])
}

// id gives what a reference leads to: an identifier, or that of the element that
// stands in its place.
func (w world) id(v any) string {
	if m, ok := v.(object); ok {
		if id := str(m["spdxId"]); id != "" {
			return id
		}
		return str(m["@id"])
	}
	return str(v)
}

// object gives what a value is or refers to.
func (w world) object(v any) object {
	if m, ok := v.(object); ok {
		return m
	}
	return w[str(v)]
}

// party reads a person or an organisation.
func (w world) party(v any) sbom.Party {
	o := w.object(v)
	p := sbom.Party{Name: str(o["name"]), Person: kind(o) == "Person"}
	for _, i := range list(o["externalIdentifier"]) {
		if m := w.object(i); str(m["externalIdentifierType"]) == "email" && p.Email == "" {
			p.Email = str(m["identifier"])
		}
	}
	for _, r := range list(o["externalRef"]) {
		if m := w.object(r); str(m["externalRefType"]) == "altWebPage" && p.URL == "" && len(list(m["locator"])) > 0 {
			p.URL = str(list(m["locator"])[0])
		}
	}
	if p.Name == "" {
		return sbom.Party{}
	}
	return p
}

// read gives the component of an element, but for its licences.
func read(o object, w world) sbom.Component {
	c := sbom.Component{Kind: kindOf(o), Name: str(o["name"]), Version: str(o["software_packageVersion"]), Description: str(o["description"]),
		Copyright: asserted(str(o["software_copyrightText"])), Released: str(o["releaseTime"]), Supplier: w.party(o["suppliedBy"])}
	if c.Description == "" {
		c.Description = str(o["summary"])
	}
	for _, v := range list(o["originatedBy"]) {
		switch p := w.party(v); {
		case p.Name == "":
		case !p.Person && c.Manufacturer.Name == "" && len(c.Authors) == 0:
			c.Manufacturer = p
		default:
			c.Authors = append(c.Authors, p)
		}
	}
	sortJSON(c.Authors)
	for _, v := range list(o["verifiedUsing"]) {
		m := w.object(v)
		for name, a := range algorithms {
			if kind(m) != "Hash" {
				continue // the code of a package is that of its files
			}
			if value := strings.ToLower(str(m["hashValue"])); a == str(m["algorithm"]) && hexDigits.MatchString(value) {
				c.Hashes = append(c.Hashes, sbom.Hash{Alg: name, Value: value})
			}
		}
	}
	slices.SortFunc(c.Hashes, func(a, b sbom.Hash) int { return strings.Compare(a.Alg+a.Value, b.Alg+b.Value) })
	readReferences(o, w, &c)
	switch c.Kind {
	case sbom.KindProcess:
		c.Process = readBuild(o, w)
	case sbom.KindModel:
		c.Model = readModel(o, w)
	case sbom.KindDataset:
		c.Dataset = readDataset(o)
	case sbom.KindFile:
		for _, h := range c.Hashes {
			if h.Alg == "SHA-256" {
				c.Keys.SHA256 = h.Value
			}
		}
		if t := str(o["contentType"]); t != "" {
			c.File = &sbom.FileFacts{MediaType: t}
		}
	}
	return c
}

func sortJSON[T any](list []T) {
	slices.SortFunc(list, func(a, b T) int { return strings.Compare(carrier.Text(a), carrier.Text(b)) })
}

func asserted(s string) string {
	if s == "NOASSERTION" || s == "NONE" {
		return ""
	}
	return s
}

func kindOf(o object) sbom.Kind {
	for k, class := range classes {
		if class == kind(o) {
			return k
		}
	}
	if kind(o) == buildClass {
		return sbom.KindProcess
	}
	purpose := str(o["software_primaryPurpose"])
	for k, p := range purposes {
		if p == purpose {
			return k
		}
	}
	if purpose == "executable" || purpose == "install" {
		return sbom.KindApplication
	}
	return sbom.KindLibrary
}

func readReferences(o object, w world, c *sbom.Component) {
	purl := func(s string) {
		if strings.HasPrefix(s, "pkg:") && c.Keys.PURL == "" {
			c.Keys.PURL = s
		}
	}
	purl(str(o["software_packageUrl"]))
	for _, v := range list(o["externalIdentifier"]) {
		switch m := w.object(v); str(m["externalIdentifierType"]) {
		case "cpe23", "cpe22":
			if c.CPE == "" {
				c.CPE = str(m["identifier"])
			}
		case "packageUrl":
			purl(str(m["identifier"]))
		}
	}
	add := func(r sbom.Ref) {
		if asserted(r.URL) != "" {
			c.Refs = append(c.Refs, r)
		}
	}
	add(sbom.Ref{Type: "website", URL: str(o["software_homePage"])})
	add(sbom.Ref{Type: "distribution", URL: str(o["software_downloadLocation"])})
	for _, v := range list(o["externalRef"]) {
		m := w.object(v)
		for _, at := range list(m["locator"]) {
			r := sbom.Ref{Type: "other", URL: str(at), Comment: str(m["comment"])}
			for name, t := range refTypes {
				if t == str(m["externalRefType"]) {
					r.Type = name
				}
			}
			if name, rest, _ := strings.Cut(r.Comment, ": "); r.Type == "other" && isRefType(name) {
				r.Type, r.Comment = name, rest
			}
			add(r)
		}
	}
	sortJSON(c.Refs)
}

// isRefType tells whether a comment begins with the type of a reference that
// SPDX has no word for.
func isRefType(name string) bool {
	return slices.Contains(strings.Fields(`bom model-card log configuration evidence formulation attestation source-distribution electronic-signature digital-signature
		rfc-9116 vulnerability-assertion maturity-report codified-infrastructure poam patent patent-family patent-assertion citation other media`), name)
}

func readModel(o object, w world) *sbom.Model {
	m := &sbom.Model{}
	if domains := list(o["ai_domain"]); len(domains) > 0 {
		m.Task = str(domains[0])
	}
	for _, v := range list(o["ai_typeOfModel"]) {
		switch t := str(v); {
		case slices.Contains([]string{"supervised", "unsupervised", "reinforcement-learning", "semi-supervised", "self-supervised"}, t) && m.Approach == "":
			m.Approach = t
		case m.Family == "":
			m.Family = t
		case m.Architecture == "":
			m.Architecture = t
		}
	}
	m.Considerations.Limitations = one(str(o["ai_limitation"]))
	m.Considerations.UseCases = one(str(o["ai_informationAboutApplication"]))
	m.Training.Description = str(o["ai_informationAboutTraining"])
	if steps := list(o["ai_modelDataPreprocessing"]); len(steps) > 0 {
		m.Training.Preprocessing = str(steps[0])
	}
	m.Hyperparameters = readDictionary(o["ai_hyperparameter"], w)
	for _, p := range readDictionary(o["ai_metric"], w) {
		m.Metrics = append(m.Metrics, sbom.Metric{Type: p.Name, Value: p.Value})
	}
	sortJSON(m.Metrics)
	energy := w.object(o["ai_energyConsumption"])
	for activity, key := range energyActivities {
		for _, v := range list(energy[key]) {
			used := w.object(v)
			if q := number(used["ai_energyQuantity"]); str(used["ai_energyUnit"]) == "kilowattHour" && decimal.MatchString(q) {
				m.Energy = append(m.Energy, sbom.Energy{Activity: activity, KWh: q})
			}
		}
	}
	sortJSON(m.Energy)
	return m
}

func number(v any) string {
	if n, ok := v.(json.Number); ok {
		return n.String()
	}
	return str(v)
}

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func readDictionary(v any, w world) []sbom.Property {
	var out []sbom.Property
	for _, v := range list(v) {
		if m := w.object(v); str(m["key"]) != "" {
			out = append(out, sbom.Property{Name: str(m["key"]), Value: str(m["value"])})
		}
	}
	sortJSON(out)
	return out
}

func words(v any) []string {
	var out []string
	for _, v := range list(v) {
		if s := str(v); s != "" {
			out = append(out, s)
		}
	}
	slices.Sort(out)
	return out
}

func readDataset(o object) *sbom.Dataset {
	d := &sbom.Dataset{Biases: words(o["dataset_knownBias"]), Anonymization: words(o["dataset_anonymizationMethodUsed"]), Preprocessing: words(o["dataset_dataPreprocessing"]),
		Collection: one(str(o["dataset_dataCollectionProcess"])), UseCases: one(str(o["dataset_intendedUse"])), Update: str(o["dataset_datasetUpdateMechanism"]), Noise: str(o["dataset_datasetNoise"]),
		Confidential: str(o["dataset_confidentialityLevel"]), Availability: str(o["dataset_datasetAvailability"])}
	for _, t := range words(o["dataset_datasetType"]) {
		if t != "noAssertion" {
			d.Modalities = append(d.Modalities, t)
		}
	}
	if n, ok := o["dataset_datasetSize"].(json.Number); ok {
		d.Size, _ = n.Int64()
	}
	if p := str(o["dataset_hasSensitivePersonalInformation"]); p == "yes" || p == "no" {
		d.Personal = p
	}
	return d
}
