package source_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom/source"
)

// answers is a network in which one host leads to an address.
type answers struct {
	to    string
	asked []string
}

func (a *answers) RoundTrip(req *http.Request) (*http.Response, error) {
	a.asked = append(a.asked, req.URL.Host)
	res := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader("secret")), Request: req}
	if req.URL.Path == "/start" {
		res.StatusCode, res.Header = http.StatusFound, http.Header{"Location": {a.to}}
	}
	return res, nil
}

// TestInside: a host elsewhere makes us ask neither this machine nor what it alone
// can see, neither by a redirection nor by an address in an answer; one on this
// machine, or that the user names, may be asked.
func TestInside(t *testing.T) {
	for _, c := range []struct {
		first, to string
		plain     []string
		refused   bool
	}{
		{"https://hub.example", "https://127.0.0.1/x", nil, true},
		{"https://hub.example", "https://localhost:8443/x", nil, true},
		{"https://hub.example", "https://a.localhost./x", nil, true},
		{"https://hub.example", "https://[::1]/x", nil, true},
		{"https://hub.example", "https://[::ffff:127.0.0.1]/x", nil, true},
		{"https://hub.example", "https://169.254.169.254/latest/meta-data", nil, true},
		{"https://hub.example", "https://[fe80::1%25eth0]/x", nil, true},
		{"https://hub.example", "https://0.0.0.0/x", nil, true},
		{"http://registry.lan", "http://localhost:9200/x", []string{"registry.lan"}, true},
		{"http://registry.lan", "http://localhost:9200/x", []string{"registry.lan", "localhost:9200"}, false},
		{"http://localhost:5000", "http://127.0.0.1:9000/x", nil, false},
		{"https://hub.example", "https://cdn.example/x", nil, false},
	} {
		net := &answers{to: c.to}
		text, err := get(client(source.Options{Transport: net, Plain: c.plain}), c.first+"/start")
		if refused := err != nil && strings.Contains(err.Error(), "is not asked"); refused != c.refused || refused && len(net.asked) != 1 || !refused && text != "secret" {
			t.Errorf("%s to %s: %v, asked %v", c.first, c.to, err, net.asked)
		}
		direct := client(source.Options{Transport: net, Plain: c.plain}) // the place of a token
		if _, err := get(direct, c.first+"/other"); err != nil {
			t.Errorf("%s: %v", c.first, err)
		}
		if _, err := get(direct, c.to); (err != nil) != c.refused {
			t.Errorf("%s, then %s: %v", c.first, c.to, err)
		}
	}
}
