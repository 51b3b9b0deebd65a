// Package oci attaches BOMs and Sigstore bundles to what lies in a registry or in an
// OCI image layout, and finds and fetches them again.
//
// What is attached is a referrer as the OCI image specification 1.1 has it: a manifest
// with an empty configuration, the document as its one layer, and the manifest or
// index that it is about as its subject. Its bytes depend on the document, its name
// and the subject alone, so that attaching twice changes nothing.
//
// A registry that has the referrers API lists it. For one that has not, the index
// under the tag "sha256-HEX" of the subject is changed here. No registry offers to
// change a tag only where it is still what was read, so the index is read again until
// what was added stays listed, and what somebody else's change took away is put back
// ([Place.Attach]). Two programs of which one does not do that can still lose what the
// other one wrote: then the tag wants one writer at a time. In a folder, index.json is
// changed under a lock on the file oci-layout, which other tools do not know.
//
// Everything that comes is held against its digest before it is used.
//
// Source: OCI image and distribution specifications 1.1; cosign's bundle annotations
// (dev.sigstore.bundle.*) and its older tags (SIGNATURE_SPEC.md, ATTESTATION_SPEC.md);
// docs.docker.com, "Image attestation storage"; cncf/toc #2299 for org.cncf.ai.*.
//
// Not understood: digests other than SHA-256; blobs that lie elsewhere ("urls");
// entries of Podman's auth.json for a part of a registry; referrers of referrers.
package oci
