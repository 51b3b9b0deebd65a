package numpy

import (
	"encoding/binary"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

// TestOddHeaders: NumPy reads headers that it does not write. What follows is examined all the same.
func TestOddHeaders(t *testing.T) {
	const payload = "\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x02id\x85R."
	for _, header := range []string{
		"{'descr': '<f8', 'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n",
		"{'descr': '|''O', 'fortran_order': False, 'shape': (1,), }\n",
		"{'descr': '|O', # x\n 'fortran_order': False, 'shape': (1,), }\n",
		"{'descr': '|O', 'fortran_order': False, 'shape': (-1,), }\n",
		"{'descr': 'object', 'fortran_order': False, 'shape': (1,), }\n",
		"{'descr': 'i4,O', 'fortran_order': False, 'shape': (1,), }\n",
		"{'descr': '<f8', 'fortran_order': False, 'shape': (), }\n        ",
	} {
		text := strings.TrimRight(header, " ")
		file := "\x93NUMPY\x01\x00" + string(binary.LittleEndian.AppendUint16(nil, uint16(len(text)))) + header + payload
		seen := sbomtest.Collect(t, &Collector, fstest.MapFS{"m/x.npy": {Data: []byte(file)}}).Sightings
		if len(seen) == 0 || seen[0].File.Scan.Verdict != sbom.Malicious {
			t.Errorf("%q: %+v", header, seen)
		}
	}
}
