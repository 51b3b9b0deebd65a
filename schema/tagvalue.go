package schema

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// FormatSPDXTag is SPDX 2.2 or 2.3 in tag-value.
const FormatSPDXTag = "spdx-tag-value"

var spdxTag = regexp.MustCompile(`(?m)^[ \t]*SPDXVersion[ \t]*:[ \t]*SPDX-([0-9]{1,3}\.[0-9]{1,3})[ \t]*\r?$`)

// tags say where in the JSON form of SPDX 2.3 a value of tag-value belongs; the
// first tag of a section begins an object of it. "*" ends the name of a list.
var tags = map[string]struct{ section, key string }{
	"SPDXVersion": {"", "spdxVersion"}, "DataLicense": {"", "dataLicense"}, "DocumentName": {"", "name"}, "DocumentNamespace": {"", "documentNamespace"}, "DocumentComment": {"", "comment"},
	"LicenseListVersion": {"creationInfo", "licenseListVersion"}, "Creator": {"creationInfo", "creators*"}, "Created": {"creationInfo", "created"}, "CreatorComment": {"creationInfo", "comment"},
	"PackageName": {"packages", "name"}, "PackageVersion": {"packages", "versionInfo"}, "PackageFileName": {"packages", "packageFileName"}, "PackageSupplier": {"packages", "supplier"},
	"PackageOriginator": {"packages", "originator"}, "PackageDownloadLocation": {"packages", "downloadLocation"}, "PackageHomePage": {"packages", "homepage"}, "PackageSourceInfo": {"packages", "sourceInfo"},
	"PackageLicenseConcluded": {"packages", "licenseConcluded"}, "PackageLicenseInfoFromFiles": {"packages", "licenseInfoFromFiles*"}, "PackageLicenseDeclared": {"packages", "licenseDeclared"},
	"PackageLicenseComments": {"packages", "licenseComments"}, "PackageCopyrightText": {"packages", "copyrightText"}, "PackageSummary": {"packages", "summary"}, "PackageDescription": {"packages", "description"},
	"PackageComment": {"packages", "comment"}, "PackageAttributionText": {"packages", "attributionTexts*"}, "PrimaryPackagePurpose": {"packages", "primaryPackagePurpose"}, "BuiltDate": {"packages", "builtDate"},
	"ReleaseDate": {"packages", "releaseDate"}, "ValidUntilDate": {"packages", "validUntilDate"},
	"FileName": {"files", "fileName"}, "FileType": {"files", "fileTypes*"}, "LicenseConcluded": {"files", "licenseConcluded"}, "LicenseInfoInFile": {"files", "licenseInfoInFiles*"},
	"LicenseComments": {"files", "licenseComments"}, "FileCopyrightText": {"files", "copyrightText"}, "FileComment": {"files", "comment"}, "FileNotice": {"files", "noticeText"},
	"FileContributor": {"files", "fileContributors*"}, "FileAttributionText": {"files", "attributionTexts*"}, "FileDependency": {"files", "fileDependencies*"},
	"SnippetSPDXID": {"snippets", "SPDXID"}, "SnippetFromFileSPDXID": {"snippets", "snippetFromFile"}, "SnippetLicenseConcluded": {"snippets", "licenseConcluded"}, "LicenseInfoInSnippet": {"snippets", "licenseInfoInSnippets*"},
	"SnippetLicenseComments": {"snippets", "licenseComments"}, "SnippetCopyrightText": {"snippets", "copyrightText"}, "SnippetComment": {"snippets", "comment"}, "SnippetName": {"snippets", "name"},
	"SnippetAttributionText": {"snippets", "attributionTexts*"},
	"LicenseID":              {"hasExtractedLicensingInfos", "licenseId"}, "ExtractedText": {"hasExtractedLicensingInfos", "extractedText"}, "LicenseName": {"hasExtractedLicensingInfos", "name"},
	"LicenseCrossReference": {"hasExtractedLicensingInfos", "seeAlsos*"}, "LicenseComment": {"hasExtractedLicensingInfos", "comment"},
	"RelationshipComment": {"relationships", "comment"},
	"Annotator":           {"annotations", "annotator"}, "AnnotationDate": {"annotations", "annotationDate"}, "AnnotationType": {"annotations", "annotationType"}, "AnnotationComment": {"annotations", "comment"}, "SPDXREF": {"annotations", "subject"},
	"Reviewer": {"revieweds", "reviewer"}, "ReviewDate": {"revieweds", "reviewDate"}, "ReviewComment": {"revieweds", "comment"},
}

// begins are the tags that begin an object.
var begins = map[string]bool{"PackageName": true, "FileName": true, "SnippetSPDXID": true, "LicenseID": true, "Annotator": true, "Reviewer": true}

type tagReader struct {
	doc     map[string]any
	last    map[string]map[string]any // section -> the object that is being read
	pointer map[string]string         // section -> where that stands
	current string                    // section that SPDXID belongs to
	lines   map[string]int            // pointer -> line
	line    int
	issues  []Issue
}

