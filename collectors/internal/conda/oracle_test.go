package conda

import (
	"encoding/json"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// parse reads specifications, a JSON list, and says how rattler takes them apart.
const parse = `
import json, sys
from rattler import MatchSpec
out = []
for text in json.load(sys.stdin):
    try:
        m = MatchSpec(text, strict=False)
    except Exception:
        out.append(None)
        continue
    name = m.name.normalized if hasattr(m.name, "normalized") else str(m.name)
    out.append([name, m.version or "", m.build or "", m.channel.base_url if m.channel else "", m.subdir or "",
                m.md5.hex() if m.md5 else "", m.sha256.hex() if m.sha256 else ""])
json.dump(out, sys.stdout)
`

// written are specifications beside those of the corpus.
var written = []string{"numpy", "numpy=1.2", "numpy==1.2", "numpy 1.2", "numpy 1.2.*", "numpy=1.2.*", "numpy 1.2 py39_0", "numpy=1.2=py39_0", "numpy==1.2=py39_0",
	"numpy>=1.2,<2", "numpy >=1.2,<2 py39_0", "pytorch>=2.7.0=cuda12*", "numpy 1.2|1.3", "numpy !=1.2", "numpy~=1.2", "python_abi 3.14.* *_cp314", "libblas * *openblas*",
	"pytorch::pytorch=2.1.0", "conda-forge/linux-64::foo>=1", "foo[version='>=1,<2', build=py2*]", "foo[version=1.2]", "foo >=1 # why", "foo 1!2.0", "ffmpeg=*=gpl*",
	"conda-forge::foo[channel=bar]", "conda-forge/label/rc::foo", "https://conda.example.org/c/linux-64::foo=1", "foo[md5=0123456789abcdef0123456789abcdef]",
	"foo >=1.0,<2|>3", "foo (>=1", "", ">=1", "foo[version=1", "foo =1.2", "foo = 1.2", "_foo-bar.baz 2023.1.0", "foo 2023c", "foo 1.2.post1", "foo>1", "foo<=1.2a0", "foo=1.2,<3"}

// TestOracle compares with rattler. Set MLBOM_ORACLE_RATTLER to a Python that has
// py-rattler.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_RATTLER")
	if python == "" {
		t.Skip("MLBOM_ORACLE_RATTLER is not set: name a Python that has py-rattler")
	}
	texts := append(corpus(t), written...)
	in, _ := json.Marshal(texts)
	cmd := exec.Command(python, "-c", parse)
	cmd.Stdin, cmd.Stderr = strings.NewReader(string(in)), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var want []*[7]string
	if err := json.Unmarshal(out, &want); err != nil {
		t.Fatal(err)
	}
	bad := 0
	for i, text := range texts {
		s, err := ParseSpec(text)
		if want[i] == nil {
			bad++
			t.Logf("rattler does not take %q; here: %v", text, err)
			continue
		}
		if err != nil {
			t.Errorf("%q: %v, and rattler takes it", text, err)
			continue
		}
		w := *want[i]
		got := [7]string{s.Name, plain(s.Version), s.Build, ChannelURL(s.Channel), s.Subdir, "", ""}
		for _, d := range s.Digests {
			got[5+strings.Count(d, "sha256:")] = d[strings.Index(d, ":")+1:]
		}
		w[1], w[3] = plain(w[1]), strings.TrimSuffix(w[3], "/")
		if got != w {
			t.Errorf("%q:\ngot     %q\nrattler %q", text, got, w)
		}
		if exact := strings.HasPrefix(want[i][1], "==") && !strings.ContainsAny(want[i][1], ",|"); exact != (s.Exact() != "") && s.URL == "" {
			t.Errorf("%q: exact version %q, rattler says %q", text, s.Exact(), want[i][1])
		}
	}
	t.Logf("%d specifications compared; rattler refuses %d", len(texts), bad)
}

var spellings = []struct {
	is *regexp.Regexp
	as string
}{
	{regexp.MustCompile(`[ ()]|==`), ""},                 // "==1.2" and "1.2"
	{regexp.MustCompile(`(^|[.,|<>=])0+(\d)`), "$1$2"},   // 2025.08 and 2025.8
	{regexp.MustCompile(`(>=[^,|]*)\.\*`), "$1"},         // ">=3.10.*" and ">=3.10"
	{regexp.MustCompile(`(^|[,|])=([^=,|]+)`), "$1$2.*"}, // "=1.2,<3" and "1.2.*,<3"
}

// plain gives ranges that are the same one spelling.
func plain(version string) string {
	for _, s := range spellings {
		version = s.is.ReplaceAllString(version, s.as)
	}
	return version
}

var item = regexp.MustCompile(`(?m)^\s*- ['"]?([A-Za-z_][^'"#{}\[\]@:;\n]*)['"]?$`)

// corpus gives the specifications in environments and locks of the corpus.
func corpus(t *testing.T) []string {
	seen := map[string]bool{}
	var list []string
	for _, kind := range []string{"conda-environment", "pixi"} {
		root := os.DirFS("../../../../shared/corpus/" + kind)
		fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return nil
			}
			data, _ := fs.ReadFile(root, name)
			text, _, _ := strings.Cut(string(data), "- pip:")
			if kind == "pixi" {
				text = string(data)
			}
			for _, m := range item.FindAllStringSubmatch(text, -1) {
				if s := strings.TrimSpace(m[1]); !seen[s] && len(list) < 5000 {
					seen[s] = true
					list = append(list, s)
				}
			}
			return nil
		})
	}
	if len(list) == 0 {
		t.Log("no corpus is there")
	}
	return list
}
