package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/opencontainers/go-digest"

	"github.com/mlbom/mlbom/sbom/deliver/oci"
)

// foundFile is one thing that is there; its JSON is that of --format json.
type foundFile struct {
	Kind     string        `json:"kind"`
	Attests  string        `json:"attests,omitempty"`
	What     string        `json:"what,omitempty"`
	Way      oci.Way       `json:"way"`
	Manifest digest.Digest `json:"manifest"`
	Document digest.Digest `json:"document"`
	Size     int64         `json:"size"`
	Created  string        `json:"created,omitempty"`
	Title    string        `json:"title,omitempty"`
	About    digest.Digest `json:"about,omitempty"`
	File     string        `json:"file,omitempty"`
	Vouched  bool          `json:"vouched,omitempty"` // who is trusted signed it
}

type fetchReport struct {
	Reference string        `json:"reference"`
	Subject   attachSubject `json:"subject"`
	Found     []foundFile   `json:"found"`
	Others    int           `json:"others"`
}

func (f *fetcher) report() fetchReport {
	return fetchReport{Reference: f.ref.String(), Subject: subjectOf(f.subject), Found: []foundFile{}, Others: f.others}
}

func fileOf(one oci.Found) foundFile {
	return foundFile{Kind: one.Kind, Attests: one.Attests, Way: one.Way, Manifest: one.Manifest, Document: one.Blob.Digest, Size: one.Blob.Size, Created: one.Created, Title: one.Title, About: one.About}
}

func (f *fetcher) list(all []oci.Found) error {
	if f.json {
		r := f.report()
		for _, one := range all {
			r.Found = append(r.Found, fileOf(one))
		}
		return writeJSON(f.c.App.Writer, r)
	}
	if err := f.table(f.c.App.Writer, all); err != nil {
		return err
	}
	if f.others > 0 {
		fmt.Fprintf(f.c.App.Writer, "and %s that mlbom does not read\n", count(f.others, "referrer", "referrers"))
	}
	return nil
}

// maxTitle bounds what a person is shown of words that strangers chose; JSON has all.
const maxTitle = 100

// table lists what is there, for people.
func (f *fetcher) table(w io.Writer, all []oci.Found) error {
	fmt.Fprintf(w, "%s\n", plain(f.ref.At(f.subject.Digest.String())))
	for _, one := range all {
		kind := one.Kind
		if one.Attests != "" {
			kind += " of " + one.Attests
		}
		fmt.Fprintf(w, "  %s\n", plain(strings.Join(strings.Fields(fmt.Sprintf("%s %s %s", one.Manifest, kind, shorten(one.Title, maxTitle))), " ")))
		line := size(one.Blob.Size) + ", " + string(one.Way)
		if one.Created != "" {
			line += ", made " + shorten(one.Created, maxTitle)
		}
		if one.About != "" {
			line += ", about " + one.About.String()
		}
		fmt.Fprintf(w, "    %s\n", plain(line))
	}
	if len(all) == 0 {
		fmt.Fprintln(w, "  nothing that mlbom reads is attached")
	}
	return nil
}

// tell says what came, on standard error where the document is on standard output.
func (f *fetcher) tell(all []fetched, names []string) error {
	if f.c.Bool("quiet") {
		return nil
	}
	w := f.c.App.Writer
	if names[0] == "" || names[0] == "-" {
		w = f.c.App.ErrWriter
	}
	if f.json {
		r := f.report()
		for i, got := range all {
			one := fileOf(got.Found)
			one.What, one.File, one.Vouched = got.what, names[i], got.vouched
			r.Found = append(r.Found, one)
		}
		return writeJSON(w, r)
	}
	for i, got := range all {
		to := "standard output"
		if names[i] != "" && names[i] != "-" {
			to = names[i]
		}
		from := string(got.Way) + " " + got.Manifest.String()
		if got.inside {
			from = "the attestation in the " + from
		}
		line := fmt.Sprintf("fetched %s: %s, %s, from the %s", to, got.what, size(int64(len(got.data))), strings.TrimPrefix(from, "the "))
		if got.vouched {
			line += ", signed by who is trusted"
		}
		fmt.Fprintln(w, plain(line))
	}
	return nil
}
