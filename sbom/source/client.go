package source

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// Bounds on what one host may make us do.
const (
	MaxRedirects  = 10
	DefaultFetch  = 16 << 30 // bytes of all answers together
	headerTimeout = 60 * time.Second
	idleTimeout   = 60 * time.Second // without a byte of a body
)

// Options steer a [Client]; the zero value is good.
type Options struct {
	// UserAgent names the program.
	UserAgent string
	// Plain are hosts ("registry.lan:5000") that may be asked without TLS. This
	// machine itself always may.
	Plain []string
	// MaxFetch bounds the bytes of all answers; 0 is [DefaultFetch].
	MaxFetch int64
	// Transport sends the requests; nil is one that honours the proxy variables
	// of the environment.
	Transport http.RoundTripper
	// Roots vouch for hosts beside those that the system trusts; nil is the system's.
	// They are of the transport that is made where none is given.
	Roots *x509.CertPool
	// Idle is how long nothing may come of a body, or be taken of one that is sent;
	// 0 is a minute.
	Idle time.Duration
	// Wait sleeps between two attempts; nil waits by the clock.
	Wait func(context.Context, time.Duration) error
	// Now is the time against which dates in answers are held; nil is the clock.
	Now func() time.Time
}

// Client fetches by HTTP, with retries. It is safe for concurrent use.
type Client struct {
	HTTP     *http.Client
	options  Options
	fetched  atomic.Int64
	requests atomic.Int64
	first    atomic.Pointer[string] // the host that was asked first: whom the user names
}

// NewClient gives a client.
func NewClient(o Options) *Client {
	if o.Transport == nil {
		o.Transport = &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 30 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			TLSHandshakeTimeout:   20 * time.Second,
			TLSClientConfig:       &tls.Config{RootCAs: o.Roots, MinVersion: tls.VersionTLS12},
			ResponseHeaderTimeout: headerTimeout,
			IdleConnTimeout:       90 * time.Second,
			MaxIdleConnsPerHost:   8,
			ForceAttemptHTTP2:     true,
		}
	}
	if o.MaxFetch <= 0 {
		o.MaxFetch = DefaultFetch
	}
	if o.Idle <= 0 {
		o.Idle = idleTimeout
	}
	if o.Wait == nil {
		o.Wait = sleep
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	c := &Client{options: o}
	c.HTTP = &http.Client{Transport: transport{c}, CheckRedirect: checkRedirect}
	return c
}

// Fetched tells how many bytes of bodies came, and in how many requests.
func (c *Client) Fetched() (bytes, requests int64) { return c.fetched.Load(), c.requests.Load() }

// checkRedirect takes the credentials from a request that has left the origin
// they are for, and stops one that leaves TLS. A chain that left stays without:
// net/http starts each hop from the headers of the first request.
func checkRedirect(req *http.Request, via []*http.Request) error {
	if len(via) >= MaxRedirects {
		return fmt.Errorf("more than %d redirections", MaxRedirects)
	}
	if via[len(via)-1].URL.Scheme == "https" && req.URL.Scheme != "https" {
		return errors.New("it redirects from https to " + req.URL.Scheme)
	}
	for _, hop := range append(via[1:len(via):len(via)], req) {
		if !sameOrigin(via[0].URL, hop.URL) {
			req.Header.Del("Authorization")
			req.Header.Del("Cookie")
		}
	}
	return nil
}

func sameOrigin(a, b *url.URL) bool {
	return strings.EqualFold(a.Scheme, b.Scheme) && strings.EqualFold(a.Hostname(), b.Hostname()) && port(a) == port(b)
}

func port(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case strings.EqualFold(u.Scheme, "https"):
		return "443"
	}
	return "80"
}

// PlainHTTP tells whether a host may be asked without TLS.
func (c *Client) PlainHTTP(host string) bool {
	for _, h := range c.options.Plain {
		if strings.EqualFold(h, host) {
			return true
		}
	}
	return Loopback(host)
}

// Loopback tells whether a host, with or without a port, is this machine.
func Loopback(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	host = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}

// reaches refuses what lies on this machine, or beside it where machines of a cloud
// keep their credentials, to all but users who name it: elsewhere a redirection or
// the place of a token would make us ask for another.
func (c *Client) reaches(host string) error {
	c.first.CompareAndSwap(nil, &host)
	first := *c.first.Load()
	if !inside(host) || inside(first) || slices.ContainsFunc(c.options.Plain, func(h string) bool { return strings.EqualFold(h, host) }) {
		return nil
	}
	return fmt.Errorf("%s leads to %s, which is this machine or one that only this machine can see; it is not asked", first, host)
}

// inside tells whether a host, with or without a port, is this machine or has an
// address of the link alone (169.254.169.254), or none.
func inside(host string) bool {
	u := url.URL{Host: host}
	name := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	name, _, _ = strings.Cut(name, "%")
	ip := net.ParseIP(name)
	return ip != nil && (ip.IsLoopback() || ip.IsUnspecified() || ip.IsLinkLocalUnicast() || ip.IsLinkLocalMulticast())
}

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
