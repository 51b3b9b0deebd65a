package check

import (
	"cmp"
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/mlbom/mlbom/sbom"
)

// noProvenance: nothing tells where data comes from: no address, no creator, no
// source, no step that makes it.
func noProvenance(v *view, n *sbom.Node) string {
	d := n.Dataset
	stated := d != nil && (len(d.Origin) > 0 || len(d.Owners) > 0 || len(d.Custodians) > 0 || len(d.Collection) > 0)
	party := len(n.Authors) > 0 || n.Supplier.Name != "" || n.Manufacturer.Name != "" || n.Publisher != ""
	switch {
	case n.Mentioned && n.Group != "": // a library knows it by this name: iris of sklearn, MNIST of torchvision
		return ""
	case n.Mentioned && len(v.trained[n.ID]) == 0 && !v.tests[n.ID]: // code that reads a file is no statement on a model
		return ""
	case stated || party || n.Keys.URL != "" || n.Keys.PURL != "" || len(n.Refs) > 0 || v.made[n.ID]:
		return ""
	case slices.ContainsFunc(n.Also, func(k sbom.Keys) bool { return k.URL != "" || k.PURL != "" }):
		return ""
	case slices.ContainsFunc(v.origins[n.ID], func(e *sbom.Edge) bool { return e.Rel == sbom.DerivedFrom }):
		return ""
	case slices.ContainsFunc(v.parts[n.ID], func(f *sbom.Node) bool { return v.made[f.ID] || len(v.origins[f.ID]) > 0 }): // its files are made or fetched
		return ""
	case slices.ContainsFunc(v.over[n.ID], func(over *sbom.Node) bool { return over.Kind == sbom.KindDataset }): // a part: the whole is asked
		return ""
	}
	return "nothing says where " + called(n) + " comes from"
}

// What people write of sensitive data is a word or two ("health"), or prose. Prose
// counts by the sentence that says that there is some.
var (
	denial   = regexp.MustCompile(`(?i)\b(no|not|none|non|n/?a|nothing|without|never|free of|\w+n't|anonymi[sz]ed|pseudonymi[sz]ed|removed|replaced|deleted|masked|redacted|hashed|stripped|unlikely|unknown|unaware|if)\b`)
	holds    = regexp.MustCompile(`(?i)\b(contains?|includes?|holds?|has|have|features?|reveals?|consists? of|there (is|are)|may)\b.{0,120}\b(personal|sensitive|private|identif\w+|pii|phi|health|medical|patients?|biometric|ethnic\w*|rac(e|ial)|religio\w*|sexual\w*|politic\w*|names|addresses|faces|e-?mails?|phone)\b`)
	sentence = regexp.MustCompile(`[.!?;\n]\s+|\n`)
)

const wordsOfCategory = 4

// holdsSensitive gives the words that say that there is such data; "" for none.
func holdsSensitive(text string) string {
	for _, s := range sentence.Split(text, 200) {
		s = strings.Join(strings.Fields(strings.TrimRight(s, ".")), " ")
		short := s != "" && s[0] != '[' && len(strings.Fields(text)) <= wordsOfCategory
		if (short || holds.MatchString(s)) && !denial.MatchString(s) {
			return s
		}
	}
	return ""
}

// sensitive: a source declares personal or sensitive data.
func sensitive(_ *view, n *sbom.Node) string {
	d := n.Dataset
	if d == nil {
		return ""
	}
	if strings.EqualFold(d.Personal, "yes") {
		return called(n) + " is declared to hold personal data"
	}
	for _, s := range d.Sensitive {
		if text := holdsSensitive(s); text != "" {
			return fmt.Sprintf("%s is declared to hold sensitive data: %s", called(n), clip(text, 100))
		}
	}
	return ""
}

func clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// claims gives what the two sides of each conflict in one field of a node say.
func (v *view) claims(n *sbom.Node, field string) []sbom.Conflict {
	return slices.DeleteFunc(slices.Clone(v.conflicts[n.ID]), func(c sbom.Conflict) bool {
		return c.Field != field || c.Dropped.Seen.Hearsay() || c.Kept.Seen.Hearsay()
	})
}

