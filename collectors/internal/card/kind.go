package card

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hflicense"
	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

// Kind is what a Markdown file turns out to be.
type Kind int

// The kinds of file.
const (
	None    Kind = iota // a page, a template, a Space
	Model               // a model card
	Dataset             // a dataset card
	Vague               // a model card as far as one can tell: licence and tags alone
)

func (k Kind) base() Kind {
	if k == Vague {
		return Model
	}
	return k
}

// Weights of the front matter's keys. Only what one kind alone has counts two
// or more.
var (
	modelKeys = map[string]int{"pipeline_tag": 3, "library_name": 3, "base_model": 3, "model-index": 3, "model_name": 2, "datasets": 2, "metrics": 2,
		"co2_eq_emissions": 2, "inference": 2, "widget": 2, "new_version": 2, "base_model_relation": 3, "quantized_by": 2, "model_creator": 2, "model_type": 1,
		"prompt_template": 1, "duplicated_from": 1}
	dataKeys = map[string]int{"task_categories": 3, "dataset_info": 4, "size_categories": 3, "pretty_name": 2, "annotations_creators": 3,
		"language_creators": 3, "multilinguality": 2, "source_datasets": 3, "task_ids": 2, "train-eval-index": 3, "paperswithcode_id": 1, "viewer": 1, "dataset_name": 1}
	neutralKeys = map[string]bool{"license": true, "license_name": true, "license_link": true, "language": true, "tags": true, "thumbnail": true,
		"extra_gated_prompt": true, "extra_gated_fields": true, "extra_gated_heading": true, "extra_gated_description": true, "extra_gated_button_content": true}
	spaceKeys = map[string]bool{"sdk": true, "app_file": true, "colorFrom": true, "colorTo": true, "sdk_version": true, "app_port": true}
	pageKeys  = map[string]int{"layout": 4, "permalink": 4, "slug": 4, "sidebar_position": 4, "sidebar_label": 4, "nav_order": 4, "parent": 2, "weight": 2,
		"draft": 3, "title": 2, "name": 2, "description": 1, "date": 2, "categories": 3, "category": 2, "summary": 2, "author": 2, "authors": 1, "hide": 2,
		"toc": 2, "allowed-tools": 4, "published": 2, "excerpt": 2, "hide_title": 4, "image": 1, "status": 1, "id": 1, "github-link": 4}
	modelTags = pattern.Lazy(`(?i)^(transformers|pytorch|tensorflow|tf|jax|flax|keras|diffusers|safetensors|gguf|ggml|onnx|peft|lora|adapter|sentence-transformers|generated_from_trainer|merge|mergekit|stable-diffusion|stable-baselines3|mlx|coreml|text-to-image|custom_code|base_model:.*|dataset:.*|text-generation|.*-classification|fill-mask|spacy|sklearn|skops|timm|nemo|openvino)$`)
)

// nameToFill is the name in the title of a template: "Dataset Card for [Dataset Name]".
var nameToFill = pattern.Lazy(`(?i)\[(?:(?:data ?set|model|your)[ _-]?)?(?:name|id)(?: here)?\]|card creation guide`)

// filled tells whether somebody wrote something into the front matter: many cards keep
// the template's title.
func filled(c *Card) bool {
	for _, e := range c.Front.Entries() {
		if modelKeys[e.Key]+dataKeys[e.Key] > 0 || neutralKeys[e.Key] {
			return true
		}
	}
	return false
}

var snapshot = pattern.Lazy(`(?:^|/)(models|datasets)--[^/]+/snapshots/[0-9a-f]{40}/[^/]+$`)

// stored decides by the store that a card is in: the cache of the Hugging Face hub
// says whether a repository is of a model or of a dataset.
func stored(name string, k Kind) Kind {
	m := snapshot.FindStringSubmatch(name)
	switch {
	case m == nil || k == None:
		return k
	case m[1] == "datasets":
		return Dataset
	case k == Dataset:
		return Model
	}
	return k
}

const firm = 2 // the score from which a kind is sure

