package deptrack

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// Bounds on lists.
const (
	pageSize   = 100 // what version 5 gives by default; version 4 gives all at once
	maxResults = 100_000
	maxWord    = 4096 // bytes of one word of a result
)

// Result is a violation of a policy, or a vulnerability.
type Result struct {
	Component string `json:"component"` // group/name
	Version   string `json:"version,omitempty"`
	PURL      string `json:"purl,omitempty"`
	What      string `json:"what"`               // id of a vulnerability, or the type of the violation
	Severity  string `json:"severity"`           // of a vulnerability: CRITICAL ... UNASSIGNED; of a violation: FAIL, WARN, INFO
	Policy    string `json:"policy,omitempty"`   // with its condition
	Analysis  string `json:"analysis,omitempty"` // what people decided of it
	SetAside  bool   `json:"-"`                  // suppressed, approved, or found to be no matter
	id        string
}

type component struct {
	UUID, Group, Name, Version, PURL string
}

func (c component) String() string {
	if c.Group == "" {
		return c.Name
	}
	return c.Group + "/" + c.Name
}

// Violations are those of policies in a project.
func (c *Client) Violations(ctx context.Context, uuid string) ([]Result, error) {
	return list(ctx, c, request{op: "violations", path: "/api/v1/violation/project/" + url.PathEscape(uuid)}, "VIEW_POLICY_VIOLATION", func(raw json.RawMessage) (Result, error) {
		var v struct {
			UUID, Type, Text string
			Component        component
			PolicyCondition  struct {
				Subject, Operator, Value string
				Policy                   struct{ Name, ViolationState string }
			}
			Analysis *struct {
				AnalysisState string
				IsSuppressed  bool
			}
		}
		if err := json.Unmarshal(raw, &v); err != nil {
			return Result{}, err
		}
		p := v.PolicyCondition
		r := Result{Component: v.Component.String(), Version: v.Component.Version, PURL: v.Component.PURL, What: strings.ToLower(v.Type),
			Severity: strings.ToUpper(p.Policy.ViolationState), Policy: p.Policy.Name, id: v.UUID}
		if a := v.Analysis; a != nil {
			r.Analysis, r.SetAside = a.AnalysisState, a.IsSuppressed || a.AnalysisState == "APPROVED"
		}
		if r.id == "" || r.Severity == "" || r.Component == "" {
			return r, fmt.Errorf("a violation without its policy or component")
		}
		return r, nil
	})
}

// Findings are the vulnerabilities of a project's components.
func (c *Client) Findings(ctx context.Context, uuid string) ([]Result, error) {
	return list(ctx, c, request{op: "findings", path: "/api/v1/finding/project/" + url.PathEscape(uuid)}, "VIEW_VULNERABILITY", func(raw json.RawMessage) (Result, error) {
		var f struct {
			Component     component
			Vulnerability struct{ UUID, Source, VulnID, Severity string }
			Analysis      struct {
				State        string
				IsSuppressed bool
			}
		}
		if err := json.Unmarshal(raw, &f); err != nil {
			return Result{}, err
		}
		v := f.Vulnerability
		r := Result{Component: f.Component.String(), Version: f.Component.Version, PURL: f.Component.PURL, What: v.VulnID, Severity: strings.ToUpper(v.Severity),
			Analysis: f.Analysis.State, id: f.Component.UUID + " " + v.Source + " " + v.VulnID}
		r.SetAside = f.Analysis.IsSuppressed || slices.Contains([]string{"FALSE_POSITIVE", "NOT_AFFECTED", "RESOLVED"}, f.Analysis.State)
		if r.What == "" || r.Component == "" {
			return r, fmt.Errorf("a finding without its vulnerability or component")
		}
		return r, nil
	})
}

// list reads all pages of a list. Version 4 ignores that pages are asked for, and
// gives all each time.
func list(ctx context.Context, c *Client, r request, permission string, read func(json.RawMessage) (Result, error)) ([]Result, error) {
	var all []Result
	seen := map[string]bool{}
	r.method = http.MethodGet
	for page := 1; ; page++ {
		r.query = url.Values{"suppressed": {"false"}, "pageNumber": {strconv.Itoa(page)}, "pageSize": {strconv.Itoa(pageSize)}}
		a, err := c.do(ctx, r)
		if err != nil {
			return nil, err
		}
		if a.status != http.StatusOK {
			return nil, c.refused(r.op, a, map[int]string{http.StatusForbidden: "the key needs " + permission + ", and its team access to the project"})
		}
		fresh, given := 0, 0
		err = c.each(r.op, a, func(raw json.RawMessage) error {
			one, err := read(raw)
			if err != nil {
				return &Error{Op: r.op, Host: c.base.Host, Detail: "its answer cannot be read", Cause: err}
			}
			if given++; !seen[one.id] {
				seen[one.id] = true
				fresh++
				all = append(all, one.bounded())
			}
			if len(all) > maxResults {
				return &Error{Op: r.op, Host: c.base.Host, Detail: fmt.Sprintf("it has more than %d", maxResults)}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		total, told := totalOf(a)
		switch {
		case told && len(all) >= total, !told && given != pageSize, !told && fresh == 0:
			return sorted(all), nil
		case fresh == 0:
			return nil, &Error{Op: r.op, Host: c.base.Host, Detail: fmt.Sprintf("it gives %d of %d", len(all), total), Hint: "the project changes at this moment; try again"}
		}
	}
}

// each gives the elements of a list one by one, so that what is held is not a multiple
// of what came.
func (c *Client) each(op string, a *answer, take func(json.RawMessage) error) error {
	if isHTML(a.header.Get("Content-Type"), a.body) {
		return c.page(op)
	}
	d := json.NewDecoder(bytes.NewReader(a.body))
	if first, err := d.Token(); err != nil || first != json.Delim('[') {
		return c.noJSON(op, cmp.Or(err, errors.New("it is no list")))
	}
	var raw json.RawMessage
	for d.More() {
		if err := d.Decode(&raw); err != nil {
			return c.noJSON(op, err)
		}
		if err := take(raw); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil { // the end of the list
		return c.noJSON(op, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return c.noJSON(op, errors.New("something stands behind the list"))
	}
	return nil
}

// bounded are the words of a result that are kept: a server names them.
func (r Result) bounded() Result {
	for _, s := range []*string{&r.Component, &r.Version, &r.PURL, &r.What, &r.Severity, &r.Policy, &r.Analysis} {
		if len(*s) > maxWord {
			*s = strings.ToValidUTF8((*s)[:maxWord], "") + "..."
		}
	}
	return r
}

// sorted are the results, the worst first.
func sorted(all []Result) []Result {
	slices.SortStableFunc(all, func(a, b Result) int {
		if d := Rank(b.Severity) - Rank(a.Severity); d != 0 {
			return d
		}
		return strings.Compare(a.Component+"\x00"+a.Version+"\x00"+a.What+"\x00"+a.Policy, b.Component+"\x00"+b.Version+"\x00"+b.What+"\x00"+b.Policy)
	})
	return all
}

// Rank orders severities and states of violations. A word that nobody knows is the
// worst: what cannot be judged passes no gate.
func Rank(word string) int {
	for i, words := range [][]string{{"UNASSIGNED", ""}, {"INFO"}, {"LOW", "WARN"}, {"MEDIUM", "FAIL"}, {"HIGH"}, {"CRITICAL"}} {
		if slices.Contains(words, strings.ToUpper(word)) {
			return i
		}
	}
	return 6
}
