package cyclonedx

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
)

// emailShape is narrower than the schema's format, so that no validator objects.
var emailShape = regexp.MustCompile(`^[A-Za-z0-9_+-]+(\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$`)

func email(s string) string {
	if len(s) < 255 && strings.IndexByte(s, '@') < 65 && emailShape.MatchString(s) {
		return s
	}
	return ""
}

func organization(p sbom.Party) *cdx.OrganizationalEntity {
	if p == (sbom.Party{}) {
		return nil
	}
	o := &cdx.OrganizationalEntity{Name: p.Name}
	if p.URL != "" {
		o.URL = &[]string{iri(p.URL)}
	}
	if p.Person || email(p.Email) != "" || p.Phone != "" {
		c := cdx.OrganizationalContact{Email: email(p.Email), Phone: p.Phone}
		if p.Person {
			c.Name = p.Name
		}
		o.Contact = &[]cdx.OrganizationalContact{c}
	}
	return o
}

func readOrganization(o *cdx.OrganizationalEntity) sbom.Party {
	if o == nil {
		return sbom.Party{}
	}
	p := sbom.Party{Name: o.Name}
	if urls := each(o.URL); len(urls) > 0 {
		p.URL = urls[0]
	}
	if contacts := each(o.Contact); len(contacts) > 0 {
		c := contacts[0]
		p.Email, p.Phone = c.Email, c.Phone
		if p.Name == "" {
			p.Name = c.Name
		}
		p.Person = c.Name != "" && c.Name == p.Name
	}
	return p
}

func contact(p sbom.Party) cdx.OrganizationalContact {
	return cdx.OrganizationalContact{Name: p.Name, Email: email(p.Email), Phone: p.Phone}
}

func readContact(c cdx.OrganizationalContact) sbom.Party {
	return sbom.Party{Name: c.Name, Email: c.Email, Phone: c.Phone, Person: true}
}

const iriForbidden = " \"<>\\^`{|}"

// iri gives s as a reference that the schema's format accepts; what may not
// stand in one is escaped.
func iri(s string) string {
	if validIRI(s) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]):
			b.WriteByte(c)
		case c <= ' ' || c >= 0x7f || c == '%' || strings.IndexByte(iriForbidden, c) >= 0:
			fmt.Fprintf(&b, "%%%02X", c)
		default:
			b.WriteByte(c)
		}
	}
	if out := b.String(); validIRI(out) {
		return out
	}
	out := strings.NewReplacer("#", "%23", "[", "%5B", "]", "%5D", ":", "%3A").Replace(b.String())
	return strings.TrimLeft(out, "/")
}

func isHex(c byte) bool { return strings.IndexByte("0123456789abcdefABCDEF", c) >= 0 }

func validIRI(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c <= ' ' || c >= 0x7f || strings.IndexByte(iriForbidden, c) >= 0 {
			return false
		}
		if c == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2])) {
			return false
		}
	}
	if strings.Count(s, "#") > 1 || strings.ContainsAny(strings.TrimPrefix(s, "//"), "[]") {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && (u.Port() == "" || len(u.Port()) < 6)
}

