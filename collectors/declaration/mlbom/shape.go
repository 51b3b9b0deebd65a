package mlbom

import "github.com/mlbom/mlbom/sbom"

// kind is what a key of the file takes.
type kind int

const (
	text   kind = iota
	texts       // one text or a list of texts
	number      // a whole number
	truth       // yes or no
	date        // 2026-01-31, or a time of RFC 3339
	party       // a name, or name, role, email and url
	reference
	references // a reference, a list of them, or with the role of the data
	pairs      // names and values
	object
	objects
)

// field is a key with what it takes. The checker, the JSON Schema and the help of
// editors are made from these tables.
type field struct {
	name   string
	kind   kind
	doc    string
	values []string // the only ones, of a text
	of     []field  // of objects
	need   bool
}

var activities = []string{sbom.ActivityCollection, sbom.ActivityPreparation, sbom.ActivityTraining, sbom.ActivityFineTuning, sbom.ActivityEvaluation, sbom.ActivityInference,
	sbom.ActivityDeployment}

var roles = []string{sbom.RoleTrain, sbom.RoleValidation, sbom.RoleTest, sbom.RoleBenchmark}

var partyFields = []field{
	{name: "name", doc: "Who it is", need: true},
	{name: "role", doc: "In what role, such as ML lead"},
	{name: "email", doc: "An address for questions"},
	{name: "url", doc: "A page of theirs"},
}

var referenceFields = []field{
	{name: "ref", doc: "What is meant: a path below this file's folder, hub:ORG/NAME[@REVISION], a package URL, a URL, or the id or name of an entry of this file", need: true},
	{name: "role", doc: "The role of the data", values: roles},
}

// common are the keys of every entry.
var common = []field{
	{name: "declared-by", kind: party, doc: "Who states this; must be here or at the top of the file"},
	{name: "description", doc: "What it is, in a sentence"},
	{name: "note", kind: texts, doc: "Anything else that a reader must know"},
}

// thing are the keys that say which model, dataset or service is meant, and whose it is.
var thing = join(common, []field{
	{name: "id", doc: "What this file calls it: other entries refer to it"},
	{name: "name", doc: "Its name; other entries can refer to it too"},
	{name: "path", doc: "A file or folder, below this file's folder"},
	{name: "hub", doc: "ORG/NAME on the Hugging Face hub"},
	{name: "revision", doc: "The commit or tag on the hub"},
	{name: "purl", doc: "A package URL"},
	{name: "url", doc: "Where it is, without credentials"},
	{name: "elsewhere", kind: truth, doc: "yes: the path is not in this tree, on purpose"},
	{name: "version", doc: "Its version"},
	{name: "license", kind: texts, doc: "SPDX ids or an expression, or the names of licences"},
	{name: "license-url", doc: "Where the text of the licence is, if it has a name only"},
	{name: "supplier", kind: party, doc: "Who distributes it"},
	{name: "producer", kind: party, doc: "Who made it"},
})

// content are the keys that tie an entry to content.
var content = []field{
	{name: "digest", doc: "The SHA-256 that the file must have: 64 hexadecimal digits"},
	{name: "files", kind: objects, doc: "The digests that files of a folder must have", of: []field{
		{name: "path", doc: "The file, below this file's folder", need: true}, {name: "digest", doc: "Its SHA-256", need: true}}},
}

var modelFields = join(thing, content, []field{
	{name: "base", kind: references, doc: "The models that it was made from"},
	{name: "trained-on", kind: references, doc: "Training data"},
	{name: "validated-on", kind: references, doc: "Data by which settings or checkpoints were chosen"},
	{name: "tested-on", kind: references, doc: "Data on which it was measured"},
	{name: "benchmarked-on", kind: references, doc: "Public benchmarks on which it was measured"},
	{name: "evaluations", kind: objects, doc: "Measured values, with their evidence", of: evaluationFields},
	{name: "intended-use", kind: texts, doc: "What it is meant for"},
	{name: "users", kind: texts, doc: "Who is meant to use it"},
	{name: "out-of-scope", kind: texts, doc: "What it must not be used for"},
	{name: "limitations", kind: texts, doc: "What it is known to do badly"},
	{name: "risks", kind: texts, doc: "Ethical risks that were considered"},
})

var evaluationFields = []field{
	{name: "metric", doc: "What was measured: accuracy, f1, toxicity", need: true},
	{name: "value", doc: "The value as it is reported", need: true},
	{name: "on", kind: reference, doc: "The data on which it was measured"},
	{name: "role", doc: "The role of that data; test if not said", values: []string{"validation", "test", "benchmark"}},
	{name: "split", doc: "The part of the dataset"},
	{name: "slice", doc: "The group or condition, of a value that is for a part"},
	{name: "category", doc: "What it speaks of", values: []string{"quality", "safety", "robustness", "fairness"}},
	{name: "samples", kind: number, doc: "How many cases were measured"},
	{name: "stderr", doc: "The standard error"},
	{name: "tool", doc: "What measured it, with its version"},
	{name: "date", kind: date, doc: "When"},
	{name: "evidence", doc: "The report: a path below this file's folder, or a URL"},
	{name: "tested", doc: "The digest or commit of the model that was measured"},
}