// overlap: the same bytes lie in the training and in the test part of data.
func overlap(v *view, n *sbom.Node) []sbom.Finding {
	if n.File == nil || n.File.Size == 0 && n.File.Table.Rows == nil {
		return nil
	}
	parts := map[string]sbom.Place{}
	if s := n.File.Table.Split; s != "" {
		parts[partOf(s)] = place(n)
	}
	for _, c := range v.claims(n, "file.table.split") {
		for _, claim := range []sbom.Claim{c.Kept, c.Dropped} {
			if _, ok := parts[partOf(claim.Value)]; !ok {
				parts[partOf(claim.Value)] = claim.Seen.Place
			}
		}
	}
	_, train := parts[sbom.RoleTrain]
	for _, other := range []string{sbom.RoleTest, sbom.RoleValidation} {
		if at, ok := parts[other]; ok && train {
			at.By = "check"
			return []sbom.Finding{{Where: at, Message: fmt.Sprintf("%s has the same bytes in the %s and in the %s data (%s)", n.Name, sbom.RoleTrain, other, strings.Join(pathsOf(n), ", "))}}
		}
	}
	return v.roleOverlap(n)
}

func partOf(split string) string {
	switch s := strings.ToLower(split); s {
	case "train", "training":
		return sbom.RoleTrain
	case "test", "testing", "eval", "evaluation":
		return sbom.RoleTest
	case "validation", "valid", "val", "dev":
		return sbom.RoleValidation
	default:
		return s
	}
}

func pathsOf(n *sbom.Node) []string {
	var list []string
	for _, k := range append([]sbom.Keys{n.Keys}, n.Also...) {
		if k.Path != "" && len(list) < shownNames {
			list = append(list, k.Path)
		}
	}
	return list
}

// roleOverlap: one model was trained on one dataset and tested on another one, and
// the file is in both.
func (v *view) roleOverlap(n *sbom.Node) []sbom.Finding {
	if part := partOf(n.File.Table.Split); len(v.over[n.ID]) < 2 || part != "" && part != sbom.RoleTrain {
		return nil // the training took another part of the dataset
	}
	for _, a := range v.over[n.ID] {
		for _, e := range v.trained[a.ID] {
			for _, b := range v.over[n.ID] {
				if b.ID != a.ID && !slices.Contains(v.parts[a.ID], b) && !slices.Contains(v.parts[b.ID], a) && v.tested[[2]sbom.ID{e.From, b.ID}] {
					return []sbom.Finding{{Where: place(n), Message: fmt.Sprintf("%s is in %s, on which %s was trained, and in %s, on which it was tested", n.Name, a.Name, v.g.Node(e.From).Name, b.Name)}}
				}
			}
		}
	}
	return nil
}

// rows: the data has another number of rows than somebody declares: of a file, or of
// a split all of whose files are here.
func rowCounts(v *view, n *sbom.Node) []sbom.Finding {
	var all []sbom.Finding
	for _, c := range v.claims(n, "file.table.rows") {
		where := c.Dropped.Seen.Place
		where.By = "check"
		all = append(all, sbom.Finding{Where: where, Message: fmt.Sprintf("%s has %s rows by %s, and %s by %s", n.Name, c.Kept.Value, c.Kept.Seen.By, c.Dropped.Value, c.Dropped.Seen.By)})
	}
	if n.Kind != sbom.KindDataset || n.Dataset == nil {
		return all
	}
	here := v.splits(n)
	for _, s := range n.Dataset.Splits {
		h, ok := here[partOf(s.Name)]
		if !ok || s.Rows == 0 || h.rows == s.Rows || v.configs(n) > 1 || !h.whole && h.rows < s.Rows {
			continue
		}
		if s.Config != "" && s.Config != "default" && len(h.folders) > 1 { // it may be one of several configurations that lie here
			continue
		}
		all = append(all, sbom.Finding{Where: factPlace(n, "dataset.splits"), Message: fmt.Sprintf("the split %s of %s is declared with %d rows, and its files have %d", s.Name, called(n), s.Rows, h.rows)})
	}
	return all
}

// configs counts the configurations of a dataset that splits are declared for.
func (v *view) configs(n *sbom.Node) int {
	seen := map[string]bool{}
	for _, s := range n.Dataset.Splits {
		seen[s.Config] = true
	}
	return len(seen)
}

type splitHere struct {
	rows    int64
	whole   bool // all files of it are here, and their rows are known
	folders map[string]bool
}

var shardOf = regexp.MustCompile(`-(\d{5})-of-(\d{5})\b`)

// splits adds up the rows of a dataset's files, by split; equal files are one node, and
// count as often as they are there. A split whose shards are numbered is whole where all
// numbers are here.
func (v *view) splits(n *sbom.Node) map[string]splitHere {
	here := map[string]splitHere{}
	shards := map[string][2]int{} // of a split: shards seen, shards named
	for _, f := range v.files(n, 0) {
		t := f.File.Table
		if t.Split == "" {
			continue
		}
		part := partOf(t.Split)
		h, ok := here[part]
		if !ok {
			h = splitHere{whole: true, folders: map[string]bool{}}
		}
		paths := pathsIn(n, f)
		if t.Rows == nil || f.File.Asserted {
			h.whole = false
		} else {
			h.rows += *t.Rows * int64(len(paths))
		}
		for _, at := range paths {
			h.folders[path.Dir(at)] = true
			if m := shardOf.FindStringSubmatch(path.Base(at)); m != nil {
				s := shards[part]
				fmt.Sscanf(m[2], "%d", &s[1])
				s[0]++
				shards[part] = s
			}
		}
		here[part] = h
	}
	for part, s := range shards {
		if h := here[part]; s[0] < s[1] {
			h.whole = false
			here[part] = h
		}
	}
	return here
}

