package sbom

// Model holds what only a machine-learning model has.
type Model struct {
	Task          string   `json:"task,omitempty"`          // "text-generation"
	Family        string   `json:"family,omitempty"`        // architecture family: "llama"
	Architecture  string   `json:"architecture,omitempty"`  // class: "LlamaForCausalLM"
	Library       string   `json:"library,omitempty"`       // library that loads it: "transformers"
	Formats       []string `json:"formats,omitempty"`       // "safetensors", "gguf", "pytorch", ...
	Approach      string   `json:"approach,omitempty"`      // CycloneDX approach type, where the source says it
	Parameters    int64    `json:"parameters,omitempty"`    // exact count, of all files together
	ParameterSize string   `json:"parameterSize,omitempty"` // as stated: "7B"
	// Tensors counts what the weight files hold, by data type. Derived from the
	// files after the merge where a model has several.
	Tensors       []TensorType `json:"tensors,omitempty"`
	Fingerprints  Fingerprints `json:"fingerprints,omitzero"`
	Quantization  Quantization `json:"quantization,omitzero"`
	ContextLength int64        `json:"contextLength,omitempty"` // tokens
	Inputs        []Port       `json:"inputs,omitempty"`
	Outputs       []Port       `json:"outputs,omitempty"`
	// Hyperparameters are name and value as the source writes them: of the
	// architecture ("hidden_size"), the adapter ("lora.r") or generation
	// ("generation.temperature").
	Hyperparameters []Property `json:"hyperparameters,omitempty"`
	// Operators are those of a graph, with how often each stands in it, and
	// Opsets the versions of their sets: "ai.onnx.Conv" "53", "ai.onnx" "17".
	Operators     []Property     `json:"operators,omitempty"`
	Opsets        []Property     `json:"opsets,omitempty"`
	Tokenizer     Tokenizer      `json:"tokenizer,omitzero"`
	ChatTemplates []ChatTemplate `json:"chatTemplates,omitempty"`
	AdapterType   string         `json:"adapterType,omitempty"` // "LORA"
	// CustomCode names code outside the library that loading the model runs:
	// "AutoModel=modeling_x.X".
	CustomCode     []string       `json:"customCode,omitempty"`
	Gated          string         `json:"gated,omitempty"` // "true" or the gate's text
	Training       Training       `json:"training,omitzero"`
	Metrics        []Metric       `json:"metrics,omitempty"`
	Considerations Considerations `json:"considerations,omitzero"`
	Energy         []Energy       `json:"energy,omitempty"`
	Emissions      Emissions      `json:"emissions,omitzero"`
	Citation       string         `json:"citation,omitempty"`
}

// TensorType counts the tensors of one data type.
type TensorType struct {
	DType      string `json:"dtype"` // "BF16", "Q4_K"
	Tensors    int64  `json:"tensors"`
	Parameters int64  `json:"parameters"`
}

// Fingerprints are digests, in lower-case hex SHA-256, by which a model is known
// again when its files differ.
type Fingerprints struct {
	// Content is over the tensors, whichever files they are in: see
	// collectors/internal/fingerprint.
	Content string `json:"content,omitempty"`
	// Header is over the names, types and shapes of the tensors alone, and Shapes
	// over the names and shapes.
	Header string `json:"header,omitempty"`
	Shapes string `json:"shapes,omitempty"`
	// Signing is the root digest of the files by the OpenSSF Model Signing
	// specification 1.0, method "files": what a signature of the model signs.
	Signing string `json:"signing,omitempty"`
}

// Quantization says how weights were made smaller.
type Quantization struct {
	Method string `json:"method,omitempty"` // "gptq", "bitsandbytes", "gguf"
	Scheme string `json:"scheme,omitempty"` // "Q4_K_M", "nf4"
	Bits   string `json:"bits,omitempty"`   // "4"
}

// Port is one input or output.
type Port struct {
	Name   string `json:"name,omitempty"`
	Format string `json:"format,omitempty"` // "string", "image", "float32"
	Shape  string `json:"shape,omitempty"`  // "[1,3,224,224]"
}

// Tokenizer describes the tokenizer that belongs to a model.
type Tokenizer struct {
	Class     string `json:"class,omitempty"`
	Type      string `json:"type,omitempty"` // "BPE", "gpt2", "llama"
	VocabSize int64  `json:"vocabSize,omitempty"`
	MaxLength int64  `json:"maxLength,omitempty"` // tokens
	BOS       string `json:"bos,omitempty"`
	EOS       string `json:"eos,omitempty"`
	PAD       string `json:"pad,omitempty"`
	UNK       string `json:"unk,omitempty"`
}

