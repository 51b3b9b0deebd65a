package sbom

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// Dataset holds what only a dataset has.
type Dataset struct {
	Size          int64     `json:"size,omitempty"`         // bytes
	DownloadSize  int64     `json:"downloadSize,omitempty"` // bytes
	Rows          int64     `json:"rows,omitempty"`
	SizeCategory  string    `json:"sizeCategory,omitempty"` // "1K<n<10K"
	Splits        []Split   `json:"splits,omitempty"`
	Features      []Feature `json:"features,omitempty"`
	Modalities    []string  `json:"modalities,omitempty"` // "text", "image", ...
	Tasks         []string  `json:"tasks,omitempty"`
	Multilingual  []string  `json:"multilingual,omitempty"`
	Files         []string  `json:"files,omitempty"`        // data files or patterns, as declared
	Sensitive     []string  `json:"sensitive,omitempty"`    // what sensitive data it holds
	Personal      string    `json:"personal,omitempty"`     // "yes", "no" or unknown
	Confidential  string    `json:"confidential,omitempty"` // classification, as stated
	Owners        []Party   `json:"owners,omitempty"`       // creators
	Stewards      []Party   `json:"stewards,omitempty"`     // maintainers
	Custodians    []Party   `json:"custodians,omitempty"`   // publishers
	Collection    []string  `json:"collection,omitempty"`   // how it was collected
	Annotation    []string  `json:"annotation,omitempty"`   // how it was annotated
	Preprocessing []string  `json:"preprocessing,omitempty"`
	Anonymization []string  `json:"anonymization,omitempty"`
	Biases        []string  `json:"biases,omitempty"`
	Limitations   []string  `json:"limitations,omitempty"`
	UseCases      []string  `json:"useCases,omitempty"`
	OutOfScope    []string  `json:"outOfScope,omitempty"`
	Update        string    `json:"update,omitempty"` // how it is maintained
	Noise         string    `json:"noise,omitempty"`
	Availability  string    `json:"availability,omitempty"`
	Gated         string    `json:"gated,omitempty"`
	Live          bool      `json:"live,omitempty"`
	Citation      string    `json:"citation,omitempty"`
	// Origin are named facts on where the data comes from: "source", "issuer",
	// "geography", "method", "generated" (a time or a range), "consent".
	Origin []Property `json:"origin,omitempty"`
	// Usage are the terms of use beside the licence: DUO or ODRL terms, restrictions
	// on places and purposes, as stated.
	Usage []string `json:"usage,omitempty"`
	// RootDigest is over the files of the dataset: the root digest of the OpenSSF
	// Model Signing specification 1.0, method "files", in lower-case hex.
	RootDigest string `json:"rootDigest,omitempty"`
	// SchemaDigest is over the columns of the dataset's tables: SHA-256, in
	// lower-case hex, of the lines that [SchemaDigest] documents.
	SchemaDigest string `json:"schemaDigest,omitempty"`
}

// Split is one part of one configuration.
type Split struct {
	Config string `json:"config,omitempty"`
	Name   string `json:"name"`
	Rows   int64  `json:"rows,omitempty"`
	Bytes  int64  `json:"bytes,omitempty"`
}

// Feature is one column or field.
type Feature struct {
	Config string `json:"config,omitempty"`
	Name   string `json:"name"`
	Type   string `json:"type,omitempty"`
	// Description and Labels (the names of the classes) are as declared.
	Description string   `json:"description,omitempty"`
	Labels      []string `json:"labels,omitempty"`
}

// Table is what was read of the records in a file of data. What was not looked
// at is absent: a number of rows that is not known is no zero.
type Table struct {
	Rows    *int64   `json:"rows,omitempty"` // records, without a header
	Columns []Column `json:"columns,omitempty"`
	// Sample says what was looked at where it was not all of the file: "first
	// 1000 rows", "footer".
	Sample string `json:"sample,omitempty"`
	// Compression is that of the whole file or of its pages: "gzip", "zstd".
	Compression string `json:"compression,omitempty"`
	// Split is the part of the dataset that the file says or its name shows:
	// "train", "validation", "test".
	Split string `json:"split,omitempty"`
}

// Column is one column of a table, or one path in nested records.
type Column struct {
	Name string `json:"name"`
	// Type is in Arrow's spelling: "int64", "string", "list<item: int32>",
	// "timestamp[us, tz=UTC]"; of text formats what all values looked at can be.
	Type     string `json:"type,omitempty"`
	Nullable bool   `json:"nullable,omitempty"`
	// Nulls and Distinct count values; absent where nobody counted.
	Nulls    *int64 `json:"nulls,omitempty"`
	Distinct *int64 `json:"distinct,omitempty"`
	// AtLeast: counting distinct values stopped at a bound.
	AtLeast bool `json:"atLeast,omitempty"`
	// Classes are the names of the classes that the values stand for, in order, as the
	// file itself states them.
	Classes []string `json:"classes,omitempty"`
	// Labels is the distribution over a column that is declared as a label.
	Labels []LabelCount `json:"labels,omitempty"`
}

// LabelCount is how many rows have one label.
type LabelCount struct {
	Label string `json:"label"`
	Rows  int64  `json:"rows"`
}

// SchemaDigest is a fingerprint of the columns of a table: SHA-256, in lower-case
// hex, of one line a column, sorted by bytes and without doubles. A line is the name
// as a Go (and, but for rare characters, JSON) string in quotes, a space, the type,
// and a line feed. No columns give "".
func SchemaDigest(columns []Column) string {
	if len(columns) == 0 {
		return ""
	}
	lines := make([]string, len(columns))
	for i, c := range columns {
		lines[i] = strconv.Quote(c.Name) + " " + c.Type + "\n"
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(slices.Compact(lines), "")))
	return hex.EncodeToString(sum[:])
}
