"""Texts to measure on: real log samples where they are at hand, made-up ones anywhere."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"

_NAMES = ("amara okafor", "lucas meyer", "priya nair", "tom hale", "ines duarte", "yuki sato")
_WORDS = (
    "the account was updated after review and the customer asked for a copy of the invoice "
    "before the meeting on monday because shipment of order was late and support had no answer"
).split()


def log_lines(count: int) -> tuple[list[str], str]:
    """``count`` log lines and where they come from: loghub's samples, shuffled, or made up."""
    files = sorted((SHARED / "logs").glob("*.log"))
    if not files:
        return list(made_up_log(count)), "made up"
    lines: list[str] = []
    for path in files:
        lines += [line for line in path.read_text("utf-8", "replace").split("\n") if line]
    random.Random(1).shuffle(lines)
    return lines[:count], "loghub samples"


def made_up_log(count: int, seed: int = 3) -> Iterator[str]:
    """Service log lines of ten shapes; about one in three holds something personal."""
    rng = random.Random(seed)
    for number in range(count):
        stamp = f"2024-03-{1 + number % 28:02d}T{number % 24:02d}:{number % 60:02d}:{rng.randrange(60):02d}.{rng.randrange(1000):03d}Z"
        ip = f"203.0.113.{rng.randrange(256)}"
        name = rng.choice(_NAMES).replace(" ", ".")
        request = f"{rng.getrandbits(64):016x}"
        yield rng.choice(
            (
                f"{stamp} INFO gateway[811]: request id={request} method=GET path=/api/orders/{rng.randrange(10**6)} status=200 ip={ip} dur={rng.randrange(900)}ms",
                f"{stamp} INFO auth[402]: login ok for {name}{rng.randrange(10**4)}@example.com from {ip}",
                f"{stamp} DEBUG worker-{rng.randrange(64)}: job {request} finished in {rng.random():.3f}s, {rng.randrange(10**5)} rows",
                f"{stamp} WARN billing[77]: card 4111111111111111 declined, retry in {rng.randrange(60)}s",
                f"{stamp} INFO scheduler: Running task {rng.randrange(500)}.0 in stage {rng.randrange(90)}.0 (TID {rng.randrange(10**5)})",
                f"{stamp} ERROR mailer[15]: 550 mailbox unavailable queue={request[:8]} size={rng.randrange(10**6)}",
                f"{stamp} DEBUG cache: hit ratio {rng.random():.4f} keys={rng.randrange(10**7)} evicted={rng.randrange(10**4)}",
                f"{stamp} INFO storage: block blk_{rng.getrandbits(60)} written to /data/{rng.randrange(99)}/part-{rng.randrange(10**5):05d}",
                f"{stamp} INFO crm[9]: callback requested phone=+1 212-555-01{rng.randrange(100):02d} ticket={rng.randrange(10**6)}",
                f"{stamp} TRACE kernel: [{rng.randrange(10**6)}.{rng.randrange(10**6):06d}] eth0: link up, 1000Mbps, full-duplex",
            )
        )


def documents(count: int, size: int = 2000) -> tuple[list[str], str]:
    """``count`` documents of about ``size`` characters and where they come from."""
    path = SHARED / "ner" / "ewt.dev.jsonl"
    if path.is_file():
        sentences = [json.loads(line)["text"] for line in path.open(encoding="utf-8")]
        source = "EWT development set"
    else:
        sentences, source = list(_made_up_sentences(count * 30)), "made up"
    made: list[str] = []
    text = ""
    for sentence in sentences:
        text += sentence + " "
        if len(text) >= size:
            made.append(text[:size])
            text = ""
        if len(made) == count:
            break
    return made, source


def _made_up_sentences(count: int) -> Iterator[str]:
    rng = random.Random(5)
    for _ in range(count):
        words = rng.choices(_WORDS, k=14)
        if rng.random() < 0.4:
            words[3] = rng.choice(_NAMES).title()
        if rng.random() < 0.2:
            words.append(f"call 212-555-01{rng.randrange(100):02d}")
        if rng.random() < 0.2:
            words.append(f"write to {rng.choice(_NAMES).replace(' ', '.')}@example.com")
        yield " ".join(words).capitalize() + "."
