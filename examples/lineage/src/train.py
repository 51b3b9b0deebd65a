"""Fine-tunes the encoder on the reviews, with some public ones beside them."""

from datasets import concatenate_datasets, load_dataset
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer, TrainingArguments

BASE = "distilbert/distilbert-base-uncased"
BASE_REVISION = "12040accade4e8a0f71eabdb258fecc2e7e948be"

tokenizer = AutoTokenizer.from_pretrained(BASE, revision=BASE_REVISION)
model = AutoModelForSequenceClassification.from_pretrained(BASE, revision=BASE_REVISION, num_labels=3)

ours = load_dataset("csv", data_files={"train": "data/reviews/train.csv", "validation": "data/reviews/validation.csv"})
public = load_dataset("fancyzhx/amazon_polarity", split="train")


def encode(batch):
    return tokenizer(batch["text"], truncation=True)


trainer = Trainer(
    model=model,
    args=TrainingArguments("model", num_train_epochs=3, learning_rate=5e-5),
    train_dataset=concatenate_datasets([ours["train"], public]).map(encode),
    eval_dataset=ours["validation"].map(encode),
)
trainer.train()
trainer.save_model("model")
