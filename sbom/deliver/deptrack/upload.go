package deptrack

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// Project says which project a document is for, and what becomes of it.
type Project struct {
	UUID          string // or else
	Name, Version string
	AutoCreate    bool
	Tags          []string
	ParentUUID    string // or else
	ParentName    string
	ParentVersion string
	Latest        bool
}

// String names it for people.
func (p Project) String() string {
	if p.UUID != "" {
		return p.UUID
	}
	return p.Name + "@" + p.Version
}

// UUIDPattern is what the server calls its things by.
var UUIDPattern = regexp.MustCompile(`^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$`)

// Receipt is what the server gives for a document.
type Receipt struct {
	Token       string `json:"token"`
	ProjectUUID string `json:"projectUuid,omitempty"` // from version 5 on
}

// ErrVersion is the error of a document in a version of CycloneDX that the server does not know.
var ErrVersion = errors.New("the server does not know this version of CycloneDX")

// Version asks for the server's version; "" where it has none of the form that its
// releases have.
func (c *Client) Version(ctx context.Context) (string, error) {
	const op = "version"
	a, err := c.do(ctx, request{op: op, method: http.MethodGet, path: "/api/version", open: true})
	if err != nil {
		return "", err
	}
	if a.status != http.StatusOK {
		return "", c.refused(op, a, map[int]string{http.StatusNotFound: "name the address of the API server of Dependency-Track"})
	}
	var about struct {
		Application string `json:"application"`
		Version     string `json:"version"`
	}
	if err := c.decode(op, a, &about); err != nil {
		return "", err
	}
	if !strings.Contains(strings.ToLower(about.Application), "dependency-track") && about.Version == "" {
		return "", &Error{Op: op, Host: c.base.Host, Detail: "it does not say that it is Dependency-Track", Hint: "name the address of its API server"}
	}
	return printable(about.Version), nil
}

// SpecVersions are the versions of CycloneDX to try with a server, the best first.
func SpecVersions(server string) []string {
	all := []string{"1.6", "1.5", "1.4"}
	major, minor, _ := releaseOf(server)
	if major == 4 && minor < 12 || major > 0 && major < 4 {
		return all[1:] // 1.6 is read from 4.12 on
	}
	return all
}

var release = regexp.MustCompile(`^(\d{1,4})\.(\d{1,4})\.(\d{1,4})`)

func releaseOf(version string) (major, minor, patch int) {
	m := release.FindStringSubmatch(version)
	if m == nil {
		return 0, 0, 0
	}
	major, _ = strconv.Atoi(m[1])
	minor, _ = strconv.Atoi(m[2])
	patch, _ = strconv.Atoi(m[3])
	return major, minor, patch
}

// Upload hands over a document. It replaces what the project had.
func (c *Client) Upload(ctx context.Context, p Project, bom []byte) (Receipt, error) {
	const op = "upload"
	body, kind, err := form(p, bom)
	if err != nil {
		return Receipt{}, err
	}
	// 409: another upload makes the same project at this moment
	a, err := c.do(ctx, request{op: op, method: http.MethodPost, path: "/api/v1/bom", kind: kind, body: body, again: []int{http.StatusConflict}})
	if err != nil {
		return Receipt{}, err
	}
	if a.status != http.StatusOK {
		return Receipt{}, c.uploadRefused(op, p, a)
	}
	var r Receipt
	if err := c.decode(op, a, &r); err != nil {
		return r, err
	}
	if !UUIDPattern.MatchString(r.Token) {
		return r, &Error{Op: op, Host: c.base.Host, Detail: "it gives no token for the document"}
	}
	if r.ProjectUUID != "" && !UUIDPattern.MatchString(r.ProjectUUID) {
		r.ProjectUUID = ""
	}
	return r, nil
}

// uploadRefused says what to do about what this call refuses.
func (c *Client) uploadRefused(op string, p Project, a *answer) error {
	text := string(a.body)
	hints := map[int]string{http.StatusForbidden: "the key needs BOM_UPLOAD, and its team access to the project and its parent"}
	switch {
	case strings.Contains(text, "permission to create project"):
		hints[http.StatusUnauthorized] = "the project is not there yet: make it, or give the key PROJECT_CREATION_UPLOAD"
	case a.status == http.StatusNotFound && strings.Contains(text, "arent"):
		hints[http.StatusNotFound] = "make the parent first, or correct --parent"
	case a.status == http.StatusNotFound && strings.Contains(strings.ToLower(text), "project"):
		e := &Error{Op: op, Host: c.base.Host, Status: a.status, Detail: "there is no project " + printable(p.String()), Hint: "say --auto-create to make it"}
		if p.UUID != "" {
			e.Hint = "the UUID stands in the address of the project's page"
		}
		return e
	case a.status == http.StatusNotFound:
		hints[http.StatusNotFound] = "name the address of the API server of Dependency-Track"
	case strings.Contains(text, "collection project"):
		hints[http.StatusBadRequest] = "a collection has children only: name one of these, or a new one with --parent"
	case strings.Contains(text, "No BOM file"):
		hints[http.StatusBadRequest] = "a proxy may have taken the document out"
	}
	e := c.refused(op, a, hints)
	if a.status == http.StatusBadRequest && (strings.Contains(text, "Unrecognized specVersion") || strings.Contains(text, "Unable to determine schema version")) {
		e.Cause, e.Hint = ErrVersion, "write an older one, with --spec-version"
	}
	return e
}

