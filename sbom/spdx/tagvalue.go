package spdx

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"strings"

	"github.com/spdx/tools-golang/spdx/v2/common"
	"github.com/spdx/tools-golang/spdx/v2/v2_3"
)

// Tag-value has no escapes: a value that holds the mark of its own end, or a line
// break where none can be, would write tags of its own. Such values are made
// harmless before they are written, and the whole value is carried by an
// annotation, whose JSON has escapes. The library's own writer does not do this,
// and leaves annotations of packages out.

// oneLine makes a value of one line.
func oneLine(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(block(s)), " "), "<text>", "< text>")
}

// block makes a value that can stand between <text> and </text>.
func block(s string) string { return harm.Replace(strings.ToValidUTF8(s, "?")) }

var harm = strings.NewReplacer("</text>", "</ text>", "\r\n", "\n", "\r", "\n", "\x00", "?")

// harmless changes the values of a package that tag-value cannot hold.
func harmless(p *v2_3.Package) {
	p.PackageName, p.PackageVersion = oneLine(p.PackageName), oneLine(p.PackageVersion)
	if p.PackageName == "" {
		p.PackageName = "unknown"
	}
	p.PackageDescription, p.PackageCopyrightText = block(p.PackageDescription), block(p.PackageCopyrightText)
	if p.PackageSupplier != nil {
		p.PackageSupplier.Supplier = oneLine(p.PackageSupplier.Supplier)
	}
	if p.PackageOriginator != nil {
		p.PackageOriginator.Originator = oneLine(p.PackageOriginator.Originator)
	}
	p.PackageHomePage, p.PackageDownloadLocation = oneLine(p.PackageHomePage), oneLine(p.PackageDownloadLocation)
	for _, r := range p.PackageExternalReferences {
		r.ExternalRefComment = block(r.ExternalRefComment)
	}
}

type tagWriter struct {
	*bufio.Writer
}

func (w tagWriter) line(tag, value string) {
	if value = oneLine(value); value != "" {
		fmt.Fprintf(w, "%s: %s\n", tag, value)
	}
}

func (w tagWriter) text(tag, value string) {
	if value == noAssertion {
		w.line(tag, value)
	} else if value != "" {
		fmt.Fprintf(w, "%s: <text>%s</text>\n", tag, block(value))
	}
}

// writeTags writes what this package makes of a graph, in tag-value.
func writeTags(out io.Writer, doc *v2_3.Document) error {
	w := tagWriter{bufio.NewWriter(out)}
	w.line("SPDXVersion", doc.SPDXVersion)
	w.line("DataLicense", doc.DataLicense)
	w.line("SPDXID", documentID)
	w.line("DocumentName", cmp.Or(oneLine(doc.DocumentName), "unknown"))
	w.line("DocumentNamespace", doc.DocumentNamespace)
	for _, c := range doc.CreationInfo.Creators {
		w.line("Creator", c.CreatorType+": "+c.Creator)
	}
	w.line("Created", doc.CreationInfo.Created)
	w.text("CreatorComment", doc.CreationInfo.CreatorComment)
	for _, p := range doc.Packages {
		w.pack(p)
	}
	for _, l := range doc.OtherLicenses {
		w.WriteString("\n")
		w.line("LicenseID", l.LicenseIdentifier)
		w.text("ExtractedText", l.ExtractedText)
		w.line("LicenseName", l.LicenseName)
		for _, at := range l.LicenseCrossReferences {
			w.line("LicenseCrossReference", at)
		}
	}
	w.WriteString("\n")
	for _, r := range doc.Relationships {
		w.line("Relationship", common.RenderDocElementID(r.RefA)+" "+r.Relationship+" "+common.RenderDocElementID(r.RefB))
		w.text("RelationshipComment", r.RelationshipComment)
	}
	for _, a := range doc.Annotations {
		w.annotation(documentID, *a)
	}
	for _, p := range doc.Packages {
		for _, a := range p.Annotations {
			w.annotation(common.RenderElementID(p.PackageSPDXIdentifier), a)
		}
	}
	return w.Flush()
}

func (w tagWriter) pack(p *v2_3.Package) {
	w.WriteString("\n")
	w.line("PackageName", p.PackageName)
	w.line("SPDXID", common.RenderElementID(p.PackageSPDXIdentifier))
	w.line("PackageVersion", p.PackageVersion)
	if s := p.PackageSupplier; s != nil {
		w.line("PackageSupplier", s.SupplierType+": "+s.Supplier)
	}
	if o := p.PackageOriginator; o != nil {
		w.line("PackageOriginator", o.OriginatorType+": "+o.Originator)
	}
	w.line("PackageDownloadLocation", p.PackageDownloadLocation)
	w.line("PrimaryPackagePurpose", strings.ReplaceAll(p.PrimaryPackagePurpose, "_", "-"))
	w.line("FilesAnalyzed", "false")
	for _, c := range p.PackageChecksums {
		w.line("PackageChecksum", string(c.Algorithm)+": "+c.Value)
	}
	w.line("PackageHomePage", p.PackageHomePage)
	w.line("PackageLicenseConcluded", p.PackageLicenseConcluded)
	w.line("PackageLicenseDeclared", p.PackageLicenseDeclared)
	w.text("PackageCopyrightText", p.PackageCopyrightText)
	w.text("PackageDescription", p.PackageDescription)
	for _, r := range p.PackageExternalReferences {
		w.line("ExternalRef", r.Category+" "+r.RefType+" "+r.Locator)
		w.text("ExternalRefComment", r.ExternalRefComment)
	}
}

// annotation writes a comment that is JSON, in which "/" may be escaped.
func (w tagWriter) annotation(id string, a v2_3.Annotation) {
	w.WriteString("\n")
	w.line("Annotator", a.Annotator.AnnotatorType+": "+a.Annotator.Annotator)
	w.line("AnnotationDate", a.AnnotationDate)
	w.line("AnnotationType", a.AnnotationType)
	w.line("SPDXREF", id)
	w.text("AnnotationComment", strings.ReplaceAll(a.AnnotationComment, "</text>", `<\/text>`))
}