func (r *tagReader) wrong(format string, args ...any) {
	r.issues = append(r.issues, Issue{Line: r.line, Message: fmt.Sprintf(format, args...)})
}

// JSONOfTagValue gives the JSON form of a document of SPDX 2 in tag-value, and
// what of it is no tag-value. Values that it does not know are left out, and said.
func JSONOfTagValue(data []byte) ([]byte, []Issue, error) {
	r := readTags(data)
	text, err := json.Marshal(r.doc)
	return text, r.issues, err
}

func readTags(data []byte) *tagReader {
	r := &tagReader{doc: map[string]any{}, last: map[string]map[string]any{}, pointer: map[string]string{}, lines: map[string]int{}}
	r.last[""] = r.doc
	r.doc["creationInfo"] = map[string]any{}
	r.last["creationInfo"], r.pointer["creationInfo"] = r.doc["creationInfo"].(map[string]any), "/creationInfo"
	rest, next := string(data), 1
	for rest != "" {
		line, after, _ := strings.Cut(rest, "\n")
		rest, r.line = after, next
		next++
		if line = strings.TrimLeft(line, " \t\r"); line == "" || line[0] == '#' {
			continue
		}
		tag, value, ok := strings.Cut(line, ":")
		if !ok {
			r.wrong("%s is no tag and value", quote(line))
			continue
		}
		open, isText := strings.CutPrefix(strings.TrimLeft(value, " \t"), "<text>")
		tag, value = strings.TrimSpace(tag), strings.TrimSpace(value)
		if isText {
			body, _, closed := strings.Cut(open, "</text>")
			if !closed {
				var more string
				if more, rest, closed = strings.Cut(rest, "</text>"); !closed {
					r.wrong("the text of %s has no end", quote(tag))
					rest = ""
				}
				body += "\n" + more
				next += strings.Count(more, "\n") + 1
				if _, rest, closed = strings.Cut(rest, "\n"); !closed {
					rest = ""
				}
			}
			value = body
		}
		r.value(tag, value)
	}
	r.attach()
	r.spell()
	return r
}

// object begins one in a section.
func (r *tagReader) object(section string) map[string]any {
	list, _ := r.doc[section].([]any)
	m := map[string]any{}
	r.doc[section] = append(list, m)
	r.last[section], r.pointer[section] = m, "/"+section+"/"+strconv.Itoa(len(list))
	r.lines[r.pointer[section]] = r.line
	return m
}

func (r *tagReader) value(tag, value string) {
	if begins[tag] {
		section := tags[tag].section
		r.object(section)
		if section == "packages" || section == "files" || section == "snippets" {
			r.current = section
		}
	}
	if r.special(tag, value) {
		return
	}
	at, known := tags[tag]
	m := r.last[at.section]
	switch {
	case !known:
		r.wrong("the tag %s is not known", quote(tag))
	case m == nil:
		r.wrong("the tag %s stands before what it belongs to", quote(tag))
	default:
		r.set(m, r.pointer[at.section], at.key, value)
	}
}

func (r *tagReader) set(m map[string]any, pointer, key string, value any) {
	if name, ok := strings.CutSuffix(key, "*"); ok {
		list, _ := m[name].([]any)
		m[name], key = append(list, value), name+"/"+strconv.Itoa(len(list))
	} else if m[key] != nil {
		r.wrong("%s is given twice", quote(key))
	} else {
		m[key] = value
	}
	r.lines[pointer+"/"+key] = r.line
}

// inner are the tags whose value has an inner form, with the section that they
// belong to; SPDXID is of the section that was begun last.
var inner = map[string]string{
	"SPDXID": "", "FilesAnalyzed": "packages", "PackageChecksum": "packages", "PackageVerificationCode": "packages", "ExternalRef": "packages", "ExternalRefComment": "packages",
	"FileChecksum": "files", "SnippetByteRange": "snippets", "SnippetLineRange": "snippets", "Relationship": "", "ExternalDocumentRef": "",
}

// special reads the values that have an inner form.
func (r *tagReader) special(tag, value string) bool {
	if _, ok := inner[tag]; !ok {
		return false
	}
	section := inner[tag]
	if tag == "SPDXID" {
		section = r.current
	}
	m, at := r.last[section], r.pointer[section]
	if m == nil {
		r.wrong("the tag %s stands before what it belongs to", quote(tag))
		return true
	}
	switch tag {
	case "SPDXID":
		r.set(m, at, "SPDXID", value)
		if pack := r.last["packages"]; r.current == "files" && pack != nil {
			list, _ := pack["hasFiles"].([]any)
			pack["hasFiles"] = append(list, value) // the files below a package are its own
		}
	case "FilesAnalyzed":
		r.set(m, at, "filesAnalyzed", value == "true")
	case "PackageChecksum", "FileChecksum":
		algorithm, sum, _ := strings.Cut(value, ":")
		r.set(m, at, "checksums*", map[string]any{"algorithm": strings.TrimSpace(algorithm), "checksumValue": strings.TrimSpace(sum)})
	case "PackageVerificationCode":
		code, excluded, _ := strings.Cut(value, "(excludes:")
		v := map[string]any{"packageVerificationCodeValue": strings.TrimSpace(code)}
		if excluded = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(excluded), ")")); excluded != "" {
			var files []any
			for f := range strings.SplitSeq(excluded, ",") {
				files = append(files, strings.TrimSpace(f))
			}
			v["packageVerificationCodeExcludedFiles"] = files
		}
		r.set(m, at, "packageVerificationCode", v)
	case "SnippetByteRange", "SnippetLineRange":
		kind := map[string]string{"SnippetByteRange": "offset", "SnippetLineRange": "lineNumber"}[tag]
		from, to, _ := strings.Cut(value, ":")
		end := func(s string) map[string]any {
			n, _ := strconv.Atoi(strings.TrimSpace(s))
			return map[string]any{kind: json.Number(strconv.Itoa(n)), "reference": r.last["snippets"]["snippetFromFile"]}
		}
		r.set(m, at, "ranges*", map[string]any{"startPointer": end(from), "endPointer": end(to)})
	default:
		return r.worded(tag, value, m, at)
	}
	return true
}

