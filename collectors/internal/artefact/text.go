package artefact

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/jinja"
	"github.com/mlbom/mlbom/collectors/internal/licensetext"
	"github.com/mlbom/mlbom/sbom"
)

const (
	maxPrompt = 16 << 10 // bytes of a prompt that are kept; of a longer one its digest is
	maxName   = 100      // characters of the name of a licence
)

// Texts reads the layers that hold text of the model: licences, templates, prompts
// and parameters. Each is a sighting of the model where the blob lies.
func (s Store) Texts(m Manifest, keys sbom.Keys) (seen []sbom.Sighting, problems []error) {
	for _, l := range m.Layers {
		role := l.Role()
		if !own[role] || role == Tensor || s.path(l) == "" {
			continue
		}
		text, at, err := s.Text(l)
		if err != nil {
			problems = append(problems, &sbom.Problem{Path: at, Reason: err.Error()})
			continue
		}
		one := sbom.Sighting{Component: sbom.Component{Kind: sbom.KindModel, Keys: keys, Model: &sbom.Model{}}, Basis: sbom.Declared, Where: sbom.Place{Path: at, Line: 1}}
		if err := put(&one, role, text, cmp.Or(s.Made, m.Maker())); err != nil {
			problems = append(problems, &sbom.Problem{Path: at, Reason: err.Error()})
		}
		seen = append(seen, one)
	}
	return seen, problems
}

// put puts one text into the sighting.
func put(s *sbom.Sighting, role Role, text string, maker Maker) (err error) {
	switch role {
	case License:
		s.Licenses = Licenses(text)
	case Template:
		if maker == Ollama {
			s.Model.ChatTemplates = []sbom.ChatTemplate{GoTemplate(text)}
			return nil
		}
		t, found := jinja.Inspect("", text)
		s.Model.ChatTemplates, s.Findings = []sbom.ChatTemplate{t}, found
	case Prompt:
		s.Properties = Prompts("system", text)
	case Params:
		s.Model.Hyperparameters, err = Parameters(text)
	case Messages:
		var list []struct{ Role, Content string }
		if err := json.Unmarshal([]byte(text), &list); err != nil {
			return fmt.Errorf("the messages are not valid JSON: %w", err)
		}
		for _, m := range list[:min(len(list), maxItems)] {
			s.Properties = append(s.Properties, Prompts("message:"+m.Role, m.Content)...)
		}
	}
	return err
}

// Licenses tells which licences a text is; one that is not known is named by its
// first line.
func Licenses(text string) []sbom.License {
	if trimmed := strings.TrimSpace(text); trimmed != "" && !strings.Contains(trimmed, "\n") && len(trimmed) <= maxName { // an id or a name, and no text
		return []sbom.License{sbom.ParseLicense(trimmed)}
	}
	if list := licensetext.Classify(text); len(list) > 0 {
		return list
	}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(strings.Trim(strings.TrimSpace(line), "#*=-")); line == "" {
			continue
		}
		if runes := []rune(line); len(runes) > maxName {
			line = string(runes[:maxName])
		}
		return []sbom.License{{Name: line, Text: text}}
	}
	return nil
}

// GoTemplate is Ollama's template, which is one of Go's text/template: it reaches
// nothing but what it is given, so it is kept and not judged.
func GoTemplate(text string) sbom.ChatTemplate {
	sum := sha256.Sum256([]byte(text))
	return sbom.ChatTemplate{Name: "ollama", SHA256: hex.EncodeToString(sum[:]), Text: text}
}

// Prompts keeps a text that the model is given with each request.
func Prompts(name, text string) []sbom.Property {
	if strings.TrimSpace(text) == "" {
		return nil
	}
	if len(text) > maxPrompt {
		sum := sha256.Sum256([]byte(text))
		text = "sha256:" + hex.EncodeToString(sum[:])
	}
	return []sbom.Property{{Name: "mlbom:ollama:" + name, Value: text}}
}
