package deptracktest

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

const someBOM = `{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"components":[{"type":"library","name":"x"}]}`

func post(s *Server, kind string, body []byte) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodPost, "/api/v1/bom", bytes.NewReader(body))
	r.Header.Set("Content-Type", kind)
	r.Header.Set("X-Api-Key", "k")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

func someForm(t *testing.T, bom string) (body []byte, kind string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, value := range map[string]string{"projectName": "p", "projectVersion": "1", "autoCreate": "true"} {
		if err := w.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("bom", "bom.json")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(part, bom)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), w.FormDataContentType()
}

// TestHalf: a form that ends anywhere before its end changes nothing.
func TestHalf(t *testing.T) {
	for _, version := range []string{"4.14.3", "5.0.4"} {
		s := New(version, "k")
		body, kind := someForm(t, someBOM)
		for n := range len(body) - len("--\r\n") {
			if w := post(s, kind, body[:n]); w.Code != http.StatusBadRequest {
				t.Fatalf("%s: the first %d of %d bytes: %d %s", version, n, len(body), w.Code, w.Body)
			}
			if s.Settle(); s.Project("p", "1") != nil {
				t.Fatalf("%s: the first %d of %d bytes make a project", version, n, len(body))
			}
		}
		if w := post(s, kind, body); w.Code != http.StatusOK {
			t.Fatalf("%s: whole: %d %s", version, w.Code, w.Body)
		}
		s.Settle()
		p := s.Project("p", "1")
		if p == nil || string(p.BOM) != someBOM || p.Imports != 1 {
			t.Fatalf("%s: whole: %+v", version, p)
		}
		body, kind = someForm(t, strings.Replace(someBOM, "x", "y", 1))
		for n := range len(body) - len("--\r\n") {
			post(s, kind, body[:n])
		}
		if s.Settle(); string(p.BOM) != someBOM || p.Imports != 1 {
			t.Errorf("%s: halves changed it: %+v", version, p)
		}
	}
}
