"""Recognition of pages made here: upright, turned, skewed, speckled; boxes lie on the words."""

import random

import pytest
from PIL import Image, ImageDraw, ImageFont

from redactor import ocr
from redactor.errors import StateError
from redactor.ocr import languages
from redactor.ocr.prepare import prepare, skew

LINES = [
    "Dear Mr. Zebulon Quartermaine,",
    "thank you for your call on Tuesday. The account",
    "number is 987654329 and the letter was sent to",
    "12 Harbour Street in Springfield last week.",
    "Please answer before the end of the month.",
    "Kind regards, the customer service team",
]


@pytest.fixture(scope="module")
def page():
    image = Image.new("L", (1240, 900), 255)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(32)
    for number, line in enumerate(LINES):
        draw.text((90, 80 + number * 90), line, 0, font=font)
    return image


@pytest.fixture(scope="module")
def recogniser():
    pytest.importorskip("tesserocr")
    found = ocr.load()
    assert found is not None
    return found


def seen(words):
    return " ".join(word.text for word in words)


def ink_outside(image, words):
    """Share of dark pixels that lie in no word's box (2 pixels of margin)."""
    import numpy as np

    dark = np.asarray(image) < 120
    for word in words:
        left, top, right, bottom = word.box
        dark[int(top) - 3 : int(bottom) + 4, int(left) - 3 : int(right) + 4] = False
    return dark.sum() / max((np.asarray(image) < 120).sum(), 1)


def test_words_and_boxes(page, recogniser):
    words = recogniser.recognise(page, "en")
    text = seen(words)
    for line in LINES:
        for word in line.split():
            assert word in text
    assert ink_outside(page, words) < 0.01
    assert len({word.line for word in words}) == len(LINES)
    assert all(0.5 < word.confidence <= 1 for word in words)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_turned_pages(page, recogniser, turn):
    if languages.orientation_model() is None:
        pytest.skip("no orientation model installed")
    turned = page.rotate(turn, expand=True)
    words = recogniser.recognise(turned, "en")
    assert "Quartermaine," in seen(words) and "987654329" in seen(words)
    assert ink_outside(turned, words) < 0.03


@pytest.mark.parametrize("angle", [-4.0, 2.5])
def test_skewed_pages(page, recogniser, angle):
    skewed = page.rotate(angle, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    assert abs(skew(skewed) + angle) < 0.35
    words = recogniser.recognise(skewed, "en")
    assert "Quartermaine," in seen(words)
    assert ink_outside(skewed, words) < 0.03


def test_specks_and_small_pictures(page, recogniser):
    rng = random.Random(1)
    dusty = page.copy()
    for _ in range(9000):
        dusty.putpixel((rng.randrange(page.width), rng.randrange(page.height)), 0)
    assert "Quartermaine," in seen(recogniser.recognise(dusty, "en"))
    small = page.resize((page.width // 2, page.height // 2))
    words = recogniser.recognise(small, "en")
    assert "Quartermaine," in seen(words)
    assert max(word.box[2] for word in words) <= small.width


def test_modes_and_empty_pictures(page, recogniser):
    assert "Quartermaine," in seen(recogniser.recognise(page.convert("1"), "en"))
    clear = Image.new("RGBA", page.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=page.point(lambda value: 255 - value))
    assert "Quartermaine," in seen(recogniser.recognise(clear, "en"))
    assert list(recogniser.recognise(Image.new("L", (600, 400), 255), "en")) == []


def test_the_way_back_is_exact():
    image = Image.new("L", (1200, 700), 255)
    for turn in (0, 90, 180, 270):
        prepared = prepare(image, turn)
        corners = {
            tuple(round(value) for value in prepared.back(point))
            for point in ((0, 0), (prepared.image.width, prepared.image.height))
        }
        assert corners in ({(0, 0), (1200, 700)}, {(1200, 0), (0, 700)})


def test_a_missing_language_is_told(recogniser):
    with pytest.raises(StateError, match="tessdata-fast-xxx"):
        recogniser.recognise(Image.new("L", (1200, 700), 255), "xxx")


def test_which_one_is_taken(monkeypatch):
    monkeypatch.setenv("REDACTOR_OCR", "magic")
    with pytest.raises(StateError, match="magic"):
        ocr.load()
