package secret

import (
	"strings"
	"testing"
)

// made puts a text together, so that no scanner of the repository takes it for real.
func made(parts ...string) string { return strings.Join(parts, "") }

func TestHide(t *testing.T) {
	for _, c := range []struct{ text, want, kind string }{
		{made("login(token='hf_", "QzRtVbNmKjHgFdSaPoIuYtReWqLkJhGfDs", "')"), "login(token='...')", "a token of Hugging Face"},
		{made("key AKI", "AJ7QKZ2MNB4XWPLTV", " of the bucket"), "key ... of the bucket", "a key of AWS"},
		{made("gh", "p_a8Kd03jfLq92mZpXw71bNcYt56sRvE0ghUi4"), "...", "a token of GitHub"},
		{made("sk", "-proj-a8Kd03jfLq92mZpXw71bNcYt56sRvE0g"), "...", "a key of OpenAI"},
		{made("sk", "-ant-api03-a8Kd03jfLq92mZpXw71bNcYt56s"), "...", "a key of Anthropic"},
		{"git clone https://ann:s3cr3t@git.example/x.git", "git clone https://git.example/x.git", "a password in an address"},
		{"postgres://svc:h%40x9@db.example/a and mongodb+srv://u:k9@m.example", "postgres://db.example/a and mongodb+srv://m.example", "a password in an address"},
	} {
		got, kinds := Hide(c.text)
		if got != c.want || strings.Join(kinds, ", ") != c.kind {
			t.Errorf("Hide(%q) = %q, %q; want %q, %q", c.text, got, kinds, c.want, c.kind)
		}
		if again, kinds := Hide(got); again != got || kinds != nil {
			t.Errorf("hidden twice: %q, %q", again, kinds)
		}
	}
}

// TestLeave: words, names and examples are no secrets.
func TestLeave(t *testing.T) {
	for _, text := range []string{
		"hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxx", "hf_hub_download(repo_id)", "hf_transformersmodulescache", "AKIAIOSFODNN7EXAMPLE", "scikit/sk-learn-random-forest-classifier",
		"task-1234 disk-usage", "https://user:password@host.example/", "https://<user>:<token>@host", "https://$USER:${HF_TOKEN}@huggingface.co/x", "abfss://container@account.dfs.core.windows.net/x",
		"ssh://git@github.com/a/b", "write to ann@example.com or see https://x.example:8080/@ann", "pkg:npm/%40scope/name@1.2.3", "", "ghp_", "sk-XXXXXXXXXXXXXXXXXXXXXXXXXXXX",
	} {
		if got, kinds := Hide(text); got != text || kinds != nil {
			t.Errorf("Hide(%q) = %q, %q", text, got, kinds)
		}
	}
}

func TestMask(t *testing.T) {
	if got := Mask("--token hf_xxxxxxxxxxxxxxxxxxxx -x"); got != "--token ... -x" {
		t.Error(got)
	}
}

func FuzzHide(f *testing.F) {
	f.Add(made("a hf_", "QzRtVbNmKjHgFdSaPoIuYtReWqLkJhGfDs b"))
	f.Add("https://a:b9@c https://d:e8@f")
	f.Fuzz(func(t *testing.T, text string) {
		clean, kinds := Hide(text)
		if (clean == text) != (kinds == nil) || len(clean) > len(text) {
			t.Errorf("%q becomes %q, %q", text, clean, kinds)
		}
	})
}
