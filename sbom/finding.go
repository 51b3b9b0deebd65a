package sbom

import (
	"cmp"
	"strings"
)

// Severity ranks findings: critical, high, medium, low, info.
type Severity string

// The severities.
const (
	Critical Severity = "critical"
	High     Severity = "high"
	Medium   Severity = "medium"
	Low      Severity = "low"
	Info     Severity = "info"
)

// Finding says what is dangerous or missing at a component, by rule id.
type Finding struct {
	Rule    string `json:"rule"`
	Message string `json:"message"`
	Where   Place  `json:"where,omitzero"` // the collector sets Line or Offset; the scan adds By, and Path where it is not set
}

// Rule is what a finding breaks.
type Rule struct {
	ID       string   `json:"id"`
	Severity Severity `json:"severity"`
	Title    string   `json:"title"`
	Fix      string   `json:"fix"`
	Tags     []string `json:"tags"` // CWE, MITRE ATLAS, OWASP LLM
}

// Ids of the rules, as they stand in [Rules].
const (
	RuleUnsafeFormat  = "unsafe-serialization"
	RuleCustomCode    = "custom-code"
	RuleUnpinned      = "unpinned-revision"
	RuleNoLicense     = "missing-license"
	RuleNoHash        = "missing-hash"
	RuleMismatch      = "format-mismatch"
	RuleTrailing      = "polyglot-content"
	RuleBadShards     = "incomplete-shards"
	RuleTemplateCode  = "chat-template-code"
	RulePathEscape    = "path-escape"
	RuleInsecureIndex = "insecure-index"
	RuleConfusion     = "dependency-confusion"
	RuleNoLock        = "missing-lock"
	RuleLockMismatch  = "lock-mismatch"
	RuleLoose         = "unpinned-dependency"
	RuleDirectURL     = "direct-url"
	RuleLocalReplace  = "local-replacement"
	RuleWithdrawn     = "withdrawn-version"
	RuleLookalike     = "lookalike-name"
	RuleStartupCode   = "startup-code"
	RuleBuildHook     = "build-hook"
	RuleBuildTool     = "build-tool"
	RuleDigest        = "digest-mismatch"
	RuleUnsafeCall    = "unsafe-call"
	RuleUnsafeImport  = "unsafe-import"
	RuleUnknownCall   = "unknown-call"
	RuleUnknownClass  = "unknown-class"
	RuleEvasion       = "scanner-evasion"
	RuleNested        = "embedded-pickle"
	RuleIncomplete    = "incomplete-scan"
	RuleBomb          = "decompression-bomb"
	RuleModelCode     = "model-code"
	RuleFileOp        = "file-operation"
	RuleCustomOp      = "custom-operator"
	RuleNative        = "native-code"
	RuleSuspicious    = "suspicious-code"
	RuleURL           = "embedded-url"
	RuleSignature     = "signature-mismatch"
	RuleUnverified    = "signature-unverified"
	RuleRenamed       = "renamed-copy"
	RuleReported      = "reported-unsafe"
	RuleNoProvenance  = "missing-provenance"
	RuleOpaqueLicense = "unknown-license"
	RuleLicenseDiffer = "license-mismatch"
	RuleLicenseChain  = "license-conflict"
	RuleLicenseGap    = "license-gap"
	RuleSensitive     = "sensitive-data"
	RuleDatasetCode   = "dataset-code"
	RuleFormula       = "formula-injection"
	RuleFormulaActs   = "formula-execution"
	RuleOverlap       = "test-data-in-training"
	RuleRows          = "row-count-mismatch"
	RuleSchema        = "schema-mismatch"
	RuleOtherModel    = "evaluated-other-model"
	RuleCredential    = "exposed-credential"
)

