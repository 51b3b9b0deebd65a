package csv

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// formulas are the cells of a file that a spreadsheet runs.
type formulas struct {
	plain, acting formulaCount
}

// formulaCount counts the formulas of one sort, with the place of the first.
type formulaCount struct {
	cells        int64
	line, column int
	what         string
}

const maxFormula = 8 << 10 // bytes that a spreadsheet takes as a formula: Excel's limit

// row looks at all cells of a row; almost none begin as formulas do.
func (f *formulas) row(cells [][]byte, line int) {
	for i, c := range cells {
		if len(c) < 4 {
			continue
		}
		switch c[0] {
		case '=', '+', '-', '@', '\t', '\r':
			f.cell(c, line, i+1)
		}
	}
}

func (f *formulas) cell(c []byte, line, column int) {
	acts, what := formula(c)
	if what == "" {
		return
	}
	count := &f.plain
	if acts {
		count = &f.acting
	}
	if count.cells++; count.cells == 1 {
		count.line, count.column, count.what = line, column, what
	}
}

// acting are functions that run programs, or fetch from or send to addresses.
var acting = pattern.Lazy(`(?i)\b(?:HYPERLINK|WEBSERVICE|IMPORTXML|IMPORTDATA|IMPORTHTML|IMPORTFEED|IMPORTRANGE|IMAGE|CALL|REGISTER|REGISTER\.ID|EXEC|DDE|RTD|SQL\.REQUEST|GOOGLEFINANCE|QUERY|FILTERXML)\(`)

// dde is a conversation with a program, "cmd|' /C calc'!A0", and outside a cell of a
// file elsewhere, "'\\host\share\[x.xls]s'!A1".
var (
	dde     = pattern.Lazy(`[A-Za-z]\w{0,63}\|(?:'[^']{0,1000}'|[^\s'!|]{1,500})![\w$']`)
	outside = pattern.Lazy(`'(?:\\\\|https?://|file:)[^']{1,1000}\[[^']{1,300}'!`)
)

// plain are functions that spreadsheets have and people write at the start of a formula.
var plain = pattern.Lazy(`^[=+\-@][\s=+\-@(]*(?:SUM|SUMIFS?|SUMPRODUCT|AVERAGE|AVERAGEIFS?|COUNT|COUNTA|COUNTIFS?|MIN|MAX|IF|IFERROR|IFS|AND|OR|NOT|ROUND|ROUNDUP|ROUNDDOWN|INT|ABS|MOD|SQRT|POWER|PRODUCT|STDEV|VAR|MEDIAN|RANK|VLOOKUP|HLOOKUP|XLOOKUP|LOOKUP|INDEX|MATCH|INDIRECT|OFFSET|CONCATENATE|CONCAT|TEXTJOIN|TEXT|LEFT|RIGHT|MID|LEN|FIND|SEARCH|SUBSTITUTE|REPLACE|UPPER|LOWER|PROPER|TRIM|CLEAN|VALUE|CHAR|CODE|DATE|DATEVALUE|NOW|TODAY|YEAR|MONTH|DAY|ROW|ROWS|COLUMN|COLUMNS|CELL|INFO|ADDRESS|CHOOSE|RAND|RANDBETWEEN|ENCODEURL|ARRAYFORMULA|UNIQUE|FILTER|SORT|LET|LAMBDA)\(`)

// reference is a formula of cells and numbers alone: "=A1+B2*3".
var reference = pattern.Lazy(`^=[\s(]*(?:\$?[A-Z]{1,3}\$?[0-9]{1,7}|[0-9.]+)(?:[\s)]*[-+*/^&:,][\s(]*(?:\$?[A-Z]{1,3}\$?[0-9]{1,7}|[0-9.]+))*[\s)]*$`)

// formula tells whether a spreadsheet takes a cell as a formula, and whether it reaches
// out of the table. A number is none, nor is text that a formula cannot begin with.
func formula(c []byte) (acts bool, what string) {
	c = bytes.TrimLeft(c[:min(len(c), maxFormula)], "\t\r\n ")
	if len(c) < 2 || !strings.ContainsRune("=+-@", rune(c[0])) {
		return false, ""
	}
	body := bytes.TrimLeft(c, "=+-@ ")
	if len(body) == 0 || !starts(body[0]) {
		return false, ""
	}
	if m := acting.FindIndex(c); m != nil && atStart(c[:m[0]]) {
		return true, strings.ToUpper(string(bytes.TrimRight(c[m[0]:m[1]], "( ")))
	}
	if m := dde.FindIndex(c); m != nil && atStart(c[:m[0]]) {
		return true, "DDE"
	}
	if m := outside.FindIndex(c); m != nil && atStart(c[:m[0]]) {
		return true, "a cell of another file"
	}
	switch {
	case plain.Match(c):
		return false, "a function"
	case reference.Match(c) && bytes.ContainsAny(c, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
		return false, "a reference"
	}
	return false, ""
}

// starts tells whether a formula can go on with this character.
func starts(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || strings.IndexByte(`'"(\[.$`, c) >= 0
}

// atStart tells whether what stands before a call belongs to a formula: operators,
// numbers, references and other calls, and no words of a sentence.
func atStart(before []byte) bool { return !sentence.Match(before) }

// sentence is two words with a space between them.
var sentence = pattern.Lazy(`[A-Za-z]{2,}[ ,.]+[A-Za-z]{2,}`)

// findings gives one for each sort of formula.
func (f *formulas) findings(whole bool) (list []sbom.Finding) {
	for _, x := range []struct {
		formulaCount
		rule, are string
	}{
		{f.acting, sbom.RuleFormulaActs, "formulas that run programs or reach out when a spreadsheet opens the file"},
		{f.plain, sbom.RuleFormula, "formulas to a spreadsheet"},
	} {
		if x.cells == 0 {
			continue
		}
		are, of := fmt.Sprintf("%d cells are %s", x.cells, x.are), ""
		if x.cells == 1 {
			are = "a cell is one of the " + x.are
		}
		if !whole {
			of = " in what was looked at"
		}
		list = append(list, sbom.Finding{Rule: x.rule, Where: sbom.Place{Line: x.line},
			Message: fmt.Sprintf("%s%s; the first, in line %d, column %d, has %s", are, of, x.line, x.column, x.what)})
	}
	return list
}