// classify decides by keys, title, headings and file name.
func classify(c *Card, name, block string) Kind {
	base := path.Base(name)
	title := rawTitle(c)
	if strings.Contains(strings.ToLower(base), "template") || strings.Contains(block, "{{") || strings.Contains(block, "{%") || strings.Contains(title, "{{") || strings.Contains(title, "{%") ||
		nameToFill.MatchString(title) && !filled(c) || c.Front.Line("TODO") > 0 {
		return None // a template
	}
	modelHeads, dataHeads := heads(c, modelSections), heads(c, dataSections)
	model, data := 0, 0
	switch key := strings.ToLower(title); {
	case strings.Contains(key, "dataset card") || strings.Contains(key, "data card") || strings.Contains(key, "datasheet"):
		data += 4
	case modelName.MatchString(key):
		model += 3
	}
	if modelName.MatchString(base) {
		model += 2
	} else if dataName.MatchString(base) {
		data += 2
	}
	if c.FrontLine == 0 {
		return plainKind(model, data, modelHeads, dataHeads, strings.HasPrefix(strings.ToLower(base), "readme"))
	}
	return frontKind(c, model, data, modelHeads, dataHeads)
}

// plainKind judges a file without front matter: its name or its title must say
// that it is a card, and its headings must be a card's.
func plainKind(model, data, modelHeads, dataHeads int, readme bool) Kind {
	need := 2
	if readme {
		need = 3
	}
	switch {
	case data > model && dataHeads >= need:
		return Dataset
	case model > data && modelHeads >= need, model >= 5 && modelHeads > 0:
		return Model
	}
	return None
}

func frontKind(c *Card, model, data, modelHeads, dataHeads int) Kind {
	page, neutral, known := 0, false, 0
	for _, e := range c.Front.Entries() {
		if spaceKeys[e.Key] {
			return None
		}
		v := c.Front.Get(e.Key)
		if (e.Key == "license" || e.Key == "pipeline_tag" || e.Key == "pretty_name") && v.IsMap() {
			return None // a template: "license: {license}"
		}
		model, data, page = model+modelKeys[e.Key], data+dataKeys[e.Key], page+pageKeys[e.Key]
		neutral = neutral || neutralKeys[e.Key]
		known += modelKeys[e.Key] + dataKeys[e.Key]
	}
	if l := c.Front.Get("configs").List(); len(l) > 0 && l[0].IsMap() && (l[0].Get("data_files").Line() > 0 || l[0].Get("config_name").Line() > 0) {
		data += 3
	}
	for _, t := range c.Front.Get("tags").Strings() {
		if modelTags.MatchString(t.Text) && model < firm {
			model += firm
		}
	}
	switch {
	case page >= 4 && known < 4, known == 0 && page > 0 && !licensed(c):
		return None
	case data > model && data >= firm:
		return Dataset
	case model >= firm:
		return Model
	case !neutral:
		return None
	case dataHeads > modelHeads && dataHeads >= 2:
		return Dataset
	case modelHeads >= 2:
		return Model
	case licensed(c) && page == 0 || known > 0:
		return Vague
	}
	return None
}

func licensed(c *Card) bool {
	for _, l := range c.Front.Get("license").Strings() {
		if hflicense.Known(l.Text) {
			return true
		}
	}
	return false
}

func rawTitle(c *Card) string {
	for _, s := range c.Body.Sections {
		if s.Heading != "" {
			return s.Heading
		}
	}
	return ""
}

// heads counts the different headings that a kind of card has.
func heads(c *Card, rules []rule) int {
	seen := map[string]bool{}
	for _, s := range c.Body.Sections {
		key := markdown.Key(s.Heading)
		if name := section(rules, key); name != "" && (!shared[name] || strings.HasPrefix(key, "dataset ") || strings.HasPrefix(key, "model ")) {
			seen[key] = true
		}
	}
	return len(seen)
}

// shared sections stand in every README, or in cards of both kinds.
var shared = map[string]bool{"languages": true, "safety": true, "datasets": true, "license": true, "citation": true, "contact": true, "description": true, "authors": true}