// worded reads the values that are several words.
func (r *tagReader) worded(tag, value string, m map[string]any, at string) bool {
	words := strings.Fields(value)
	switch tag {
	case "ExternalRef":
		if len(words) != 3 {
			r.wrong("an ExternalRef has %d words, want category, type and locator", len(words))
			return true
		}
		r.set(m, at, "externalRefs*", map[string]any{"referenceCategory": words[0], "referenceType": words[1], "referenceLocator": words[2]})
	case "ExternalRefComment":
		if refs, _ := m["externalRefs"].([]any); len(refs) > 0 {
			refs[len(refs)-1].(map[string]any)["comment"] = value
		} else {
			r.wrong("an ExternalRefComment without an ExternalRef")
		}
	case "Relationship":
		if len(words) != 3 {
			r.wrong("a Relationship has %d words, want element, type and element", len(words))
			return true
		}
		o := r.object("relationships")
		o["spdxElementId"], o["relationshipType"], o["relatedSpdxElement"] = words[0], words[1], words[2]
	case "ExternalDocumentRef":
		if len(words) < 3 {
			r.wrong("an ExternalDocumentRef has %d words, want id, address and digest", len(words))
			return true
		}
		algorithm, sum, _ := strings.Cut(strings.Join(words[2:], ""), ":")
		o := r.object("externalDocumentRefs")
		o["externalDocumentId"], o["spdxDocument"], o["checksum"] = words[0], words[1], map[string]any{"algorithm": algorithm, "checksumValue": sum}
	default:
		return false
	}
	return true
}

// spell writes words as the JSON form of the version does.
func (r *tagReader) spell() {
	for _, v := range asList(r.doc["packages"]) {
		p := v.(map[string]any)
		if s, ok := p["primaryPackagePurpose"].(string); ok {
			p["primaryPackagePurpose"] = strings.ReplaceAll(s, "-", "_")
		}
		for _, v := range asList(p["externalRefs"]) {
			if ref := v.(map[string]any); r.doc["spdxVersion"] == "SPDX-2.2" {
				ref["referenceCategory"] = strings.ReplaceAll(ref["referenceCategory"].(string), "-", "_")
			}
		}
	}
}

// attach gives annotations to what they speak of.
func (r *tagReader) attach() {
	about := map[string]map[string]any{}
	for _, section := range []string{"packages", "files", "snippets"} {
		for _, v := range asList(r.doc[section]) {
			m := v.(map[string]any)
			if id, ok := m["SPDXID"].(string); ok && about[id] == nil {
				about[id] = m
			}
		}
	}
	var own []any
	for _, v := range asList(r.doc["annotations"]) {
		m := v.(map[string]any)
		subject, _ := m["subject"].(string)
		delete(m, "subject")
		if to := about[subject]; to != nil {
			list, _ := to["annotations"].([]any)
			to["annotations"] = append(list, m)
			continue
		}
		own = append(own, m)
	}
	delete(r.doc, "annotations")
	if own != nil {
		r.doc["annotations"] = own
	}
}

func validateTagValue(version string, data []byte) error {
	if err := checkText(data); err != nil {
		return err
	}
	if at := bytes.IndexByte(data, 0); at >= 0 {
		return oneIssue(Issue{Line: lineAt(data, at), Message: fmt.Sprintf("control character 0x00 (offset %d)", at), Fix: "remove it: this is no text"})
	}
	r := readTags(data)
	err := validateSPDX(version, r.doc, func(issues []Issue) { setLines(issues, r.lineOf) })
	e, ok := err.(*Error)
	if err != nil && !ok || len(r.issues) == 0 {
		return err
	}
	if !ok {
		e = &Error{}
	}
	return toError(slices.Concat(r.issues, e.Issues), e.More) // it cannot be taken as it is, whatever else is wrong
}

// lineOf gives the line of a value or of what it stands in.
func (r *tagReader) lineOf(pointer string) int {
	for pointer != "" {
		if line := r.lines[pointer]; line > 0 {
			return line
		}
		pointer = pointer[:strings.LastIndexByte(pointer, '/')]
	}
	return 0
}
