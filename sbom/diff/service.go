package diff

import (
	"net/url"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// service compares what is called over a network.
func (c *comparison) service(x, y *sbom.Node) {
	a, b := serviceOf(x), serviceOf(y)
	gone, came := apart(sorted(a.Endpoints), sorted(b.Endpoints))
	for i := 0; i < len(gone); i++ { // the same place by another scheme
		j := slices.IndexFunc(came, func(e string) bool { return sameAddress(e, gone[i]) && direct(gone[i], e) != "" })
		if j < 0 {
			continue
		}
		c.changed(Service, x, y, "service.endpoints", gone[i], came[j], direct(gone[i], came[j]))
		gone, came = slices.Delete(gone, i, i+1), slices.Delete(came, j, j+1)
		i--
	}
	if len(gone)+len(came) > 0 {
		c.changed(Service, x, y, "service.endpoints", strings.Join(gone, ", "), strings.Join(came, ", "), "")
	}
	if a.Authenticated != b.Authenticated {
		direction := ""
		switch {
		case a.Authenticated == "yes":
			direction = Weaker
		case b.Authenticated == "yes":
			direction = Stronger
		}
		c.changed(Service, x, y, "service.authenticated", a.Authenticated, b.Authenticated, direction)
	}
}

func serviceOf(n *sbom.Node) sbom.Service {
	if n.Service == nil {
		return sbom.Service{}
	}
	return *n.Service
}

func sorted(list []string) []string { return slices.Sorted(slices.Values(list)) }

// secure tells which schemes have transport security, and their sisters.
var secure = map[string]bool{"https": true, "wss": true, "grpcs": true, "http": false, "ws": false, "grpc": false}

// direct tells whether an endpoint gains or loses transport security.
func direct(before, after string) string {
	a, known := secure[scheme(before)]
	b, also := secure[scheme(after)]
	switch {
	case !known || !also || a == b:
		return ""
	case a:
		return Weaker
	}
	return Stronger
}

func scheme(endpoint string) string {
	head, _, ok := strings.Cut(endpoint, "://")
	if !ok {
		return ""
	}
	return strings.ToLower(head)
}

// sameAddress tells whether two endpoints are the same host and path, whatever the
// scheme and the port that follows from it.
func sameAddress(a, b string) bool {
	x, err := url.Parse(a)
	y, err2 := url.Parse(b)
	return err == nil && err2 == nil && x.Host != "" && strings.EqualFold(x.Hostname(), y.Hostname()) && strings.Trim(x.Path, "/") == strings.Trim(y.Path, "/")
}
