package v3

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// classes of the kinds; any other is a software_Package.
var classes = map[sbom.Kind]string{sbom.KindModel: "ai_AIPackage", sbom.KindDataset: "dataset_DatasetPackage", sbom.KindFile: "software_File"}

// purposes of the kinds.
var purposes = map[sbom.Kind]string{
	sbom.KindApplication: "application", sbom.KindFramework: "framework", sbom.KindLibrary: "library", sbom.KindContainer: "container", sbom.KindPlatform: "platform",
	sbom.KindOS: "operatingSystem", sbom.KindDevice: "device", sbom.KindDriver: "deviceDriver", sbom.KindFirmware: "firmware", sbom.KindFile: "file",
	sbom.KindModel: "model", sbom.KindDataset: "data",
}

// algorithms pair the names of CycloneDX and SPDX.
var algorithms = map[string]string{
	"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512", "SHA3-256": "sha3_256", "SHA3-384": "sha3_384", "SHA3-512": "sha3_512",
	"BLAKE2b-256": "blake2b256", "BLAKE2b-384": "blake2b384", "BLAKE2b-512": "blake2b512", "BLAKE3": "blake3",
}

// refTypes pair the types of external references; what has none is "other", with
// the type as comment.
var refTypes = map[string]string{
	"vcs": "vcs", "issue-tracker": "issueTracker", "advisories": "securityAdvisory", "mailing-list": "mailingList", "social": "socialMedia", "chat": "chat",
	"documentation": "documentation", "support": "support", "license": "license", "build-meta": "buildMeta", "build-system": "buildSystem", "release-notes": "releaseNotes",
	"website": "altWebPage", "distribution": "altDownloadLocation", "static-analysis-report": "staticAnalysisReport", "dynamic-analysis-report": "dynamicAnalysisReport",
	"runtime-analysis-report": "runtimeAnalysisReport", "component-analysis-report": "componentAnalysisReport", "certification-report": "certificationReport",
	"adversary-model": "securityAdversaryModel", "threat-model": "securityThreatModel", "risk-assessment": "riskAssessment", "pentest-report": "securityPenTestReport",
	"quality-metrics": "metrics", "exploitability-statement": "vulnerabilityExploitabilityAssessment",
}

// datasetTypes of modalities, by the words that hubs use for them.
var datasetTypes = map[string]string{
	"audio": "audio", "graph": "graph", "image": "image", "tabular": "structured", "text": "text", "document": "text", "timeseries": "timeseries", "time-series": "timeseries",
	"video": "video", "categorical": "categorical", "numeric": "numeric", "sensor": "sensor", "structured": "structured", "syntactic": "syntactic", "timestamp": "timestamp",
	"noassertion": "", "geospatial": "other", "3d": "other", "other": "other",
}

var (
	hexDigits = regexp.MustCompile(`^[0-9a-f]+$`)
	decimal   = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)
	dateTime  = regexp.MustCompile(`^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z$`)
)

// address takes absolute addresses without spaces.
func address(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme != "" && (u.Host != "" || u.Opaque != "") && !strings.ContainsAny(s, " \t\r\n\"<>\\^`{|}")
}

func put(o object, key, value string) {
	if value != "" {
		o[key] = value
	}
}

func putList(o object, key string, list []string) {
	if list = slices.DeleteFunc(slices.Clone(list), func(s string) bool { return s == "" }); len(list) > 0 {
		o[key] = list
	}
}

