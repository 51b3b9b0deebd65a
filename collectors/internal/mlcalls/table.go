package mlcalls

import "strings"

// read tells what one call names; is is false where the call is another one than
// its name let think. No uses with is true: it is known at run time only.
type read func(c *call) (uses []Use, is bool)

// find gives the reader of a function.
func find(name string) read {
	if r := exact[name]; r != nil {
		return r
	}
	l := last(name)
	if r := ofRoot[root(name)+":"+l]; r != nil && strings.Contains(name, ".") {
		return r
	}
	if r := methods[l]; r != nil && strings.Contains(name, ".") {
		return r
	}
	if r := bare[l]; r != nil && (name == l || name == "."+l) {
		return r
	}
	return family(name)
}

// exact are functions by their full name.
var exact = map[string]read{
	"torch.hub.load":                                        torchHub,
	"torch.hub.load_state_dict_from_url":                    weightsAt(0, "url"),
	"torch.utils.model_zoo.load_url":                        weightsAt(0, "url"),
	"torch.load":                                            weightsAt(0, "f"),
	"torch.jit.load":                                        weightsAt(0, "f"),
	"joblib.load":                                           weightsAt(0, "filename"),
	"pickle.load":                                           weightsAt(0, "file"),
	"cPickle.load":                                          weightsAt(0, "file"),
	"dill.load":                                             weightsAt(0, "file"),
	"cloudpickle.load":                                      weightsAt(0, "file"),
	"onnx.load":                                             weightsAt(0, "f"),
	"onnxruntime.InferenceSession":                          weightsAt(0, "path_or_bytes"),
	"safetensors.torch.load_file":                           weightsAt(0, "filename"),
	"safetensors.torch.load_model":                          weightsAt(1, "filename"),
	"safetensors.safe_open":                                 weightsAt(0, "filename"),
	"skops.io.load":                                         weightsAt(0, "file"),
	"keras.models.load_model":                               savedModel,
	"keras.saving.load_model":                               savedModel,
	"tensorflow.saved_model.load":                           savedModel,
	"tensorflow.lite.Interpreter":                           weightsAt(0, "model_path"),
	"tflite_runtime.interpreter.Interpreter":                weightsAt(0, "model_path"),
	"llama_cpp.Llama":                                       weightsAt(0, "model_path"),
	"lightgbm.Booster":                                      weightsAt(-1, "model_file"),
	"fasttext.load_model":                                   weightsAt(0, "path"),
	"fastai.learner.load_learner":                           weightsAt(0, "fname"),
	"ultralytics.YOLO":                                      weightsAt(0, "model"),
	"gensim.models.KeyedVectors.load_word2vec_format":       weightsAt(0, "fname"),
	"gensim.downloader.load":                                named("gensim"),
	"nltk.download":                                         nltk,
	"spacy.load":                                            spacyModel,
	"spacy.cli.download":                                    spacyModel,
	"tensorflow_hub.load":                                   weightsAt(0, "handle"),
	"tensorflow_hub.KerasLayer":                             weightsAt(0, "handle"),
	"tensorflow_hub.Module":                                 weightsAt(0, "spec"),
	"timm.create_model":                                     timm,
	"open_clip.create_model_and_transforms":                 openCLIP,
	"open_clip.create_model":                                openCLIP,
	"open_clip.create_model_from_pretrained":                openCLIP,
	"clip.load":                                             named("openai-clip"),
	"whisper.load_model":                                    named("openai-whisper"),
	"ollama.chat":                                           ollama,
	"ollama.generate":                                       ollama,
	"ollama.pull":                                           ollama,
	"ollama.embeddings":                                     ollama,
	"ollama.embed":                                          ollama,
	"kagglehub.dataset_download":                            kaggleData,
	"kagglehub.model_download":                              kaggleModel,
	"kagglehub.competition_download":                        kaggleCompetition,
	"opendatasets.download":                                 dataAt(0, "dataset_id_or_url"),
	"keras.utils.get_file":                                  getFile,
	"tensorflow.data.TFRecordDataset":                       dataAt(0, "filenames"),
	"tensorflow.data.TextLineDataset":                       dataAt(0, "filenames"),
	"tensorflow.data.experimental.make_csv_dataset":         dataAt(0, "file_pattern"),
	"keras.utils.image_dataset_from_directory":              dataAt(0, "directory"),
	"keras.preprocessing.image_dataset_from_directory":      dataAt(0, "directory"),
	"keras.utils.text_dataset_from_directory":               dataAt(0, "directory"),
	"webdataset.WebDataset":                                 dataAt(0, "urls"),
	"numpy.loadtxt":                                         dataAt(0, "fname"),
	"numpy.genfromtxt":                                      dataAt(0, "fname"),
	"numpy.load":                                            dataAt(0, "file"),
	"pyarrow.parquet.read_table":                            dataAt(0, "source"),
	"pyarrow.csv.read_csv":                                  dataAt(0, "input_file"),
	"pyarrow.dataset.dataset":                               dataAt(0, "source"),
	"tensorflow_datasets.load":                              tfds,
	"tensorflow_datasets.builder":                           tfds,
	"tensorflow_datasets.data_source":                       tfds,
	"seaborn.load_dataset":                                  namedData("seaborn"),
	"sklearn.datasets.fetch_openml":                         openML,
	"openml.datasets.get_dataset":                           openML,
	"torchvision.datasets.ImageFolder":                      dataAt(0, "root"),
	"torchvision.datasets.DatasetFolder":                    dataAt(0, "root"),
	"datasets.load_from_disk":                               dataAt(0, "dataset_path"),
	"datasets.Dataset.load_from_disk":                       dataAt(0, "dataset_path"),
	"datasets.DatasetDict.load_from_disk":                   dataAt(0, "dataset_dict_path"),
	"datasets.Dataset.from_csv":                             dataAt(0, "path_or_paths"),
	"datasets.Dataset.from_json":                            dataAt(0, "path_or_paths"),
	"datasets.Dataset.from_parquet":                         dataAt(0, "path_or_paths"),
	"datasets.Dataset.from_text":                            dataAt(0, "path_or_paths"),
	"datasets.DatasetDict.from_csv":                         dataAt(0, "path_or_paths"),
	"datasets.DatasetDict.from_json":                        dataAt(0, "path_or_paths"),
	"datasets.DatasetDict.from_parquet":                     dataAt(0, "path_or_paths"),
	"speechbrain.pretrained.EncoderClassifier.from_hparams": fromHub("source"),
}

