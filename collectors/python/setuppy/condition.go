package setuppy

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/pattern"
	"github.com/mlbom/mlbom/collectors/internal/pep508"
	"github.com/mlbom/mlbom/collectors/internal/setupmeta"
)

func section(key string) (extra, marker string) { return setupmeta.Section(key) }

var (
	platform = pattern.Lazy(`^(sys\.platform|os\.name|platform\.system\(\)|platform\.machine\(\)|platform\.python_implementation\(\)) (==|!=) "([^"'\\]*)"$`)
	starts   = pattern.Lazy(`^sys\.platform\.startswith\("(\w+)"\)$`)
	version  = pattern.Lazy(`^sys\.version_info(?:\[:2\])? (<|<=|>|>=|==|!=) \((\d+), (\d+)\)$`)
	major    = pattern.Lazy(`^sys\.version_info(?:\[0\]|\.major) (<|<=|>|>=|==|!=) (\d+)$`)
)

var variables = map[string]string{"sys.platform": "sys_platform", "os.name": "os_name", "platform.system()": "platform_system",
	"platform.machine()": "platform_machine", "platform.python_implementation()": "platform_python_implementation"}

var opposite = map[string]string{"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}

// markerOf gives the environment marker that says the same as a condition.
func markerOf(condition string) (string, bool) {
	var parts []string
	for c := range strings.SplitSeq(condition, " and ") {
		m, ok := simple(strings.TrimSpace(c))
		if !ok {
			return "", false
		}
		parts = append(parts, m)
	}
	m := strings.Join(parts, " and ")
	return m, pep508.CheckMarker(m) == nil
}

func simple(c string) (string, bool) {
	c, negated := strings.CutPrefix(c, "not ")
	op := func(s string) string {
		if negated {
			return opposite[s]
		}
		return s
	}
	if m := platform.FindStringSubmatch(c); m != nil {
		return variables[m[1]] + " " + op(m[2]) + ` "` + m[3] + `"`, true
	}
	if m := starts.FindStringSubmatch(c); m != nil && m[1] != "linux2" { // of Python 3: "win32", "linux", "darwin"
		name := map[string]string{"win": "win32"}[m[1]]
		if name == "" {
			name = m[1]
		}
		return `sys_platform ` + op("==") + ` "` + name + `"`, true
	}
	if m := version.FindStringSubmatch(c); m != nil && (m[1] == "<" || m[1] == ">=") {
		return `python_version ` + op(m[1]) + ` "` + m[2] + "." + m[3] + `"`, true
	}
	if m := major.FindStringSubmatch(c); m != nil {
		bound, ok := majors[m[1]+m[2]]
		return `python_version ` + op(bound) + ` "3"`, ok
	}
	return "", false
}

// majors says which side of Python 3 a comparison of the major version means.
var majors = map[string]string{"==2": "<", "<=2": "<", "<3": "<", "!=3": "<", "==3": ">=", ">=3": ">=", ">2": ">=", "!=2": ">="}