var datasetFields = join(thing, content, []field{
	{name: "personal", doc: "Whether it holds personal data", values: []string{"yes", "no"}},
	{name: "sensitive", kind: texts, doc: "What sensitive data it holds"},
	{name: "classification", doc: "Confidentiality, in the words of your organisation"},
	{name: "origin", kind: pairs, doc: "Where the data comes from: source, issuer, geography, method, generated, consent"},
	{name: "collection", kind: texts, doc: "How it was collected"},
	{name: "annotation", kind: texts, doc: "How it was labelled"},
	{name: "preprocessing", kind: texts, doc: "What was done to it"},
	{name: "anonymization", kind: texts, doc: "How people were made unrecognisable"},
	{name: "biases", kind: texts, doc: "Known biases"},
	{name: "limitations", kind: texts, doc: "Known limits"},
	{name: "intended-use", kind: texts, doc: "What it is meant for"},
	{name: "out-of-scope", kind: texts, doc: "What it must not be used for"},
	{name: "usage", kind: texts, doc: "Terms of use beside the licence"},
	{name: "derived-from", kind: references, doc: "The datasets that it was made from"},
	{name: "owners", kind: objects, doc: "Who owns the data", of: partyFields},
	{name: "stewards", kind: objects, doc: "Who maintains it", of: partyFields},
	{name: "custodians", kind: objects, doc: "Who keeps it", of: partyFields},
	{name: "rows", kind: number, doc: "How many records it has"},
	{name: "label", kind: texts, doc: "The columns that hold labels"},
	{name: "tasks", kind: texts, doc: "The tasks that it is for"},
	{name: "update", doc: "How it is kept up to date"},
})

var serviceFields = join(thing, []field{
	{name: "authenticated", doc: "Whether a key is needed", values: []string{"yes", "no"}},
	{name: "data", kind: texts, doc: "Classification of the data that is sent"},
	{name: "purpose", kind: texts, doc: "What it is used for"},
	{name: "models", kind: references, doc: "The models that it serves"},
})

var stepFields = join(common, []field{
	{name: "name", doc: "A name, once in the pipeline", need: true},
	{name: "activity", doc: "What it does", values: activities},
	{name: "tool", doc: "What runs it"},
	{name: "command", kind: texts, doc: "Commands, as they are run"},
	{name: "parameters", kind: pairs, doc: "Settings"},
	{name: "inputs", kind: references, doc: "What it reads"},
	{name: "outputs", kind: references, doc: "What it writes"},
	{name: "after", kind: texts, doc: "The steps before it"},
	{name: "started", kind: date, doc: "When it began"},
	{name: "ended", kind: date, doc: "When it ended"},
})

var documentFields = []field{
	{name: "mlbom", doc: "Version of this format", values: []string{"1"}},
	{name: "declared-by", kind: party, doc: "Who states what this file says; an entry may name another one"},
	{name: "system", kind: object, doc: "The system that this folder is", of: join(common, []field{
		{name: "name", doc: "Its name"},
		{name: "version", doc: "Its version"},
		{name: "license", kind: texts, doc: "SPDX ids or an expression"},
		{name: "supplier", kind: party, doc: "Who distributes it"},
		{name: "producer", kind: party, doc: "Who made it"},
		{name: "contact", doc: "Where to ask and to report"},
		{name: "intended-use", kind: texts, doc: "What it is meant for"},
		{name: "users", kind: texts, doc: "Who is meant to use it"},
		{name: "out-of-scope", kind: texts, doc: "What it must not be used for"},
		{name: "limitations", kind: texts, doc: "What it is known to do badly"},
		{name: "autonomy", doc: "How far it acts by itself"},
		{name: "risk-level", doc: "Its class of risk, by the law or your own scheme"},
		{name: "uses", kind: references, doc: "Models and services that it calls"},
	})},
	{name: "models", kind: objects, doc: "Models", of: modelFields},
	{name: "datasets", kind: objects, doc: "Datasets", of: datasetFields},
	{name: "services", kind: objects, doc: "Services that are called over a network", of: serviceFields},
	{name: "pipelines", kind: objects, doc: "How models and data are made", of: join(common, []field{
		{name: "name", doc: "A name, once in the file", need: true},
		{name: "steps", kind: objects, doc: "Its steps", of: stepFields, need: true},
	})},
	{name: "reviews", kind: objects, doc: "Sign-off by people", of: []field{
		{name: "by", kind: party, doc: "Who reviewed", need: true},
		{name: "date", kind: date, doc: "When", need: true},
		{name: "what", doc: "What was reviewed", need: true},
		{name: "outcome", doc: "What came of it: approved, approved with conditions, rejected"},
		{name: "of", kind: references, doc: "What it speaks of; the system if not said"},
		{name: "evidence", doc: "The record: a path below this file's folder, or a URL"},
		{name: "declared-by", kind: party, doc: "Who states this; must be here or at the top of the file"},
	}},
}

// isParties tells a list of people or organisations, of which a name is enough.
func (f field) isParties() bool {
	return f.kind == objects && len(f.of) == len(partyFields) && f.of[1].name == "role"
}

func join(lists ...[]field) (all []field) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}
