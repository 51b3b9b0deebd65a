package mlcalls

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pysource"
	"github.com/mlbom/mlbom/sbom"
)

// isTraining tells the making of a trainer: Trainer(model=..., train_dataset=...).
func (c *call) isTraining() bool {
	if !strings.HasSuffix(last(c.name), "Trainer") || strings.HasPrefix(c.name, ".") {
		return false
	}
	return slices.ContainsFunc(c.Named, func(v pysource.Value) bool {
		return v.Key == "train_dataset" || v.Key == "eval_dataset"
	})
}

// training ties what a trainer gets to the calls that made it. What is not tied is left out.
func (r *reader) training(f pysource.Found) {
	c := call{Found: f, reader: r, name: canonical(f.Name)}
	t := Training{Line: f.Line, Tool: root(c.name)}
	if !strings.Contains(c.name, ".") {
		t.Tool = ""
	}
	if v, ok := c.arg(0, "model"); ok {
		if textual(v) {
			t.Base = c.hubUse(v, -1)
		} else {
			t.Base = r.madeBy(v, sbom.Uses, 0)
		}
	}
	if v, ok := c.arg(-1, "train_dataset"); ok {
		t.Train = only(r.madeBy(v, sbom.Consumes, 0), sbom.RoleTrain)
	}
	if v, ok := c.arg(-1, "eval_dataset"); ok {
		t.Validation = only(r.madeBy(v, sbom.Consumes, 0), sbom.RoleValidation, sbom.RoleTest)
	}
	if args, ok := c.arg(-1, "args"); ok && args.Made != nil {
		r.arguments(&t, args.Made)
	}
	if len(t.Base)+len(t.Train)+len(t.Validation) == 0 || slices.ContainsFunc(r.out.Trainings, func(o Training) bool { return o.Line == t.Line }) {
		return
	}
	r.out.Trainings = append(r.out.Trainings, t)
}

// only leaves out the files that the call which reads several names as another split
// than the one that the trainer gets: load_dataset("csv", data_files={...})["train"].
func only(uses []Use, roles ...string) []Use {
	return slices.DeleteFunc(uses, func(u Use) bool { return u.role != "" && !slices.Contains(roles, u.role) })
}

const maxDeep = 5 // lists and dictionaries in each other

// madeBy gives what the call names that a value came from.
func (r *reader) madeBy(v pysource.Value, rel sbom.Rel, depth int) []Use {
	var list []Use
	if v.Made != nil {
		for _, u := range r.named[v.Made.Expr] {
			if u.Rel == rel {
				list = append(list, u)
			}
		}
	}
	if depth < maxDeep && (v.Kind == pysource.ListValue || v.Kind == pysource.DictValue) {
		for _, i := range v.Items {
			if len(list) < maxFiles {
				list = append(list, r.madeBy(i, rel, depth+1)...)
			}
		}
	}
	return list
}

const maxParameters = 200

// arguments reads TrainingArguments(output_dir=..., learning_rate=...).
func (r *reader) arguments(t *Training, made *pysource.Found) {
	given := made.Named
	if len(made.Args) > 0 && strings.HasSuffix(made.Name, "Arguments") {
		first := made.Args[0]
		first.Key = "output_dir"
		given = append([]pysource.Value{first}, given...)
	}
	for _, v := range given {
		switch {
		case len(t.Parameters) >= maxParameters || secret(v.Key):
		case v.Key == "output_dir":
			if at, folder, ok := here(r.file, v.Text, holdsModel); textual(v) && ok && folder && t.Output.Kind == "" {
				t.Output = inTree(sbom.KindModel, at, true)
			}
		case v.Key == "hub_model_id":
			if to, ok := Model(r.file, v.Text, ""); textual(v) && ok && IsHub(to) {
				t.Output = to
			}
		case v.Kind == pysource.NumberValue || v.Kind == pysource.BoolValue || textual(v) && len(v.Text) <= 200:
			t.Parameters = append(t.Parameters, sbom.Property{Name: v.Key, Value: v.Text})
		}
	}
}

// secret tells a name whose value nobody wants to read in a document.
func secret(key string) bool {
	key = strings.ToLower(key)
	return key == "**" || strings.Contains(key, "token") && !strings.Contains(key, "tokens") && !strings.Contains(key, "tokenizer") || strings.Contains(key, "secret") || strings.Contains(key, "password") || strings.Contains(key, "api_key")
}