// form is the body of an upload.
func form(p Project, bom []byte) (body []byte, kind string, err error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	fields := []struct{ name, value string }{{"project", p.UUID}}
	if p.UUID == "" {
		fields = []struct{ name, value string }{{"projectName", p.Name}, {"projectVersion", p.Version}, {"parentUUID", p.ParentUUID}}
		if p.AutoCreate {
			fields = append(fields, struct{ name, value string }{"autoCreate", "true"})
		}
		if p.ParentUUID == "" {
			fields = append(fields, []struct{ name, value string }{{"parentName", p.ParentName}, {"parentVersion", p.ParentVersion}}...)
		}
	}
	if p.Latest {
		fields = append(fields, struct{ name, value string }{"isLatest", "true"})
	}
	fields = append(fields, struct{ name, value string }{"projectTags", strings.Join(p.Tags, ",")})
	for _, f := range fields {
		if f.value != "" {
			if err := w.WriteField(f.name, f.value); err != nil {
				return nil, "", err
			}
		}
	}
	part, err := w.CreatePart(textproto.MIMEHeader{"Content-Disposition": {`form-data; name="bom"; filename="bom.json"`}, "Content-Type": {"application/json"}})
	if err != nil {
		return nil, "", err
	}
	if _, err := part.Write(bom); err != nil {
		return nil, "", err
	}
	err = w.Close()
	return b.Bytes(), w.FormDataContentType(), err
}

// State is what the server says of a project.
type State struct {
	UUID       string
	Name       string
	Version    string
	LastImport int64 // milliseconds since 1970, by the server's clock; 0: none
}

// ErrNoProject is the error of a project that is not there.
var ErrNoProject = errors.New("there is no such project")

// Lookup asks for a project.
func (c *Client) Lookup(ctx context.Context, p Project) (State, error) {
	const op = "project"
	r := request{op: op, method: http.MethodGet, path: "/api/v1/project/" + url.PathEscape(p.UUID)}
	if p.UUID == "" {
		r.path, r.query = "/api/v1/project/lookup", url.Values{"name": {p.Name}, "version": {p.Version}}
	}
	a, err := c.do(ctx, r)
	if err != nil {
		return State{}, err
	}
	if a.status != http.StatusOK {
		e := c.refused(op, a, map[int]string{http.StatusForbidden: "the key needs VIEW_PORTFOLIO, and its team access to the project"})
		if a.status == http.StatusNotFound {
			e.Cause = ErrNoProject
		}
		return State{}, e
	}
	var s struct {
		UUID, Name, Version string
		LastBomImport       json.Number
	}
	if err := c.decode(op, a, &s); err != nil {
		return State{}, err
	}
	if !UUIDPattern.MatchString(s.UUID) || p.UUID != "" && !strings.EqualFold(s.UUID, p.UUID) {
		return State{}, &Error{Op: op, Host: c.base.Host, Detail: "its answer is not about " + printable(p.String())}
	}
	at, _ := s.LastBomImport.Int64()
	return State{UUID: s.UUID, Name: printable(s.Name), Version: printable(s.Version), LastImport: at}, nil
}

// Components asks how many components a project has; -1 where the server does not say.
func (c *Client) Components(ctx context.Context, uuid string) (int, error) {
	const op = "components"
	a, err := c.do(ctx, request{op: op, method: http.MethodGet, path: "/api/v1/component/project/" + url.PathEscape(uuid), query: url.Values{"pageSize": {"1"}, "pageNumber": {"1"}}})
	if err != nil {
		return -1, err
	}
	if a.status != http.StatusOK {
		return -1, c.refused(op, a, map[int]string{http.StatusForbidden: "the key needs VIEW_PORTFOLIO"})
	}
	n, ok := totalOf(a)
	if !ok {
		return -1, nil
	}
	return n, nil
}

func totalOf(a *answer) (int, bool) {
	n, err := strconv.ParseUint(strings.TrimSpace(a.header.Get("X-Total-Count")), 10, 31)
	return int(n), err == nil
}

// lie makes the error of a server that says one thing and shows another.
func (c *Client) lie(format string, args ...any) error {
	return &Error{Op: "import", Host: c.base.Host, Detail: fmt.Sprintf(format, args...), Hint: "its log says why; the upload can be repeated"}
}
