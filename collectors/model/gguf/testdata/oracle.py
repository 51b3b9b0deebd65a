"""Writes reference.gguf with the reference writer into the folder given."""
import sys

import numpy as np
import gguf

w = gguf.GGUFWriter(sys.argv[1] + "/reference.gguf", "llama")
w.add_name("Reference")
w.add_license("mit")
w.add_context_length(4096)
w.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)
w.add_tokenizer_model("llama")
w.add_token_list(["<unk>", "<s>", "</s>"])
w.add_eos_token_id(2)
a = gguf.quants.quantize(np.ones((8, 64), dtype=np.float32), gguf.GGMLQuantizationType.Q8_0)
w.add_tensor("a", a, raw_dtype=gguf.GGMLQuantizationType.Q8_0)
w.add_tensor("b", np.ones((16,), dtype=np.float32))
w.write_header_to_file()
w.write_kv_data_to_file()
w.write_tensors_to_file()
w.close()