// ChatTemplate is a Jinja template, which is a program: it is known by its digest.
type ChatTemplate struct {
	Name   string `json:"name,omitempty"` // "" is the default one
	SHA256 string `json:"sha256"`
	Text   string `json:"text,omitempty"`
}

// Training says how the model was made, as far as a source states it.
type Training struct {
	Description     string     `json:"description,omitempty"`
	Data            string     `json:"data,omitempty"` // prose about the training data
	Preprocessing   string     `json:"preprocessing,omitempty"`
	Hardware        string     `json:"hardware,omitempty"`
	Hours           string     `json:"hours,omitempty"`
	Provider        string     `json:"provider,omitempty"` // cloud provider
	Region          string     `json:"region,omitempty"`
	Hyperparameters []Property `json:"hyperparameters,omitempty"`
	Versions        []Property `json:"versions,omitempty"` // framework versions used
}

// Metric is one measured value, with what it was measured on.
type Metric struct {
	Type       string `json:"type"`
	Name       string `json:"name,omitempty"`
	Value      string `json:"value"` // as written: a number, "20.0 ± 1.2", a list
	Task       string `json:"task,omitempty"`
	Dataset    string `json:"dataset,omitempty"` // hub id or type
	DatasetOf  string `json:"datasetName,omitempty"`
	Config     string `json:"config,omitempty"`
	Split      string `json:"split,omitempty"`
	Revision   string `json:"revision,omitempty"`
	Args       string `json:"args,omitempty"`
	Slice      string `json:"slice,omitempty"`
	Lower      string `json:"lower,omitempty"` // confidence interval
	Upper      string `json:"upper,omitempty"`
	Verified   bool   `json:"verified,omitempty"`
	SourceURL  string `json:"sourceURL,omitempty"`
	SourceName string `json:"sourceName,omitempty"`
	Category   string `json:"category,omitempty"` // "quality", "safety", "robustness", "fairness", where the source says
	StdErr     string `json:"stdErr,omitempty"`
	Samples    string `json:"samples,omitempty"` // how many cases were measured
	Shots      string `json:"shots,omitempty"`   // examples in the prompt
	Filter     string `json:"filter,omitempty"`  // how answers were read: "strict-match"
	TaskOf     string `json:"taskVersion,omitempty"`
	Tool       string `json:"tool,omitempty"` // what measured: "lm-evaluation-harness 0.4.9"
	Date       string `json:"date,omitempty"` // RFC 3339 date or time
	// Tested is the digest, the commit or the tag of the model that was measured, where
	// the report states one.
	Tested string `json:"tested,omitempty"`
}

// Considerations are what a card says on use and risk, section by section.
type Considerations struct {
	Users       []string   `json:"users,omitempty"`
	UseCases    []string   `json:"useCases,omitempty"`
	OutOfScope  []string   `json:"outOfScope,omitempty"`
	Limitations []string   `json:"limitations,omitempty"`
	Tradeoffs   []string   `json:"tradeoffs,omitempty"`
	Ethical     []Risk     `json:"ethical,omitempty"`
	Fairness    []Fairness `json:"fairness,omitempty"`
}

// Risk is an ethical consideration and what is done about it.
type Risk struct {
	Name       string `json:"name,omitempty"`
	Mitigation string `json:"mitigation,omitempty"`
}

// Fairness is the assessment for one group.
type Fairness struct {
	Group      string `json:"group,omitempty"`
	Benefits   string `json:"benefits,omitempty"`
	Harms      string `json:"harms,omitempty"`
	Mitigation string `json:"mitigation,omitempty"`
}

// Energy is the energy that one activity took.
type Energy struct {
	Activity string `json:"activity"`      // CycloneDX activity: "training", "fine-tuning", ...
	KWh      string `json:"kwh,omitempty"` // decimal number
	CO2      string `json:"co2,omitempty"` // tonnes of CO2 equivalent, decimal number
}

// Emissions is the CO2 equivalent that a card states.
type Emissions struct {
	Grams    string `json:"grams,omitempty"` // decimal number
	Source   string `json:"source,omitempty"`
	Activity string `json:"activity,omitempty"` // "pre-training", "fine-tuning"
	Location string `json:"location,omitempty"`
	Hardware string `json:"hardware,omitempty"`
}
