// Package lfspointer reads Git LFS pointers that stand in the place of data whose format
// no other collector reads, or reads only by its bytes: archives, JSON, spreadsheets,
// databases, arrays, recordings. A pointer states digest and size of the file.
//
// Images and videos are left out: of these a repository has thousands.
//
// Source: git-lfs docs/spec.md, version 1.
package lfspointer

import (
	"context"
	"path"

	"github.com/mlbom/mlbom/collectors/internal/lfs"
	"github.com/mlbom/mlbom/sbom"
)

// Collector reads pointers in the place of data.
var Collector = sbom.Collector{
	Name: "dataset/lfspointer",
	Doc:  "Git LFS pointers in the place of data (*.jsonl, *.zip, *.xlsx, *.npz and others)\n\nThe digest and the size of the file that a pointer stands for.",
	Match: []string{"*.jsonl", "*.ndjson", "*.json", "*.jsonl.gz", "*.jsonl.zst", "*.json.gz", "*.xml", "*.txt.gz", "*.zip", "*.tar", "*.tar.gz", "*.tgz", "*.tar.zst", "*.tar.bz2", "*.tar.xz", "*.7z", "*.rar",
		"*.xlsx", "*.xls", "*.ods", "*.db", "*.sqlite", "*.sqlite3", "*.duckdb", "*.mdb", "*.lmdb", "*.avro", "*.orc", "*.npz", "*.mat", "*.nc", "*.sas7bdat", "*.dta", "*.rds", "*.rdata",
		"*.wav", "*.flac", "*.mp3", "*.pcap", "*.las", "*.laz", "*.fasta", "*.fastq.gz", "*.vcf.gz", "*.bam", "*.h5ad", "*.geojson", "*.gpkg", "*.shp", "*.nii", "*.nii.gz", "*.dcm", "*.warc.gz"},
	Collect: collect,
}

func collect(_ context.Context, f *sbom.File) ([]sbom.Sighting, error) {
	p, ok, err := lfs.Read(f)
	if err != nil || !ok {
		return nil, nil // what lies there is told by those whose format it is
	}
	return []sbom.Sighting{{
		Component: sbom.Component{Kind: sbom.KindFile, Name: path.Base(f.Path), Keys: sbom.Keys{SHA256: p.SHA256, Path: f.Path},
			Hashes: []sbom.Hash{{Alg: "SHA-256", Value: p.SHA256}}, File: &sbom.FileFacts{Size: p.Size, Asserted: true}},
		Basis: sbom.Declared, Where: sbom.Place{Line: 2},
	}}, nil
}
