// Package source shows trees that are not folders of this machine as file
// systems that every collector reads unchanged: what lies on a hub
// (sbom/source/hub) or in a registry (sbom/source/registry).
//
// A [Tree] knows all names, sizes and stated digests before anything is read. A
// file is fetched by range as it is read, so that of weights of gigabytes only the
// header travels; what was fetched is kept in a cache of bounded size. The
// information of a file whose host states a SHA-256 has that as its Sys, an
// [sbom.Stated]: it is asserted, not observed.
//
// What is read whole, from its first byte on, is held against the digest that
// the host states. Bytes that are others are an error for who reads them, and a
// finding: see [Tree.Findings].
//
// A [Client] speaks HTTP: over TLS only, but to this machine itself or where the
// user says so; credentials go to the host that they are for and to no other;
// what fails for the moment is tried again, as slowly as the host asks for.
package source
