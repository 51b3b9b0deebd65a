package pymarshal

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// lambda is base64 of marshal.dumps((lambda x: __import__('os').system('id')).__code__)
// by Python 3.11.
const lambda = `4wEAAAAAAAAAAAAAAAMAAAADAAAA80YAAACXAHQBAAAAAAAAAAAAAGQBpgEAAKsBAAAAAAAAAACg
AQAAAAAAAAAAAAAAAAAAAAAAAAAAZAKmAQAAqwEAAAAAAAAAAFMAKQNO2gJvc9oCaWQpAtoKX19p
bXBvcnRfX9oGc3lzdGVtKQHaAXhzAQAAACD6BzxzdGRpbj76CDxsYW1iZGE+cggAAAAFAAAAcxwA
AACAAI1KkHTRDBzUDBzXDCPSDCOgRNEMKdQMKYAA8wAAAAA=
`

func TestRead(t *testing.T) {
	data := Decode(lambda)
	c, err := Read(data)
	if err != nil || c.Name != "<lambda>" || c.File != "<stdin>" || c.Python != "3.11 to 3.14" ||
		!slices.Equal(c.Names, []string{"__import__", "system"}) || !slices.Equal(c.Texts, []string{"id", "os"}) {
		t.Errorf("%+v, %v", c, err)
	}
	for n := range len(data) - 8 { // the table of exceptions, at the end, says nothing
		if _, err := Read(data[:n]); err == nil {
			t.Errorf("cut at %d: no error", n)
		}
	}
	deep := append([]byte("c"), []byte(strings.Repeat("\x00", 20)+strings.Repeat("(\x01\x00\x00\x00", 5000))...)
	if _, err := Read(deep); err == nil {
		t.Error("no error for tuples in tuples")
	}
	raw := Decode("\u00e3" + strings.Repeat("\u00ff", 20)) // not base64: the characters are the bytes
	if len(raw) != 21 || raw[0] != 0xe3 || !IsCode(raw) {
		t.Errorf("% x", raw)
	}
}

// TestOracle reads what the Python that is named writes.
func TestOracle(t *testing.T) {
	python := os.Getenv("MLBOM_ORACLE_PYTHON")
	if python == "" {
		t.Skip("MLBOM_ORACLE_PYTHON is not set: name a Python")
	}
	out, err := exec.Command(python, "-c", `import marshal, base64
def f(x, *a, k=1):
    import subprocess as s
    g = lambda y: [s.run(z, shell=True).stdout for z in y if "needle" in z]
    return g(x), os.environ.get("HOME"), 2**70, 1.5, None, ("a", ("b",)), frozenset({1}), b"bytes"
print(base64.encodebytes(marshal.dumps(f.__code__)).decode())`).Output()
	if err != nil {
		t.Fatal(err)
	}
	c, err := Read(Decode(string(out)))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"subprocess", "run", "stdout", "os", "environ", "get"} {
		if !slices.Contains(c.Names, name) {
			t.Errorf("no name %s in %q", name, c.Names)
		}
	}
	if c.Name != "f" || !slices.Contains(c.Texts, "needle") || !slices.Contains(c.Texts, "HOME") {
		t.Errorf("%+v", c)
	}
}

func Fuzz(f *testing.F) {
	f.Add(Decode(lambda))
	f.Fuzz(func(t *testing.T, data []byte) { Read(data) })
}
