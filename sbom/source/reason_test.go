package source_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom/source"
)

// TestReason: an error of the network names the host, no path, and what can be done.
func TestReason(t *testing.T) {
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	strange := httptest.NewTLSServer(http.NotFoundHandler())
	defer strange.Close()
	for address, want := range map[string]string{closed.URL: "HTTPS_PROXY", strange.URL: "SSL_CERT_FILE"} {
		_, err := (&http.Client{Transport: &http.Transport{}}).Get(address + "/secret?token=x")
		if err == nil {
			t.Fatal("no error")
		}
		_, host, _ := strings.Cut(address, "://")
		if text := source.Reason(err).Error(); !strings.HasPrefix(text, host+": ") || !strings.Contains(text, want) || strings.Contains(text, "secret") {
			t.Errorf("%s: want %s", text, want)
		}
	}
}