// native writes what the format has a place for, but for licences.
func (e *encoder) native(n *sbom.Node) object {
	c := &n.Component
	if e.asBuild(n) {
		return e.built(n)
	}
	class := classes[c.Kind]
	if class == "" {
		class = "software_Package"
	}
	if oneProperty(n, typeProperty) == "software_Package" {
		class = "software_Package" // with the purpose of its kind, as it came
	}
	o := e.element(class, e.ids[n.ID])
	put(o, "name", c.Name)
	put(o, "description", c.Description)
	put(o, "software_copyrightText", c.Copyright)
	if o["software_primaryPurpose"] = purposes[c.Kind]; purposes[c.Kind] == "" {
		o["software_primaryPurpose"] = "other"
	}
	if dateTime.MatchString(c.Released) {
		o["releaseTime"] = c.Released
	}
	put(o, "suppliedBy", e.party(c.Supplier))
	var made []string
	for _, p := range append([]sbom.Party{c.Manufacturer}, c.Authors...) {
		if id := e.party(p); id != "" && !slices.Contains(made, id) {
			made = append(made, id)
		}
	}
	putList(o, "originatedBy", made)
	var sums []object
	for _, h := range c.Hashes {
		if a := algorithms[h.Alg]; a != "" && hexDigits.MatchString(h.Value) {
			sums = append(sums, object{"type": "Hash", "algorithm": a, "hashValue": h.Value})
		}
	}
	if len(sums) > 0 {
		o["verifiedUsing"] = sums
	}
	if class != "software_File" {
		put(o, "software_packageVersion", c.Version)
		if _, err := sbom.NormalizePURL(c.Keys.PURL); err == nil && address(c.Keys.PURL) { // a carrier keeps others
			o["software_packageUrl"] = c.Keys.PURL
		}
	}
	references(o, c, class != "software_File")
	switch {
	case class == "ai_AIPackage":
		e.profiles["ai"] = true
		modelFields(o, c)
		if e.personal(n) {
			o["ai_useSensitivePersonalInformation"] = "yes"
		}
	case class == "dataset_DatasetPackage":
		e.profiles["dataset"] = true
		datasetFields(o, c.Dataset)
	case c.File != nil && class == "software_File":
		if mediaType.MatchString(c.File.MediaType) {
			o["contentType"] = c.File.MediaType
		}
	}
	return o
}

var mediaType = regexp.MustCompile(`^[^/\s]+/[^/\s]+$`)

// references writes addresses; of a package the first website and the first
// distribution have places of their own.
func references(o object, c *sbom.Component, pack bool) {
	if strings.HasPrefix(c.CPE, "cpe:2.3:") {
		o["externalIdentifier"] = []object{{"type": "ExternalIdentifier", "externalIdentifierType": "cpe23", "identifier": c.CPE}}
	}
	var list []object
	for _, r := range c.Refs {
		short := pack && r.Comment == "" && len(r.Hashes) == 0 && address(r.URL)
		switch {
		case short && r.Type == "website" && o["software_homePage"] == nil:
			o["software_homePage"] = r.URL
			continue
		case short && r.Type == "distribution" && o["software_downloadLocation"] == nil:
			o["software_downloadLocation"] = r.URL
			continue
		}
		kind, comment := refTypes[r.Type], r.Comment
		if kind == "" {
			kind, comment = "other", strings.TrimSuffix(r.Type+": "+r.Comment, ": ")
		}
		ref := object{"type": "ExternalRef", "externalRefType": kind, "locator": []string{r.URL}}
		put(ref, "comment", comment)
		list = append(list, ref)
	}
	if len(list) > 0 {
		o["externalRef"] = list
	}
}

// party gives the identifier of the element of a person or an organisation.
func (e *encoder) party(p sbom.Party) string {
	if strings.TrimSpace(p.Name) == "" {
		return ""
	}
	key := carrier.Text(p)
	if id := e.parties[key]; id != "" {
		return id
	}
	class := "Organization"
	if p.Person {
		class = "Person"
	}
	o := e.element(class, e.taken.Take(class+"-"+carrier.IDText(p.Name)))
	o["name"] = p.Name
	if p.Email != "" {
		o["externalIdentifier"] = []object{{"type": "ExternalIdentifier", "externalIdentifierType": "email", "identifier": p.Email}}
	}
	if p.URL != "" {
		o["externalRef"] = []object{{"type": "ExternalRef", "externalRefType": "altWebPage", "locator": []string{p.URL}}}
	}
	return e.keep(e.parties, key, o)
}

// keep adds an element that others refer to.
func (e *encoder) keep(by map[string]string, key string, o object) string {
	id, _ := o["spdxId"].(string)
	by[key], e.world[id] = id, plain(o)
	e.rest = append(e.rest, o)
	return id
}

