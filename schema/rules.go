package schema

// refRules are the places of CycloneDX JSON whose text is the bom-ref of something
// else in the document: the last keys of the path, with array indexes left out.
// They are the uses of refType and refLinkType in the official schemas, but for
// bom-ref itself. Where the value is false a reference to nothing is noted and no
// fault: the standard's own valid documents have such ones.
var refRules = map[[2]string]bool{
	{"dependencies", "ref"}: true, {"dependencies", "dependsOn"}: true, {"dependencies", "provides"}: true,
	{"taskDependencies", "ref"}: false, {"taskDependencies", "dependsOn"}: false, {"taskDependencies", "provides"}: false,
	{"compositions", "assemblies"}: true, {"compositions", "dependencies"}: true, {"compositions", "vulnerabilities"}: true,
	{"affects", "ref"}: true, {"annotations", "subjects"}: true, {"datasets", "ref"}: true, {"identity", "tools"}: false,

	// formulation
	{"resourceReferences", "ref"}: false, {"source", "ref"}: false, {"target", "ref"}: false, {"resource", "ref"}: false,
	{"runtimeTopology", "ref"}: false, {"runtimeTopology", "dependsOn"}: false, {"runtimeTopology", "provides"}: false,

	// declarations and definitions
	{"attestations", "assessor"}: false, {"map", "requirement"}: false, {"map", "claims"}: false, {"map", "counterClaims"}: false,
	{"conformance", "mitigationStrategies"}: false, {"claims", "target"}: false, {"claims", "mitigationStrategies"}: false,
	{"claims", "evidence"}: false, {"claims", "counterEvidence"}: false,
	{"requirements", "parent"}: false, {"levels", "requirements"}: false,

	// cryptography
	{"certificateProperties", "signatureAlgorithmRef"}: false, {"certificateProperties", "subjectPublicKeyRef"}: false,
	{"relatedCryptoMaterialProperties", "algorithmRef"}: false, {"securedBy", "algorithmRef"}: false,
	{"cipherSuites", "algorithms"}: false, {"protocolProperties", "cryptoRefArray"}: false,
	{"ikev2TransformTypes", "encr"}: false, {"ikev2TransformTypes", "prf"}: false, {"ikev2TransformTypes", "integ"}: false,
	{"ikev2TransformTypes", "ke"}: false, {"ikev2TransformTypes", "auth"}: false,
	{"encr", "algorithm"}: false, {"prf", "algorithm"}: false, {"integ", "algorithm"}: false,
	{"ke", "algorithm"}: false, {"auth", "algorithm"}: false, {"relatedCryptographicAssets", "ref"}: false,

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
