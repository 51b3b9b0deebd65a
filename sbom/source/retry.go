package source

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

// Bounds on trying again.
const (
	attempts  = 5
	firstWait = 500 * time.Millisecond // doubled each time
	MaxWait   = 5*time.Minute + 5*time.Second
	maxDrain  = 64 << 10 // bytes that are read so that a connection can be used again
)

// transport sends one request, again where that may help.
type transport struct{ c *Client }

// RoundTrip sends the request over TLS, or to a host that may be asked without.
func (t transport) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Scheme != "https" && !(req.URL.Scheme == "http" && t.c.PlainHTTP(req.URL.Host)) {
		return nil, fmt.Errorf("%s is not asked without TLS; use https, or name the host in --plain-http", req.URL.Host)
	}
	if err := t.c.reaches(req.URL.Host); err != nil {
		return nil, err
	}
	for n := 0; ; n++ {
		if t.c.fetched.Load() >= t.c.options.MaxFetch {
			return nil, errTooMuch(t.c.options.MaxFetch)
		}
		t.c.requests.Add(1)
		attempt, cancel := context.WithCancel(req.Context())
		sent := req.Clone(attempt)
		if n > 0 && req.GetBody != nil {
			if sent.Body, _ = req.GetBody(); sent.Body == nil {
				cancel()
				return nil, errors.New("the request cannot be sent again")
			}
		}
		sent.Header.Set("User-Agent", t.c.options.UserAgent)
		sent.Body = t.c.sending(sent.Body, cancel)
		res, err := t.c.options.Transport.RoundTrip(sent)
		again := n+1 < attempts && !once(req.Context()) && (req.Body == nil || req.Body == http.NoBody || req.GetBody != nil) && req.Context().Err() == nil
		if err != nil {
			cancel()
			if s, ok := sent.Body.(*sending); ok && s.idle.Load() {
				err = fmt.Errorf("%s took nothing of what was sent for %v", req.URL.Host, t.c.options.Idle)
			}
			if !again || !passing(err) {
				return nil, err
			}
			if werr := t.c.options.Wait(req.Context(), backoff(n)); werr != nil {
				return nil, err
			}
			continue
		}
		wait, told := t.asked(res, n)
		if !slices.Contains(transient, res.StatusCode) || !again || wait > MaxWait || told && wait < 0 {
			res.Body = newBody(res.Body, t.c, cancel)
			return res, nil
		}
		io.Copy(io.Discard, io.LimitReader(res.Body, maxDrain))
		res.Body.Close()
		cancel()
		if err := t.c.options.Wait(req.Context(), wait); err != nil {
			return nil, err
		}
	}
}

var transient = []int{http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout}

// passing tells whether an error of the connection may be gone the next time: one
// of a certificate or of a name is not.
func passing(err error) bool {
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		return true
	}
	text := err.Error()
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(text, "connection reset") || strings.Contains(text, "broken pipe") ||
		strings.Contains(text, "server closed idle connection") || strings.Contains(text, "GOAWAY")
}

func backoff(n int) time.Duration { return firstWait << n }

// asked gives how long to wait before the next attempt: what the host says, in
// Retry-After or in the RateLimit header (draft-ietf-httpapi-ratelimit-headers),
// or else a time that grows.
func (t transport) asked(res *http.Response, n int) (wait time.Duration, told bool) {
	if d, ok := retryAfter(res.Header.Get("Retry-After"), t.c.options.Now()); ok {
		return d, true
	}
	if m := rateLimit.FindStringSubmatch(res.Header.Get("RateLimit")); m != nil && res.StatusCode == http.StatusTooManyRequests {
		if seconds, err := strconv.ParseInt(m[1], 10, 32); err == nil {
			return time.Duration(seconds+1) * time.Second, true
		}
	}
	return backoff(n), false
}

var rateLimit = regexp.MustCompile(`;\s*r\s*=\s*0\s*;\s*t\s*=\s*(\d+)`)

func retryAfter(text string, now time.Time) (time.Duration, bool) {
	text = strings.TrimSpace(text)
	if seconds, err := strconv.ParseUint(text, 10, 31); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, at.Sub(now)), true
	}
	return 0, false
}

// body counts what is read, ends at the client's limit, and gives up where
// nothing comes.
type body struct {
	io.ReadCloser
	c      *Client
	cancel context.CancelFunc
	timer  *time.Timer
	idle   atomic.Bool // the timer has fired
}

func newBody(r io.ReadCloser, c *Client, cancel context.CancelFunc) *body {
	b := &body{ReadCloser: r, c: c, cancel: cancel}
	b.timer = time.AfterFunc(c.options.Idle, func() { b.idle.Store(true); cancel() })
	return b
}

// Read reads on.
func (b *body) Read(p []byte) (int, error) {
	if b.c.fetched.Load() >= b.c.options.MaxFetch {
		return 0, errTooMuch(b.c.options.MaxFetch)
	}
	b.timer.Reset(b.c.options.Idle)
	n, err := b.ReadCloser.Read(p)
	b.c.fetched.Add(int64(n))
	if err != nil && b.idle.Load() {
		err = fmt.Errorf("nothing came for %v", b.c.options.Idle)
	}
	return n, err
}

// Close frees the connection.
func (b *body) Close() error {
	b.timer.Stop()
	err := b.ReadCloser.Close()
	b.cancel()
	return err
}

var errEnough = errors.New("would be fetched")

func errTooMuch(limit int64) error {
	return fmt.Errorf("more than %d kB %w; raise --max-fetch, or leave files out with --exclude", limit/1000, errEnough)
}
