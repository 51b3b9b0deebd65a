package croissant

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/datadesc"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
)

// responsible reads the responsible AI extension. Properties that share a field
// are told apart by a label.
func (s *draft) responsible() {
	d := s.Section()
	for _, p := range []struct {
		key, label, field string
		list              *[]string
	}{
		{"datacollection", "", "collection", &d.Collection},
		{"datacollectiontype", "Type: ", "collection", &d.Collection},
		{"datacollectionmissingdata", "Missing data: ", "collection", &d.Collection},
		{"datacollectionrawdata", "Raw data: ", "collection", &d.Collection},
		{"datacollectiontimeframe", "Time frame: ", "collection", &d.Collection},
		{"datapreprocessingprotocol", "", "preprocessing", &d.Preprocessing},
		{"dataimputationprotocol", "Imputation: ", "preprocessing", &d.Preprocessing},
		{"datamanipulationprotocol", "Manipulation: ", "preprocessing", &d.Preprocessing},
		{"dataannotationprotocol", "", "annotation", &d.Annotation},
		{"dataannotationplatform", "Platform: ", "annotation", &d.Annotation},
		{"annotationplatform", "Platform: ", "annotation", &d.Annotation},
		{"dataannotationanalysis", "Analysis: ", "annotation", &d.Annotation},
		{"annotationsperitem", "Annotations per item: ", "annotation", &d.Annotation},
		{"annotatordemographics", "Demographics: ", "annotation", &d.Annotation},
		{"machineannotationtools", "Tool: ", "annotation", &d.Annotation},
		{"databiases", "", "biases", &d.Biases},
		{"datalimitations", "", "limitations", &d.Limitations},
		{"datausecases", "", "useCases", &d.UseCases},
		{"usecases", "", "useCases", &d.UseCases},
		{"personalsensitiveinformation", "", "sensitive", &d.Sensitive},
	} {
		for _, v := range s.Doc.All(s.Node, p.key) {
			if text := datadesc.Tidy(s.Words(v)); !card.Placeholder(text) {
				s.Add("dataset."+p.field, p.list, p.label+markdown.Clip(text, maxSentence), v.Line)
			}
		}
	}
	s.maintenance()
	s.personal()
	for _, p := range []struct{ key, name string }{
		{"datasocialimpact", "social-impact"}, {"hassyntheticdata", "synthetic-data"},
		{"datasharingagreements", "sharing-agreements"}, {"datagovernanceprotocol", "governance-protocol"},
	} {
		for _, v := range s.Doc.All(s.Node, p.key) {
			s.Property(p.name, datadesc.Tidy(s.Words(v)), v.Line)
		}
	}
}

func (s *draft) maintenance() {
	var plan []string
	line := 0
	for _, v := range s.Doc.All(s.Node, "datareleasemaintenanceplan", "datareleasemaintenance") {
		if text := datadesc.Tidy(s.Words(v)); !card.Placeholder(text) {
			plan = append(plan, text)
			if line == 0 {
				line = v.Line
			}
		}
	}
	s.Set("dataset.update", &s.Section().Update, markdown.Clip(strings.Join(plan, "\n"), maxSentence), line)
}

// personal concludes nothing from prose: "yes" takes one of the attributes that
// the specification lists, "no" the bare word. "none" may be an empty answer.
func (s *draft) personal() {
	d := s.Section()
	for _, v := range s.Doc.All(s.Node, "personalsensitiveinformation") {
		switch strings.ToLower(strings.TrimRight(s.Words(v), ". ")) {
		case "gender", "socio-economic status", "geography", "language", "age", "culture", "experience or seniority":
			d.Personal = "yes"
		case "no", "false":
			if d.Personal == "" {
				d.Personal = "no"
			}
			d.Sensitive = slices.DeleteFunc(d.Sensitive, func(text string) bool { return text == s.Words(v) })
		default:
			continue
		}
		s.Mark("dataset.personal", v.Line)
	}
	if len(d.Sensitive) == 0 {
		delete(s.Lines, "dataset.sensitive")
	}
}
