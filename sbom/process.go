package sbom

// Process is what a pipeline, one stage of it, or one run of either has: an
// element of CycloneDX's formulation, a build of SPDX. Its place in the graph says
// the rest: a pipeline [Contains] its stages, a stage [Consumes] and [Produces]
// datasets, models and files, and [DependsOn] the stages before it.
type Process struct {
	// Type is "pipeline", "stage" or "run".
	Type string `json:"type,omitempty"`
	// Activity is what it does, where the source says: one of the Activity constants.
	Activity string `json:"activity,omitempty"`
	// Tool runs it: "dvc", "mlflow", "kubeflow".
	Tool string `json:"tool,omitempty"`
	// Commands are as written.
	Commands   []string   `json:"commands,omitempty"`
	Parameters []Property `json:"parameters,omitempty"` // what it was told: hyperparameters, arguments
	// Environment says in what it ran: "image", "python", "gpu", "os".
	Environment []Property `json:"environment,omitempty"`
	Metrics     []Metric   `json:"metrics,omitempty"` // what it logged
	Started     string     `json:"started,omitempty"` // RFC 3339
	Ended       string     `json:"ended,omitempty"`   // RFC 3339
	Status      string     `json:"status,omitempty"`  // as stated: "FINISHED"
	By          string     `json:"by,omitempty"`      // who ran it; never a mail address
}

// The activities of a [Process].
const (
	ActivityCollection  = "data-collection"
	ActivityPreparation = "data-preparation"
	ActivityTraining    = "training"
	ActivityFineTuning  = "fine-tuning"
	ActivityEvaluation  = "evaluation"
	ActivityInference   = "inference"
	ActivityDeployment  = "deployment"
)

// The notes of a [TrainedOn] or [EvaluatedOn] link that tell the role of the data:
// training data is TrainedOn with no note or RoleTrain, the others are EvaluatedOn.
const (
	RoleTrain      = "train"
	RoleValidation = "validation" // chose among models or settings
	RoleTest       = "test"       // measured the model
	RoleBenchmark  = "benchmark"  // a public one, by a tool of evaluation
)
