package modelcard

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/card"
	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

var (
	versionText = pattern.Lazy(`^v?\d[\w.+-]*$`)
	oneWord     = pattern.Lazy(`^[A-Za-z][A-Za-z0-9._-]*$`)
	isoDate     = pattern.Lazy(`^\d{4}-\d{2}-\d{2}$`)
	sizeText    = pattern.Lazy(`^\d+(?:\.\d+)?\s?[KkMmBbTt](?:illion)?$`)
	gramText    = pattern.Lazy(`(?i)^(\d+(?:\.\d+)?)\s*(?:g|grams?)(?:\s*(?:of\s+)?co2[-_ ]?eq\.?)?$`)
	hubID       = pattern.Lazy(`^[A-Za-z0-9][\w.-]*/[\w.-]+$`)
	hubLink     = pattern.Lazy(`^https?://(?:www\.)?(?:huggingface\.co|hf\.co)/`)
)

// label reads one labelled value, wherever in the body it stands.
func (b *body) label(l markdown.Label) {
	plain := markdown.Plain(l.Value)
	if plain == "" || card.Placeholder(plain) || len(l.Value) > maxDescription {
		return
	}
	m := model(b.Draft)
	switch l.Key {
	case "developed by", "developer", "developers", "model developer", "model developers", "created by", "model creator", "creator", "developed by team", "organization":
		b.developer(l)
	case "author", "authors", "model author", "model authors":
		b.author(card.PartyOf(l.Value), l.Line)
	case "shared by", "published by", "publisher":
		if p := card.PartyOf(l.Value); p.Name != "" && b.Supplier.Name == "" {
			b.Supplier = p
			b.Mark("supplier", l.Line)
			b.Set("publisher", &b.Publisher, p.Name, l.Line)
		}
	case "funded by", "sponsored by":
		b.Property("funded-by", plain, l.Line)
	case "quantized by":
		b.Property("quantized-by", plain, l.Line)
	case "model type":
		b.Property("model-type", plain, l.Line)
		if oneWord.MatchString(plain) {
			b.Set("model.family", &m.Family, plain, l.Line)
		}
	case "language", "languages", "language s", "language s nlp", "languages nlp", "supported languages":
		b.languages(plain, l.Line)
	case "license", "licence", "licenses":
		if len(b.front.Component.Licenses) == 0 {
			b.LicenseText(l.Value, l.Line)
		}
	case "finetuned from model", "finetuned from", "fine tuned from", "fine tuned from model":
		b.base(l, "finetune")
	case "base model", "base models", "parent model":
		b.base(l, "")
	default:
		b.source(l, plain)
	}
}

// source reads labels on sources, versions and environment.
func (b *body) source(l markdown.Label, plain string) {
	m := model(b.Draft)
	switch l.Key {
	case "repository", "github repository", "github repo", "code repository", "source code", "github":
		b.RefsOf("vcs", l.Value, l.Line)
	case "paper", "papers", "technical report", "paper or resources for more information", "resources for more information", "documentation":
		b.RefsOf("", l.Value, l.Line)
	case "demo", "website", "homepage", "project page", "blog", "blog post":
		b.RefsOf("website", l.Value, l.Line)
	case "point of contact", "contact":
		b.Property("contact", card.Contact(l.Value), l.Line)
	case "model version", "version":
		if versionText.MatchString(plain) && l.Bold {
			b.Set("version", &b.Version, plain, l.Line)
		}
	case "release date", "model date", "model release date":
		if isoDate.MatchString(plain) {
			b.Set("released", &b.Released, plain, l.Line)
		}
	case "model size", "parameters", "number of parameters", "parameter count", "params":
		if sizeText.MatchString(plain) {
			b.Set("model.parameterSize", &m.ParameterSize, plain, l.Line)
		}
	case "hardware type":
		b.Set("model.training.hardware", &m.Training.Hardware, plain, l.Line)
	case "hours used":
		b.Set("model.training.hours", &m.Training.Hours, plain, l.Line)
	case "cloud provider":
		b.Set("model.training.provider", &m.Training.Provider, plain, l.Line)
	case "compute region":
		b.Set("model.training.region", &m.Training.Region, plain, l.Line)
	case "co2 emissions in grams":
		if number.MatchString(plain) {
			b.Set("model.emissions.grams", &m.Emissions.Grams, plain, l.Line)
		}
	default:
		if strings.HasPrefix(l.Key, "carbon emitted") {
			b.carbon(plain, l.Line)
		}
	}
}

func (b *body) carbon(plain string, line int) {
	if g := gramText.FindStringSubmatch(plain); g != nil {
		b.Set("model.emissions.grams", &model(b.Draft).Emissions.Grams, g[1], line)
		return
	}
	b.Property("carbon-emitted", plain, line)
}

func (b *body) developer(l markdown.Label) {
	p := card.PartyOf(l.Value)
	if p.Name == "" || b.Manufacturer.Name != "" {
		return
	}
	b.Manufacturer = p
	b.Mark("manufacturer", l.Line)
}

func (b *body) author(p sbom.Party, line int) {
	if p.Name == "" {
		return
	}
	for _, old := range b.Authors {
		if old == p {
			return
		}
	}
	b.Authors = append(b.Authors, p)
	b.Mark("authors", line)
}

// languages reads a list of languages; prose is none. The front matter is
// better where it has any.
func (b *body) languages(plain string, line int) {
	if len(b.front.Component.Languages) > 0 || len(plain) > 300 {
		return
	}
	for _, s := range strings.FieldsFunc(strings.ReplaceAll(plain, " and ", ","), func(r rune) bool { return strings.ContainsRune(",;/、，|", r) }) {
		if s = strings.Trim(s, " ."); len(s) > 1 && len(s) <= 30 && len(strings.Fields(s)) <= 2 && !card.Placeholder(s) && !strings.ContainsAny(s, "()[]") {
			b.Add("languages", &b.Component.Languages, s, line)
		}
	}
}

// base reads a base model: links to the hub, or an id alone.
func (b *body) base(l markdown.Label, note string) {
	links := 0
	for _, u := range card.URLs(l.Value) {
		if to, ok := hub.Model(u, ""); ok && hubLink.MatchString(u) && !self(b.card, b.front, to.Name) {
			b.Link(sbom.DerivedFrom, to, note, l.Line)
			links++
		}
	}
	if id := markdown.Plain(l.Value); links == 0 && hubID.MatchString(id) && !self(b.card, b.front, id) {
		b.ModelLink(sbom.DerivedFrom, id, note, l.Line)
	}
}
