"""Train the embedded model: a MiniLM-class encoder with a token-classification head.

Real gold text plus generated text, word shape through a four-row token-type embedding, so
that the weights stay a plain ``BertForTokenClassification``. Equal data, encoder, seed and
thread count give an equal model on one machine.
"""

from __future__ import annotations

import hashlib
import json
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from redactor.detection.ner.tokens import Tokeniser
from redactor.errors import StateError
from redactor.quality.generate import generate

ENTITIES = (
    "PERSON", "LOCATION", "ORGANIZATION", "STREET_ADDRESS", "PHONE_NUMBER", "DATE_TIME", "AGE",
    "NRP", "TITLE", "USERNAME", "ID_NUMBER",
)  # fmt: skip
# types that gold text was labelled for; in it any other type hides behind O
GOLD_ENTITIES = ("PERSON", "LOCATION", "ORGANIZATION")
LABELS = ("O", *(f"{part}-{entity}" for entity in ENTITIES for part in "BI"))
_LABEL_ID = {label: number for number, label in enumerate(LABELS)}
_IGNORE = -100  # tokens that are not learnt from
# contracts of SEC FIN5 label the roles of parties as persons and organisations
_ROLES = frozenset({
    "administrative", "agent", "bank", "banks", "borrower", "borrowers", "buyer", "company",
    "employee", "executive", "guarantor", "holder", "issuer", "landlord", "lender", "lenders",
    "parent", "purchaser", "seller", "tenant", "trustee",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the weights. ``window`` is in tokens, special ones included."""

    seed: int = 0
    epochs: float = 1.1
    generated: int = 17500
    batch: int = 32
    window: int = 96
    learning_rate: float = 3e-4
    threads: int = 1


@dataclass(frozen=True, slots=True)
class _Example:
    """A tokenized text; all lists are one entry a token, without special tokens."""

    ids: list[int]
    shapes: list[int]
    labels: list[int]
    gold: bool


def train(data: Path, encoder: Path, out: Path, recipe: Recipe, say: Callable[[str], None]) -> None:
    """Train and write a Hugging Face directory to ``out``.

    Args:
        data: folder of ``*.train.jsonl`` (``{"text", "spans": [[start, end, TYPE]]}``).
        encoder: Hugging Face directory of a BERT-class encoder with ``tokenizer.json``.
        out: folder to make; also gets ``training.json`` (recipe and data hashes).
        recipe: what decides the weights.
        say: takes progress lines.

    Raises:
        StateError: data or encoder are missing, or ``[train]`` is not installed.
    """
    files = sorted(data.glob("*.train.jsonl"))
    if not files or not (encoder / "tokenizer.json").exists():
        raise StateError("training needs *.train.jsonl in --data and tokenizer.json in --encoder")
    try:
        import torch
    except ImportError:
        raise StateError("training needs more packages: pip install 'redactor[train]'") from None
    torch.manual_seed(recipe.seed)
    torch.set_num_threads(recipe.threads)
    tokenizer = Tokeniser(encoder / "tokenizer.json")
    rng = random.Random(recipe.seed)
    real = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    made = list(generate(recipe.generated, recipe.seed))
    model = _model(encoder, recipe.seed)
    steps = int((len(real) * recipe.epochs + len(made)) / recipe.batch)
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.learning_rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / 60) * max(0.0, 1 - step / steps)
    )
    started = time.monotonic()
    model.train()
    batches = _batches(real, made, tokenizer, recipe, rng)
    loss_of = _Loss(torch)
    for step in range(steps):
        inputs, labels, gold = _tensors(next(batches), tokenizer, torch)
        loss = loss_of(model(**inputs).logits, labels, gold)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        if step % 20 == 0:
            say(f"step {step}/{steps} loss {loss.item():.3f} {time.monotonic() - started:.0f} s")
    out.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(out)
    (out / "tokenizer.json").write_bytes((encoder / "tokenizer.json").read_bytes())
    facts = {
        "recipe": asdict(recipe),
        "encoder": _sha256(next(encoder.glob("*.safetensors"))),
        "data": {file.name: _sha256(file) for file in files},
        "steps": steps,
    }
    (out / "training.json").write_text(json.dumps(facts, indent=1) + "\n")


def _model(encoder: Path, seed: int) -> Any:
    """The encoder with a fresh head; its one token-type row becomes four."""
    import torch
    from safetensors.torch import load_file
    from transformers import BertConfig, BertForTokenClassification

    config = BertConfig.from_pretrained(
        str(encoder),
        num_labels=len(LABELS),
        type_vocab_size=4,
        id2label=dict(enumerate(LABELS)),
        label2id=_LABEL_ID,
    )
    model = BertForTokenClassification.from_pretrained(
        str(encoder), config=config, ignore_mismatched_sizes=True
    )
    weights = load_file(next(encoder.glob("*.safetensors")))
    row = next(value for name, value in weights.items() if "token_type_embeddings" in name)[0]
    table = model.bert.embeddings.token_type_embeddings.weight.data
    noise = torch.Generator().manual_seed(seed)
    table[:] = row
    table[1:] += 0.02 * torch.randn(table[1:].shape, generator=noise)
    return model


class _Loss:
    """Cross entropy that knows what gold text leaves open.

    Gold text was labelled for three types only. Where it says O, any type beyond those may
    stand there, and its LOCATION may be an address: the probabilities of all that is possible
    are added up before the logarithm. A small share of plain cross entropy keeps the model
    from calling everything something.
    """

    _PLAIN = 0.25

    def __init__(self, torch: Any) -> None:
        self._torch = torch
        size = len(LABELS)
        exact = torch.eye(size, dtype=torch.bool)
        open_ = exact.clone()
        for entity in ENTITIES:
            if entity not in GOLD_ENTITIES:
                for part in "BI":
                    open_[_LABEL_ID["O"], _LABEL_ID[f"{part}-{entity}"]] = True
        for part in "BI":
            open_[_LABEL_ID[f"{part}-LOCATION"], _LABEL_ID[f"{part}-STREET_ADDRESS"]] = True
            open_[_LABEL_ID["I-LOCATION"], _LABEL_ID[f"{part}-STREET_ADDRESS"]] = True
        self._possible = torch.stack((exact, open_))

    def __call__(self, logits: Any, labels: Any, gold: Any) -> Any:
        """Mean loss.

        ``logits`` [texts, tokens, labels], ``labels`` [texts, tokens], ``gold`` [texts].
        """
        torch = self._torch
        known = labels != _IGNORE
        chances = torch.log_softmax(logits, -1)[known]
        wanted = labels[known]
        kinds = gold.long()[:, None].expand_as(labels)[known]
        possible = self._possible[kinds, wanted]
        open_ = -torch.logsumexp(chances.masked_fill(~possible, float("-inf")), -1)
        plain = -chances.gather(-1, wanted[:, None]).squeeze(-1)
        return ((1 - self._PLAIN) * open_ + self._PLAIN * plain).mean()


def _batches(
    real: Sequence[dict[str, Any]],
    made: Sequence[dict[str, Any]],
    tokenizer: Tokeniser,
    recipe: Recipe,
    rng: random.Random,
) -> Iterator[list[_Example]]:
    """Endless shuffled batches; texts of like length go together to save padding."""
    pool: list[dict[str, Any]] = []
    share = len(made) / (len(made) + len(real) * recipe.epochs)
    waiting: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    while True:
        pool.clear()
        for _ in range(recipe.batch * 8):
            generated = rng.random() < share
            if not waiting[generated]:
                waiting[generated] = list(made if generated else real)
                rng.shuffle(waiting[generated])
            pool.append(waiting[generated].pop())
        examples = [_example(_recased(record, rng), tokenizer, recipe, rng) for record in pool]
        examples.sort(key=lambda example: len(example.ids))
        batches = [examples[at : at + recipe.batch] for at in range(0, len(examples), recipe.batch)]
        rng.shuffle(batches)
        yield from batches


def _recased(record: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    draw, text = rng.random(), record["text"]
    if record.get("source") == "generated" or draw >= 0.14:
        return record
    other = text.lower() if draw < 0.09 else text.upper()
    return {**record, "text": other} if len(other) == len(text) else record


def _example(
    record: dict[str, Any], tokenizer: Tokeniser, recipe: Recipe, rng: random.Random
) -> _Example:
    """Tokenize; of a text longer than the window a random stretch is taken."""
    text = record["text"]
    tokens = tokenizer.encode(text)
    gold = record.get("source") != "generated"
    labels = token_labels(list(zip(tokens.starts, tokens.ends, strict=True)), record["spans"])
    if gold:
        for start, end, _ in record["spans"]:
            if set(text[start:end].lower().split()) <= _ROLES:
                for at, first in enumerate(tokens.starts):
                    if start <= first < end:
                        labels[at] = _IGNORE
    room = recipe.window - 2
    at = rng.randint(0, max(0, len(labels) - room))
    part = slice(at, at + room)
    return _Example(tokens.ids[part], tokens.shapes[part], labels[part], gold)


def token_labels(offsets: Sequence[tuple[int, int]], spans: Sequence[Sequence[Any]]) -> list[int]:
    """BIO label number of each token; spans of other types than ours count as O."""
    labels = []
    started: set[int] = set()
    for start, end in offsets:
        label = "O"
        for number, (first, last, entity) in enumerate(spans):
            if first >= end:
                break
            if start < last and first < end and entity in ENTITIES:
                label = f"{'I' if number in started else 'B'}-{entity}"
                started.add(number)
                break
        labels.append(_LABEL_ID[label])
    return labels


def _tensors(
    batch: Sequence[_Example], tokenizer: Tokeniser, torch: Any
) -> tuple[dict[str, Any], Any, Any]:
    """Inputs of the model, labels [texts, tokens], and which texts are gold [texts]."""
    width = max(len(example.ids) for example in batch) + 2
    first, last = tokenizer.special("[CLS]"), tokenizer.special("[SEP]")
    ids, mask, types, labels = [], [], [], []
    for example in batch:
        fill = width - len(example.ids) - 2
        ids.append([first, *example.ids, last] + [0] * fill)
        mask.append([1] * (width - fill) + [0] * fill)
        types.append([0, *example.shapes, 0] + [0] * fill)
        labels.append([_IGNORE, *example.labels, _IGNORE] + [_IGNORE] * fill)
    inputs = {
        "input_ids": torch.tensor(ids),
        "attention_mask": torch.tensor(mask),
        "token_type_ids": torch.tensor(types),
    }
    return inputs, torch.tensor(labels), torch.tensor([example.gold for example in batch])


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
