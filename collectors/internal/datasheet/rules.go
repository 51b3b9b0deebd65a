package datasheet

import (
	"github.com/mlbom/mlbom/collectors/internal/pattern"
)

type rule struct {
	field string
	words *pattern.Pattern // on markdown.Key of the question
}

func words(expr string) *pattern.Pattern { return pattern.Lazy(`^(?:` + expr + `)$`) }

// rules map questions and headings to fields; the first that fits counts. The first
// block is of Gebru et al., the second of the Playbook, the third of NVIDIA.
var rules = []rule{
	{"purpose", words(`for what purpose was (?:the|this) dataset created.*|why was (?:the|this) dataset created.*`)},
	{"owners", words(`who created (?:the|this|it)\b.*`)},
	{"funding", words(`who funded .*|what is the funding.*`)},
	{"instances", words(`what do the instances .*represent.*|what are the instances.*`)},
	{"count", words(`how many instances .*`)},
	{"sample", words(`does the dataset contain all possible instances.*`)},
	{"contents", words(`what data does each instance consist of.*`)},
	{"labels", words(`is there a label or target .*`)},
	{"missing", words(`is any information missing .*`)},
	{"splits", words(`are there recommended data splits.*`)},
	{"noise", words(`are there any errors sources of noise.*`)},
	{"external", words(`is the dataset self contained.*`)},
	{"confidential", words(`does the dataset contain data that might be considered confidential.*`)},
	{"offensive", words(`does the dataset contain data that if viewed directly.*`)},
	{"people", words(`does the dataset (?:relate|pertain) to people.*`)},
	{"subpopulations", words(`does the dataset identify any subpopulations.*`)},
	{"identify", words(`is it possible to identify individuals.*`)},
	{"sensitive", words(`does the dataset contain data that might be considered sensitive.*`)},
	{"collection", words(`how was the data .*(?:acquired|collected).*|what mechanisms or procedures .*|who was involved in the data collection.*|if the dataset is a sample .*|did you collect the data from .*`)},
	{"timeframe", words(`over what time ?frame .*`)},
	{"consent", words(`did the individuals .* consent .*|were the individuals .* notified .*|if consent was obtained.*`)},
	{"ethics", words(`were any ethical review .*|has an analysis of the potential impact .*`)},
	{"preprocessing", words(`was any preprocessing.*`)},
	{"raw", words(`was the raw data saved.*`)},
	{"software", words(`is the software .*(?:preprocess|clean|label).*`)},
	{"used", words(`has the dataset been used for any tasks.*|is there a repository that links .*`)},
	{"uses", words(`what other tasks could .*|what tasks could .*|what are the (?:primary )?intended uses.*`)},
	{"limitations", words(`is there anything about the composition .*`)},
	{"outofscope", words(`are there (?:any )?tasks for which .*should not be used.*`)},
	{"availability", words(`how (?:will|is) the dataset (?:will be |be )?distributed.*`)},
	{"distribution", words(`will the dataset be distributed to third parties.*|when will the dataset be distributed.*`)},
	{"license", words(`(?:will|is) the dataset (?:be )?distributed under a copyright.*|(?:what|under what|under which) licen[sc]e (?:is|will) .*|what is the licen[sc]e .*`)},
	{"restrictions", words(`have any third parties imposed .*|do any export controls .*|are there any restrictions .*`)},
	{"stewards", words(`who (?:will be|is) supporting hosting maintaining .*|who is hosting .*|who maintains .*`)},
	{"contact", words(`how can the owner curator manager .*|how can .* be contacted.*`)},
	{"erratum", words(`is there an erratum.*`)},
	{"update", words(`will the dataset be updated.*|will older versions .*`)},
	{"retention", words(`if the dataset relates to people are there applicable limits .*|if .* limits on the retention .*`)},
	{"extend", words(`if others want to extend .*`)},

	{"purpose", words(`motivations? and intentions|purposes?|motivating factors?`)},
	{"owners", words(`dataset owners?|publishing pocs?|publishers?`)},
	{"funding", words(`funding sources?`)},
	{"subjects", words(`data subjects?`)},
	{"contents", words(`content description|dataset snapshot|descriptive statistics`)},
	{"sensitive", words(`sensitivity(?: of data| types?)?|fields? with sensitive data|risk types?`)},
	{"privacy", words(`security and privacy handling|supplemental links? for sensitivity and risk|risks? and mitigations?`)},
	{"update", words(`maintenance status|maintenance plan|next planned updates?|dataset version and maintenance|expected changes?`)},
	{"uses", words(`intended (?:and or suitable )?use cases?|suitable use cases?|intended (?:use|usage)|domains? of application|primary data modality`)},
	{"outofscope", words(`unsuitable use cases?`)},
	{"limitations", words(`limitations? and recommendations?|known limitations|correlations or relationships|limitations`)},
	{"availability", words(`access types?|access retention and wipeout|access`)},
	{"retention", words(`retention|wipeout and deletion|duration`)},
	{"collection", words(`collection methods?(?: or sources?)?(?: used)?|methodology detail(?: s)?|collection criteria|source descriptions?|collection cadence|data sources?|sampling methods?|provenance`)},
	{"preprocessing", words(`transformations?(?: applied)?|data processing|cleaning .*|synopsis of transformations?`)},
	{"annotation", words(`annotations? and labell?ing|annotation workforce types?|annotation characteristics?|human annotators|annotation descriptions?|annotation tasks?`)},
	{"validation", words(`validation types?|validation methods?`)},
	{"used", words(`known applications and benchmarks|use in ml or ai systems|ml applications?`)},
	{"citation", words(`citation guidelines|recommended citation`)},

	{"created", words(`dataset creation date`)},
	{"collection", words(`data collection method(?: by dataset)?`)},
	{"annotation", words(`label+ing method(?: by dataset)?`)},
	{"contents", words(`dataset characterization|dataset format`)},
	{"count", words(`dataset quantification`)},
	{"license", words(`license terms of use|licen[sc]e terms`)},
	{"ethics", words(`ethical considerations`)},
}
