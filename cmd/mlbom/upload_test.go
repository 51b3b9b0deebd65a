package main

import (
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom/deliver/deptrack/deptracktest"
)

const uploadKeyOfTest = "odt_SECRETSECRETSECRETSECRET"

func startDependencyTrack(t *testing.T, version string) (*deptracktest.Server, string) {
	t.Helper()
	s := deptracktest.New(version, uploadKeyOfTest)
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	t.Setenv("DEPENDENCY_TRACK_API_KEY", uploadKeyOfTest)
	t.Setenv("SOURCE_DATE_EPOCH", "1700000000")
	return s, h.URL
}

// runUpload runs the command, and fails where the key is in what it prints.
func runUpload(t *testing.T, args ...string) (code int, out, errs string) {
	t.Helper()
	code, out, errs = mlbom(append([]string{"upload"}, args...)...)
	if strings.Contains(out+errs, uploadKeyOfTest) {
		t.Errorf("the key is printed:\n%s%s", out, errs)
	}
	return code, out, errs
}

const uploadTree = "../../examples/finetuned-model"

// TestUpload: a tree, its document and its SPDX, each twice, with all facts there.
func TestUpload(t *testing.T) {
	dir := t.TempDir()
	cdx, spdx := filepath.Join(dir, "b.cdx.json"), filepath.Join(dir, "b.spdx.json")
	if code, _, errs := mlbom("generate", uploadTree, "-q", "-o", cdx, "-o", spdx, "--go-mod-cache", "none"); code != exitOK {
		t.Fatal(errs)
	}
	for _, version := range []string{"4.14.3", "5.0.4"} {
		for _, input := range []string{uploadTree, cdx, spdx} {
			s, url := startDependencyTrack(t, version)
			s.Polls = 1
			for range 2 {
				code, out, errs := runUpload(t, input, "--url", url, "--auto-create", "--wait")
				if code != exitOK || out != "" || !strings.Contains(errs, "imported: ") || strings.Contains(errs, "converting SPDX") != (input == spdx) {
					t.Fatalf("%s: exit %d: %s%s", input, code, out, errs)
				}
			}
			p := s.Project("support-summarizer", "1.2.0")
			if p == nil || p.Imports != 2 || p.Imported.Collapsed > 0 || !p.Imported.Rooted || p.Imported.Reached != len(p.Imported.Components) {
				t.Fatalf("%s: %+v", input, p)
			}
			facts := 0
			for _, c := range p.Imported.Components {
				if c.Type == "MACHINE_LEARNING_MODEL" && c.Has("mlbom", "model:architecture", "LlamaForCausalLM") && c.Has("mlbom", "model:license", "Apache-2.0") && c.Has("mlbom", "license:chain", "") {
					facts++
				}
			}
			if facts == 0 {
				t.Errorf("%s: no model with its facts: %+v", input, p.Imported.Components)
			}
		}
	}
}

