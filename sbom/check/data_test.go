package check

import (
	"strings"
	"testing"

	"github.com/mlbom/mlbom/sbom"
)

// dataset is one of which everything is known.
func dataset(path string, change func(*sbom.Sighting)) sbom.Sighting {
	s := sbom.Sighting{Basis: sbom.Declared, Where: sbom.Place{Path: path + "README.md", By: "test"}}
	s.Kind, s.Name, s.Keys.Path = sbom.KindDataset, strings.TrimSuffix(path, "/"), path
	s.Licenses = []sbom.License{{ID: "MIT"}}
	s.Dataset = &sbom.Dataset{RootDigest: strings.Repeat("e", 64), Owners: []sbom.Party{{Name: "Jo"}}}
	if change != nil {
		change(&s)
	}
	return s
}

// fileOf is a file of data with n rows of the columns a and b.
func fileOf(path, split, sum string, n int64) sbom.Sighting {
	s := sbom.Sighting{Where: sbom.Place{Path: path, By: "rows"}}
	s.Kind, s.Name, s.Keys = sbom.KindFile, path[strings.LastIndex(path, "/")+1:], sbom.Keys{Path: path, SHA256: strings.Repeat(sum, 64)}
	s.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: strings.Repeat(sum, 64)}}
	s.File = &sbom.FileFacts{Size: 100, Table: sbom.Table{Rows: &n, Split: split, Columns: []sbom.Column{{Name: "a", Type: "string"}, {Name: "b", Type: "int64"}}}}
	return s
}

func to(rel sbom.Rel, s sbom.Sighting, note string) sbom.Link {
	return sbom.Link{Rel: rel, Note: note, To: sbom.Component{Kind: s.Kind, Name: s.Name, Keys: s.Keys}}
}

func TestData(t *testing.T) {
	is(t, findings(t, dataset("d/", nil)))
	is(t, findings(t, dataset("d/", func(s *sbom.Sighting) { s.Dataset = nil })), "missing-hash d", "missing-provenance d")
	is(t, findings(t, dataset("d/", func(s *sbom.Sighting) { s.Licenses = nil })), "missing-license d")
	is(t, findings(t, dataset("d/", func(s *sbom.Sighting) { s.Licenses, s.Basis = nil, sbom.Inferred })))
	is(t, findings(t, dataset("d/", func(s *sbom.Sighting) { s.Licenses = []sbom.License{{Name: "other"}} })), "unknown-license d")
	is(t, findings(t, dataset("d/", func(s *sbom.Sighting) { s.Licenses = []sbom.License{{Name: "llama2"}} })))
	is(t, findings(t, dataset("d/", func(s *sbom.Sighting) { s.Licenses = []sbom.License{{Name: "ours", URL: "https://x.example/terms"}} })))
	is(t, findings(t, dataset("d/", func(s *sbom.Sighting) { s.Dataset.Personal = "yes" })), "sensitive-data d")
	is(t, findings(t, dataset("d/", func(s *sbom.Sighting) { s.Dataset.Sensitive = []string{"health records"} })), "sensitive-data d")
	is(t, findings(t, dataset("d/", func(s *sbom.Sighting) {
		s.Dataset.Sensitive = []string{"The dataset does not contain any personal data.", "N/A", "All names were removed", "Names, addresses and order numbers were replaced before annotation.", "[More Information Needed]", "See the paper for a discussion of what personal means here."}
	})))
	is(t, findings(t, dataset("d/", func(s *sbom.Sighting) {
		s.Dataset.Sensitive = []string{"We crawled forums. The texts include the names of people and their addresses. Nothing was removed."}
	})), "sensitive-data d")
}

