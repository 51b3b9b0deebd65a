"""Writes tokenizers with the libraries tokenizers and sentencepiece into the folder
given, and tokenizers.want.json with what these libraries say of them."""
import json
import os
import sys

import sentencepiece
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers, trainers

out = os.path.join(sys.argv[1], "tokenizers")
os.makedirs(out, exist_ok=True)
words = ["low lower lowest new newer wider the quick brown fox %d" % i for i in range(400)]
want = {}


def fast(name, model, trainer, unk):
    t = Tokenizer(model)
    t.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])
    t.pre_tokenizer = pre_tokenizers.Whitespace()
    t.train_from_iterator(words, trainer)
    t.add_special_tokens([AddedToken("<|new|>", special=True), "low"])
    t.add_tokens(["Neologism"])
    t.save(os.path.join(out, name + ".tokenizer.json"))
    want[name + ".tokenizer.json"] = {"type": type(t.model).__name__, "size": t.get_vocab_size(with_added_tokens=True), "unk": unk}


special = ["[UNK]", "[PAD]"]
fast("bpe", models.BPE(unk_token="[UNK]"), trainers.BpeTrainer(vocab_size=200, special_tokens=special), "[UNK]")
fast("wordpiece", models.WordPiece(unk_token="[UNK]"), trainers.WordPieceTrainer(vocab_size=150, special_tokens=special), "[UNK]")
fast("wordlevel", models.WordLevel(unk_token="[UNK]"), trainers.WordLevelTrainer(special_tokens=special), "[UNK]")
fast("unigram", models.Unigram(), trainers.UnigramTrainer(vocab_size=90, special_tokens=special, unk_token="[UNK]"), "")

text = os.path.join(out, "text.txt")
with open(text, "w") as f:
    f.write("\n".join(words))
for kind, size in (("unigram", 60), ("bpe", 80), ("char", 40), ("word", 30)):
    name = kind + ".tokenizer.model"
    sentencepiece.SentencePieceTrainer.train(input=text, model_prefix=os.path.join(out, kind), model_type=kind, vocab_size=size, byte_fallback=False, pad_id=3, minloglevel=2, hard_vocab_limit=False)
    os.replace(os.path.join(out, kind + ".model"), os.path.join(out, name))
    p = sentencepiece.SentencePieceProcessor(model_file=os.path.join(out, name))
    want[name] = {"type": {"unigram": "Unigram", "bpe": "BPE", "char": "Char", "word": "Word"}[kind], "size": p.get_piece_size(),
                  "unk": p.id_to_piece(p.unk_id()), "bos": p.id_to_piece(p.bos_id()), "eos": p.id_to_piece(p.eos_id()), "pad": p.id_to_piece(p.pad_id())}
with open(os.path.join(out, "want.json"), "w") as f:
    json.dump(want, f, indent=1)
