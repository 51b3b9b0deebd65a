package jinja

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCorpus says what is found in the templates below MLBOM_CORPUS: *.jinja and
// *.j2, and "chat_template" in JSON.
func TestCorpus(t *testing.T) {
	root := os.Getenv("MLBOM_CORPUS")
	if root == "" {
		t.Skip("set MLBOM_CORPUS to a folder to see what is found in its templates")
	}
	n, told := 0, 0
	look := func(name, text string) {
		n++
		if r := Suspicious(text); len(r) > 0 {
			told++
			t.Logf("%s: %s", name, strings.Join(r, ", "))
		}
	}
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		switch filepath.Ext(name) {
		case ".jinja", ".j2", ".template":
			data, err := os.ReadFile(name)
			look(name, string(data))
			return err
		case ".json":
			data, err := os.ReadFile(name)
			var v any
			if err == nil && strings.Contains(string(data), "template") && json.Unmarshal(data, &v) == nil {
				texts(v, "", func(key, text string) {
					if strings.Contains(key, "template") {
						look(name+"#"+key, text)
					}
				})
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("something was found in %d of %d templates", told, n)
}

func texts(v any, key string, visit func(key, text string)) {
	switch v := v.(type) {
	case string:
		visit(key, v)
	case []any:
		for _, item := range v {
			texts(item, key, visit)
		}
	case map[string]any:
		for k, item := range v {
			if k == "name" {
				continue
			}
			if k != "template" && !strings.Contains(k, "template") {
				k = key
			}
			texts(item, k, visit)
		}
	}
}
