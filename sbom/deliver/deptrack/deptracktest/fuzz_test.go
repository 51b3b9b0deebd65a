package deptracktest

import (
	"net/http"
	"testing"
)

// FuzzForm: whatever is posted, the server answers, and what it refuses makes nothing.
func FuzzForm(f *testing.F) {
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"projectName\"\r\n\r\np\r\n--x\r\nContent-Disposition: form-data; name=\"projectVersion\"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name=\"autoCreate\"\r\n\r\ntrue\r\n--x\r\nContent-Disposition: form-data; name=\"bom\"\r\n\r\n"+someBOM+"\r\n--x--\r\n"))
	f.Add("multipart/form-data; boundary=x", []byte("--x--"))
	f.Add("multipart/form-data", []byte("--x\r\n"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		s := New("5.0.4", "k")
		old := s.Add("old", "1")
		w := post(s, kind, body)
		s.Settle()
		if w.Code != http.StatusOK && (old.Imports > 0 || old.BOM != nil) {
			t.Errorf("%d, and %+v", w.Code, old)
		}
	})
}
