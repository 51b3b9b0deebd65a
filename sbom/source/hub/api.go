package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/mlbom/mlbom/sbom/source"
)

// Bounds on the hub's answers.
const (
	maxAnswer = 64 << 20 // bytes of one
	maxPages  = 10_000
)

// api asks one hub about one repository.
type api struct {
	Name
	base   *url.URL
	token  string
	client *source.Client
}

// Do sends a request, signed where it goes to the hub itself.
func (a *api) Do(req *http.Request) (*http.Response, error) {
	if a.token != "" && req.URL.Scheme == a.base.Scheme && req.URL.Host == a.base.Host {
		req.Header.Set("Authorization", "Bearer "+a.token)
	}
	return a.client.HTTP.Do(req)
}

// address is the endpoint with what comes behind it, whose parts are escaped.
func (a *api) address(parts ...string) string {
	return a.base.String() + "/" + strings.Join(parts, "/")
}

func (a *api) repo(parts ...string) string {
	return a.address(append([]string{"api", string(a.Kind), a.ID}, parts...)...)
}

// get asks for JSON. The second value is the address of the next page, if any.
func (a *api) get(ctx context.Context, address string, into any) (http.Header, error) {
	return a.ask(ctx, http.MethodGet, address, nil, into)
}

// ask sends a request, with a form where there is one.
func (a *api) ask(ctx context.Context, method, address string, form url.Values, into any) (http.Header, error) {
	var body io.Reader
	if form != nil {
		body = strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, err
	}
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("Accept", "application/json")
	res, err := a.Do(req)
	if err != nil {
		return nil, source.Reason(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, a.failure(res)
	}
	data, err := io.ReadAll(io.LimitReader(res.Body, maxAnswer+1))
	switch {
	case err != nil:
		return nil, source.Reason(err)
	case len(data) > maxAnswer:
		return nil, fmt.Errorf("%s answers with more than %d MiB", a.base.Host, maxAnswer>>20)
	}
	if err := json.Unmarshal(data, into); err != nil {
		return nil, fmt.Errorf("%s answers with something else than its interface says: %s; is it a hub?", a.base.Host, source.Printable(err.Error()))
	}
	return res.Header, nil
}

// pages asks for a list page by page, until each says no or there are no more.
func pages[T any](ctx context.Context, a *api, address string, each func([]T, http.Header) bool) error {
	for range maxPages {
		var list []T
		header, err := a.get(ctx, address, &list)
		if err != nil {
			return err
		}
		next, err := a.next(header, address)
		if !each(list, header) || err != nil || next == "" {
			return err
		}
		address = next
	}
	return fmt.Errorf("%s gives more than %d pages of a list", a.base.Host, maxPages)
}

var nextPattern = regexp.MustCompile(`<([^<>]+)>\s*;\s*rel="?next"?`)

// next is the address in a Link header, which has to lead to the same hub.
func (a *api) next(header http.Header, from string) (string, error) {
	m := nextPattern.FindStringSubmatch(strings.Join(header.Values("Link"), ", "))
	if m == nil {
		return "", nil
	}
	base, err := url.Parse(from)
	if err != nil {
		return "", err
	}
	u, err := base.Parse(m[1])
	if err != nil || u.Scheme != a.base.Scheme || u.Host != a.base.Host {
		return "", errors.New("the next page of the list lies on another host")
	}
	if u.String() == from {
		return "", errors.New("the next page of the list is the page itself")
	}
	return u.String(), nil
}

// failure says what an answer that is no success means, and what to do.
func (a *api) failure(res *http.Response) error {
	code, message := res.Header.Get("X-Error-Code"), source.Printable(res.Header.Get("X-Error-Message"))
	there := a.base.Host + "/" + a.folder()
	withToken := "set HF_TOKEN to a token that may read it"
	if a.token != "" {
		withToken = "or the token in use may not read it"
	}
	switch {
	case code == "GatedRepo":
		return fmt.Errorf("%s is gated: ask for access at %s, then set HF_TOKEN to a token of that account", there, a.address(a.folder()))
	case code == "RevisionNotFound":
		return fmt.Errorf("%s has no branch, tag or commit %q", there, a.Revision)
	case code == "EntryNotFound":
		return errors.New("the hub lists the file and does not have it")
	case message == "Access to this resource is disabled.":
		return fmt.Errorf("%s was disabled by the hub", there)
	case res.StatusCode == http.StatusUnauthorized && a.token != "" && code != "RepoNotFound":
		return fmt.Errorf("%s refuses the token; set HF_TOKEN to one that is valid", a.base.Host)
	case res.StatusCode == http.StatusUnauthorized, res.StatusCode == http.StatusNotFound, code == "RepoNotFound":
		return fmt.Errorf("there is no %s %s; where it is private, %s", a.Kind.word(), there, withToken)
	case res.StatusCode == http.StatusForbidden:
		if message != "" {
			message = ": " + message
		}
		return fmt.Errorf("%s may not be read%s; %s", there, message, withToken)
	}
	return source.StatusError(res)
}
