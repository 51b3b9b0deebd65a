package sbom

// The properties of a model that say what a report of an evaluation states of the
// model that it measured, so that the one that is here can be held against it: the
// number of its parameters, and the SHA-256 of its chat template's text.
const (
	TestedParameters = "mlbom:evaluated:parameters"
	TestedTemplate   = "mlbom:evaluated:chat-template"
)
