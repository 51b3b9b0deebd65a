package safetensors

import (
	"path"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/hub"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/sbom"
)

// Bounds on what is kept of the metadata.
const (
	maxValue       = 1024  // bytes of a property
	maxDescription = 16384 // bytes of prose
	maxProperties  = 128
)

// training are kohya's settings of a training run, without their prefix.
var training = map[string]bool{"learning_rate": true, "unet_lr": true, "text_encoder_lr": true, "num_epochs": true, "epoch": true,
	"steps": true, "max_train_steps": true, "optimizer": true, "lr_scheduler": true, "num_train_images": true, "num_reg_images": true,
	"resolution": true, "mixed_precision": true, "seed": true, "clip_skip": true, "batch_size_per_device": true,
	"total_batch_size": true, "gradient_accumulation_steps": true, "lr_warmup_steps": true, "noise_offset": true, "min_snr_gamma": true}

var sha256Hex = pattern.Lazy(`^(?:0x)?([0-9a-fA-F]{64})$`)

// describe puts the metadata where the vocabulary has a place for it, the rest
// into properties.
func (h *header) describe(s *sbom.Sighting) {
	base := sbom.Component{Kind: sbom.KindModel}
	for _, p := range h.metadata {
		key, value := p.Name, strings.TrimSpace(p.Value)
		if value == "" || hub.IsPlaceholder(value) || len(key) > 128 || strings.HasPrefix(value, "data:") {
			continue
		}
		if rest, ok := strings.CutPrefix(key, "modelspec."); ok && modelspec(s, rest, value) {
			continue
		}
		if rest, ok := strings.CutPrefix(key, "ss_"); ok && kohya(s, &base, rest, value) {
			continue
		}
		if len(value) <= maxValue && len(s.Properties) < maxProperties {
			s.Properties = append(s.Properties, sbom.Property{Name: "safetensors:" + key, Value: value})
		}
	}
	if base.Name != "" {
		note := ""
		if s.Component.Model.AdapterType != "" {
			note = "adapter"
		}
		s.Links = append(s.Links, sbom.Link{Rel: sbom.DerivedFrom, To: base, Note: note})
	}
}

// modelspec takes an entry of Stability's model specification; false leaves it
// to the properties.
func modelspec(s *sbom.Sighting, key, value string) bool {
	if len(value) > maxValue && key != "description" && key != "license" {
		return true
	}
	m := s.Component.Model
	switch key {
	case "title":
		s.Name = value
	case "description":
		if len(value) <= maxDescription {
			s.Description = value
		}
	case "author":
		s.Authors = append(s.Authors, sbom.Party{Name: value})
	case "license":
		if len(value) <= maxValue {
			s.Licenses = append(s.Licenses, sbom.ParseLicense(value))
		} else if len(value) <= maxDescription {
			s.Licenses = append(s.Licenses, sbom.License{Name: "licence text in the file", Text: value})
		}
	case "date":
		if !date.MatchString(value) {
			return false
		}
		s.Released = value
	case "architecture":
		m.Architecture = value
	case "tags":
		for t := range strings.SplitSeq(value, ",") {
			if t = strings.TrimSpace(t); t != "" && len(s.Tags) < maxProperties {
				s.Tags = append(s.Tags, t)
			}
		}
	default:
		return false
	}
	return true
}

var date = pattern.Lazy(`^\d{4}-\d{2}-\d{2}$|^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$`)

// kohya takes an entry of sd-scripts. What it says on the base model goes into
// base.
func kohya(s *sbom.Sighting, base *sbom.Component, key, value string) bool {
	m := s.Component.Model
	switch {
	case len(value) > maxValue:
		return true
	case key == "sd_model_name":
		baseModel(base, value)
	case key == "new_sd_model_hash" && sha256Hex.MatchString(value):
		digest := strings.ToLower(sha256Hex.FindStringSubmatch(value)[1])
		base.Hashes = append(base.Hashes, sbom.Hash{Alg: "SHA-256", Value: digest})
	case key == "network_module":
		if value == "networks.lora" || value == "networks.lora_flux" || value == "networks.lora_sd3" {
			m.AdapterType = "LORA"
		}
		return false
	case key == "network_dim" || key == "network_alpha" || key == "network_dropout":
		m.Hyperparameters = append(m.Hyperparameters, sbom.Property{Name: "ss_" + key, Value: value})
	case training[key]:
		m.Training.Hyperparameters = append(m.Training.Hyperparameters, sbom.Property{Name: "ss_" + key, Value: value})
	default:
		return false
	}
	return true
}

// baseModel names the model that was trained further: a hub id, or a file on
// the trainer's machine, of which the last part alone is kept.
func baseModel(base *sbom.Component, value string) {
	ext := strings.ToLower(path.Ext(value))
	if strings.Count(value, "/") == 1 && ext != ".safetensors" && ext != ".ckpt" {
		if c, ok := hub.Model(value, ""); ok {
			c.Hashes = base.Hashes
			*base = c
			return
		}
	}
	base.Name = path.Base(strings.ReplaceAll(value, `\`, "/"))
}