// ofRoot are functions by the library's first name and their own, wherever in the
// library they are taken from.
var ofRoot = map[string]read{
	"datasets:load_dataset":                     loadDataset,
	"datasets:load_dataset_builder":             loadDataset,
	"datasets:get_dataset_config_names":         loadDataset,
	"datasets:get_dataset_split_names":          loadDataset,
	"datasets:get_dataset_infos":                loadDataset,
	"modelscope:snapshot_download":              modelScope,
	"huggingface_hub:snapshot_download":         hubDownload,
	"huggingface_hub:hf_hub_download":           hubDownload,
	"huggingface_hub:hf_hub_url":                hubDownload,
	"huggingface_hub:cached_download":           weightsAt(0, "url"),
	"huggingface_hub:from_pretrained_keras":     pretrained,
	"huggingface_hub:InferenceClient":           inferenceClient,
	"transformers:pipeline":                     pipeline,
	"optimum:pipeline":                          pipeline,
	"vllm:LLM":                                  fromHub("model"),
	"vllm:AsyncEngineArgs":                      fromHub("model"),
	"vllm:EngineArgs":                           fromHub("model"),
	"sentence_transformers:SentenceTransformer": sentence,
	"sentence_transformers:CrossEncoder":        sentence,
	"sentence_transformers:SparseEncoder":       sentence,
	"ctransformers:from_pretrained":             pretrained,
	"lmdeploy:pipeline":                         fromHub("model_path"),
	"outlines:transformers":                     fromHub("model_name"),
	"xgboost:load_model":                        weightsAt(0, "fname"),
	"langchain_huggingface:from_model_id":       fromHub("model_id"),
	"langchain_community:from_model_id":         fromHub("model_id"),
	"mlx_lm:load":                               fromHub("path_or_hf_repo"),
}

// methods are functions that are known by their last name alone.
var methods = map[string]read{
	"from_pretrained":               pretrained,
	"hf_hub_download":               hubDownload,
	"snapshot_download":             hubDownload,
	"use_artifact":                  artifact,
	"dataset_download_files":        kaggleData,
	"HuggingFaceEmbeddings":         fromHub("model_name", "model"),
	"HuggingFaceEmbedding":          fromHub("model_name"),
	"HuggingFaceBgeEmbeddings":      fromHub("model_name"),
	"HuggingFaceInstructEmbeddings": fromHub("model_name"),
	"HuggingFaceHub":                fromHub("repo_id"),
	"HuggingFaceEndpoint":           fromHub("repo_id"),
	"HuggingFaceLLM":                fromHub("model_name"),
	"ChatOllama":                    ollama,
	"OllamaLLM":                     ollama,
	"OllamaEmbeddings":              ollama,
}

// bare are functions that other cells or a star import bring in.
var bare = map[string]read{
	"load_dataset":      loadDataset,
	"hf_hub_download":   hubDownload,
	"snapshot_download": hubDownload,
}

// tables read data files into memory.
var tables = map[string]bool{"read_csv": true, "read_parquet": true, "read_json": true, "read_excel": true, "read_feather": true, "read_pickle": true, "read_table": true, "read_orc": true,
	"read_hdf": true, "read_fwf": true, "read_ndjson": true, "scan_csv": true, "scan_parquet": true, "scan_ndjson": true, "scan_ipc": true, "read_ipc": true, "read_avro": true, "read_stata": true, "read_sas": true, "read_xml": true}

// family gives the reader of functions that a library has many of.
func family(name string) read {
	switch r, l := root(name), last(name); r {
	case "pandas", "polars", "dask", "geopandas":
		if tables[l] {
			return dataAt(0, "filepath_or_buffer", "path", "path_or_buf", "io", "source", "urlpath", "filename")
		}
	case "torchvision", "torchaudio", "torchtext":
		if strings.Contains(name, ".datasets.") && l != "" && l[0] >= 'A' && l[0] <= 'Z' {
			return libraryData
		}
		if strings.HasPrefix(name, "torchvision.models.") && l[0] >= 'a' && l[0] <= 'z' {
			return torchvisionModel
		}
	case "torch_geometric", "dgl":
		if strings.Contains(name, ".datasets.") || strings.Contains(name, ".data.") && strings.HasSuffix(l, "Dataset") {
			return nil
		}
	case "keras":
		switch parts := strings.Split(name, "."); {
		case l == "load_data" && len(parts) > 2 && parts[len(parts)-3] == "datasets":
			return libraryData
		case len(parts) > 2 && parts[1] == "applications" && l[0] >= 'A' && l[0] <= 'Z':
			return application
		}
	case "sklearn":
		if strings.HasPrefix(name, "sklearn.datasets.") && (strings.HasPrefix(l, "fetch_") || strings.HasPrefix(l, "load_")) && l != "load_svmlight_file" && l != "load_files" {
			return libraryData
		}
	case "mlflow":
		if l == "load_model" {
			return mlflowModel
		}
	}
	return nil
}
