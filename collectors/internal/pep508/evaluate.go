package pep508

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom/pep440"
)

// Environment is what a marker is held against.
type Environment struct {
	// Values of the variables by name: "python_version", "sys_platform", "extra".
	Values map[string]string
	// Sets of names: "extras" and "dependency_groups", in lock files.
	Sets map[string][]string
}

var (
	sets      = map[string]bool{"extras": true, "dependency_groups": true}
	versioned = map[string]bool{"implementation_version": true, "platform_release": true, "python_full_version": true, "python_version": true}
)

// Evaluate tells whether the marker holds. Variables with versions are compared
// as versions where the other side is one, all others as texts, of which none is
// less than another. It is an error when the environment lacks a variable, or a
// comparison means nothing, even where the rest alone would decide.
//
// A comparison of two variables is an error here, where "packaging" compares
// with the name of the second one.
func (m Marker) Evaluate(env Environment) (bool, error) {
	some, all := false, true
	for i, p := range m.parts {
		if i > 0 && m.joins[i-1] == "or" {
			some, all = some || all, true
		}
		var ok bool
		var err error
		if p.group != nil {
			ok, err = p.group.Evaluate(env)
		} else {
			ok, err = p.evaluate(env)
		}
		if err != nil {
			return false, err
		}
		all = all && ok
	}
	return some || all, nil
}

// Evaluate is ParseMarker and [Marker.Evaluate] in one; the empty marker holds.
func Evaluate(marker string, env Environment) (bool, error) {
	if strings.Trim(marker, space) == "" {
		return true, nil
	}
	m, err := ParseMarker(marker)
	if err != nil {
		return false, err
	}
	return m.Evaluate(env)
}

func (p part) evaluate(env Environment) (bool, error) {
	if p.left.variable == p.right.variable {
		return false, fmt.Errorf("%s %s %s compares no variable with a text", p.left, p.operator, p.right)
	}
	if p.left.variable {
		left, err := env.value(p.left.text)
		if err != nil {
			return false, err
		}
		return judge(p.left.text, left, p.operator, p.right.text)
	}
	if sets[p.right.text] {
		return p.member(env)
	}
	right, err := env.value(p.right.text)
	if err != nil {
		return false, err
	}
	return judge(p.right.text, p.left.text, p.operator, right)
}

// member looks for a name in a set; a set is equal to no name.
func (p part) member(env Environment) (bool, error) {
	set, ok := env.Sets[p.right.text]
	if !ok {
		return false, fmt.Errorf("the environment says nothing of %s", p.right.text)
	}
	found := slices.ContainsFunc(set, func(name string) bool { return canonical(name) == p.left.text })
	switch p.operator {
	case "in":
		return found, nil
	case "not in":
		return !found, nil
	case "~=", "===":
		return false, fmt.Errorf("%s cannot be compared by %s", p.right.text, p.operator)
	}
	return p.operator == "!=", nil
}

// value is that of a variable, in the spelling in which it is compared.
func (e Environment) value(name string) (string, error) {
	if sets[name] {
		return "", fmt.Errorf("%s is a set, in which a name can be looked for and nothing else", name)
	}
	v, ok := e.Values[name]
	if !ok {
		return "", fmt.Errorf("the environment says nothing of %s", name)
	}
	switch {
	case name == "extra":
		v = canonical(v)
	case name == "python_full_version" && strings.HasSuffix(v, "+"):
		v += "local" // a Python built between two releases says "3.13.0+"
	}
	return v, nil
}

func judge(name, left, operator, right string) (bool, error) {
	if versioned[name] {
		if s, err := pep440.ParseSpecifier(operator + right); err == nil {
			return s.ContainsText(left, true), nil
		}
	}
	switch operator {
	case "in":
		return strings.Contains(right, left), nil
	case "not in":
		return !strings.Contains(right, left), nil
	case "==", "<=", ">=":
		return left == right, nil
	case "!=":
		return left != right, nil
	case "<", ">":
		return false, nil
	}
	return false, fmt.Errorf("%s %q means nothing for %s, for one of both is no version", operator, right, name)
}
