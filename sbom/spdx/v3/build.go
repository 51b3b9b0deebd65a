package v3

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// A formulation of CycloneDX, which is a record, is written as builds too: one for
// each workflow and each of its tasks. The record in its carrier is what we read.
const (
	formulationPart = "cyclonedx:formulation"
	buildTypes      = "https://cyclonedx.org/formulation/" // + workflow or task: the format demands a type
)

// buildRefs are the places in a workflow or a task that name a component.
var buildRefs = regexp.MustCompile(`^/workflows/([0-9]+)(?:/tasks/([0-9]+))?/(inputs|outputs|resourceReferences|runtimeTopology)/[0-9]+/(.+)$`)

// builds writes the formulations of the graph.
func (e *encoder) builds() {
	for i := range e.Graph.Records {
		if r := &e.Graph.Records[i]; r.Part == formulationPart {
			e.formulation(r)
		}
	}
}

func (e *encoder) formulation(r *sbom.Record) {
	f, _ := plainJSON(r.Value).(object)
	made := map[string]string{} // workflow and task -> identifier
	for i, v := range list(f["workflows"]) {
		w, ok := v.(object)
		if !ok {
			continue
		}
		at := strconv.Itoa(i)
		made[at] = e.build("workflow", w)
		var tasks []string
		for j, v := range list(w["tasks"]) {
			if task, ok := v.(object); ok {
				made[at+"/"+strconv.Itoa(j)] = e.build("task", task)
				tasks = append(tasks, e.iri(made[at+"/"+strconv.Itoa(j)]))
			}
		}
		if len(tasks) > 0 {
			e.relation(made[at], "ancestorOf", tasks)
		}
	}
	to := map[[2]string][]string{} // build and type of relationship -> components
	for _, ref := range r.Refs {
		m := buildRefs.FindStringSubmatch(ref.At)
		if m == nil || e.ids[ref.Node] == "" {
			continue
		}
		at := m[1]
		if m[2] != "" {
			at += "/" + m[2]
		}
		key := [2]string{made[at], buildRelation(m[3], m[4])}
		if id := e.iri(e.ids[ref.Node]); key[0] != "" && key[1] != "" && !slices.Contains(to[key], id) {
			to[key] = append(to[key], id)
		}
	}
	keys := slices.SortedFunc(maps.Keys(to), func(a, b [2]string) int { return strings.Compare(a[0]+" "+a[1], b[0]+" "+b[1]) })
	for _, at := range keys {
		o := e.relation(at[0], at[1], to[at])
		o["type"], o["scope"] = "LifecycleScopedRelationship", "build"
	}
}

// buildRelation says what a component at a place is to the build: what goes in or
// comes out, what the build is done with, what it runs on.
func buildRelation(place, rest string) string {
	step, _, _ := strings.Cut(rest, "/")
	switch {
	case place == "inputs" && (step == "source" || step == "resource"):
		return "hasInput"
	case place == "outputs" && (step == "target" || step == "resource"):
		return "hasOutput"
	case place == "resourceReferences":
		return "usesTool"
	case place == "runtimeTopology" && step == "ref":
		return "hasHost"
	}
	return ""
}

// build writes a workflow or a task, and gives its identifier.
func (e *encoder) build(sort string, v object) string {
	name := str(v["name"])
	if name == "" {
		name = str(v["uid"])
	}
	id := e.taken.Take("Build-" + carrier.IDText(name))
	o := e.element("build_Build", id)
	put(o, "name", str(v["name"]))
	put(o, "description", str(v["description"]))
	put(o, "build_buildId", str(v["uid"]))
	put(o, "build_buildStartTime", timeOf(str(v["timeStart"])))
	put(o, "build_buildEndTime", timeOf(str(v["timeEnd"])))
	o["build_buildType"] = buildTypes + sort
	var parameters, environment []sbom.Property
	for _, v := range list(v["inputs"]) {
		in, _ := v.(object)
		parameters = append(parameters, named(in["parameters"])...)
		environment = append(environment, named(in["environmentVars"])...)
	}
	putDictionary(o, "build_parameter", append(parameters, named(v["properties"])...))
	putDictionary(o, "build_environment", environment)
	e.rest = append(e.rest, o)
	e.profiles["build"] = true
	return id
}

// named gives the objects of a list that have a name and a value; a text is a
// name, or "name=value".
func named(v any) []sbom.Property {
	var out []sbom.Property
	for _, v := range list(v) {
		p := sbom.Property{}
		if m, ok := v.(object); ok {
			p = sbom.Property{Name: str(m["name"]), Value: str(m["value"])}
		} else {
			p.Name, p.Value, _ = strings.Cut(str(v), "=")
		}
		out = append(out, p)
	}
	return out
}

// timeOf writes a time as the format wants it; "" for what is none.
func timeOf(s string) string {
	t, err := time.Parse(time.RFC3339, s)
	if s = t.UTC().Format("2006-01-02T15:04:05Z"); err != nil || !dateTime.MatchString(s) {
		return ""
	}
	return s
}
