// Package plugin runs a program that the user names, such as Syft, Trivy or
// cdxgen, on the tree, and reads the BOM that it prints. It is the only package
// that runs programs. What is run comes from the caller alone, never from the
// tree; no shell is involved; and the program works in an empty folder, not in
// the tree, for many tools take settings from where they are started.
package plugin
