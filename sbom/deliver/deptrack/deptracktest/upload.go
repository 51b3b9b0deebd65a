package deptracktest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/schema"
)

const maxForm = 64 << 20 // bytes of an upload

// upload takes a document, as BomResource does. What comes half is refused before
// anything changes.
func (s *Server) upload(w http.ResponseWriter, r *http.Request, n int) {
	s.mu.Unlock() // a slow client does not stop the others
	fields, bom, err := form(r)
	s.mu.Lock()
	if err != nil {
		text(w, http.StatusBadRequest, "HTTP 400 Bad Request")
		return
	}
	s.calls[n-1].Fields = fields
	p, ok := s.target(w, r, fields)
	if !ok {
		return
	}
	if p.Collection {
		text(w, http.StatusBadRequest, "BOM cannot be uploaded to collection project.")
		return
	}
	if bom == nil {
		text(w, http.StatusBadRequest, "No BOM file provided.")
		return
	}
	if detail, list := s.invalid(bom); detail != "" {
		problem(w, http.StatusBadRequest, "The uploaded BOM is invalid", detail, list)
		return
	}
	token := s.uuid()
	s.pending[token] = &pendingImport{left: s.Polls, to: p, bom: bom}
	answer := map[string]any{"token": token}
	if s.newer() {
		answer["projectUuid"] = p.UUID
	}
	writeJSON(w, answer)
}

func form(r *http.Request) (map[string]string, []byte, error) {
	_, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, nil, err
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxForm))
	if err != nil {
		return nil, nil, err
	}
	if !bytes.HasSuffix(bytes.TrimSpace(body), []byte("--"+params["boundary"]+"--")) { // the reader below takes some forms without an end
		return nil, nil, io.ErrUnexpectedEOF
	}
	reader := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	fields := map[string]string{}
	var bom []byte
	for {
		part, err := reader.NextPart()
		if err == io.EOF {
			return fields, bom, nil
		}
		if err != nil {
			return nil, nil, err
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return nil, nil, err
		}
		if part.FormName() == "bom" {
			bom = data
		} else {
			fields[part.FormName()] = string(data)
		}
	}
}

// target finds the project of an upload, or makes it; false where it has answered.
func (s *Server) target(w http.ResponseWriter, r *http.Request, f map[string]string) (*Project, bool) {
	name, version := strings.TrimSpace(f["projectName"]), strings.TrimSpace(f["projectVersion"])
	p := s.find(f["project"], name, version)
	may := s.Keys[r.Header.Get("X-Api-Key")]
	switch {
	case p != nil:
	case f["project"] != "" || f["autoCreate"] != "true":
		text(w, http.StatusNotFound, "The project could not be found.")
		return nil, false
	case !has(may, CreateUpload) && !has(may, ManagePortfolio):
		text(w, http.StatusUnauthorized, "The principal does not have permission to create project.")
		return nil, false
	default:
		var parent *Project
		if f["parentUUID"] != "" || f["parentName"] != "" {
			if parent = s.find(f["parentUUID"], f["parentName"], f["parentVersion"]); parent == nil {
				text(w, http.StatusNotFound, "The parent component could not be found.")
				return nil, false
			}
		}
		if s.Conflicts > 0 {
			s.Conflicts--
			text(w, http.StatusConflict, "A project with the specified name and version already exists.")
			return nil, false
		}
		p = s.add(name, version)
		p.Latest = f["isLatest"] == "true"
		if parent != nil {
			p.Parent = parent.UUID
		}
		p.Tags = tags(f["projectTags"])
	}
	if t := tags(f["projectTags"]); len(t) > 0 && has(may, ManagePortfolio) { // else they stay, and nobody is told
		p.Tags = t
	}
	return p, true
}

func tags(s string) []string {
	var list []string
	for t := range strings.SplitSeq(s, ",") {
		if t = strings.TrimSpace(t); t != "" {
			list = append(list, t)
		}
	}
	return list
}

// the server takes the first member of this name, wherever it stands
var specVersion = regexp.MustCompile(`"specVersion"\s*:\s*"([^"]*)"`)

// invalid is what the server's validation says of a document.
func (s *Server) invalid(bom []byte) (detail string, list []string) {
	if !json.Valid(bom) {
		return "Unable to determine schema version from JSON", nil
	}
	m := specVersion.FindSubmatch(bom)
	if m == nil {
		return "Unable to determine schema version from JSON", nil
	}
	v := string(m[1])
	if !slices.Contains(s.SpecVersions, v) {
		return fmt.Sprintf("Unrecognized specVersion %s", v), nil
	}
	if err := schema.Validate(schema.FormatJSON, v, bom); err != nil {
		var invalid *schema.Error
		if errors.As(err, &invalid) {
			list = append(list, strings.Split(invalid.Error(), "\n")...)
		}
		return "Schema validation failed", list
	}
	return "", nil
}

func (s *Server) components(p *Project) []any {
	var list []any
	for _, c := range p.Imported.Components {
		list = append(list, componentOf(c))
	}
	return list
}

func componentOf(c Component) map[string]any {
	out := map[string]any{"uuid": c.UUID, "name": c.Name, "classifier": c.Type}
	for name, v := range map[string]string{"group": c.Group, "version": c.Version, "purl": c.PURL} {
		if v != "" {
			out[name] = v
		}
	}
	return out
}

func (s *Server) violations(p *Project) []any {
	var list []any
	for _, policy := range s.Policies {
		for _, c := range p.Imported.Components {
			if !policy.Match(c) {
				continue
			}
			v := map[string]any{"uuid": c.UUID[:24] + fmt.Sprintf("%012x", len(list)+1<<20), "type": policy.Type, "timestamp": s.clock, "component": componentOf(c),
				"policyCondition": map[string]any{"subject": "EXPRESSION", "operator": "MATCHES", "policy": map[string]any{"name": policy.Name, "violationState": policy.State, "operator": "ANY"}}}
			if s.Approved[policy.Name+" "+c.Name] {
				v["analysis"] = map[string]any{"analysisState": "APPROVED", "isSuppressed": false}
			}
			list = append(list, v)
		}
	}
	return list
}

func (s *Server) findings(p *Project) []any {
	var list []any
	for _, v := range s.Vulnerabilities {
		for _, c := range p.Imported.Components {
			if v.Suppressed || !v.Match(c) {
				continue // suppressed=false
			}
			analysis := map[string]any{"isSuppressed": false}
			if v.State != "" {
				analysis["state"] = v.State
			}
			list = append(list, map[string]any{"component": componentOf(c), "analysis": analysis, "matrix": p.UUID + ":" + c.UUID + ":" + v.ID,
				"vulnerability": map[string]any{"uuid": s.uuid(), "source": v.Source, "vulnId": v.ID, "severity": v.Severity}})
		}
	}
	return list
}
