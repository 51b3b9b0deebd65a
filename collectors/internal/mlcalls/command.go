package mlcalls

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pysource"
)

// gives knows what functions of libraries give, as far as a reference goes through them.
func (r *reader) gives(f pysource.Found) (pysource.Value, bool) {
	c := call{Found: f, reader: r, name: canonical(f.Name)}
	switch last(c.name) {
	case "add_argument":
		r.option(&c)
	case "parse_args", "parse_known_args", "parse_args_into_dataclasses", "parse_args_and_config", "parse_intermixed_args":
		return r.parsed(&c)
	case "field", "Field", "Option", "Argument":
		return c.field()
	case "option", "argument":
		if root(c.name) == "click" {
			return clickOption(&c)
		}
	case "get", "getenv":
		if c.name == "os.getenv" || f.Of != nil && f.Of.Text == "it is taken from the environment" {
			v, ok := c.arg(1, "default")
			v.Default, v.Key = true, ""
			return v, ok
		}
	case "get_peft_model", "prepare_model_for_kbit_training", "prepare_model_for_int8_training", "compile", "for_training", "for_inference", "patch_peft_model":
		if v, ok := c.arg(0, "model"); ok && f.Of == nil && c.name != "re.compile" {
			return v, true
		}
	case "concatenate_datasets", "interleave_datasets":
		v, ok := c.arg(0, "dsets", "datasets")
		return v, ok && v.Kind == pysource.ListValue
	case "map", "filter", "shuffle", "select", "with_format", "remove_columns", "rename_column", "rename_columns", "cast", "cast_column", "take", "skip", "flatten":
		if f.Of != nil && (f.Of.Kind == pysource.ListValue || f.Of.Kind == pysource.DictValue) { // several datasets, still
			return *f.Of, true
		}
	case "DatasetDict", "IterableDatasetDict":
		v, ok := c.arg(0)
		if !ok {
			v = pysource.Value{Kind: pysource.DictValue, Items: c.Named, Line: c.Line}
		}
		return v, v.Kind == pysource.DictValue
	}
	return pysource.Value{}, false
}

// maker is the call that made the object whose method is called: the parser.
func (c *call) maker() *pysource.Expr {
	if c.Of == nil || c.Of.Made == nil {
		return nil
	}
	return c.Of.Made.Expr
}

// option remembers what add_argument says. An option that stands twice, as those of
// sub-commands do, has the default that both say, or none.
func (r *reader) option(c *call) {
	maker := c.maker()
	if maker == nil || len(r.options) > maxTrainings && r.options[maker] == nil {
		return
	}
	all := r.options[maker]
	if all == nil {
		all = &pysource.Value{Kind: pysource.ObjectValue, Text: "Namespace", Line: c.Line}
		r.options[maker] = all
	}
	dest, _ := c.text(-1, "dest")
	name := destination(c.Args, dest.Text)
	if name == "" || len(all.Items) > maxFiles*5 {
		return
	}
	v, ok := c.arg(-1, "default")
	if action, _ := c.text(-1, "action"); !ok && action.Text == "store_true" {
		v = pysource.Value{Kind: pysource.BoolValue, Text: "False", Line: c.Line}
	} else if !ok {
		v = pysource.Value{Line: c.Line, Text: "it is given on the command line"}
	}
	v.Key, v.Default = name, true
	for i := range all.Items {
		if all.Items[i].Key == name {
			if all.Items[i].Text != v.Text {
				all.Items[i] = pysource.Value{Key: name, Line: c.Line, Text: "it is given on the command line, with several defaults"}
			}
			return
		}
	}
	all.Items = append(all.Items, v)
}

// destination is the attribute that an option's value gets: the first long name.
func destination(names []pysource.Value, dest string) string {
	if dest != "" {
		return dest
	}
	short := ""
	for _, n := range names {
		if n.Kind != pysource.TextValue {
			continue
		}
		if long, ok := strings.CutPrefix(n.Text, "--"); ok {
			return strings.ReplaceAll(long, "-", "_")
		}
		if short == "" {
			short = strings.TrimLeft(n.Text, "-")
		}
	}
	return strings.ReplaceAll(short, "-", "_")
}

// parsed gives the options of a parser, or the dataclasses of an HfArgumentParser.
func (r *reader) parsed(c *call) (pysource.Value, bool) {
	maker := c.maker()
	if maker == nil {
		return pysource.Value{}, false
	}
	var list []pysource.Value
	if made := c.Of.Made; strings.HasSuffix(made.Name, "HfArgumentParser") || strings.HasSuffix(made.Name, "TrlParser") || strings.HasSuffix(made.Name, "H4ArgumentParser") {
		types, ok := (&call{Found: *made}).arg(0, "dataclass_types")
		if !ok {
			return pysource.Value{}, false
		}
		all := types.Items
		if types.Kind == pysource.FunctionValue {
			all = []pysource.Value{types}
		}
		for _, t := range all {
			o := t.Object(nil)
			if t.Kind != pysource.FunctionValue || len(o.Items) == 0 {
				o = pysource.Value{Line: c.Line, Text: "it is given on the command line"}
			}
			list = append(list, o)
		}
		return pysource.Value{Kind: pysource.ListValue, Items: list, Line: c.Line}, len(list) > 0
	}
	o := r.options[maker]
	if o == nil {
		return pysource.Value{}, false
	}
	if last(c.name) == "parse_known_args" {
		return pysource.Value{Kind: pysource.ListValue, Line: c.Line, Items: []pysource.Value{*o, {Line: c.Line, Text: "it is the rest of the command line"}}}, true
	}
	return *o, true
}

// field gives the default of a dataclass's or a model's field, and of typer's options.
func (c *call) field() (pysource.Value, bool) {
	at := -1
	switch r := root(c.name); {
	case last(c.name) == "field" && (r == "dataclasses" || r == "attr" || r == "attrs"):
	case (r == "pydantic" || r == "pydantic_settings" || r == "typer" || r == "sqlmodel") && last(c.name) != "field":
		at = 0
	default:
		return pysource.Value{}, false
	}
	v, ok := c.arg(at, "default")
	if !ok {
		v = pysource.Value{Line: c.Line, Text: "a field without a default"}
	}
	v.Default, v.Key = true, ""
	return v, true
}

// clickOption gives the parameter that a decorator fills, with its default.
func clickOption(c *call) (pysource.Value, bool) {
	v, ok := c.arg(-1, "default")
	name := ""
	for _, a := range c.Args {
		if a.Kind == pysource.TextValue && !strings.HasPrefix(a.Text, "-") {
			name = a.Text
		}
	}
	if name = destination(c.Args, name); !ok || name == "" {
		return v, false
	}
	v.Key, v.Default = name, true
	return pysource.Value{Kind: pysource.DictValue, Items: []pysource.Value{v}, Line: c.Line}, true
}
