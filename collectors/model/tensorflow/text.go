package tensorflow

import (
	"bytes"
	"errors"
	"strings"

	"github.com/mlbom/mlbom/collectors/internal/prototext"
	"github.com/mlbom/mlbom/collectors/internal/protowalk"
	"github.com/mlbom/mlbom/sbom"
)

// readText reads saved_model.pbtxt, the text form of a SavedModel. Offsets would
// be those of another file, so findings have none.
func readText(f *sbom.File, m *model) (*model, string, error) {
	text, err := f.Text()
	if err != nil {
		return m, "", err
	}
	data, broken := prototext.Encode(text, schema(), "SavedModel")
	top := protowalk.Open(bytes.NewReader(data), int64(len(data)))
	m.saved(top)
	if m.nodes == 0 && len(m.tags) == 0 {
		return m, "", errors.Join(errors.New("the file is not what its name says: it is no SavedModel of TensorFlow"), broken)
	}
	return m, formatSaved, errors.Join(append(m.problems, broken, top.Err())...)
}

// fields are those that the collector reads: type, name, number, and what it is:
// n a number, t a text, d a data type, or the type of a message.
const fields = `
SavedModel saved_model_schema_version 1 n
SavedModel meta_graphs 2 MetaGraphDef
MetaGraphDef meta_info_def 1 MetaInfoDef
MetaGraphDef graph_def 2 GraphDef
MetaGraphDef saver_def 3 SaverDef
MetaGraphDef collection_def 4 Collection
MetaGraphDef signature_def 5 Signature
MetaGraphDef asset_file_def 6 AssetFileDef
MetaGraphDef object_graph_def 7 SavedObjectGraph
MetaInfoDef tags 4 t
MetaInfoDef tensorflow_version 5 t
MetaInfoDef tensorflow_git_version 6 t
MetaInfoDef stripped_default_attrs 7 n
GraphDef node 1 NodeDef
GraphDef library 2 FunctionDefLibrary
GraphDef versions 4 VersionDef
VersionDef producer 1 n
NodeDef name 1 t
NodeDef op 2 t
NodeDef input 3 t
NodeDef attr 5 Attr
Attr key 1 t
Attr value 2 AttrValue
AttrValue list 1 ListValue
AttrValue s 2 t
AttrValue tensor 8 TensorProto
AttrValue func 10 NameAttrList
ListValue s 2 t
ListValue func 9 NameAttrList
NameAttrList name 1 t
TensorProto dtype 1 d
TensorProto tensor_shape 2 TensorShapeProto
TensorProto tensor_content 4 t
TensorProto string_val 8 t
TensorShapeProto dim 2 Dim
TensorShapeProto unknown_rank 3 n
Dim size 1 n
FunctionDefLibrary function 1 FunctionDef
FunctionDef signature 1 OpDef
FunctionDef node_def 3 NodeDef
OpDef name 1 t
SaverDef save_tensor_name 2 t
Collection key 1 t
Collection value 2 CollectionDef
CollectionDef bytes_list 2 BytesList
BytesList value 1 t
Signature key 1 t
Signature value 2 SignatureDef
SignatureDef inputs 1 Port
SignatureDef outputs 2 Port
SignatureDef method_name 3 t
Port key 1 t
Port value 2 TensorInfo
TensorInfo coo_sparse 4 Empty
TensorInfo dtype 2 d
TensorInfo tensor_shape 3 TensorShapeProto
AssetFileDef filename 2 t
SavedObjectGraph nodes 1 SavedObject
SavedObject user_object 4 SavedUserObject
SavedObject variable 7 Empty
SavedUserObject identifier 1 t
SavedUserObject metadata 3 t
`

func schema() prototext.Schema {
	types := map[string]int64{}
	for name, number := range map[string]int64{"DT_FLOAT": 1, "DT_DOUBLE": 2, "DT_HALF": 19} {
		types[name] = number
	}
	for number, t := range dtypes {
		if number > 0 {
			types["DT_"+strings.ToUpper(t.long)] = int64(number)
		}
	}
	out := prototext.Schema{}
	for line := range strings.Lines(fields) {
		var of, name, what string
		number := 0
		if w := strings.Fields(line); len(w) == 4 {
			of, name, what = w[0], w[1], w[3]
			for _, c := range w[2] {
				number = 10*number + int(c-'0')
			}
		} else {
			continue
		}
		f := prototext.Field{Number: number}
		switch what {
		case "n":
		case "t":
			f.Kind = prototext.Text
		case "d":
			f.Enum = types
		default:
			f.Kind, f.Type = prototext.Message, what
		}
		if out[of] == nil {
			out[of] = map[string]prototext.Field{}
		}
		out[of][name] = f
	}
	return out
}
