package sign

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"maps"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/zeebo/blake3"
	"golang.org/x/crypto/blake2b"
)

// Statement is what a signature says of a model.
type Statement struct {
	Name string // of the model: its folder or file, as the signer called it
	Root string // digest over the resources, lower-case hex SHA-256
	// Resources are the files, or the pieces of files, in the order of the statement:
	// the specification wants that of the names, and the reference implementation
	// takes that of the parts of paths, and of pieces by their place.
	Resources []Resource
	// Single says that the model is one file and no folder, which the reference
	// implementation calls "." in the statement; the resource has the file's name here. Where
	// it is false, it may be one all the same: the specification wants the name.
	Single bool
	Serialization
}

// Serialization says how the files were listed and hashed.
type Serialization struct {
	Method        string   `json:"method"`    // "files" or "shards"
	HashType      string   `json:"hash_type"` // see [Hash]
	ShardSize     int64    `json:"-"`
	AllowSymlinks bool     `json:"allow_symlinks"`
	IgnorePaths   []string `json:"ignore_paths"`
}

// Resource is a file, or the bytes of a file from Start to End.
type Resource struct {
	Name       string // of the file, below the model's folder
	Start, End int64  // End is 0 where it is the whole file
	Digest     []byte
}

// Hash gives a hash function by its name in the specification.
func Hash(name string) (func() hash.Hash, bool) {
	switch name {
	case "sha256":
		return sha256.New, true
	case "blake3":
		return func() hash.Hash { return blake3.New() }, true
	case "blake2b":
		return func() hash.Hash {
			h, _ := blake2b.New512(nil) // fails for long keys only
			return h
		}, true
	}
	return nil, false
}

// Root is the digest that stands for all resources, which come in order: SHA-256
// over their digests.
func Root(resources []Resource) string {
	h := sha256.New()
	for _, r := range resources {
		h.Write(r.Digest)
	}
	return hex.EncodeToString(h.Sum(nil))
}

type statement struct {
	Type    string `json:"_type"`
	Subject []struct {
		Name   string            `json:"name"`
		Digest map[string]string `json:"digest"`
	} `json:"subject"`
	PredicateType string `json:"predicateType"`
	Predicate     *struct {
		Resources []struct {
			Name      string `json:"name"`
			Digest    string `json:"digest"`
			Algorithm string `json:"algorithm"`
		} `json:"resources"`
		Serialization struct {
			Serialization
			Size float64 `json:"shard_size"` // the reference writes 50.0
		} `json:"serialization"`
	} `json:"predicate"`
}

func parseStatement(payload []byte) (*Statement, error) {
	var raw statement
	if err := json.Unmarshal(payload, &raw); err != nil {
		return nil, fmt.Errorf("the signed statement is damaged: %w", err)
	}
	if raw.PredicateType != predicateType {
		if strings.HasPrefix(raw.PredicateType, "https://model_signing/") {
			return nil, fmt.Errorf("the signature is of %s, which is not understood; sign anew with a release from 1.0 on", raw.PredicateType)
		}
		return nil, ErrOther // in-toto states many other things
	}
	switch {
	case raw.Type != statementType:
		return nil, fmt.Errorf("the signed statement is of type %.100q, and %s is wanted", raw.Type, statementType)
	case raw.Predicate == nil || len(raw.Predicate.Resources) == 0:
		return nil, errors.New("the signed statement names no files")
	case len(raw.Subject) != 1:
		return nil, fmt.Errorf("the signed statement has %d subjects, and one is wanted", len(raw.Subject))
	}
	s := &Statement{Name: raw.Subject[0].Name, Root: strings.ToLower(raw.Subject[0].Digest["sha256"]), Serialization: raw.Predicate.Serialization.Serialization}
	if size := raw.Predicate.Serialization.Size; size == math.Trunc(size) && size >= 0 && size < 1<<53 {
		s.ShardSize = int64(size)
	}
	if err := s.Serialization.check(); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, r := range raw.Predicate.Resources {
		if seen[r.Name] {
			return nil, fmt.Errorf("%q stands twice in the signed statement", r.Name)
		}
		seen[r.Name] = true
		resource, err := s.resource(r.Name, r.Digest, r.Algorithm)
		if err != nil {
			return nil, err
		}
		s.Resources = append(s.Resources, resource)
	}
	if s.mixed(seen) {
		return nil, &EscapeError{"."}
	}
	if got := Root(s.Resources); got != s.Root {
		return nil, fmt.Errorf("the signed statement contradicts itself: its digest is %.64s, and that of its files %s", s.Root, got)
	}
	return s, nil
}

// mixed tells whether "." is not the only file.
func (s *Statement) mixed(names map[string]bool) bool {
	whole := slices.ContainsFunc(slices.Collect(maps.Keys(names)), func(n string) bool { return n == "." || strings.HasPrefix(n, ".:") })
	return whole && slices.ContainsFunc(s.Resources, func(r Resource) bool { return r.Name != s.Name })
}

func (s *Serialization) check() error {
	if _, ok := Hash(s.HashType); !ok {
		return fmt.Errorf("the signature was made with the hash %.40q, and sha256, blake2b and blake3 are known", s.HashType)
	}
	switch {
	case s.Method == "files" && s.ShardSize == 0:
	case s.Method == "shards" && s.ShardSize > 0:
	default:
		return fmt.Errorf("the signature was made by the method %.40q with pieces of %d bytes, and files and shards are known", s.Method, s.ShardSize)
	}
	return nil
}

func (s *Statement) resource(name, digest, algorithm string) (Resource, error) {
	r := Resource{Name: name}
	if s.Method == "shards" {
		var ok bool
		if r.Name, r.Start, r.End, ok = cutRange(name); !ok || r.Start%s.ShardSize != 0 || r.End-r.Start > s.ShardSize {
			return r, fmt.Errorf("%q in the signed statement is no piece of a file", name)
		}
	}
	if r.Name == "." && path.Base(s.Name) == s.Name { // so the reference implementation calls a model that is one file
		r.Name, s.Single = s.Name, true
	}
	sum, _ := Hash(s.HashType)
	raw, err := hex.DecodeString(digest)
	sharded := s.Method == "shards" && algorithm == fmt.Sprintf("%s-sharded-%d", s.HashType, s.ShardSize) // so the reference writes
	if err != nil || len(raw) != sum().Size() || algorithm != s.HashType && !sharded {
		return r, fmt.Errorf("%q in the signed statement has no valid digest of %s", name, s.HashType)
	}
	r.Digest = raw
	if !fs.ValidPath(r.Name) || r.Name == "." || strings.ContainsAny(r.Name, "\\\x00") {
		return r, &EscapeError{r.Name}
	}
	return r, nil
}

// EscapeError is a name that leaves the model's folder.
type EscapeError struct{ Name string }

func (e *EscapeError) Error() string {
	return fmt.Sprintf("the signature names %q, which is not inside the model's folder", e.Name)
}

// cutRange takes ":START:END" off a name, which may hold colons itself.
func cutRange(name string) (file string, start, end int64, ok bool) {
	j := strings.LastIndexByte(name, ':')
	if j < 0 {
		return "", 0, 0, false
	}
	i := strings.LastIndexByte(name[:j], ':')
	if i < 0 {
		return "", 0, 0, false
	}
	start, err1 := strconv.ParseInt(name[i+1:j], 10, 64)
	end, err2 := strconv.ParseInt(name[j+1:], 10, 64)
	return name[:i], start, end, err1 == nil && err2 == nil && start >= 0 && end > start
}
