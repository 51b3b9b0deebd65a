package cyclonedx

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"

	"github.com/mlbom/mlbom/sbom"
	"github.com/mlbom/mlbom/sbom/internal/carrier"
)

// A process is a workflow of the first formula. A stage that one pipeline contains
// is a task of its workflow; a stage or run alone is a workflow of its own. Before
// 1.5, as the subject, and in the words of one foreign document, it is a component
// like any other kind that the version does not know.

// form finds the processes that become workflows and tasks.
func (e *encoder) form() {
	e.formed, e.taskOf = map[sbom.ID]bool{}, map[sbom.ID]sbom.ID{}
	if !e.since(cdx.SpecVersion1_5) || e.Source != nil {
		return
	}
	for _, n := range e.Graph.Nodes {
		if n.Kind == sbom.KindProcess && n.ID != e.Graph.Root {
			e.formed[n.ID] = true
		}
	}
	holders := map[sbom.ID][]sbom.ID{}
	holds := map[sbom.ID]bool{}
	for i := range e.Graph.Edges {
		edge := &e.Graph.Edges[i]
		if edge.Rel == sbom.Contains && edge.From != edge.To && e.formed[edge.From] && e.formed[edge.To] && !slices.Contains(holders[edge.To], edge.From) {
			holders[edge.To] = append(holders[edge.To], edge.From)
			holds[edge.From] = true
		}
	}
	for _, n := range e.Graph.Nodes { // tasks hold no tasks
		if h := holders[n.ID]; len(h) == 1 && !holds[n.ID] {
			e.taskOf[n.ID] = h[0]
		}
	}
}

// outside tells whether one end of an edge is no component or service.
func (e *encoder) outside(edge *sbom.Edge) bool { return e.formed[edge.From] || e.formed[edge.To] }

// formula writes the processes; nil where there are none.
func (e *encoder) formula() *cdx.Formula {
	var flows []cdx.Workflow
	tasks := map[sbom.ID][]*sbom.Node{}
	for _, n := range e.Graph.Nodes {
		if to, ok := e.taskOf[n.ID]; ok {
			tasks[to] = append(tasks[to], n)
		}
	}
	for _, n := range e.Graph.Nodes {
		if _, task := e.taskOf[n.ID]; !e.formed[n.ID] || task {
			continue
		}
		at := fmt.Sprint("/formulation/0/workflows/", len(flows))
		w := e.process(n, at)
		var list []cdx.Task
		for _, kid := range tasks[n.ID] {
			list = append(list, taskOf(e.process(kid, fmt.Sprint(at, "/tasks/", len(list)))))
		}
		w.Tasks, w.TaskDependencies = some(list), e.order(tasks[n.ID])
		flows = append(flows, w)
	}
	if len(flows) == 0 {
		return nil
	}
	return &cdx.Formula{Workflows: &flows}
}

// taskOf is what a task has of a workflow.
func taskOf(w cdx.Workflow) cdx.Task {
	return cdx.Task{BOMRef: w.BOMRef, UID: w.UID, Name: w.Name, Description: w.Description, ResourceReferences: w.ResourceReferences, TaskTypes: w.TaskTypes,
		Steps: w.Steps, Inputs: w.Inputs, Outputs: w.Outputs, TimeStart: w.TimeStart, TimeEnd: w.TimeEnd, Properties: w.Properties}
}

// order says which tasks of a workflow come before which.
func (e *encoder) order(tasks []*sbom.Node) *[]cdx.Dependency {
	var list []cdx.Dependency
	for _, n := range tasks {
		var before []string
		for _, edge := range e.Out[n.ID] {
			if edge.Rel == sbom.DependsOn && edge.To != n.ID && e.taskOf[edge.To] == e.taskOf[n.ID] {
				before = append(before, e.refs[edge.To])
			}
		}
		if slices.Sort(before); len(before) > 0 {
			list = append(list, cdx.Dependency{Ref: e.refs[n.ID], Dependencies: some(slices.Compact(before))})
		}
	}
	return some(list)
}

