package hub

import "testing"

func TestModel(t *testing.T) {
	commit := "0123456789abcdef0123456789abcdef01234567"
	for _, c := range []struct{ ref, revision, name, purl, url string }{
		{"Org/Name", "", "Org/Name", "pkg:huggingface/Org/Name", ""},
		{"org/name", commit, "org/name", "pkg:huggingface/org/name@" + commit, ""},
		{"https://huggingface.co/org/name/tree/" + commit, "", "org/name", "pkg:huggingface/org/name@" + commit, ""},
		{"https://huggingface.co/org/name/blob/main/README.md", "", "org/name", "", ""},
		{"https://hf.co/org/name?x=1", "", "org/name", "pkg:huggingface/org/name", ""},
		{"gpt2", "", "gpt2", "", "https://huggingface.co/gpt2"},
		{"gpt2", "main", "gpt2", "", "https://huggingface.co/gpt2/tree/main"},
	} {
		got, ok := Model(c.ref, c.revision)
		if !ok || got.Name != c.name || c.purl != "" && got.Keys.PURL != c.purl || got.Keys.URL != c.url && c.url != "" {
			t.Errorf("%s@%s: %v %+v", c.ref, c.revision, ok, got.Keys)
		}
		if len(got.Refs) != 1 || got.Refs[0].URL != "https://huggingface.co/"+c.name {
			t.Errorf("%s: refs %+v", c.ref, got.Refs)
		}
	}
	for _, ref := range []string{"", "./x", "../x/y", "/models/x", "~/x", `C:\models\x`, "a/b/c", "none", "N/A", "some words", "https://example.org/a/b", "https://huggingface.co/datasets/a/b", "-x/y", "a/.."} {
		if got, ok := Model(ref, ""); ok {
			t.Errorf("%q is taken for the model %+v", ref, got.Keys)
		}
	}
}

func TestDataset(t *testing.T) {
	for ref, want := range map[string]string{"org/d": "https://huggingface.co/datasets/org/d", "https://huggingface.co/datasets/org/d": "https://huggingface.co/datasets/org/d", "squad": "https://huggingface.co/datasets/rajpurkar/squad",
		"SQuAD": "https://huggingface.co/datasets/rajpurkar/squad", "Rajpurkar/SQuAD": "https://huggingface.co/datasets/rajpurkar/squad", "wikitext": "https://huggingface.co/datasets/salesforce/wikitext", "mystery": "https://huggingface.co/datasets/mystery"} {
		got, ok := Dataset(ref, "")
		if !ok || got.Keys.URL != want || got.Keys.PURL != "" {
			t.Errorf("%s: %v %+v", ref, ok, got.Keys)
		}
	}
	for _, ref := range []string{"https://huggingface.co/org/model", "various", "https://example.org/data.csv", ""} {
		if got, ok := Dataset(ref, ""); ok {
			t.Errorf("%q is taken for the dataset %+v", ref, got.Keys)
		}
	}
	if got, _ := Dataset("org/d", "abc"); got.Keys.URL != "https://huggingface.co/datasets/org/d/tree/abc" {
		t.Error(got.Keys)
	}
}

func TestRenamed(t *testing.T) {
	c, _ := Dataset("wikitext", "")
	if c.Name != "Salesforce/wikitext" || len(c.Refs) != 2 || c.Refs[0].URL != "https://huggingface.co/datasets/Salesforce/wikitext" || c.Refs[1].URL != "https://huggingface.co/datasets/wikitext" {
		t.Errorf("%+v", c)
	}
	for from, to := range renamed() {
		if validID(from) == "" || validID(to) == "" || Renamed(to) != to {
			t.Errorf("%s -> %s", from, to)
		}
	}
}
