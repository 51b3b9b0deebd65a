package schema

import "strings"

// FormatSPDXRDF is SPDX 2.2 or 2.3 in RDF/XML.
const FormatSPDXRDF = "spdx-rdf"

// rdfAs is how the value of a property is written in JSON.
type rdfAs int

const (
	asText    rdfAs = iota
	asWord          // an individual of the vocabulary: relationshipType_dependsOn is DEPENDS_ON
	asBool          // true or false
	asNumber        // a whole number
	asLicense       // a licence expression
	asElement       // the SPDXID of an element of the document or of another one
	asAddress       // the IRI itself
	asObject        // what the property leads to, by the terms of its class
	asNothing       // said elsewhere
)

// rdfTerm is where the JSON form has a property: a "*" ends the name of a list.
type rdfTerm struct {
	key string
	as  rdfAs
}

// rdfTerms are the properties of the classes
// (https://spdx.github.io/spdx-spec/v2.3/RDF-object-model-and-identifier-syntax/).
// Relationships stand in the element that they begin at; the JSON form has them
// beside the elements.
var rdfTerms = map[string]map[string]rdfTerm{
	"SpdxDocument": {
		"specVersion": {"spdxVersion", asText}, "name": {"name", asText}, "dataLicense": {"dataLicense", asLicense}, "rdfs:comment": {"comment", asText},
		"creationInfo": {"creationInfo", asObject}, "externalDocumentRef": {"externalDocumentRefs*", asObject}, "hasExtractedLicensingInfo": {"hasExtractedLicensingInfos*", asObject},
		"annotation": {"annotations*", asObject}, "reviewed": {"revieweds*", asObject}, "describesPackage": {"documentDescribes*", asElement},
		"relationship": {"", asNothing}, "referencesFile": {"", asNothing},
	},
	"CreationInfo":        {"created": {"created", asText}, "creator": {"creators*", asText}, "licenseListVersion": {"licenseListVersion", asText}, "rdfs:comment": {"comment", asText}},
	"ExternalDocumentRef": {"externalDocumentId": {"externalDocumentId", asText}, "spdxDocument": {"spdxDocument", asAddress}, "checksum": {"checksum", asObject}},
	"Checksum":            {"algorithm": {"algorithm", asWord}, "checksumValue": {"checksumValue", asText}},
	"Annotation": {"annotator": {"annotator", asText}, "annotationDate": {"annotationDate", asText}, "annotationType": {"annotationType", asWord},
		"rdfs:comment": {"comment", asText}},
	"Review":       {"reviewer": {"reviewer", asText}, "reviewDate": {"reviewDate", asText}, "rdfs:comment": {"comment", asText}},
	"Relationship": {"relationshipType": {"relationshipType", asWord}, "relatedSpdxElement": {"relatedSpdxElement", asElement}, "rdfs:comment": {"comment", asText}},
	"ExtractedLicensingInfo": {"licenseId": {"licenseId", asText}, "extractedText": {"extractedText", asText}, "name": {"name", asText}, "licenseName": {"name", asText},
		"rdfs:comment": {"comment", asText}, "rdfs:seeAlso": {"seeAlsos*", asAddress}, "crossRef": {"crossRefs*", asObject}},
	"CrossRef": {"url": {"url", asText}, "order": {"order", asNumber}, "timestamp": {"timestamp", asText}, "match": {"match", asText}, "isLive": {"isLive", asBool},
		"isValid": {"isValid", asBool}, "isWayBackLink": {"isWayBackLink", asBool}},
	"ExternalRef": {"referenceCategory": {"referenceCategory", asWord}, "referenceType": {"referenceType", asAddress}, "referenceLocator": {"referenceLocator", asText},
		"rdfs:comment": {"comment", asText}},
	"PackageVerificationCode": {"packageVerificationCodeValue": {"packageVerificationCodeValue", asText},
		"packageVerificationCodeExcludedFile": {"packageVerificationCodeExcludedFiles*", asText}},
	"Package": with(elementTerms, map[string]rdfTerm{
		"versionInfo": {"versionInfo", asText}, "packageFileName": {"packageFileName", asText}, "supplier": {"supplier", asText}, "originator": {"originator", asText},
		"downloadLocation": {"downloadLocation", asAddress}, "filesAnalyzed": {"filesAnalyzed", asBool}, "packageVerificationCode": {"packageVerificationCode", asObject},
		"checksum": {"checksums*", asObject}, "doap:homepage": {"homepage", asAddress}, "sourceInfo": {"sourceInfo", asText}, "licenseInfoFromFiles": {"licenseInfoFromFiles*", asLicense},
		"licenseDeclared": {"licenseDeclared", asLicense}, "summary": {"summary", asText}, "description": {"description", asText}, "externalRef": {"externalRefs*", asObject},
		"hasFile": {"hasFiles*", asElement}, "primaryPackagePurpose": {"primaryPackagePurpose", asWord}, "builtDate": {"builtDate", asText}, "releaseDate": {"releaseDate", asText},
		"validUntilDate": {"validUntilDate", asText}}),
	"File": with(elementTerms, map[string]rdfTerm{
		"fileName": {"fileName", asText}, "fileType": {"fileTypes*", asWord}, "checksum": {"checksums*", asObject}, "licenseInfoInFile": {"licenseInfoInFiles*", asLicense},
		"noticeText": {"noticeText", asText}, "fileContributor": {"fileContributors*", asText}, "fileDependency": {"fileDependencies*", asElement},
		"artifactOf": {"artifactOfs*", asObject}}),
	"doap:Project": {"doap:name": {"name", asText}, "doap:homepage": {"homePage", asAddress}},
	"Snippet": with(elementTerms, map[string]rdfTerm{
		"snippetFromFile": {"snippetFromFile", asElement}, "range": {"ranges*", asObject}, "licenseInfoInSnippet": {"licenseInfoInSnippets*", asLicense}}),
	"ptr:StartEndPointer":   {"ptr:startPointer": {"startPointer", asObject}, "ptr:endPointer": {"endPointer", asObject}},
	"ptr:ByteOffsetPointer": {"ptr:offset": {"offset", asNumber}, "ptr:reference": {"reference", asElement}},
	"ptr:LineCharPointer":   {"ptr:lineNumber": {"lineNumber", asNumber}, "ptr:reference": {"reference", asElement}},
}