// licenses writes the list as the version allows: before 1.7 an expression
// stands alone. Beside others that are declared it becomes a name; where it is all
// that is declared, what was concluded gives way, and the carrier has it.
func (p profile) licenses(list []sbom.License) *cdx.Licenses {
	mixed := p.since(cdx.SpecVersion1_7)
	if declared := slices.DeleteFunc(slices.Clone(list), func(l sbom.License) bool { return l.Concluded }); !mixed && len(declared) == 1 && declared[0].Written().Expression != "" {
		list = declared
	}
	var out cdx.Licenses
	for _, l := range list {
		l = l.Written()
		var ack cdx.LicenseAcknowledgement
		if p.since(cdx.SpecVersion1_6) {
			switch {
			case l.Concluded:
				ack = cdx.LicenseAcknowledgementConcluded
			case !p.quiet:
				ack = cdx.LicenseAcknowledgementDeclared
			}
		}
		if l.Expression != "" && (mixed || len(list) == 1) {
			choice := cdx.LicenseChoice{Expression: l.Expression}
			if ack != "" {
				choice.Acknowledgement = &ack
			}
			out = append(out, choice)
			continue
		}
		one := &cdx.License{Acknowledgement: ack}
		if id, ok := sbom.SPDXID(l.ID); ok && id == l.ID {
			one.ID = id
		} else if one.Name = first(l.Name, l.Expression, l.ID, l.URL, l.Text); one.Name == "" {
			continue
		}
		if l.URL != "" {
			one.URL = iri(l.URL)
		}
		if l.Text != "" {
			one.Text = &cdx.AttachedText{Content: l.Text}
		}
		if l.Confidence != 0 && p.since(cdx.SpecVersion1_5) {
			one.Properties = &[]cdx.Property{{Name: licenseConfidence, Value: strconv.FormatFloat(l.Confidence, 'f', -1, 64)}}
		}
		out = append(out, cdx.LicenseChoice{License: one})
	}
	if len(out) == 0 {
		return nil
	}
	return &out
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

func readLicenses(list *cdx.Licenses) []sbom.License {
	if list == nil {
		return nil
	}
	var out []sbom.License
	for _, c := range *list {
		if c.Expression != "" {
			l := sbom.ParseLicense(c.Expression)
			l.Concluded = c.Acknowledgement != nil && *c.Acknowledgement == cdx.LicenseAcknowledgementConcluded
			out = append(out, l)
			continue
		}
		if c.License == nil || (c.License.ID == "" && c.License.Name == "") {
			continue
		}
		l := sbom.License{Name: c.License.Name}
		if c.License.ID != "" {
			l = sbom.ParseLicense(c.License.ID)
		}
		l.URL, l.Text = c.License.URL, attached(c.License.Text)
		l.Confidence = readConfidence(c.License.Properties)
		l.Concluded = c.License.Acknowledgement == cdx.LicenseAcknowledgementConcluded
		out = append(out, l)
	}
	return out
}

// licenseConfidence names, at a licence, how sure the analysis of its text is.
const licenseConfidence = "mlbom:confidence"

func readConfidence(list *[]cdx.Property) float64 {
	for _, p := range each(list) {
		f, err := strconv.ParseFloat(p.Value, 64)
		if p.Name == licenseConfidence && err == nil && f > 0 && f <= 1 {
			return f
		}
	}
	return 0
}

func attached(t *cdx.AttachedText) string {
	if t == nil {
		return ""
	}
	if t.Encoding == "base64" {
		if data, err := base64.StdEncoding.DecodeString(t.Content); err == nil && utf8.Valid(data) {
			return string(data)
		}
	}
	return t.Content
}

// hashes leaves out what the version has no name for.
func (p profile) hashes(list []sbom.Hash) *[]cdx.Hash {
	var out []cdx.Hash
	for _, h := range list {
		if !slices.Contains(algorithms(), h.Alg) || strings.HasPrefix(h.Alg, "Streebog") && !p.since(cdx.SpecVersion1_7) || !hexDigest.MatchString(h.Value) {
			continue
		}
		out = append(out, cdx.Hash{Algorithm: cdx.HashAlgorithm(h.Alg), Value: h.Value})
	}
	return some(out)
}

var hexDigest = regexp.MustCompile(`^([a-fA-F0-9]{32}|[a-fA-F0-9]{40}|[a-fA-F0-9]{64}|[a-fA-F0-9]{96}|[a-fA-F0-9]{128})$`)

func algorithms() []string {
	return []string{"MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512", "SHA3-256", "SHA3-384", "SHA3-512", "BLAKE2b-256", "BLAKE2b-384", "BLAKE2b-512", "BLAKE3", "Streebog-256", "Streebog-512"}
}

func readHashes(list *[]cdx.Hash) []sbom.Hash {
	var out []sbom.Hash
	for _, h := range each(list) {
		out = append(out, sbom.Hash{Alg: string(h.Algorithm), Value: strings.ToLower(h.Value)})
	}
	return out
}

func (p profile) references(list []sbom.Ref) *[]cdx.ExternalReference {
	var out []cdx.ExternalReference
	for _, r := range list {
		kind := r.Type
		if !p.knowsReference(kind) {
			kind = "other"
		}
		one := cdx.ExternalReference{Type: cdx.ExternalReferenceType(kind), URL: iri(r.URL), Comment: r.Comment}
		if p.since(cdx.SpecVersion1_3) {
			one.Hashes = p.hashes(r.Hashes)
		}
		out = append(out, one)
	}
	return some(out)
}

const (
	referenceTypes = " vcs issue-tracker website advisories bom mailing-list social chat documentation support distribution distribution-intake license build-meta build-system" +
		" release-notes security-contact model-card log configuration evidence formulation attestation threat-model adversary-model risk-assessment vulnerability-assertion" +
		" exploitability-statement pentest-report static-analysis-report dynamic-analysis-report runtime-analysis-report component-analysis-report maturity-report" +
		" certification-report codified-infrastructure quality-metrics poam other "
	referenceTypes16 = " digital-signature rfc-9116 electronic-signature source-distribution "
	referenceTypes17 = " patent-assertion patent citation patent-family "
)

func (p profile) knowsReference(kind string) bool {
	known := referenceTypes
	if p.since(cdx.SpecVersion1_6) {
		known += referenceTypes16
	}
	if p.since(cdx.SpecVersion1_7) {
		known += referenceTypes17
	}
	return kind != "" && !strings.Contains(kind, " ") && strings.Contains(known, " "+kind+" ")
}

func readReferences(list *[]cdx.ExternalReference) []sbom.Ref {
	var out []sbom.Ref
	for _, r := range each(list) {
		out = append(out, sbom.Ref{Type: string(r.Type), URL: r.URL, Comment: r.Comment, Hashes: readHashes(r.Hashes)})
	}
	return out
}
