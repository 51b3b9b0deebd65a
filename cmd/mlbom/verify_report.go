package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/sbom/verify"
)

// verifyReport is what verify says. Its JSON is stable: names are added, none goes.
type verifyReport struct {
	BOM    string `json:"bom"`
	Format string `json:"format"`
	Digest string `json:"bomSHA256"`
	Signer string `json:"bomSignature,omitempty"` // "verified by key"; absent where nobody asked
	Path   string `json:"path"`
	*verify.Result
}

func (r *verifyReport) write(w io.Writer, j *verifyJob) error {
	var err error
	switch {
	case j.format == "json":
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		err = e.Encode(r)
	case j.quiet && r.Verdict == verify.IsSame:
	case j.format == "markdown":
		_, err = io.WriteString(w, r.markdown())
	default:
		_, err = io.WriteString(w, r.text())
	}
	if err != nil {
		return failed("the result cannot be written: %v", rootCause(err))
	}
	return nil
}

// headline is the verdict in one line.
func (r *verifyReport) headline() string {
	as := fmt.Sprintf("as %s says", r.BOM)
	if r.Subject != "" {
		as += fmt.Sprintf(" (%s)", r.Subject)
	}
	if r.Signer != "" {
		as += ", whose signature was " + r.Signer
	}
	same := r.Counts[verify.Same]
	wrong, open := 0, 0
	for s, n := range r.Counts {
		switch s {
		case verify.Same:
		case verify.Unreadable, verify.NotCovered:
			open += n
		default:
			wrong += n
		}
	}
	alike := count(same, "file is", "files are")
	switch {
	case r.Verdict == verify.Differs:
		return fmt.Sprintf("differs: %s not %s; %s the same", count(wrong, "thing is", "things are"), as, alike)
	case r.Verdict == verify.Unfinished:
		return fmt.Sprintf("not checked: %s not be checked; %s %s", count(open, "thing could", "things could"), alike, as)
	case r.Mode == "fast":
		return fmt.Sprintf("fast: same by size and header: %s %s; the bytes of larger files were not read", alike, as)
	}
	return fmt.Sprintf("same: %s %s, %s read", alike, as, size(r.Bytes))
}

const shownEntries = 100

func (r *verifyReport) text() string {
	var b strings.Builder
	fmt.Fprintln(&b, plain(r.headline()))
	for i := range r.Entries {
		if i == shownEntries {
			fmt.Fprintf(&b, "… and %d more; --format json has all\n", len(r.Entries)-i)
			break
		}
		e := &r.Entries[i]
		mark := " "
		if e.Loud {
			mark = "!"
		}
		fmt.Fprintf(&b, "%s %-12s %s%s\n", mark, e.Status, plain(entryTitle(e)), plain(entryOwner(e)))
		for _, line := range entryLines(e) {
			fmt.Fprintf(&b, "    %s\n", plain(line))
		}
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "note: %s\n", plain(n))
	}
	return b.String()
}

func entryTitle(e *verify.Entry) string {
	name := e.Path
	if name == "" {
		name = "?"
	}
	if strings.ContainsFunc(name, func(r rune) bool { return !strconv.IsPrint(r) }) {
		name = strconv.Quote(name)
	}
	if e.From != "" {
		name += " (was " + e.From + ")"
	}
	switch e.Of {
	case verify.OfModel, verify.OfDataset:
		return "the " + e.Of + " in " + name
	case verify.OfTree:
		return "the rest of the tree"
	}
	return name
}

// entryOwner says what sort of file it is, and of which components.
func entryOwner(e *verify.Entry) string {
	class := strings.ReplaceAll(string(e.Class), "-", " ")
	of := strings.Join(e.Components, ", ")
	switch {
	case e.Of == verify.OfTree || class == "" && of == "":
		return ""
	case of == "":
		return ": " + class
	case class == "" || e.Of == verify.OfModel || e.Of == verify.OfDataset:
		return ": " + of
	}
	return ": " + class + ", of " + of
}

func entryLines(e *verify.Entry) []string {
	var all []string
	if e.Means != "" {
		all = append(all, e.Means)
	}
	if e.Want != nil {
		all = append(all, "released "+stateText(e.Want))
	}
	if e.Got != nil {
		all = append(all, "here     "+stateText(e.Got))
	}
	return append(all, e.Notes...)
}

// stateText is a line of digests and size.
func stateText(s *verify.State) string {
	var parts []string
	if s.Target != "" {
		return "a link to " + s.Target
	}
	for _, h := range s.Hashes {
		parts = append(parts, strings.ToLower(strings.ReplaceAll(h.Alg, "SHA-", "sha"))+":"+h.Value)
	}
	if len(s.Hashes) == 0 || s.Size > 0 {
		parts = append(parts, strconv.FormatInt(s.Size, 10)+" bytes")
	}
	return strings.Join(parts, ", ")
}

// markdown is a table for pull requests and job summaries.
func (r *verifyReport) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "**%s**\n", pageText(r.headline()))
	if len(r.Entries) > 0 {
		b.WriteString("\n| status | what | belongs to | what it means |\n|---|---|---|---|\n")
	}
	for i := range r.Entries {
		if i == shownEntries {
			fmt.Fprintf(&b, "\n… and %d more\n", len(r.Entries)-i)
			break
		}
		e := &r.Entries[i]
		status := string(e.Status)
		if e.Loud {
			status = "**" + status + "**"
		}
		var rest []string
		for _, l := range entryLines(e) {
			rest = append(rest, pageText(strings.Join(strings.Fields(l), " ")))
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", status, pageText(entryTitle(e)), pageText(strings.TrimPrefix(entryOwner(e), ": ")), strings.Join(rest, "<br>"))
	}
	for _, n := range r.Notes {
		fmt.Fprintf(&b, "\n%s\n", pageText(n))
	}
	return b.String()
}
