package schema

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// schemaIssues turns the tree of causes into issues: at most MaxIssues, and how
// many more there are. The library walks maps, so its order is put right first.
func schemaIssues(err error) (issues []Issue, more int) {
	var top *jsonschema.ValidationError
	if err == nil {
		return nil, 0
	}
	if !errors.As(err, &top) {
		return []Issue{{Message: printable(err.Error(), maxShownPointer)}}, 0
	}
	found := leaves(top)
	slices.SortStableFunc(found, func(a, b *jsonschema.ValidationError) int {
		return cmp.Or(compareLocations(a.InstanceLocation, b.InstanceLocation),
			strings.Compare(message(a), message(b)))
	})
	for _, e := range found {
		if len(issues) >= MaxIssues {
			more++
			continue
		}
		issues = append(issues, explain(e)...)
	}
	return issues, more
}

// compareLocations puts array items in their order, not "10" before "9".
func compareLocations(a, b []string) int {
	return slices.CompareFunc(a, b, func(x, y string) int {
		i, err1 := strconv.Atoi(x)
		j, err2 := strconv.Atoi(y)
		if err1 == nil && err2 == nil {
			return cmp.Compare(i, j)
		}
		return strings.Compare(x, y)
	})
}

// leaves gives the causes that say something. Of alternatives that all failed it
// keeps the one that the author most likely meant.
func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	if len(e.Causes) == 0 {
		return []*jsonschema.ValidationError{e}
	}
	switch e.ErrorKind.(type) {
	case *kind.OneOf, *kind.AnyOf:
		return likeliest(e)
	}
	var all []*jsonschema.ValidationError
	for _, c := range e.Causes {
		all = append(all, leaves(c)...)
	}
	return all
}

// likeliest prefers the alternative whose type fits, then the one that got
// deepest into the document, then the one with the fewest complaints. Where each
// only misses a property, they become one issue: "missing id or name".
func likeliest(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	var best []*jsonschema.ValidationError
	var missing []string
	onlyMissing := true
	for i, c := range e.Causes {
		found := leaves(c)
		if r, ok := found[0].ErrorKind.(*kind.Required); ok && len(found) == 1 &&
			len(found[0].InstanceLocation) == len(e.InstanceLocation) {
			missing = append(missing, r.Missing...)
		} else {
			onlyMissing = false
		}
		if i == 0 || better(found, best, len(e.InstanceLocation)) {
			best = found
		}
	}
	if onlyMissing && len(e.Causes) > 1 {
		return []*jsonschema.ValidationError{{
			InstanceLocation: e.InstanceLocation,
			ErrorKind:        &kind.DependentRequired{Missing: missing}, // carries the alternatives; draft 7 does not use it
		}}
	}
	return best
}

func better(a, b []*jsonschema.ValidationError, at int) bool {
	if fitA, fitB := fits(a, at), fits(b, at); fitA != fitB {
		return fitA
	}
	if deepA, deepB := deepest(a), deepest(b); deepA != deepB {
		return deepA > deepB
	}
	return len(a) < len(b)
}

// fits says that the value itself is of the type that the alternative wants.
func fits(found []*jsonschema.ValidationError, at int) bool {
	return !slices.ContainsFunc(found, func(e *jsonschema.ValidationError) bool {
		_, wrong := e.ErrorKind.(*kind.Type)
		return wrong && len(e.InstanceLocation) == at
	})
}

func deepest(found []*jsonschema.ValidationError) int {
	n := 0
	for _, e := range found {
		n = max(n, len(e.InstanceLocation))
	}
	return n
}

// explain makes issues of a leaf; one for each unknown property.
func explain(e *jsonschema.ValidationError) []Issue {
	at := pointerOf(e.InstanceLocation)
	if k, ok := e.ErrorKind.(*kind.AdditionalProperties); ok {
		names := slices.Sorted(slices.Values(k.Properties))
		issues := make([]Issue, 0, min(len(names), MaxIssues))
		for _, name := range names[:min(len(names), MaxIssues)] {
			issues = append(issues, Issue{
				Pointer: at + "/" + escapeToken(name),
				Message: "unknown property " + quote(name),
				Fix:     "remove it, or carry it in properties as a name and a value",
			})
		}
		return issues
	}
	return []Issue{{Pointer: at, Message: message(e), Fix: fix(e)}}
}

