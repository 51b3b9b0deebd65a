// Package address finds addresses on the web in the values of metadata, and tells
// those that models usually name (hubs, code hosts, papers, licences, standards,
// documentation) from others.
//
// Not understood: addresses that are put together, or hidden in an encoded text.
package address

import (
	"net/netip"
	"net/url"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

const (
	maxFound = 20  // addresses of one text
	maxShown = 200 // bytes of one
)

var link = pattern.Lazy(`(?i)\b(?:https?|ftp|wss?|s3|gs)://[^\s"'<>\\^{}|` + "`" + `]+`)

// usual are hosts, with those below them.
var usual = []string{
	// hubs and hosts of code
	"huggingface.co", "hf.co", "hf-mirror.com", "modelscope.cn", "kaggle.com", "tfhub.dev", "ollama.com", "ollama.ai", "zenodo.org", "civitai.com", "replicate.com", "wisemodel.cn",
	"github.com", "github.io", "githubusercontent.com", "gitlab.com", "gitee.com", "bitbucket.org", "sourceforge.net", "codeberg.org", "pypi.org", "anaconda.org", "colab.research.google.com",
	// papers
	"arxiv.org", "doi.org", "aclanthology.org", "aclweb.org", "openreview.net", "neurips.cc", "mlr.press", "ieee.org", "acm.org", "nature.com", "springer.com", "semanticscholar.org", "biorxiv.org", "thecvf.com", "isca-speech.org", "isca-archive.org", "wikipedia.org", "wikidata.org",
	// licences and standards
	"w3.org", "json-schema.org", "schema.org", "opensource.org", "creativecommons.org", "apache.org", "gnu.org", "spdx.org", "ietf.org", "iso.org", "mlcommons.org", "unicode.org", "openmdw.ai", "bigscience.huggingface.co",
	// libraries and their makers
	"python.org", "pytorch.org", "tensorflow.org", "keras.io", "onnx.ai", "jax.dev", "scikit-learn.org", "numpy.org", "scipy.org", "xgboost.ai", "mlflow.org", "spacy.io", "explosion.ai", "readthedocs.io", "readthedocs.org", "ray.io", "wandb.ai", "wandb.com", "comet.com", "neptune.ai",
	"openai.com", "anthropic.com", "google.com", "google.dev", "googleapis.com", "ai.meta.com", "llama.com", "facebook.com", "fbaipublicfiles.com", "microsoft.com", "azure.com", "nvidia.com", "amazon.com", "amazonaws.com", "apple.com", "ibm.com", "intel.com", "amd.com", "mistral.ai", "cohere.com", "stability.ai", "deepseek.com", "qwen.ai", "qwenlm.ai", "alibabacloud.com", "aliyun.com", "baidu.com", "tencent.com", "ai21.com", "allenai.org", "eleuther.ai", "nomic.ai", "jina.ai", "unsloth.ai", "databricks.com", "snowflake.com", "together.ai", "x.ai", "twitter.com", "x.com", "linkedin.com", "youtube.com", "medium.com", "discord.gg", "discord.com",
	// examples
	"example.com", "example.org", "example.net", "localhost",
}

// Outside gives the addresses in a text that lead to none of the usual hosts.
func Outside(text string) []string {
	if !strings.Contains(text, "://") {
		return nil
	}
	var found []string
	for _, a := range link.FindAllString(text, maxFound) {
		a = strings.TrimRight(a, ".,;:!?)]*_'")
		u, err := url.Parse(a)
		if err != nil || u.Hostname() == "" || isUsual(strings.ToLower(u.Hostname())) {
			continue
		}
		u.User = nil // may be secret, as the query may
		u.RawQuery, u.Fragment = "", ""
		if a = u.String(); len(a) > maxShown {
			a = strings.ToValidUTF8(a[:maxShown], "") + "..."
		}
		found = append(found, a)
	}
	return found
}

// isUsual judges a host. Schools and governments publish models of their own; a
// number in the place of a name is never usual, but for this machine's own.
func isUsual(host string) bool {
	if ip, err := netip.ParseAddr(host); err == nil {
		return ip.IsLoopback()
	}
	for _, u := range usual {
		if host == u || strings.HasSuffix(host, "."+u) {
			return true
		}
	}
	return strings.HasSuffix(host, ".edu") || strings.HasSuffix(host, ".gov") || strings.Contains(host, ".edu.") || strings.Contains(host, ".ac.") ||
		strings.HasSuffix(host, ".example") || strings.HasSuffix(host, ".invalid") || strings.HasSuffix(host, ".test") || !strings.Contains(host, ".")
}
