package schema

// refRules are the places of CycloneDX JSON whose text is the bom-ref of something
// else in the document: the last keys of the path, with array indexes left out.
// They are the uses of refType and refLinkType in the official schemas, but for
// bom-ref itself.
var refRules = map[[2]string]bool{
	{"dependencies", "ref"}: true, {"dependencies", "dependsOn"}: true, {"dependencies", "provides"}: true,
	{"taskDependencies", "ref"}: true, {"taskDependencies", "dependsOn"}: true, {"taskDependencies", "provides"}: true,
	{"compositions", "assemblies"}: true, {"compositions", "dependencies"}: true, {"compositions", "vulnerabilities"}: true,
	{"affects", "ref"}: true, {"annotations", "subjects"}: true, {"datasets", "ref"}: true, {"identity", "tools"}: true,

	// formulation
	{"resourceReferences", "ref"}: true, {"source", "ref"}: true, {"target", "ref"}: true, {"resource", "ref"}: true,
	{"runtimeTopology", "ref"}: true, {"runtimeTopology", "dependsOn"}: true, {"runtimeTopology", "provides"}: true,

	// declarations and definitions
	{"attestations", "assessor"}: true, {"map", "requirement"}: true, {"map", "claims"}: true, {"map", "counterClaims"}: true,
	{"conformance", "mitigationStrategies"}: true, {"claims", "target"}: true, {"claims", "mitigationStrategies"}: true,
	{"claims", "evidence"}: true, {"claims", "counterEvidence"}: true,
	{"requirements", "parent"}: true, {"levels", "requirements"}: true,

	// cryptography
	{"certificateProperties", "signatureAlgorithmRef"}: true, {"certificateProperties", "subjectPublicKeyRef"}: true,
	{"relatedCryptoMaterialProperties", "algorithmRef"}: true, {"securedBy", "algorithmRef"}: true,
	{"cipherSuites", "algorithms"}: true, {"protocolProperties", "cryptoRefArray"}: true,
	{"ikev2TransformTypes", "encr"}: true, {"ikev2TransformTypes", "prf"}: true, {"ikev2TransformTypes", "integ"}: true,
	{"ikev2TransformTypes", "ke"}: true, {"ikev2TransformTypes", "auth"}: true,
	{"encr", "algorithm"}: true, {"prf", "algorithm"}: true, {"integ", "algorithm"}: true,
	{"ke", "algorithm"}: true, {"auth", "algorithm"}: true, {"relatedCryptographicAssets", "ref"}: true,

	// patents and citations
	{"patentAssertions", "patentRefs"}: true, {"patentAssertions", "asserter"}: true, {"patents", "members"}: true,
	{"citations", "attributedTo"}: true, {"citations", "process"}: true,
}

// pointerRule is the place whose text is an RFC 6901 pointer into the document.
var pointerRule = [2]string{"citations", "pointers"}

// xmlRefRules are the elements of CycloneDX XML, with the element around, whose
// text is a reference. The attribute ref and the element ref are one everywhere.
var xmlRefRules = map[[2]string]bool{
	{"attestation", "assessor"}: true, {"map", "requirement"}: true, {"claims", "claim"}: true,
	{"counterClaims", "counterClaim"}: true, {"mitigationStrategies", "mitigationStrategy"}: true,
	{"claim", "target"}: true, {"claim", "evidence"}: true, {"claim", "counterEvidence"}: true,
	{"requirement", "parent"}: true, {"requirements", "requirement"}: true,
	{"certificateProperties", "signatureAlgorithmRef"}: true, {"certificateProperties", "subjectPublicKeyRef"}: true,
	{"relatedCryptoMaterialProperties", "algorithmRef"}: true, {"securedBy", "algorithmRef"}: true,
	{"algorithms", "algorithm"}: true, {"cryptoRefArray", "cryptoRef"}: true,
	{"citation", "attributedTo"}: true, {"citation", "process"}: true,
}
