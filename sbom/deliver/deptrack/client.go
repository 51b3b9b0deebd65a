package deptrack

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/mlbom/mlbom/sbom/source"
)

// Bounds on what a server may make us do.
const (
	MaxAnswer    = 64 << 20 // bytes of one answer
	attempts     = 8        // of one request
	maxRedirects = 3
	firstWait    = 500 * time.Millisecond // doubled each time, and then a random part of it
	longestWait  = 30 * time.Second
	// DefaultPatience is how long an answer may take to begin, or to go on.
	DefaultPatience = 60 * time.Second
)

// Options steer a [Client].
type Options struct {
	URL       string // of the API server, without /api
	Key       string
	UserAgent string
	// Plain are hosts ("dtrack.lan:8080") that may be asked without TLS. This machine
	// itself always may.
	Plain []string
	// Roots are trusted beside those of the system; nil for none.
	Roots *x509.CertPool
	// Patience is how long an answer may take to begin, or to go on; 0 is [DefaultPatience].
	Patience time.Duration
	// Transport sends the requests; nil is one that honours the proxy variables of
	// the environment.
	Transport http.RoundTripper
	// Wait sleeps between two attempts and two polls; nil waits by the clock.
	Wait func(context.Context, time.Duration) error
}

// Client asks one server. It is not safe for concurrent use.
type Client struct {
	options Options
	base    *url.URL
	http    *http.Client
}

// New gives a client, or an error that says what is wrong with the address or the key.
func New(o Options) (*Client, error) {
	u, err := url.Parse(strings.TrimSpace(o.URL))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil, fmt.Errorf("%s is no address of a server; say https://HOST[:PORT]", printable(o.URL))
	}
	if u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("the address of the server takes no credentials, query or fragment; the key goes into the environment or a file")
	}
	if strings.ContainsFunc(o.Key, func(r rune) bool { return r <= ' ' || r > '~' }) || o.Key == "" {
		return nil, errors.New("the API key is empty, or has characters that no key has: spaces, line ends")
	}
	u.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), "/api")
	u.RawPath = ""
	if o.Patience <= 0 {
		o.Patience = DefaultPatience
	}
	if o.Wait == nil {
		o.Wait = sleep
	}
	if o.Transport == nil {
		o.Transport = newTransport(o)
	}
	c := &Client{options: o, base: u}
	c.http = &http.Client{Transport: o.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return c, c.allowed(u)
}

func newTransport(o Options) *http.Transport {
	return &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   20 * time.Second,
		TLSClientConfig:       &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12},
		ResponseHeaderTimeout: o.Patience,
		IdleConnTimeout:       90 * time.Second,
		ForceAttemptHTTP2:     true,
	}
}

// Host is the server's, for people.
func (c *Client) Host() string { return c.base.Host }

// allowed refuses to send a key without TLS, but to this machine or where the user says so.
func (c *Client) allowed(u *url.URL) error {
	if u.Scheme == "https" || source.Loopback(u.Hostname()) || slices.ContainsFunc(c.options.Plain, func(h string) bool { return strings.EqualFold(h, u.Host) }) {
		return nil
	}
	return fmt.Errorf("%s is not asked without TLS, which would show the API key to all between; use https, or say --plain-http %s", u.Host, u.Host)
}

// request is one call, which can be sent again.
type request struct {
	op     string // what it does, for errors
	method string
	path   string // below the address of the server
	query  url.Values
	kind   string // Content-Type
	body   []byte
	again  []int // statuses that pass for this call, beside those that always do
	open   bool  // needs no key, so none is sent
}

// answer is a whole answer.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// do sends a request until it is answered for good.
func (c *Client) do(ctx context.Context, r request) (*answer, error) {
	redirects := 0
	for n := 0; ; n++ {
		a, err := c.once(ctx, r)
		if err == nil && a.status/100 == 3 && redirects < maxRedirects {
			if err := c.follow(a, r.op); err != nil {
				return nil, err
			}
			redirects++
			n--
			continue
		}
		wait, passes := c.passes(r, a, err, n)
		if !passes {
			if err != nil {
				return nil, c.unreached(ctx, r.op, err)
			}
			return a, nil
		}
		if end, ok := ctx.Deadline(); ok && time.Until(end) < wait || n+1 >= attempts || ctx.Err() != nil {
			return a, c.gaveUp(ctx, r, a, err, n+1)
		}
		if werr := c.options.Wait(ctx, wait); werr != nil {
			return a, c.gaveUp(ctx, r, a, err, n+1)
		}
	}
}

