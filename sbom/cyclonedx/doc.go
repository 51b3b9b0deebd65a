// Package cyclonedx writes a graph as a CycloneDX ML-BOM and reads CycloneDX
// documents as sightings. It is the only importer of the CycloneDX library.
//
// A document is built for its version; nothing is converted down. What the
// version has a place for is written there. Then the package reads its own
// component back, and each field that came back different is written as a
// property, a carrier: "mlbom:field:NAME". So nothing is lost in silence, and
// Merge of what [Decode] gives is the graph that [Encode] got.
//
// A process is no component: it is a workflow or a task of the first formula (see
// formulation.go), with its properties and carriers there.
//
// The encoder owns the property families mlbom:model:, mlbom:dataset:, mlbom:process:,
// mlbom:metric:, mlbom:scan: and mlbom:package: (facts repeated for consumers that drop the model card), the
// carriers mlbom:field:, mlbom:key:, mlbom:kind, mlbom:seen, mlbom:link,
// mlbom:conflict, mlbom:finding, mlbom:mentioned, mlbom:problem, mlbom:kept and
// mlbom:placeholder (what the format cannot say) and, on our own components,
// cdx:ai-ml:. Other names below mlbom: are facts that collectors state, such as
// mlbom:card:KEY for a key of a card's front matter.
//
// What another tool's component says under a key that the vocabulary does not
// cover is a property "cdx:KEY", or a record "cyclonedx:component/KEY" where it
// refers to something else. The encoder grafts it back onto its own place
// (graft.go), where the version takes it. How it is found again depends:
//
//   - A graph that was read from one document, and from nothing else, is written as
//     that document would be: without places, mirrors or collectors of ours. The
//     property mlbom:seen of the metadata says where all of it comes from, and the
//     reader takes such a document for the foreign one that it repeats.
//   - In any other document the property mlbom:kept of a component says, by masks,
//     which part of which value are foreign words.
//
// Sources of the format: https://cyclonedx.org/docs/1.6/json/ and the property
// taxonomy, https://github.com/CycloneDX/cyclonedx-property-taxonomy.
package cyclonedx