// process writes one, with mirrors and carriers, but for its tasks.
func (e *encoder) process(n *sbom.Node, at string) cdx.Workflow {
	w := nativeProcess(&n.Component)
	w.BOMRef, w.UID = e.refs[n.ID], printed(first(n.Keys.Path, n.Keys.URL, string(n.ID)))
	e.ends(n, &w)
	e.speakable(&w)
	data, err := marshal(w)
	if err != nil {
		e.failed = err
		return w
	}
	_, back, _ := readProcess(data)
	sbom.Sort(&back)
	w.Properties = some(slices.Concat(each(w.Properties), e.mirrors(n), e.carriers(n, &back, nil)))
	raw, err := marshal(w)
	if err != nil {
		e.failed = err
	}
	e.built[n.ID] = built{pointer: at, raw: raw}
	for _, r := range e.graftOf[n.ID] { // it has no place for foreign words
		e.rest = append(e.rest, r)
	}
	return w
}

// ends are the components that go in, come out, or are used.
func (e *encoder) ends(n *sbom.Node, w *cdx.Workflow) {
	var in, used []cdx.ResourceReferenceChoice
	var out []cdx.TaskOutput
	add := func(list []cdx.ResourceReferenceChoice, to sbom.ID) []cdx.ResourceReferenceChoice {
		r := cdx.ResourceReferenceChoice{Ref: e.refs[to]}
		if slices.Contains(list, r) {
			return list
		}
		return append(list, r)
	}
	for _, edge := range e.Out[n.ID] {
		switch {
		case edge.Rel == sbom.Consumes:
			in = add(in, edge.To)
		case edge.Rel == sbom.Produces:
			if !slices.ContainsFunc(out, func(o cdx.TaskOutput) bool { return o.Resource.Ref == e.refs[edge.To] }) {
				out = append(out, cdx.TaskOutput{Type: outputType(edge), Resource: &cdx.ResourceReferenceChoice{Ref: e.refs[edge.To]}})
			}
		case edge.Rel != sbom.Contains && !e.formed[edge.To]:
			used = add(used, edge.To)
		}
	}
	var inputs []cdx.TaskInput
	for _, r := range in {
		inputs = append(inputs, cdx.TaskInput{Resource: &r})
	}
	w.Inputs, w.Outputs, w.ResourceReferences = some(append(inputs, each(w.Inputs)...)), some(out), some(used)
}

// outputType is the standard's word for what comes out: DVC says of files that they
// are metrics or plots of them.
func outputType(edge *sbom.Edge) cdx.TaskOutputType {
	if slices.Contains(edge.Notes, "metrics") || slices.Contains(edge.Notes, "plots") {
		return cdx.TaskOutputTypeMetrics
	}
	return cdx.TaskOutputTypeArtifact
}

// nativeProcess writes what the format has a place for.
func nativeProcess(c *sbom.Component) cdx.Workflow {
	w := cdx.Workflow{Name: c.Name, Description: c.Description, Properties: some(properties(c.Properties)), TaskTypes: &[]cdx.TaskType{taskType(c.Process)}}
	p := c.Process
	if p == nil {
		return w
	}
	var commands []cdx.TaskCommand
	for _, s := range p.Commands {
		commands = append(commands, cdx.TaskCommand{Executed: s})
	}
	if len(commands) > 0 {
		w.Steps = &[]cdx.TaskStep{{Commands: &commands}}
	}
	var parameters []cdx.Parameter
	for _, v := range p.Parameters {
		if one := (cdx.Parameter{Name: v.Name, Value: v.Value}); v.Name != "" && !slices.Contains(parameters, one) {
			parameters = append(parameters, one)
		}
	}
	if len(parameters) > 0 {
		w.Inputs = &[]cdx.TaskInput{{Parameters: &parameters}}
	}
	w.TimeStart, w.TimeEnd = moment(p.Started), moment(p.Ended)
	return w
}