func modelFields(o object, c *sbom.Component) {
	m := c.Model
	if m == nil {
		return
	}
	putList(o, "ai_domain", []string{m.Task})
	putList(o, "ai_typeOfModel", unique([]string{m.Approach, m.Family, m.Architecture}))
	put(o, "ai_limitation", strings.Join(m.Considerations.Limitations, "\n"))
	put(o, "ai_informationAboutApplication", strings.Join(m.Considerations.UseCases, "\n"))
	put(o, "ai_informationAboutTraining", strings.Join(unique([]string{m.Training.Description, m.Training.Data, m.Training.Hardware}), "\n"))
	putList(o, "ai_modelDataPreprocessing", []string{m.Training.Preprocessing})
	putDictionary(o, "ai_hyperparameter", m.Hyperparameters)
	var metrics []sbom.Property
	for _, t := range m.Metrics {
		metrics = append(metrics, sbom.Property{Name: metricName(t), Value: t.Value})
	}
	putDictionary(o, "ai_metric", metrics)
	energy := object{"type": "ai_EnergyConsumption"}
	for _, used := range m.Energy {
		key := energyActivities[used.Activity]
		if key == "" || !decimal.MatchString(used.KWh) {
			continue
		}
		list, _ := energy[key].([]object)
		energy[key] = append(list, object{"type": "ai_EnergyConsumptionDescription", "ai_energyQuantity": used.KWh, "ai_energyUnit": "kilowattHour"})
	}
	if len(energy) > 1 {
		o["ai_energyConsumption"] = energy
	}
}

var energyActivities = map[string]string{"training": "ai_trainingEnergyConsumption", "fine-tuning": "ai_finetuningEnergyConsumption", "inference": "ai_inferenceEnergyConsumption"}

// metricName is the key of a metric: a dictionary has each once, so it says what
// was measured on.
func metricName(t sbom.Metric) string {
	name := t.Type
	if name == "" {
		name = t.Name
	}
	if on := strings.Join(unique([]string{t.Dataset, t.Config, t.Split, t.Slice, shots(t.Shots), t.Filter}), " "); on != "" {
		name += " [" + on + "]"
	}
	return name
}

func shots(n string) string {
	if n == "" {
		return ""
	}
	return n + "-shot"
}

func unique(list []string) []string {
	var out []string
	for _, s := range list {
		if s != "" && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// putDictionary writes the first entry of each key.
func putDictionary(o object, key string, list []sbom.Property) {
	var out []object
	seen := map[string]bool{}
	for _, p := range list {
		if p.Name == "" || seen[p.Name] {
			continue
		}
		seen[p.Name] = true
		entry := object{"type": "DictionaryEntry", "key": p.Name}
		put(entry, "value", p.Value)
		out = append(out, entry)
	}
	if len(out) > 0 {
		o[key] = out
	}
}

// collected is how the data came together, and from where.
func collected(d *sbom.Dataset) []string {
	list := slices.Clone(d.Collection)
	for _, p := range d.Origin {
		list = append(list, p.Name+": "+p.Value)
	}
	return list
}

func datasetFields(o object, d *sbom.Dataset) {
	o["dataset_datasetType"] = []string{"noAssertion"}
	if d == nil {
		return
	}
	var types []string
	for _, m := range d.Modalities {
		types = append(types, datasetTypes[strings.ToLower(m)])
	}
	if len(unique(types)) == 0 && len(d.Features) > 0 {
		types = []string{"structured"}
	}
	putList(o, "dataset_datasetType", unique(types))
	if d.Size > 0 {
		o["dataset_datasetSize"] = d.Size
	}
	putList(o, "dataset_knownBias", d.Biases)
	putList(o, "dataset_anonymizationMethodUsed", d.Anonymization)
	putList(o, "dataset_dataPreprocessing", d.Preprocessing)
	put(o, "dataset_dataCollectionProcess", strings.Join(collected(d), "\n"))
	put(o, "dataset_intendedUse", strings.Join(d.UseCases, "\n"))
	put(o, "dataset_datasetUpdateMechanism", d.Update)
	put(o, "dataset_datasetNoise", d.Noise)
	if d.Personal == "yes" || d.Personal == "no" {
		o["dataset_hasSensitivePersonalInformation"] = d.Personal
	}
	if slices.Contains([]string{"red", "amber", "green", "clear"}, strings.ToLower(d.Confidential)) {
		o["dataset_confidentialityLevel"] = strings.ToLower(d.Confidential)
	}
	if slices.Contains([]string{"clickthrough", "directDownload", "query", "registration", "scrapingScript"}, d.Availability) {
		o["dataset_datasetAvailability"] = d.Availability
	}
}
