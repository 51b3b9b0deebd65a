package weights

import "testing"

func TestOwnerOf(t *testing.T) {
	for _, c := range []struct{ file, path, name, variant, shard string }{
		{"m/model.safetensors", "m/", "", "", ""},
		{"model.safetensors", "./", "", "", ""},
		{"m/model-00002-of-00005.safetensors", "m/", "", "", "00002"},
		{"m/model.fp16.safetensors", "m/", "", "fp16", ""},
		{"m/model.fp16-00001-of-00002.safetensors", "m/", "", "fp16", "00001"},
		{"m/model-00001-of-00002.fp16.safetensors", "m/", "", "fp16", "00001"},
		{"m/diffusion_pytorch_model.non_ema.bin", "m/", "", "non_ema", ""},
		{"m/pytorch_model_00041-of-00072.bin", "m/", "", "", "00041"},
		{"m/model.safetensors.index.json", "m/", "", "", ""},
		{"m/diffusion_pytorch_model.safetensors.index.fp16.json", "m/", "", "fp16", ""},
		{"m/model.fp16.safetensors.index.json", "m/", "", "fp16", ""},
		{"m/pytorch_model.bin.index.json", "m/", "", "", ""},
		{"m/consolidated.00.pth", "m/", "", "", "00"},
		{"m/consolidated.safetensors", "m/", "", "", ""},
		{"m/consolidated-00001-of-00003.safetensors", "m/", "", "", "00001"},
		{"m/model.weights.h5", "m/", "", "", ""},
		{"m/adapter_model.bin", "m/", "", "", ""},
		{"m/foo.safetensors", "m/foo.safetensors", "foo", "", ""},
		{"m/sd_xl_base_1.0.safetensors", "m/sd_xl_base_1.0.safetensors", "sd_xl_base_1.0", "", ""},
		{"m/x-00001-of-00003.gguf", "m/x.gguf", "x", "", "00001"},
		{"x.gguf", "x.gguf", "x", "", ""},
		{"m/x.safetensors.index.json", "m/x.safetensors", "x", "", ""},
		{"m/scaler.pkl", "m/scaler.pkl", "scaler", "", ""},
		{"m/scaler.joblib", "m/scaler.joblib", "scaler", "", ""},
		{"m/modelled.safetensors", "m/modelled.safetensors", "modelled", "", ""},
	} {
		o := OwnerOf(c.file)
		if o.Keys.Path != c.path || o.Name != c.name || o.Variant != c.variant || o.Shard != c.shard || o.Auxiliary {
			t.Errorf("%s: got %+v", c.file, o)
		}
	}
	for _, file := range []string{"m/optimizer.pt", "m/scaler.pt", "m/scheduler.pt", "m/training_args.bin", "m/rng_state_0.pth", "m/rng_state.pth", "m/random_states_1.pkl", "m/optimizer_1.bin"} {
		if o := OwnerOf(file); !o.Auxiliary || o.Keys.Path != "m/" || o.Name != "" {
			t.Errorf("%s: got %+v", file, o)
		}
	}
}

func TestModelLike(t *testing.T) {
	for name, want := range map[string]bool{"model.pkl": true, "my_model_v2.pkl": true, "best-checkpoint.pkl": true, "rf_classifier.joblib": true,
		"vocab.pkl": false, "remodel.pkl": false, "data.pkl": false, "model1.pkl": true} {
		if ModelLike("x/"+name) != want {
			t.Errorf("%s: want %v", name, want)
		}
	}
}

func TestEscapes(t *testing.T) {
	for name, want := range map[string]bool{"a.safetensors": false, "sub/a.safetensors": false, "./a": false, "../a": true, "a/../../b": true,
		"/etc/passwd": true, `..\a`: true, `C:\a`: true, "": true, ".": true, "a\x00b": true} {
		if Escapes(name) != want {
			t.Errorf("%q: want %v", name, want)
		}
	}
}
