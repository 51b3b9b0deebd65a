package mlflow

import (
	"path"
	"strconv"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/jsonlines"
	"github.com/mlbom/mlbom/collectors/internal/lineage"
	"github.com/mlbom/mlbom/sbom"
)

// relation is what a context says; the word is free.
func relation(context string) (sbom.Rel, string) {
	for _, word := range []struct{ part, role string }{{"valid", sbom.RoleValidation}, {"eval", sbom.RoleTest}, {"test", sbom.RoleTest}, {"benchmark", sbom.RoleBenchmark}} {
		if strings.Contains(strings.ToLower(context), word.part) {
			return sbom.EvaluatedOn, word.role
		}
	}
	return sbom.TrainedOn, sbom.RoleTrain
}

// datasetAt reads the record of a dataset. Its digest is MLflow's own, over a part of
// the rows, and no digest of bytes. The zero sighting is none.
func datasetAt(f *sbom.File, folder string) (s sbom.Sighting) {
	at := path.Join(folder, "meta.yaml")
	v := read(f.FS, at)
	if v.Get("name").Text() == "" && v.Get("digest").Text() == "" {
		return s
	}
	s.Component = sbom.Component{Kind: sbom.KindDataset, Keys: sbom.Keys{Path: folder + "/"}, Dataset: &sbom.Dataset{}}
	s.Name = lineage.Clip(v.Get("name").Text(), maxText)
	s.Basis, s.Where = sbom.Resolved, sbom.Place{Path: at, Line: max(v.Get("name").Line(), 1)}
	s.Properties = lineage.Property(s.Properties, "mlbom:mlflow:digest", clip(v.Get("digest").Text()))
	kind := v.Get("source_type").Text()
	s.Properties = lineage.Property(s.Properties, "mlbom:mlflow:source_type", clip(kind))
	source, _ := jsonlines.Parse(v.Get("source").Text())
	from(&s, f, folder, kind, source)
	profile, _ := jsonlines.Parse(v.Get("profile").Text())
	for _, p := range lineage.FlatJSON("", profile, maxValues) {
		if n, err := strconv.ParseInt(p.Value, 10, 64); p.Name == "num_rows" && err == nil && n > 0 {
			s.Dataset.Rows = n
		} else {
			s.Properties = append(s.Properties, sbom.Property{Name: "mlbom:mlflow:profile." + p.Name, Value: p.Value})
		}
	}
	schema, _ := jsonlines.Parse(v.Get("schema").Text())
	s.Dataset.Features = features(schema)
	return s
}

// from tells where a dataset comes from.
func from(s *sbom.Sighting, f *sbom.File, folder, kind string, source *jsonlines.Value) {
	if kind == "hugging_face" {
		if on, ok := hub.Dataset(source.Get("path").Str(), source.Get("revision").Str()); ok {
			s.Keys.URL, s.Refs = on.Keys.URL, on.Refs
			s.Name, s.Version = on.Name, on.Version
		}
		for _, key := range []string{"config_name", "split"} {
			s.Properties = lineage.Property(s.Properties, "mlbom:mlflow:"+key, clip(source.Get(key).Str()))
		}
		return
	}
	if kind == "code" {
		for _, p := range lineage.FlatJSON("", source.Get("tags"), maxValues) {
			if name, ok := strings.CutPrefix(p.Name, "mlflow.source."); ok && name != "name" {
				s.Dataset.Origin = append(s.Dataset.Origin, sbom.Property{Name: "code." + name, Value: p.Value})
			}
		}
		return
	}
	for _, key := range []string{"url", "uri", "path", "delta_table_name", "table_name"} {
		text := source.Get(key).Str()
		if address := lineage.URL(text); address != "" {
			s.Refs = append(s.Refs, sbom.Ref{Type: "distribution", URL: address})
			s.Dataset.Origin = append(s.Dataset.Origin, sbom.Property{Name: "source", Value: address})
		} else if at := findUp(f, folder, text); at != "" {
			s.Links = append(s.Links, sbom.Link{Rel: sbom.Contains, To: sbom.Component{Kind: sbom.KindFile, Name: path.Base(at), Keys: sbom.Keys{Path: at}}})
		} else if strings.Contains(key, "table_name") {
			s.Dataset.Origin = lineage.Property(s.Dataset.Origin, "source", clip(text))
		}
	}
}

// findUp finds a relative path as seen from the folders above, where runs are started.
func findUp(f *sbom.File, folder, name string) string {
	if name == "" || path.IsAbs(name) || strings.Contains(name, ":") {
		return ""
	}
	for dir := folder; dir != "."; {
		dir = path.Dir(dir)
		if at := lineage.Inside(dir, name); at != "" && isFile(f.FS, at) {
			return at
		}
	}
	return ""
}

// features reads the columns of a schema of MLflow.
func features(schema *jsonlines.Value) (all []sbom.Feature) {
	for _, key := range []string{"mlflow_colspec", "mlflow_tensorspec"} {
		list := schema.Get(key)
		if list.Is(jsonlines.Object) { // of features and targets, each a list or one
			for _, m := range list.Members {
				of := m.Value
				if of.Is(jsonlines.String) { // JSON in a text
					of, _ = jsonlines.Parse(of.Text)
				}
				all = append(all, columns(of)...)
			}
			continue
		}
		all = append(all, columns(list)...)
	}
	return all[:min(len(all), maxPorts)]
}

func columns(v *jsonlines.Value) (all []sbom.Feature) {
	items := []*jsonlines.Value{v}
	if v.Is(jsonlines.Array) {
		items = v.Items
	}
	for _, item := range items[:min(len(items), maxPorts)] {
		if p := port(item); p.Name != "" || p.Format != "" {
			all = append(all, sbom.Feature{Name: firstOf(p.Name, "array"), Type: strings.TrimSpace(p.Format + " " + p.Shape)})
		}
	}
	return all
}
