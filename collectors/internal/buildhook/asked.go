package buildhook

import (
	"slices"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pysource"
)

// asked finds the commands that run only when somebody asks for them by name, as
// "python setup.py upload": those that nothing names but a cmdclass written as a
// dict, under no name of a command that builds or installs. Where the source can
// come to a class in another way, there are none.
func (s *scanner) asked() map[string]bool {
	named, listed := map[string]int{}, map[string]int{}
	free := false
	look := func(e *pysource.Expr) bool {
		switch e.Kind {
		case pysource.Identifier:
			named[e.Name]++
			free = free || slices.Contains(reaching, e.Name)
		case pysource.Attribute:
			free = free || slices.Contains(reaching, e.Name)
		case pysource.Keyword:
			if e.Name == "cmdclass" {
				countRequests(e.Parts[0], listed)
			}
		}
		return true
	}
	for stmt := range pysource.All(s.module.Body) {
		for _, e := range stmt.Exprs {
			e.Walk(look)
		}
		for _, target := range reaching {
			free = free || stmt.Name == target
		}
	}
	names := map[string]bool{}
	for name, n := range listed {
		names[name] = !free && n == named[name]
	}
	return names
}

// countRequests counts what stands in a cmdclass under a name that nobody runs.
func countRequests(dict *pysource.Expr, listed map[string]int) {
	if dict == nil || dict.Kind != pysource.Dict {
		return
	}
	for _, pair := range dict.Parts {
		if pair.Kind != pysource.Pair {
			continue
		}
		key, class := pair.Parts[0], pair.Parts[1]
		runs := func(start string) bool { return strings.HasPrefix(strings.ToLower(key.Name), start) }
		if key.Kind == pysource.StringLiteral && class.Kind == pysource.Identifier && !slices.ContainsFunc(building, runs) {
			listed[class.Name]++
		}
	}
}

// building begins the names of the commands that pip and build run, or that those
// run in turn.
var building = []string{"bdist", "build", "check", "clean", "develop", "dist", "easy", "editable", "egg", "install", "sdist"}

// reaching names what runs a command, or finds a class, by other ways than its name.
var reaching = []string{"run_command", "sub_commands", "get_sub_commands", "get_finalized_command", "get_command_class", "get_command_obj", "reinitialize_command",
	"getattr", "setattr", "__import__", "__builtins__", "globals", "locals", "vars", "eval", "exec", "__subclasses__", "__dict__", "modules"}