// once sends a request and reads all of the answer.
func (c *Client) once(ctx context.Context, r request) (*answer, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	u := *c.base
	u.Path += r.path
	u.RawQuery = r.query.Encode()
	req, err := http.NewRequestWithContext(ctx, r.method, u.String(), bytes.NewReader(r.body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("User-Agent", c.options.UserAgent)
	req.Header.Set("Accept", "application/json, application/problem+json")
	if !r.open {
		req.Header.Set("X-Api-Key", c.options.Key)
	}
	if r.kind != "" {
		req.Header.Set("Content-Type", r.kind)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	body, err := c.readAll(res.Body, cancel)
	if err != nil {
		return nil, err
	}
	return &answer{res.StatusCode, res.Header, body}, nil
}

var errStalled = errors.New("the answer stopped coming")

// readAll reads a body of bounded size that keeps coming.
func (c *Client) readAll(r io.Reader, cancel func()) ([]byte, error) {
	var b bytes.Buffer
	stalled := make(chan struct{})
	timer := time.AfterFunc(c.options.Patience, func() { close(stalled); cancel() })
	defer timer.Stop()
	buf := make([]byte, 64<<10)
	for {
		n, err := r.Read(buf)
		timer.Reset(c.options.Patience)
		b.Write(buf[:n])
		switch {
		case b.Len() > MaxAnswer:
			return nil, fmt.Errorf("the answer has more than %d MiB", MaxAnswer>>20)
		case err == io.EOF:
			return b.Bytes(), nil
		case err != nil:
			select {
			case <-stalled:
				return nil, errStalled
			default:
				return nil, err
			}
		}
	}
}

// follow takes the address to which the server sends us for its own: the same origin,
// or the same host with TLS. Any other would get the key.
func (c *Client) follow(a *answer, op string) error {
	to, err := c.base.Parse(a.header.Get("Location"))
	if err != nil || to.Host == "" {
		return &Error{Op: op, Host: c.base.Host, Status: a.status, Detail: "it redirects to nowhere"}
	}
	same := strings.EqualFold(to.Scheme, c.base.Scheme) && strings.EqualFold(to.Host, c.base.Host)
	upgrade := c.base.Scheme == "http" && to.Scheme == "https" && strings.EqualFold(to.Hostname(), c.base.Hostname())
	if upgrade {
		next := *c.base
		next.Scheme, next.Host = to.Scheme, to.Host
		c.base = &next
		return nil
	}
	if same {
		return &Error{Op: op, Host: c.base.Host, Status: a.status, Detail: "it redirects to " + printable(to.Path) + ", where no API is",
			Hint: "name the address of the API server; a page for signing in stands before this one"}
	}
	return &Error{Op: op, Host: c.base.Host, Status: a.status, Detail: "it redirects to " + printable(to.Scheme+"://"+to.Host) + ", to which the API key is not sent",
		Hint: "name that address in --url if it is the server that you mean"}
}

// passes tells whether a failure may be gone the next time, and when that is.
func (c *Client) passes(r request, a *answer, err error, n int) (time.Duration, bool) {
	wait := min(firstWait<<min(n, 10), longestWait)
	wait = wait/2 + rand.N(wait/2+1) // so that many clients do not come back at once
	if err != nil {
		return wait, passing(err)
	}
	if !slices.Contains(transient, a.status) && !slices.Contains(r.again, a.status) {
		return 0, false
	}
	if told, ok := retryAfter(a.header.Get("Retry-After"), time.Now()); ok {
		return told, true
	}
	return wait, true
}

var transient = []int{http.StatusRequestTimeout, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
