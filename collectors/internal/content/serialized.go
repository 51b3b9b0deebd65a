package content

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"

	"github.com/mlbom/mlbom/collectors/internal/archive"
	"github.com/mlbom/mlbom/sbom"
)

const (
	maxData    = 64 << 20 // bytes of the JSON
	maxObjects = 10_000
	serialized = ":serialized:"
)

// serialized examines the JSON in which Stable-Baselines3 keeps what is no plain
// value: pickles in Base64, which loading the model loads (common/save_util.py).
func (x *examiner) serialized(in string, m *archive.Member) {
	r, err := m.Open()
	if err != nil {
		x.fails(in, err)
		return
	}
	defer r.Close()
	limit := &io.LimitedReader{R: r, N: maxData + 1}
	d := json.NewDecoder(limit)
	wanted := false
	for n := 0; ; {
		t, err := d.Token()
		if err == io.EOF && limit.N > 0 {
			return
		}
		if err != nil || n > maxObjects {
			x.lacks(sbom.Partial, in, "the objects that it holds in Base64 were not all examined")
			return
		}
		text, _ := t.(string)
		if !wanted {
			wanted = text == serialized
			continue
		}
		wanted = false
		n++
		data, err := base64.StdEncoding.DecodeString(text)
		if err != nil {
			x.lacks(sbom.Partial, in, "an object that it holds is no Base64")
			continue
		}
		x.count("pickle")
		x.pickle(in, bytes.NewReader(data))
	}
}