// elementTerms are those of packages, files and snippets alike.
var elementTerms = map[string]rdfTerm{
	"name": {"name", asText}, "rdfs:comment": {"comment", asText}, "copyrightText": {"copyrightText", asText}, "licenseConcluded": {"licenseConcluded", asLicense},
	"licenseComments": {"licenseComments", asText}, "attributionText": {"attributionTexts*", asText}, "annotation": {"annotations*", asObject}, "relationship": {"", asNothing},
}

func with(a, b map[string]rdfTerm) map[string]rdfTerm {
	all := map[string]rdfTerm{}
	for _, m := range []map[string]rdfTerm{a, b} {
		for key, term := range m {
			all[key] = term
		}
	}
	return all
}

// rdfWords are individuals whose word in JSON does not follow from their name.
var rdfWords = map[string]string{
	"relationshipType_testcaseOf": "TEST_CASE_OF", "checksumAlgorithm_sha3_256": "SHA3-256", "checksumAlgorithm_sha3_384": "SHA3-384", "checksumAlgorithm_sha3_512": "SHA3-512",
	"checksumAlgorithm_blake2b256": "BLAKE2b-256", "checksumAlgorithm_blake2b384": "BLAKE2b-384", "checksumAlgorithm_blake2b512": "BLAKE2b-512",
}

// rdfWord writes an individual of the vocabulary as JSON does.
func rdfWord(iri string) string {
	name := className(iri)
	if word, ok := rdfWords[name]; ok {
		return word
	}
	group, name, ok := strings.Cut(name, "_")
	if !ok {
		return iri
	}
	var b strings.Builder
	for _, c := range name {
		if c >= 'A' && c <= 'Z' && group != "checksumAlgorithm" {
			b.WriteByte('_')
		}
		b.WriteRune(c)
	}
	return strings.ToUpper(b.String())
}