func TestLicenseChain(t *testing.T) {
	under := func(path, licence string, links ...sbom.Link) sbom.Sighting {
		return dataset(path, func(s *sbom.Sighting) { s.Licenses, s.Links = []sbom.License{sbom.ParseLicense(licence)}, links })
	}
	trained := func(licence string, links ...sbom.Link) sbom.Sighting {
		return model("m/", func(s *sbom.Sighting) {
			s.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: strings.Repeat("a", 64)}}
			s.Licenses, s.Links = []sbom.License{sbom.ParseLicense(licence)}, links
		})
	}
	nc := under("nc/", "CC-BY-NC-4.0")
	is(t, findings(t, nc, trained("MIT", to(sbom.TrainedOn, nc, ""))), "license-conflict m")
	is(t, findings(t, nc, trained("CC-BY-NC-4.0", to(sbom.TrainedOn, nc, ""))))
	is(t, findings(t, nc, trained("MIT", to(sbom.EvaluatedOn, nc, "test"))))
	is(t, findings(t, nc, under("made/", "Apache-2.0", to(sbom.DerivedFrom, nc, ""))), "license-conflict made")
	sa := under("sa/", "CC-BY-SA-4.0")
	is(t, findings(t, sa, trained("MIT", to(sbom.TrainedOn, sa, ""))))
	is(t, findings(t, sa, under("made/", "MIT", to(sbom.DerivedFrom, sa, ""))), "license-conflict made")
	either := under("either/", "MIT OR GPL-3.0-only")
	is(t, findings(t, either, under("made/", "Apache-2.0", to(sbom.DerivedFrom, either, ""))))
	both := under("both/", "MIT AND GPL-3.0-only")
	is(t, findings(t, both, under("made/", "Apache-2.0", to(sbom.DerivedFrom, both, ""))), "license-conflict made")
	other := under("other/", "in-house terms")
	is(t, findings(t, other, trained("MIT", to(sbom.TrainedOn, other, ""))), "unknown-license other", "license-gap m")
	// two sources of one dataset: what the merge put aside counts
	again := under("sa/", "CC-BY-NC-4.0")
	again.Where.Path = "sa/croissant.json"
	is(t, findings(t, sa, again, trained("MIT", to(sbom.TrainedOn, sa, ""))), "license-mismatch sa", "license-conflict m")
}

func TestOverlap(t *testing.T) {
	train, test := fileOf("d/train.csv", "train", "1", 10), fileOf("d/test.csv", "test", "1", 10)
	is(t, findings(t, train, test), "test-data-in-training test.csv")
	is(t, findings(t, train, fileOf("d/test.csv", "test", "2", 10)))
	is(t, findings(t, train, fileOf("d/copy/train.csv", "train", "1", 10)))
	a := dataset("a/", func(s *sbom.Sighting) { s.Links = []sbom.Link{to(sbom.Contains, fileOf("a/x.csv", "", "3", 10), "")} })
	b := dataset("b/", func(s *sbom.Sighting) { s.Links = []sbom.Link{to(sbom.Contains, fileOf("b/x.csv", "", "3", 10), "")} })
	m := model("m/", func(s *sbom.Sighting) {
		s.Hashes = []sbom.Hash{{Alg: "SHA-256", Value: strings.Repeat("a", 64)}}
		s.Licenses = []sbom.License{{ID: "MIT"}}
		s.Links = []sbom.Link{to(sbom.TrainedOn, a, "train"), to(sbom.EvaluatedOn, b, "test")}
	})
	is(t, findings(t, a, b, m, fileOf("a/x.csv", "", "3", 10), fileOf("b/x.csv", "", "3", 10)), "test-data-in-training x.csv")
	is(t, findings(t, a, b, m, fileOf("a/x.csv", "test", "3", 10), fileOf("b/x.csv", "test", "3", 10))) // another part of a was the training data
}

