package estimator

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

const maxLines = 64 // of LightGBM's header

// booster adds what the model inside of the object says, of which the first bytes
// are known: LightGBM's text, XGBoost's configuration in JSON or UBJSON.
func booster(v Value, c *sbom.Component) {
	for _, name := range []string{"_Booster", "booster_"} {
		if inner, ok := v.Attr(name); ok && inner.Class != "" {
			v = inner
		}
	}
	for _, name := range []string{"handle", "_handle"} {
		h, ok := v.Attr(name)
		switch {
		case !ok:
		case h.Scalar && strings.HasPrefix(h.Text, "tree\n"):
			lightGBM(h.Text, c)
		case h.Head != "":
			xgboost(h.Head, c)
		}
	}
}

func lightGBM(text string, c *sbom.Component) {
	m := c.Model
	for i, line := range strings.SplitN(text, "\n", maxLines) {
		key, value, ok := strings.Cut(line, "=")
		if !ok && i > 0 || key == "Tree" {
			break
		}
		switch key {
		case "version":
			c.Properties = append(c.Properties, sbom.Property{Name: "lightgbm:format_version", Value: value})
		case "objective":
			value, _, _ = strings.Cut(value, " ") // its settings follow
			setDefault(m, "objective", value)
		case "feature_names":
			names := strings.Fields(value)
			if named := len(m.Inputs) > 0 && m.Inputs[0].Name != ""; !named && len(names) <= maxFeatures && !strings.HasPrefix(value, "Column_") {
				m.Inputs = nil
				for _, n := range names {
					m.Inputs = append(m.Inputs, sbom.Port{Name: n})
				}
			}
		case "max_feature_idx":
			var last int64
			if _, err := fmt.Sscanf(value, "%d", &last); err == nil && last >= 0 && len(m.Inputs) == 0 {
				m.Inputs = []sbom.Port{{Shape: fmt.Sprintf("[-1,%d]", last+1)}}
			}
		}
	}
}

// setDefault adds a setting that is not there.
func setDefault(m *sbom.Model, name, value string) {
	for _, p := range m.Hyperparameters {
		if p.Name == name {
			return
		}
	}
	if value != "" && len(value) <= maxText {
		m.Hyperparameters = append(m.Hyperparameters, sbom.Property{Name: name, Value: value})
	}
}

var version3 = pattern.Lazy(`"version":\[(\d{1,4}),(\d{1,4}),(\d{1,4})\]`)

// xgboost looks for a few entries by their names.
func xgboost(head string, c *sbom.Component) {
	m := c.Model
	version := ""
	if found := version3.FindStringSubmatch(head); found != nil {
		version = strings.Join(found[1:], ".")
	} else if at := strings.Index(head, "\x07version["); at >= 0 {
		version = threeNumbers(head[at+len("\x07version["):])
	}
	if version != "" {
		m.Training.Versions = append(m.Training.Versions, sbom.Property{Name: "xgboost", Value: version})
	}
	if n := entry(head, "num_feature"); n != "" && n != "0" && len(m.Inputs) == 0 {
		m.Inputs = []sbom.Port{{Shape: "[-1," + n + "]"}}
	}
	if at := strings.Index(head, "objective{"); at >= 0 {
		setDefault(m, "objective", entry(head[at:], "name"))
	}
}

// threeNumbers reads "#L........i.i.i." and "i.i.i.]" of UBJSON.
func threeNumbers(s string) string {
	if strings.HasPrefix(s, "#L") && len(s) > 10 {
		s = s[10:]
	}
	var parts []string
	for ; len(s) >= 2 && s[0] == 'i' && len(parts) < 3; s = s[2:] {
		parts = append(parts, fmt.Sprint(s[1]))
	}
	if len(parts) < 3 {
		return ""
	}
	return strings.Join(parts, ".")
}

var number = pattern.Lazy(`^[\w:.-]{1,64}$`)

// entry reads a text by its name, in UBJSON or JSON.
func entry(s, name string) string {
	at := strings.Index(s, name)
	if at < 0 {
		return ""
	}
	s = s[at+len(name):]
	value := ""
	switch {
	case strings.HasPrefix(s, "SL") && len(s) > 10:
		if n := binary.BigEndian.Uint64([]byte(s[2:10])); n < 64 && uint64(len(s)-10) >= n {
			value = s[10 : 10+n]
		}
	case strings.HasPrefix(s, `":`):
		_ = json.NewDecoder(strings.NewReader(s[2:])).Decode(&value) // what is no text is none
	}
	if !number.MatchString(value) {
		return ""
	}
	return value
}