// TestUploadGate: what fails it, what does not, and what people read.
func TestUploadGate(t *testing.T) {
	s, url := startDependencyTrack(t, "5.0.4")
	s.Policies = []deptracktest.Policy{{Name: "Floating revision", State: "FAIL", Type: "OPERATIONAL", Match: func(c deptracktest.Component) bool {
		return c.Has("mlbom", "finding:unpinned-revision", "") && c.Type == "DATA"
	}},
		{Name: "Approved", State: "FAIL", Type: "LICENSE", Match: func(c deptracktest.Component) bool { return c.Name == "Support threads" }}}
	s.Approved = map[string]bool{"Approved Support threads": true}
	s.Vulnerabilities = []deptracktest.Vulnerability{{ID: "CVE-2026-1", Source: "NVD", Severity: "HIGH", Match: func(c deptracktest.Component) bool { return c.Name == "transformers" }}}
	args := []string{uploadTree, "--url", url, "--auto-create", "-q"}
	code, out, errs := runUpload(t, append(args, "--gate")...)
	const want = `COMPONENT               VERSION  WHAT         SEVERITY  POLICY
HuggingFaceTB/smoltalk  -        operational  FAIL      Floating revision
knkarthick/samsum       -        operational  FAIL      Floating revision
transformers            -        CVE-2026-1   HIGH      -
2 violations, 1 vulnerability, 1 more set aside there: gate failed
`
	if code != exitProblem || out != want || errs != "mlbom: 2 results of the server failed the gate\n" {
		t.Errorf("exit %d:\n%s%s", code, out, errs)
	}
	for word, want := range map[string]int{"finding:critical": exitOK, "finding:high": exitProblem, "violation:warn": exitProblem, "finding:never": exitUsage} {
		if code, out, errs := runUpload(t, append(args, "--fail-on", word)...); code != want {
			t.Errorf("%s: exit %d:\n%s%s", word, code, out, errs)
		}
	}
	code, out, _ = runUpload(t, append(args, "--fail-on", "finding:high", "--format", "json")...)
	var r uploadReport
	if err := json.Unmarshal([]byte(out), &r); err != nil || code != exitProblem || r.Gate != "failed" || r.Failing != 1 || len(r.Violations) != 2 || !r.Confirmed || *r.Held != *r.Components || r.Project.UUID == "" {
		t.Errorf("exit %d: %v\n%s", code, err, out)
	}
}

// TestUploadRefused: the exit code of each kind of no.
func TestUploadRefused(t *testing.T) {
	s, url := startDependencyTrack(t, "4.14.3")
	key := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(key, []byte("a b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{[]string{"--url", url}, exitFailed, "--auto-create"},
		{[]string{"--url", "http://127.0.0.1:1"}, exitFailed, "check --url"},
		{[]string{"--url", "http://dtrack.example"}, exitUsage, "--plain-http"},
		{[]string{"--url", url, "--api-key-file", key}, exitUsage, "the key alone"},
		{[]string{"--url", url, "--ca", key}, exitUsage, "no CERTIFICATE"},
		{[]string{}, exitUsage, "--url"},
		{[]string{"--url", url, "--timeout", "soon"}, exitUsage, "--timeout"},
		{[]string{"--url", url, "--project", "x@1", "--auto-create", "--spec-version", "1.7"}, exitFailed, "Unrecognized specVersion 1.7"},
		{[]string{"--url", url, "--api-key", "x"}, exitUsage, "api-key"},
	} {
		code, _, errs := runUpload(t, append([]string{uploadTree}, c.args...)...)
		if code != c.code || !strings.Contains(errs, c.says) {
			t.Errorf("%v: exit %d: %s", c.args, code, errs)
		}
	}
	s.SpecVersions = []string{"1.4", "1.5"}
	if code, _, errs := runUpload(t, uploadTree, "--url", url, "--auto-create", "--wait"); code != exitOK || !strings.Contains(errs, "does not read CycloneDX 1.6; sending 1.5") {
		t.Errorf("fallback: exit %d: %s", code, errs)
	}
	s.Lose = true
	if code, _, errs := runUpload(t, uploadTree, "--url", url, "--wait", "--timeout", "1s"); code != exitFailed || !strings.Contains(errs, "shows none since the upload") {
		t.Errorf("lie: exit %d: %s", code, errs)
	}
}

// TestUploadAsItIs: --profile none sends the bytes of the file.
func TestUploadAsItIs(t *testing.T) {
	s, url := startDependencyTrack(t, "5.0.4")
	name := filepath.Join(t.TempDir(), "b.cdx.json")
	if code, _, errs := mlbom("generate", uploadTree, "-q", "-o", name, "--go-mod-cache", "none"); code != exitOK {
		t.Fatal(errs)
	}
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if code, _, errs := runUpload(t, name, "--url", url, "--auto-create", "--wait", "--profile", "none", "--project", "p@2"); code != exitOK {
		t.Fatal(errs)
	}
	if p := s.Project("p", "2"); string(p.BOM) != string(data) {
		t.Error("other bytes came")
	}
}
