package deptrack

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// Bounds on what an error repeats, and on the problem that it is read from.
const (
	maxTold    = 10      // errors of a schema
	maxProblem = 1 << 20 // bytes
)

// Error is what a server answers that is no success, or nonsense.
type Error struct {
	Op       string // "upload"
	Host     string
	Status   int    // of HTTP; 0 where there was no answer
	Title    string // of a problem (RFC 9457)
	Detail   string
	Problems []string // what the server's validation found, the first of it
	Hint     string   // what to do
	Cause    error
}

// Error is all of it on one line, but for the problems.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Op, e.Host)
	if e.Status > 0 {
		fmt.Fprintf(&b, " answers %d", e.Status)
		if text := http.StatusText(e.Status); text != "" {
			fmt.Fprintf(&b, " (%s)", text)
		}
	}
	said := strings.TrimPrefix(strings.TrimPrefix(e.Title+": "+e.Detail, ": "), e.Detail+": ")
	if said = strings.TrimSuffix(said, ": "); said != "" {
		b.WriteString(": " + said)
	}
	if e.Cause != nil && e.Status == 0 { // beside a status it is one of our own words for what was said
		b.WriteString(": " + printable(e.Cause.Error())) // net/http repeats the whole of a line that is none
	}
	for _, p := range e.Problems {
		b.WriteString("\n  " + p)
	}
	if e.Hint != "" {
		sep := "; "
		if len(e.Problems) > 0 {
			sep = "\n"
		}
		b.WriteString(sep + e.Hint)
	}
	return b.String()
}

func (e *Error) Unwrap() error { return e.Cause }

// refused makes the error of an answer; hints say what to do, by status.
func (c *Client) refused(op string, a *answer, hints map[int]string) *Error {
	e := &Error{Op: op, Host: c.base.Host, Status: a.status, Hint: hints[a.status]}
	kind := a.header.Get("Content-Type")
	var problem struct {
		Title  string            `json:"title"`
		Detail string            `json:"detail"`
		Errors []json.RawMessage `json:"errors"`
	}
	switch {
	case isHTML(kind, a.body):
		e.Detail = "with a page of HTML, so this is a proxy or the front end rather than the API server"
	case strings.Contains(kind, "json") && len(a.body) <= maxProblem && json.Unmarshal(a.body, &problem) == nil && problem.Title+problem.Detail != "":
		e.Title, e.Detail = printable(problem.Title), printable(problem.Detail)
		if e.Title == http.StatusText(a.status) {
			e.Title = ""
		}
		for i, raw := range problem.Errors {
			if i == maxTold {
				e.Problems = append(e.Problems, fmt.Sprintf("and %d more", len(problem.Errors)-i))
				break
			}
			var text string
			if json.Unmarshal(raw, &text) != nil {
				text = string(raw)
			}
			e.Problems = append(e.Problems, printable(text))
		}
	default:
		e.Detail = printable(string(a.body[:min(len(a.body), maxProblem)]))
	}
	if e.Hint == "" {
		e.Hint = hintOf(a.status)
	}
	if e.Hint != "" {
		e.Detail = strings.TrimSuffix(e.Detail, ".")
	}
	return e
}

func hintOf(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "the API key is not known there, or was revoked"
	case http.StatusForbidden:
		return "the team of the API key lacks the permission, or may not see the project"
	case http.StatusRequestEntityTooLarge:
		return "the server, or a proxy before it, takes no document of this size; raise its limit (client_max_body_size of nginx)"
	case http.StatusProxyAuthRequired:
		return "name user and password of the proxy in HTTPS_PROXY"
	}
	return ""
}

func isHTML(kind string, body []byte) bool {
	start := bytes.ToLower(bytes.TrimSpace(body[:min(len(body), 256)]))
	return strings.HasPrefix(kind, "text/html") || bytes.HasPrefix(start, []byte("<!doctype html")) || bytes.HasPrefix(start, []byte("<html"))
}

// decode reads the JSON of a success.
func (c *Client) decode(op string, a *answer, into any) error {
	if isHTML(a.header.Get("Content-Type"), a.body) {
		return c.page(op)
	}
	if err := json.Unmarshal(a.body, into); err != nil {
		return c.noJSON(op, err)
	}
	return nil
}

func (c *Client) page(op string) error {
	return &Error{Op: op, Host: c.base.Host, Detail: "it answers with a page of HTML", Hint: "name the address of the API server; this is its front end, or a page for signing in"}
}

func (c *Client) noJSON(op string, err error) error {
	return &Error{Op: op, Host: c.base.Host, Detail: "its answer is no JSON of Dependency-Track", Cause: err, Hint: "a proxy may have cut it; try again"}
}

// unreached makes the error of a request without an answer, without its address.
func (c *Client) unreached(ctx context.Context, op string, err error) error {
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err
	}
	e := &Error{Op: op, Host: c.base.Host, Cause: err}
	var authority x509.UnknownAuthorityError
	var name x509.HostnameError
	var dial *net.OpError
	switch {
	case ctx.Err() != nil:
		e.Cause = ctx.Err()
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			e.Cause, e.Hint = errors.New("the time is over"), "raise --timeout"
		}
	case errors.As(err, &authority), strings.Contains(err.Error(), "certificate signed by unknown authority"):
		e.Hint = "name the certificate of its authority in --ca if you trust it"
	case errors.As(err, &name):
		e.Hint = "name the host as its certificate does"
	case errors.As(err, &dial) && dial.Op == "proxyconnect":
		e.Hint = "the proxy of HTTPS_PROXY cannot be reached"
	case errors.As(err, &dial) && dial.Op == "dial":
		e.Hint = "check --url, the network, and HTTPS_PROXY if there is a proxy"
	}
	return e
}

// gaveUp makes the error of what failed each time.
func (c *Client) gaveUp(ctx context.Context, r request, a *answer, err error, tries int) error {
	var e *Error
	if err != nil {
		if !errors.As(c.unreached(ctx, r.op, err), &e) {
			return err
		}
	} else {
		e = c.refused(r.op, a, nil)
		if e.Hint == "" && ctx.Err() != nil {
			e.Hint = "raise --timeout"
		}
	}
	if tries > 1 {
		e.Op = fmt.Sprintf("%s (tried %d times)", r.op, tries)
	}
	return e
}

// passing tells whether an error of the connection may be gone the next time: one of
// a certificate, of a name or of a port that nobody listens at is not.
func passing(err error) bool {
	var timeout interface{ Timeout() bool }
	var dial *net.OpError
	if errors.Is(err, context.Canceled) && !errors.Is(err, errStalled) {
		return false
	}
	if errors.As(err, &dial) && dial.Op == "dial" {
		return dial.Timeout()
	}
	if errors.As(err, &timeout) && timeout.Timeout() {
		return true
	}
	text := err.Error()
	return errors.Is(err, errStalled) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(text, "connection reset") || strings.Contains(text, "broken pipe") ||
		strings.Contains(text, "server closed idle connection") || strings.Contains(text, "GOAWAY") || strings.Contains(text, "malformed chunked encoding")
}

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

// maxSaid bounds, in characters, what an error repeats of an answer.
const maxSaid = 300

// printable bounds text of a stranger, so that it can stand in an error.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if !strconv.IsPrint(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	s = strings.Join(strings.Fields(s), " ")
	if runes := []rune(s); len(runes) > maxSaid {
		return string(runes[:maxSaid]) + "..."
	}
	return s
}
