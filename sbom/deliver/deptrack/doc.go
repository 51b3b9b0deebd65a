// Package deptrack hands CycloneDX documents to a Dependency-Track server and asks it
// what it makes of them: upload, the wait for its import, the violations of policies and
// the vulnerabilities that it found.
//
// It speaks version 1 of the server's API, the only one that takes documents, as
// described by the servers 4.12 to 5.1 (https://docs.dependencytrack.org, openapi-v1.yaml).
// What of a document the server keeps is the business of the package profile below.
//
// The API key goes to the origin that the user names, and to no other: a redirection
// elsewhere is an error, one to https on the same host is followed. It stands in no
// error. What passes (too many requests, a restart of the server, a broken connection)
// is tried again, as slowly as the server asks for, until the context ends. An upload
// replaces what the project had, so that trying again is safe.
//
// The server says "not processing" of a token that it does not know, and of an import
// that failed: see [Client.Confirm].
//
// Not understood: the base64 form of the upload (PUT), VEX, notifications, projects
// that are collections, version 2 of the API, which takes no documents.
package deptrack