func TestDeclaredShape(t *testing.T) {
	declared := func(rows int64, columns ...string) sbom.Sighting {
		return dataset("d/", func(s *sbom.Sighting) {
			s.Dataset.Splits = []sbom.Split{{Name: "train", Rows: rows}}
			for _, c := range columns {
				s.Dataset.Features = append(s.Dataset.Features, sbom.Feature{Name: c})
			}
			s.Links = []sbom.Link{to(sbom.Contains, fileOf("d/train.csv", "train", "1", 10), "")}
		})
	}
	file := fileOf("d/train.csv", "train", "1", 10)
	is(t, findings(t, declared(10, "a", "b"), file))
	is(t, findings(t, declared(11, "a", "b"), file), "row-count-mismatch d")
	is(t, findings(t, declared(10, "a", "c"), file), "schema-mismatch d")
	slashed := fileOf("d/x.csv", "train", "b", 10)
	slashed.File.Table.Columns = append(slashed.File.Table.Columns, sbom.Column{Name: "a/b per c."})
	is(t, findings(t, declared(10, "a", "a/b per c."), slashed))
	is(t, findings(t, declared(10, "x", "y"), file)) // other words for it
	shard := fileOf("d/train-00000-of-00002.csv", "train", "1", 10)
	part := declared(20)
	part.Links = []sbom.Link{to(sbom.Contains, shard, "")}
	is(t, findings(t, part, shard)) // the other shard is not here
	part.Dataset.Splits[0].Rows = 5
	is(t, findings(t, part, shard), "row-count-mismatch d") // but these are too many
	twice := declared(20, "a", "b")
	twice.Links = []sbom.Link{to(sbom.Contains, fileOf("d/train/x.csv", "train", "1", 10), ""), to(sbom.Contains, fileOf("d/train/y.csv", "train", "1", 10), "")}
	is(t, findings(t, twice, fileOf("d/train/x.csv", "train", "1", 10), fileOf("d/train/y.csv", "train", "1", 10))) // equal files
	english := declared(10)
	english.Dataset.Splits[0].Config = "en"
	english.Links = []sbom.Link{to(sbom.Contains, fileOf("d/en/train.csv", "train", "1", 10), ""), to(sbom.Contains, fileOf("d/fr/train.csv", "train", "2", 12), "")}
	is(t, findings(t, english, fileOf("d/en/train.csv", "train", "1", 10), fileOf("d/fr/train.csv", "train", "2", 12))) // one of two configurations
	pointer := fileOf("d/users.csv", "", "2", 0)
	pointer.File = &sbom.FileFacts{Size: 10, Asserted: true}
	tables := declared(10, "a", "b", "user")
	tables.Links = append(tables.Links, to(sbom.Contains, pointer, ""))
	is(t, findings(t, tables, file, pointer)) // its columns are not here
	listed := fileOf("d/train.csv", "train", "1", 12)
	listed.Where, listed.Basis = sbom.Place{Path: "d/log.json", By: "delta"}, sbom.Declared
	is(t, findings(t, file, listed), "row-count-mismatch train.csv")
}

func TestRootDigest(t *testing.T) {
	declared := dataset("d/", func(s *sbom.Sighting) { s.Dataset.RootDigest = strings.Repeat("f", 64) })
	seen := dataset("d/", nil)
	seen.Basis, seen.Where.Path = sbom.Observed, "d"
	is(t, findings(t, seen, declared), "digest-mismatch d")
}

// TestProvenanceOfFiles: data that a stage makes, or that is fetched from a repository
// at a commit, comes from somewhere.
func TestProvenanceOfFiles(t *testing.T) {
	bare := func(links ...sbom.Link) sbom.Sighting {
		return dataset("d/", func(s *sbom.Sighting) {
			s.Dataset.Owners, s.Links = nil, append(links, to(sbom.Contains, fileOf("d/x.csv", "", "3", 10), ""))
		})
	}
	file := fileOf("d/x.csv", "", "3", 10)
	is(t, findings(t, bare(), file), "missing-provenance d")
	fetched := file
	fetched.Links = []sbom.Link{{Rel: sbom.DerivedFrom, To: sbom.Component{Kind: sbom.KindFile, Name: "x.csv", Version: strings.Repeat("c", 40), Keys: sbom.Keys{URL: "git+https://example.org/r#x.csv"}}}}
	is(t, findings(t, bare(), fetched))
	stage := sbom.Sighting{Where: sbom.Place{Path: "dvc.yaml", By: "test"}, Links: []sbom.Link{to(sbom.Produces, file, "")}}
	stage.Kind, stage.Name, stage.Keys.Path = sbom.KindProcess, "prepare", "dvc.yaml#prepare"
	is(t, findings(t, bare(), file, stage))
}