// pathsIn are the paths of a file in the folder of a dataset, or the file as it is known.
func pathsIn(n, f *sbom.Node) []string {
	folder, _, _ := strings.Cut(n.Keys.Path, "#")
	var list []string
	for _, k := range append([]sbom.Keys{f.Keys}, f.Also...) {
		if k.Path != "" && below(folder, k.Path) {
			list = append(list, k.Path)
		}
	}
	if len(list) == 0 {
		list = []string{cmp.Or(f.Keys.Path, f.Name)}
	}
	return list
}

// files are the files of a dataset and of the datasets in it.
func (v *view) files(n *sbom.Node, depth int) []*sbom.Node {
	var list []*sbom.Node
	for _, inside := range v.parts[n.ID] {
		switch {
		case inside.Kind == sbom.KindFile && inside.File != nil:
			list = append(list, inside)
		case inside.Kind == sbom.KindDataset && depth < maxDepth:
			list = append(list, v.files(inside, depth+1)...)
		}
	}
	slices.SortFunc(list, func(a, b *sbom.Node) int { return cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(list, func(a, b *sbom.Node) bool { return a.ID == b.ID })
}

// columnsGone: columns are declared that the files do not have. Where few of the declared
// names are columns, the declaration speaks of something else, such as decoded records.
func columnsGone(v *view, n *sbom.Node) string {
	if n.Dataset == nil || len(n.Dataset.Features) == 0 {
		return ""
	}
	columns := map[string]bool{}
	for _, f := range v.files(n, 0) {
		if len(f.File.Table.Columns) == 0 && (f.Mentioned || f.File.Asserted) {
			return "" // the others may be in what is not here
		}
		for _, c := range f.File.Table.Columns {
			columns[c.Name] = true
			top, _, _ := strings.Cut(c.Name, ".")
			columns[top] = true
		}
	}
	declared := map[string]bool{}
	for _, f := range n.Dataset.Features {
		if f.Config != "" && v.featureConfigs(n) > 1 {
			return ""
		}
		top, _, _ := strings.Cut(path.Base(f.Name), ".")
		if columns[f.Name] { // a name with a slash or a dot in it
			top = f.Name
		}
		declared[top] = true
	}
	var missing []string
	for _, name := range slices.Sorted(maps.Keys(declared)) {
		if !columns[name] {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 || len(missing)*2 > len(declared) {
		return ""
	}
	more := ""
	if len(missing) > shownNames {
		missing, more = missing[:shownNames], fmt.Sprintf(" and %d more", len(missing)-shownNames)
	}
	return fmt.Sprintf("%s is declared to have the columns %s%s, and its files have not", called(n), strings.Join(missing, ", "), more)
}

func (v *view) featureConfigs(n *sbom.Node) int {
	seen := map[string]bool{}
	for _, f := range n.Dataset.Features {
		seen[f.Config] = true
	}
	return len(seen)
}

// rootChanged: somebody declares the digest over a dataset's files, and it is another.
func rootChanged(v *view, n *sbom.Node) []sbom.Finding {
	var all []sbom.Finding
	for _, c := range v.claims(n, "dataset.rootDigest") {
		where := c.Dropped.Seen.Place
		where.By = "check"
		all = append(all, sbom.Finding{Where: where, Message: fmt.Sprintf("the files of %s have the root digest %s, and %s recorded %s", called(n), c.Kept.Value, c.Dropped.Seen.By, c.Dropped.Value)})
	}
	return all
}

// noDataHash: of data that is here, or that a card describes, no digest is known.
func (v *view) noDataHash(n *sbom.Node) string {
	if n.Dataset != nil && n.Dataset.RootDigest != "" || pinnedURL(n.Keys.URL) {
		return ""
	}
	return "no data and no digest of " + called(n) + " are known"
}

func factPlace(n *sbom.Node, field string) sbom.Place {
	for _, f := range n.Facts {
		if f.Field == field && len(f.Seen) > 0 {
			p := f.Seen[0].Place
			p.By = "check"
			return p
		}
	}
	return place(n)
}