// taskType is the standard's word for an activity; its words are those of building
// software.
func taskType(p *sbom.Process) cdx.TaskType {
	if p == nil {
		return cdx.TaskTypeOther
	}
	switch p.Activity {
	case sbom.ActivityCollection:
		return cdx.TaskTypeCopy
	case sbom.ActivityPreparation, sbom.ActivityTraining, sbom.ActivityFineTuning:
		return cdx.TaskTypeBuild
	case sbom.ActivityEvaluation:
		return cdx.TaskTypeTest
	case sbom.ActivityDeployment:
		return cdx.TaskTypeDeploy
	}
	return cdx.TaskTypeOther
}

// moment leaves out what is no time.
func moment(s string) string {
	if _, err := time.Parse(time.RFC3339, s); err != nil {
		return ""
	}
	return s
}

// readProcess is the inverse of nativeProcess; it takes workflows and tasks.
func readProcess(raw json.RawMessage) (cdx.Workflow, sbom.Component, error) {
	var w cdx.Workflow
	if err := json.Unmarshal(raw, &w); err != nil {
		return w, sbom.Component{}, err
	}
	p := sbom.Process{Started: w.TimeStart, Ended: w.TimeEnd}
	for _, s := range each(w.Steps) {
		for _, c := range each(s.Commands) {
			p.Commands = append(p.Commands, c.Executed)
		}
	}
	for _, in := range each(w.Inputs) {
		for _, v := range each(in.Parameters) {
			p.Parameters = append(p.Parameters, sbom.Property{Name: v.Name, Value: v.Value})
		}
	}
	return w, sbom.Component{Kind: sbom.KindProcess, Name: w.Name, Description: w.Description, Properties: readProperties(w.Properties, true), Process: &p}, nil
}

// ownFormula tells whether we wrote a formula: all its workflows and tasks have
// carriers. Any other stays a record.
func ownFormula(v any) bool {
	f, _ := v.(map[string]any)
	flows, _ := f["workflows"].([]any)
	if len(f) != 1 {
		return false
	}
	for _, v := range flows {
		w, _ := v.(map[string]any)
		tasks, _ := w["tasks"].([]any)
		for _, one := range append([]any{v}, tasks...) {
			o, _ := one.(map[string]any)
			props, _ := o["properties"].([]any)
			carries := func(p any) bool { m, _ := p.(map[string]any); return textOf(m["name"]) == carrier.Seen }
			if textOf(o["bom-ref"]) == "" || !slices.ContainsFunc(props, carries) {
				return false
			}
		}
	}
	return len(flows) > 0
}

// formulas makes items of the workflows and tasks that we wrote.
func (r *reader) formulas(d *document) {
	var list []json.RawMessage
	if r.source != nil || json.Unmarshal(d.all["formulation"], &list) != nil {
		return
	}
	for i, raw := range list {
		var f struct{ Workflows []json.RawMessage }
		if !ownFormula(plainJSON(raw)) || json.Unmarshal(raw, &f) != nil {
			continue
		}
		for j, raw := range f.Workflows {
			at := fmt.Sprint("formulation/", i, "/workflows/", j)
			var tasks struct{ Tasks []json.RawMessage }
			_ = json.Unmarshal(raw, &tasks) // ownFormula has seen them
			r.process(raw, at)
			for k, raw := range tasks.Tasks {
				r.process(raw, fmt.Sprint(at, "/tasks/", k))
			}
		}
	}
}

func (r *reader) process(raw json.RawMessage, at string) {
	w, c, err := readProcess(raw)
	if err != nil || len(r.items) >= maxComponents {
		r.problem("%s cannot be read: %v", at, err)
		return
	}
	it := &item{Restored: carrier.Restored{Node: &sbom.Node{Component: c}}, own: true, ref: w.BOMRef, props: each(w.Properties)}
	r.register(it, w.BOMRef, at)
	r.kept(it, nil, nil)
}

// processPlace is where a field of a process stands in a workflow.
func processPlace(name string) string {
	switch strings.TrimPrefix(name, "process.") {
	case "commands":
		return "/steps/0/commands"
	case "started":
		return "/timeStart"
	case "ended":
		return "/timeEnd"
	case "activity":
		return "/taskTypes"
	}
	return ""
}
