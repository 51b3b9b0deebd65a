package card

import (
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/markdown"
	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

// rule maps headings to the section that they are, whatever stands around them.
type rule struct {
	name  string
	words *pattern.Pattern // on markdown.Key of the heading
}

func words(expr string) *pattern.Pattern { return pattern.Lazy(`^(?:` + expr + `)$`) }

// The sections of a model card; the first rule that fits counts.
var modelSections = []rule{
	{"toc", words(`table of contents|contents|toc`)},
	{"outofscope", words(`.*out of scope.*|.*misuse.*|.*malicious use.*|prohibited uses?.*|unintended uses?|.*not (?:be )?intended.*|inappropriate uses?`)},
	{"users", words(`.*intended users?|users|target users|target audience|affected users`)},
	{"uses", words(`uses?|direct uses?|downstream uses?|downstream uses?.*|.*intended uses?(?: cases?)?|.*intended uses? and .*|primary uses?|primary intended uses?|model uses?|potential uses?|uses? cases?|intended purpose|recommended uses?|suitable uses?|intended application.*|applications`)},
	{"ethical", words(`.*ethic.*|(?:.* )?biases|bias|.*bias .*risk.*|.*risks? .*bias.*|risks?|safety considerations?|risks? .*|.*societal impact.*|.*limitations? and bias(?:es)?|bias (?:and )?.*limitations?|.*fairness.*`)},
	{"limitations", words(`.*limitations?|limitations? .*|caveats?.*|known issues|.*caveats`)},
	{"safety", words(`responsible (?:ai|use|release).*|responsibility (?:and )?safety|safety|(?:critical|known|potential) risks`)},
	{"datasets", words(`dataset and training|datasets?|dataset sources?|curation rationale`)},
	{"mitigation", words(`recommendations?|mitigations?(?: strateg.*)?`)},
	{"hyperparameters", words(`(?:training |fine ?tuning )?(?:hyper ?parameters?|hyper ?params)(?: used)?.*`)},
	{"versions", words(`framework versions?|library versions?|software versions?|versions?(?: used)?|environment versions?`)},
	{"preprocessing", words(`(?:data )?pre ?processing.*`)},
	{"trainingdata", words(`training data(?:sets?)?|training dataset.*|training and evaluation data|training data .*|datasets? (?:used|specs)|train data|pre ?training data|dataset specs|fine ?tuning data(?:set)?`)},
	{"training", words(`training procedure|training process|training|training details|training setup|how (?:it|the model) was trained|training configuration|fine ?tuning procedure|training specs|training strategy`)},
	{"evaluation", words(`evaluations?|evaluation results?|testing data|testing data factors.*|evaluation data|quantitative analys[ei]s|factors|performance|performance metrics|metrics|training results|results`)},
	{"environment", words(`environmental impact.*|environmental specs|carbon (?:footprint|emissions?).*|co2 emissions?.*`)},
	{"citation", words(`.*citations?|citations? .*|bibtex.*|cite|how to cite.*|citing.*|cite (?:us|as|this.*)|reference and citation.*`)},
	{"cardauthors", words(`model card authors?|dataset card authors?`)},
	{"contact", words(`model card contact|dataset card contact|contacts?|contact (?:us|information|info)|where to send questions.*|feedback|point of contact`)},
	{"authors", words(`authors?|model authors?|model developers?|developers?|contributors?|the team`)},
	{"license", words(`licen[sc]es?|licen[sc]ing.*|licen[sc]e information`)},
	{"details", words(`model details?|model specs|model specifications?|technical specifications?|model information|model sources?|model architecture.*|compute infrastructure|how to get started with the model|model examination|model date|model version|model type|base model`)},
	{"description", words(`model description|description|model summary|summary|overview|model overview|introduction|about|model introduction`)},
}

// The sections of a dataset card.
var dataSections = []rule{
	{"toc", words(`table of contents|contents|toc`)},
	{"outofscope", words(`.*out of scope.*|.*misuse.*|prohibited uses?.*|unintended uses?`)},
	{"uses", words(`direct uses?|(?:primary )?intended uses?(?: cases?)?|dataset uses?|uses? cases?|intended purpose`)},
	{"sensitive", words(`.*sensitive information.*|.*sensitive data.*|personal (?:information|data)|privacy.*|.*\bpii\b.*`)},
	{"biases", words(`.*discussion of biases.*|biases?|.*biases|bias .*|known biases.*|.*social impact.*`)},
	{"limitations", words(`.*limitations?|limitations? .*|known issues|caveats.*`)},
	{"mitigation", words(`recommendations?`)},
	{"collection", words(`.*data collection.*|source data|curation rationale|data sources?|collection process|who are the source (?:language|data) producers|dataset creation|collection methodology`)},
	{"annotation", words(`annotations?(?: process)?|annotation .*|who are the annotators|labell?ing(?: process)?`)},
	{"preprocessing", words(`(?:data )?pre ?processing.*|data processing|data cleaning.*|normali[sz]ation`)},
	{"anonymization", words(`anonymi[sz]ation.*|de ?identification.*`)},
	{"update", words(`maintenance.*|dataset maintenance|update (?:schedule|policy|frequency)|versioning|updates?`)},
	{"curators", words(`dataset curators?|curators?|dataset authors?|dataset owners?`)},
	{"license", words(`licen[sc]es?|licen[sc]ing.*|licen[sc]e information`)},
	{"citation", words(`.*citations?|citations? .*|bibtex.*|how to cite.*`)},
	{"contact", words(`dataset card contact|contacts?|point of contact|contact .*`)},
	{"authors", words(`authors?|contributors?|contributions?|dataset card authors?`)},
	{"languages", words(`languages?`)},
	{"structure", words(`dataset structure|data (?:instances?|fields?|splits?)|supported tasks.*|considerations for using the data|additional information|dataset details?|dataset sources?|dataset statistics`)},
	{"description", words(`dataset (?:description|summary|overview)|description|summary|overview|introduction`)},
}

func section(rules []rule, key string) string {
	if key == "" || len(key) > maxName {
		return ""
	}
	for _, r := range rules {
		if r.words.MatchString(key) {
			return r.name
		}
	}
	return ""
}

// Section is a section of the body that is known by its heading.
type Section struct {
	Name  string // as in the rules: "uses", "outofscope", ...
	Key   string // the heading in plain lower-case words
	Above string // the name of the known section that it stands in
	*markdown.Section
	text markdown.Text
}

// maxText bounds the text that is taken of one section, in bytes.
const maxText = 4000

// Prose is the section's text, with that of the sections below it that are not
// known themselves, up to a bound.
func (s Section) Prose() markdown.Text { return s.text }

func (c *Card) rules() []rule {
	if c.Kind == Dataset {
		return dataSections
	}
	return modelSections
}

// Sections are the known sections of the body in order, each by its own words.
func (c *Card) Sections() []Section {
	rules := c.rules()
	doc := c.Body.Sections
	names := make([]string, len(doc))
	owner := make([]int, len(doc)) // the nearest known section, itself included
	var list []Section
	at := map[int]int{}
	for i := range doc {
		key := markdown.Key(doc[i].Heading)
		names[i], owner[i] = section(rules, key), -1
		over := -1
		if p := doc[i].Parent; p > 0 {
			over = owner[p]
		}
		own := doc[i].Prose(maxText, func(s string) bool { return !Placeholder(s) && !unanswered(s) })
		switch {
		case names[i] != "":
			owner[i], at[i] = i, len(list)
			s := Section{Name: names[i], Key: key, Section: &doc[i], text: own}
			if over >= 0 {
				s.Above = names[over]
			}
			list = append(list, s)
		case over >= 0:
			owner[i] = over
			if t := &list[at[over]].text; own.Text != "" && len(t.Text) < maxText {
				add(t, doc[i].Heading, own)
			}
		}
	}
	return list
}

func add(t *markdown.Text, heading string, more markdown.Text) {
	if t.Line == 0 {
		t.Line = more.Line
	}
	if t.Text != "" {
		t.Text += "\n\n"
	}
	t.Text = markdown.Clip(t.Text+heading+"\n"+more.Text, maxText)
}

// unanswered is a bold label without a value or with a placeholder.
func unanswered(s string) bool {
	s = strings.TrimLeft(s, "-*+ \t")
	if head, tail, ok := strings.Cut(s, ":"); ok && len(head) < 80 {
		tail = strings.Trim(tail, "*_ ")
		return tail != "" && Placeholder(tail) || tail == "" && strings.HasSuffix(s, "**")
	}
	return false
}
