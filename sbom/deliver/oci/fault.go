package oci

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"oras.land/oras-go/v2/registry/remote/auth"
	"oras.land/oras-go/v2/registry/remote/errcode"

	"github.com/mlbom/mlbom/sbom/source"
)

// Fault says why a registry did not do what it was asked for, and what to do next.
type Fault struct {
	Place string
	Code  int // of HTTP; 0 where no answer came
	text  string
	err   error
}

// Error names host and repository.
func (f *Fault) Error() string { return f.Place + ": " + f.text }

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.err }

// fault explains an error; to is "read" or "write".
func (r *repository) fault(err error, to string) error {
	var known *Fault
	if errors.As(err, &known) {
		return err
	}
	f := &Fault{Place: r.ref.Place(), err: err, text: clip(oneLine(signatures.ReplaceAllString(bare(err).Error(), "")), maxText)}
	f.text = strings.Replace(f.text, "in SSL_CERT_FILE", "in --ca", 1)
	var answer *errcode.ErrorResponse
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		f.text = "no answer within the time of --timeout; try again, or give it more"
	case errors.Is(err, auth.ErrBasicCredentialNotFound):
		f.Code, f.text = http.StatusUnauthorized, r.refused(to)
	case errors.As(err, &answer):
		f.Code = answer.StatusCode
		f.text = r.answered(answer, to)
	}
	return f
}

// signatures are the parts of addresses in which storage has them.
var signatures = regexp.MustCompile(`\?[^\s"]*=[^\s"]*`)

// bare is an error of net/http without method and address.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return source.Reason(u)
	}
	return err
}

func (r *repository) refused(to string) string {
	if to == "write" {
		return "it may not be written to: sign in with docker login " + r.ref.Host + ", or say --username with MLBOM_REGISTRY_PASSWORD, as someone who may push"
	}
	return "it may not be read: it is not there, or is private; sign in with docker login " + r.ref.Host + ", or say --username with MLBOM_REGISTRY_PASSWORD"
}

// answered says what a status means here.
func (r *repository) answered(a *errcode.ErrorResponse, to string) string {
	own := a.URL != nil && strings.EqualFold(a.URL.Host, r.ref.Name.Server())
	said := ""
	if len(a.Errors) > 0 {
		said = " (it says: " + clip(oneLine(a.Errors[0].Error()), maxSaid) + ")"
	}
	status := fmt.Sprintf("%d %s", a.StatusCode, http.StatusText(a.StatusCode))
	if !own && a.URL != nil {
		return fmt.Sprintf("%s, to which it sends us, answers %s%s; see that credentials are right, and what stands between", a.URL.Host, status, said)
	}
	switch a.StatusCode {
	case http.StatusUnauthorized, http.StatusForbidden:
		return fmt.Sprintf("%s [%s]%s", r.refused(to), status, said)
	case http.StatusNotFound:
		return "there is no such repository, or what was being written there was forgotten [" + status + "]" + said + "; see the name, create the repository where that has to be done first, and try again"
	case http.StatusConflict:
		return "it says that this contradicts what is there [" + status + "]" + said + "; where tags cannot be changed, allow it for tags that begin with sha256-, and try again"
	case http.StatusRequestEntityTooLarge:
		return "the document is too large for it, or for a proxy before it [" + status + "]" + said + "; write the BOM with --compact, or raise the limit"
	case http.StatusTooManyRequests:
		later := "later"
		if after := r.client.after.Load(); after != nil {
			later = "after " + *after
		}
		return "it was asked too often [" + status + "]" + said + "; try again " + later + ", or sign in"
	case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusUnsupportedMediaType:
		return "it does not take what was sent [" + status + "]" + said + "; it may not know OCI 1.1 or this kind of artefact"
	}
	if a.StatusCode >= http.StatusInternalServerError {
		return "it cannot answer now [" + status + "]" + said + "; try again: nothing is half done"
	}
	return "it answers " + status + said
}

// Bounds on text in an error, in bytes.
const (
	maxText = 600
	maxSaid = 200 // of what a server says
)

func oneLine(text string) string {
	return strings.ToValidUTF8(strings.Join(strings.Fields(text), " "), "?")
}

func clip(text string, most int) string {
	if len(text) > most {
		return strings.ToValidUTF8(text[:most], "") + "..."
	}
	return text
}

// passing tells whether a change may work when it is tried again: no answer, one that
// says that others are writing, or that there is trouble. Of a manifest that is not
// known the registry may learn a moment later.
func passing(err error) bool {
	var f *Fault
	return errors.As(err, &f) && (f.Code == 0 && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) || f.Code >= 500 ||
		slices.Contains([]int{http.StatusConflict, http.StatusPreconditionFailed, http.StatusTooManyRequests, http.StatusNotFound, http.StatusUnauthorized}, f.Code))
}

// blocked are addresses at which no tokens are asked for. A registry on this machine
// may have them there.
func blocked(host string) []netip.Prefix {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if source.Loopback(host) {
		return []netip.Prefix{}
	}
	return nil
}
