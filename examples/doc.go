// Package examples holds small complete trees, each with the ML-BOM that the
// program makes of it, and programs:
//
//   - finetuned-model: a fine-tuned text model with its card, adapter and
//     training data; finetuned-model.cdx.json is its ML-BOM.
//   - go-service: a Go service with a GGUF.
//   - dataset: a dataset repository with a card and Croissant metadata.
//   - release: one script from a tree to a verified, signed, attached and
//     uploaded BOM, with servers of its own.
//   - ci: what people copy to their CI and their cluster.
//   - library: the program's parts used from Go.
//   - plugin: a collector of your own, dropped into a program of your own.
package examples
