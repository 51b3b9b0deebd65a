package hub

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/source"
)

// Bounds on what is asked of the scanners.
const (
	asksAtOnce = 100  // files of one request
	maxAsked   = 2000 // files in all
	maxImports = 10   // that a message names
)

// pathInfo is what the hub knows of one file.
type pathInfo struct {
	Path     string `json:"path"`
	Security fields `json:"securityFileStatus"`
}

// security asks what the hub's scanners say of the files that can hold code or
// weights, those of LFS, and of those that it has issues with.
func (r *Repository) security(ctx context.Context, a *api, i info, files []listed, p *properties) []sbom.Sighting {
	if r.Kind == Spaces {
		return nil
	}
	var summary struct {
		ScansDone *bool `json:"scansDone"`
		Issues    []struct {
			Path  string `json:"path"`
			Level string `json:"level"`
		} `json:"filesWithIssues"`
	}
	if json.Unmarshal(i.fields["securityRepoStatus"], &summary) == nil && summary.ScansDone != nil {
		p.add("scans-done", fmt.Sprint(*summary.ScansDone))
	}
	known := map[string]listed{}
	levels := map[string]string{} // of files with issues
	var ask []string
	for _, f := range files {
		if known[f.Path] = f; f.LFS != nil {
			ask = append(ask, f.Path)
		}
	}
	for _, issue := range summary.Issues {
		if _, ok := known[issue.Path]; ok {
			levels[issue.Path] = issue.Level
			ask = append(ask, issue.Path)
		}
	}
	slices.SortFunc(ask, func(x, y string) int { // those with issues first
		return cmp.Or(cmp.Compare(levels[y], levels[x]), strings.Compare(x, y))
	})
	ask = slices.Compact(ask)
	if len(ask) > maxAsked {
		r.problem(fmt.Errorf("the hub's scanners were asked about %d of %d files", maxAsked, len(ask)))
		ask = ask[:maxAsked]
	}
	told := r.askPaths(ctx, a, ask)
	var all []sbom.Sighting
	for _, name := range ask {
		if s, ok := r.judge(a, known[name], levels[name], told[name]); ok {
			all = append(all, s)
		}
	}
	return all
}

func (r *Repository) askPaths(ctx context.Context, a *api, ask []string) map[string]fields {
	told := map[string]fields{}
	for batch := range slices.Chunk(ask, asksAtOnce) {
		form := url.Values{"paths": batch, "expand": {"true"}}
		var list []pathInfo
		if _, err := a.ask(ctx, http.MethodPost, a.repo("paths-info", r.Commit), form, &list); err != nil {
			r.problem(fmt.Errorf("what the hub's scanners found is not known: %w", err))
			return told
		}
		for _, f := range list {
			told[f.Path] = f.Security
		}
	}
	return told
}

// judge makes a sighting of what the scanners say of a file.
func (r *Repository) judge(a *api, f listed, level string, told fields) (s sbom.Sighting, ok bool) {
	status := source.Printable(cmp.Or(told.text("status"), level))
	if status == "" {
		return s, false
	}
	p := &properties{}
	p.add("security", status)
	var bad []string
	for _, scanner := range scanners(told) {
		p.add("security:"+scanner.name, scanner.status)
		if scanner.status == "unsafe" || scanner.status == "suspicious" || scanner.status == "caution" {
			bad = append(bad, scanner.says())
		}
	}
	s = sbom.Sighting{
		Component: sbom.Component{Kind: sbom.KindFile, Name: path.Base(f.Path), Keys: sbom.Keys{Path: f.Path, SHA256: f.digest()}, Properties: p.list},
		Basis:     sbom.Resolved,
		Hint:      true,
		Where:     r.place(a),
	}
	if status != "unsafe" && status != "suspicious" {
		return s, true
	}
	message := fmt.Sprintf("the hub reports %s as %s", source.Printable(f.Path), status)
	if len(bad) > 0 {
		message += ": " + strings.Join(bad, "; ")
	}
	s.Hint = false
	s.File = &sbom.FileFacts{Size: f.Size}
	if f.LFS != nil {
		s.File = &sbom.FileFacts{Size: f.LFS.Size, Asserted: true}
		s.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: f.digest()}}
	}
	s.Findings = []sbom.Finding{{Rule: sbom.RuleReported, Message: message, Where: s.Where}}
	return s, true
}

// scanner is the word of one of the hub's scanners.
type scanner struct {
	name, status, message string
	imports               []string // that it does not hold to be harmless
}

// scanners reads "avScan", "pickleImportScan" and their like.
func scanners(told fields) []scanner {
	var all []scanner
	for key, raw := range told {
		name, ok := strings.CutSuffix(key, "Scan")
		var one fields
		if !ok || json.Unmarshal(raw, &one) != nil || one.text("status") == "" {
			continue
		}
		s := scanner{name: dashed(name), status: source.Printable(one.text("status")), message: source.Printable(one.text("message"))}
		var imports []struct{ Module, Name, Safety string }
		if json.Unmarshal(one["pickleImports"], &imports) == nil {
			for _, i := range imports {
				if i.Safety != "innocuous" && len(s.imports) < maxImports {
					s.imports = append(s.imports, source.Printable(i.Module+"."+i.Name)+" ("+source.Printable(i.Safety)+")")
				}
			}
		}
		all = append(all, s)
	}
	slices.SortFunc(all, func(x, y scanner) int { return strings.Compare(x.name, y.name) })
	return all
}

func (s scanner) says() string {
	text := s.name + " " + s.status
	if s.message != "" {
		text += " (" + s.message + ")"
	}
	if len(s.imports) > 0 {
		text += ", imports " + strings.Join(s.imports, ", ")
	}
	return text
}