// Rules lists every rule that the program knows.
func Rules() []Rule {
	return []Rule{
		{RuleUnsafeFormat, Medium, "The format can run code when it is loaded, and not all of the content was examined", "Examine the file itself, or load safetensors, GGUF or ONNX instead.", []string{"CWE-502", "AML.T0011.000", "LLM03:2025"}},
		{RuleCustomCode, High, "Loading the model runs code from outside the library", "Review the code, pin its commit, and load without trust_remote_code where possible.", []string{"CWE-829", "AML.T0011.000", "LLM03:2025"}},
		{RuleUnpinned, Medium, "A model, dataset or package is named without an exact revision", "Name the commit or the exact version.", []string{"CWE-494", "AML.T0010.003", "LLM03:2025"}},
		{RuleNoLicense, Low, "No licence is stated", "State the licence in the card or the manifest.", []string{"LLM03:2025"}},
		{RuleNoHash, Medium, "No digest ties the component to its bytes", "Record a SHA-256 of the artefact or use a lock file with hashes.", []string{"CWE-353", "AML.T0010.003", "LLM03:2025"}},
		{RuleMismatch, High, "The content is of another format than the name says", "Rename the file, and find out why it was disguised.", []string{"CWE-434", "AML.T0010.003"}},
		{RuleTrailing, Medium, "The file holds bytes that its format does not account for", "Rewrite the file with the format's own library.", []string{"CWE-1286", "AML.T0018.002"}},
		{RuleBadShards, Medium, "The shards on disk are not those that the index names", "Fetch the missing shards, or correct the index.", []string{"CWE-353"}},
		{RuleTemplateCode, High, "The chat template reaches for code outside a template's business", "Replace the template, and find out who put it there.", []string{"CWE-1336", "AML.T0018", "LLM03:2025"}},
		{RulePathEscape, High, "A path in the file leaves the folder", "Do not load it.", []string{"CWE-22"}},
		{RuleInsecureIndex, Medium, "Packages are taken from a source without transport security", "Use an index over https, and check its certificate.", []string{"CWE-319", "CWE-295", "AML.T0010.001", "LLM03:2025"}},
		{RuleConfusion, Medium, "Packages are taken from several indexes, whichever has the higher version", "Use one index that mirrors the other, or bind each package to its index.", []string{"CWE-427", "AML.T0010.001", "LLM03:2025"}},
		{RuleNoLock, Low, "A manifest has no lock file", "Write a lock file, and install from it.", []string{"CWE-1357", "AML.T0010.001", "LLM03:2025"}},
		{RuleLockMismatch, Medium, "The lock file does not fit the manifest", "Lock anew, and find out who changed either.", []string{"CWE-1357", "AML.T0010.001", "LLM03:2025"}},
		{RuleLoose, Low, "A package is required without an exact version", "Name the exact version, or install from a lock file.", []string{"CWE-1357", "AML.T0010.001", "LLM03:2025"}},
		{RuleDirectURL, Low, "A package is taken from a URL, past any index", "Publish it to an index, or record its digest.", []string{"CWE-829", "AML.T0010.001", "LLM03:2025"}},
		{RuleLocalReplace, Low, "A package is replaced by a folder, so its version says nothing of the code", "Drop the replacement before a release.", []string{"CWE-1357", "AML.T0010.001"}},
		{RuleWithdrawn, Medium, "The version was withdrawn by its author", "Move to a version that stands.", []string{"CWE-1357", "CWE-1104", "AML.T0010.001", "LLM03:2025"}},
		{RuleLookalike, High, "The name is almost that of a well-known package", "Make sure that this is the package that you mean.", []string{"CWE-1357", "CWE-506", "AML.T0010.001", "LLM03:2025"}},
		{RuleStartupCode, High, "A file runs code whenever Python starts", "Find out who put it there, and remove it.", []string{"CWE-506", "CWE-829", "AML.T0011.001", "LLM03:2025"}},
		{RuleBuildHook, High, "Building or installing the package fetches or runs code", "Read the code, and install from a wheel that you built yourself.", []string{"CWE-829", "CWE-506", "AML.T0011.001", "LLM03:2025"}},
		{RuleBuildTool, Info, "Building or installing the package runs a compiler, or asks a version control system", "Install from a wheel that you built yourself.", []string{"CWE-829", "AML.T0011.001"}},
		{RuleDigest, High, "The bytes are not those that the recorded digest stands for", "Do not use it; fetch it anew, and find out who changed it.", []string{"CWE-345", "CWE-354", "AML.T0010", "LLM03:2025"}},
		{RuleUnsafeCall, Critical, "Loading the file calls code that reaches out of it: programs, files, the network, the interpreter", "Do not load it, and find out who made it.", []string{"CWE-502", "AML.T0011.000", "AML.T0018.002", "LLM03:2025"}},
		{RuleUnsafeImport, High, "Loading the file imports code that reaches out of it, without a call that was seen", "Do not load it, and find out who made it.", []string{"CWE-502", "AML.T0011.000", "LLM03:2025"}},
		{RuleUnknownCall, Medium, "Loading the file calls code that is not known to be harmless", "Read the code that it calls, or load with weights_only.", []string{"CWE-502", "AML.T0011.000", "LLM03:2025"}},
		{RuleUnknownClass, Low, "Loading the file makes objects of a class that is not known to be harmless", "Read the class, or load with weights_only.", []string{"CWE-502", "AML.T0011.000", "LLM03:2025"}},
		{RuleEvasion, High, "The file is built so that a scanner sees something else than a loader", "Do not load it, and find out who made it.", []string{"CWE-436", "AML.T0018.002", "LLM03:2025"}},
		{RuleNested, Info, "The file holds a pickle as data, which runs only if something loads it", "Find out what loads it.", []string{"CWE-502", "AML.T0011.000"}},
		{RuleIncomplete, Low, "Not all of the file could be examined for code", "Raise the limit that the message names, unpack the file, or do without it.", []string{"CWE-693", "AML.T0011.000"}},
		{RuleBomb, Medium, "The file unpacks to far more than it is", "Do not load it; raise the limit only for a file that you trust.", []string{"CWE-409", "AML.T0029"}},
		{RuleModelCode, High, "The model holds code of its own, which runs when it is loaded or used", "Read the code, or load with the library's safe mode.", []string{"CWE-94", "AML.T0011.000", "LLM03:2025"}},
		{RuleFileOp, High, "The model's graph reads or writes files, or runs code outside of the graph", "Do not run it, and find out who put the operator there.", []string{"CWE-73", "AML.T0018.002", "LLM03:2025"}},
		{RuleCustomOp, Info, "The model needs operators from outside the format, which are native code", "Find out which library brings them.", []string{"CWE-829", "AML.T0011.000"}},
		{RuleNative, High, "A program or a library of machine code lies among the files of a model", "Remove it, or find out who put it there and what runs it.", []string{"CWE-829", "CWE-506", "AML.T0011.001", "LLM03:2025"}},
		{RuleSuspicious, High, "Code that belongs to the model runs programs, hides code or calls out when it is loaded", "Read the code before anything imports it.", []string{"CWE-506", "AML.T0011.000", "LLM03:2025"}},
		{RuleURL, Info, "The file's metadata names an address outside the known hubs", "Make sure that nothing fetches it.", []string{"CWE-829"}},
		{RuleSignature, High, "The model is not the one that was signed", "Do not use it; fetch it anew, and find out who changed it.", []string{"CWE-345", "CWE-347", "AML.T0010.003", "LLM03:2025"}},
		{RuleUnverified, Info, "A signature was found, and whose it is was not verified", "Verify it with the signer's key or certificate.", []string{"CWE-347"}},
		{RuleRenamed, Low, "The weights are those of another component, under another name", "Name the origin, and keep its licence.", []string{"CWE-1357", "AML.T0010.003", "LLM03:2025"}},
		{RuleReported, High, "The hub's own scanners report the file as unsafe", "Do not load it.", []string{"CWE-502", "CWE-506", "AML.T0010.003", "LLM03:2025"}},
		{RuleNoProvenance, Low, "Nothing says where the data comes from", "State the source and the creator in a dataset card, or in mlbom.yaml.", []string{"CWE-1357", "AML.T0010.002", "AML.T0020", "LLM04:2025"}},
		{RuleOpaqueLicense, Low, "The licence that is stated is none that can be known: unknown, other, or a name without a text", "State the SPDX id, or the name and the address of the text.", []string{"LLM03:2025"}},
		{RuleLicenseDiffer, Medium, "Two sources state licences that have nothing in common", "Ask the owner which one holds, and correct the other.", []string{"LLM03:2025"}},
		{RuleLicenseChain, Medium, "The licence allows more than that of what the model or dataset was made from", "Take over the terms of the origin, or replace it.", []string{"LLM03:2025"}},
		{RuleLicenseGap, Low, "What the model or dataset was made from has no known licence, so its own cannot be judged", "Find the licence of the origin, and state it.", []string{"LLM03:2025"}},
		{RuleSensitive, Medium, "The dataset is declared to hold personal or sensitive data", "Make sure that its use is allowed, and that the model does not give it away.", []string{"CWE-359", "AML.T0024", "AML.T0057", "LLM02:2025"}},
		{RuleDatasetCode, High, "Loading the dataset runs a script that comes with it", "Convert the dataset to Parquet, or read the script and pin its commit.", []string{"CWE-829", "AML.T0011", "AML.T0010.002", "LLM03:2025"}},
		{RuleFormula, Medium, "Cells of the table are formulas to a spreadsheet", "Do not open it in a spreadsheet; find out who put them there.", []string{"CWE-1236"}},
		{RuleFormulaActs, High, "Cells of the table run programs or call out when a spreadsheet opens them", "Do not open it in a spreadsheet; find out who put them there.", []string{"CWE-1236", "AML.T0011"}},
		{RuleOverlap, High, "The data that the model was tested on is among the data that it was trained on", "Take it out of the training data, and measure again.", []string{"AML.T0020", "LLM04:2025"}},
		{RuleRows, Medium, "The data has another number of rows than is declared", "Fetch it anew, or correct the declaration, and find out who changed it.", []string{"CWE-345", "AML.T0020", "LLM04:2025"}},
		{RuleSchema, Medium, "The data has other columns than are declared", "Fetch it anew, or correct the declaration, and find out who changed it.", []string{"CWE-345", "AML.T0020", "LLM04:2025"}},
		{RuleOtherModel, High, "The model that was evaluated is not the one that is here", "Evaluate this model, or restore the one that was evaluated.", []string{"CWE-345", "AML.T0010.003", "LLM03:2025"}},
		{RuleCredential, High, "A file that is read by others holds what looks like a password, a token or a key", "Withdraw it where it was issued, then take it out of the file and of its history.", []string{"CWE-798", "CWE-540", "AML.T0055", "LLM02:2025"}},
	}
}

// RuleByID finds a rule; ok is false for an unknown id.
func RuleByID(id string) (r Rule, ok bool) {
	for _, r := range Rules() {
		if r.ID == id {
			return r, true
		}
	}
	return Rule{ID: id, Severity: Info}, false
}

// CompareFindings is the order of a node's findings: rule, place, message.
func CompareFindings(a, b Finding) int {
	return cmp.Or(strings.Compare(a.Rule, b.Rule), comparePlace(a.Where, b.Where), strings.Compare(a.Message, b.Message))
}