func message(e *jsonschema.ValidationError) string {
	switch k := e.ErrorKind.(type) {
	case *kind.Required:
		return "missing " + quoteAll(k.Missing, " and ")
	case *kind.DependentRequired:
		return "missing " + quoteAll(k.Missing, " or ")
	case *kind.Dependency:
		return quote(k.Prop) + " also needs " + quoteAll(k.Missing, " and ")
	case *kind.Type:
		return "is " + k.Got + ", want " + strings.Join(k.Want, " or ")
	case *kind.Enum:
		if len(k.Want) == 1 {
			return value(k.Got) + " is not " + value(k.Want[0])
		}
		return value(k.Got) + " is not one of " + choices(k.Want)
	case *kind.Const:
		return value(k.Got) + " is not " + value(k.Want)
	case *kind.Format:
		return fmt.Sprintf("%s is not a valid %s", value(k.Got), k.Want)
	case *kind.Pattern:
		return fmt.Sprintf("%s does not match %s", quote(k.Got), clip(k.Want, 2*maxShownValue))
	case *kind.AdditionalProperties:
		return "unknown properties"
	case *kind.OneOf:
		return "matches more than one of the forms that exclude each other"
	}
	return plainMessage(e.ErrorKind)
}

func plainMessage(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Not:
		return "is in a form that the schema forbids"
	case *kind.UniqueItems:
		return fmt.Sprintf("items %d and %d are equal", k.Duplicates[0], k.Duplicates[1])
	case *kind.MinItems:
		return fmt.Sprintf("has %d items, want at least %d", k.Got, k.Want)
	case *kind.MaxItems:
		return fmt.Sprintf("has %d items, want at most %d", k.Got, k.Want)
	case *kind.MinLength:
		return fmt.Sprintf("has %d characters, want at least %d", k.Got, k.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("has %d characters, want at most %d", k.Got, k.Want)
	case *kind.Minimum:
		return fmt.Sprintf("is %s, want at least %s", k.Got.RatString(), k.Want.RatString())
	case *kind.Maximum:
		return fmt.Sprintf("is %s, want at most %s", k.Got.RatString(), k.Want.RatString())
	case *kind.AdditionalItems:
		return fmt.Sprintf("has %d items too many", k.Count)
	case *kind.FalseSchema:
		return "must not be here"
	}
	return "the schema's rule does not hold: " + strings.Join(k.KeywordPath(), " ")
}

// fix says what to do where the message alone does not.
func fix(e *jsonschema.ValidationError) string {
	last := ""
	if n := len(e.InstanceLocation); n > 0 {
		last = e.InstanceLocation[n-1]
	}
	switch k := e.ErrorKind.(type) {
	case *kind.Enum:
		if s, ok := near(k); ok {
			return "write " + quote(s)
		}
		if last == "id" && slices.Contains(e.InstanceLocation, "licenses") {
			return "a licence that SPDX does not list goes into license.name"
		}
	case *kind.OneOf:
		if last == "license" {
			return "give either id or name, not both"
		}
		return "keep one of them"
	case *kind.Not:
		if strings.HasSuffix(e.SchemaURL, "/not") || strings.Contains(e.SchemaURL, "definitions/component") {
			return "give version or versionRange, and versionRange only with isExternal true"
		}
	case *kind.Format:
		if k.Want == "date-time" {
			return "write it like 2006-01-02T15:04:05Z"
		}
	case *kind.Pattern:
		if last == "serialNumber" {
			return "write urn:uuid: and a UUID in lower case"
		}
	}
	return ""
}

// near finds the allowed value that differs in case only.
func near(k *kind.Enum) (string, bool) {
	got, ok := k.Got.(string)
	if !ok {
		return "", false
	}
	for _, w := range k.Want {
		if s, ok := w.(string); ok && strings.EqualFold(s, strings.TrimSpace(got)) {
			return s, true
		}
	}
	return "", false
}

const maxShownChoices = 8

func choices(want []any) string {
	var b strings.Builder
	for i, w := range want[:min(len(want), maxShownChoices)] {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(value(w))
	}
	if len(want) > maxShownChoices {
		fmt.Fprintf(&b, ", ... (%d in all)", len(want))
	}
	return b.String()
}

func value(v any) string {
	switch v := v.(type) {
	case string:
		return quote(v)
	case json.Number:
		return clip(v.String(), maxShownValue)
	case map[string]any:
		return "an object"
	case []any:
		return "an array"
	}
	return fmt.Sprint(v)
}

func quoteAll(names []string, between string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = quote(n)
	}
	slices.Sort(q)
	return strings.Join(slices.Compact(q), between)
}
