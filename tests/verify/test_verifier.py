from redactor.values import Locator, Redaction, Span, Unit
from redactor.verify import Verifier, check_text, expected_text

TEXT = "Dear John Smith, call 555-0100-22. John Smith again."


def unit(text=TEXT):
    return Unit("0", text, Locator("text", "0"))


def never(unit, text):
    return False


def redact(*places, replacement="<P>"):
    return [Redaction("0", Span(a, b), replacement, "PERSON") for a, b in places]


def test_expected_text_places_replacements():
    text, spans = expected_text("abcdef", redact((1, 2), (4, 6), replacement="XYZ"))
    assert text == "aXYZcdXYZ"
    assert [text[s.start : s.end] for s in spans] == ["XYZ", "XYZ"]


def check(path, written, redactions, values, permitted=never):
    path.write_text(written)
    with Verifier() as verifier:
        return verifier.check_chunk(
            path, 0, path.stat().st_size, format_name="text", hints={"encoding": "utf-8"},
            units=[unit()], redactions=redactions, values=values, permitted=permitted,
        )  # fmt: skip


def test_a_faithful_copy_passes(tmp_path):
    redactions = redact((5, 15), (35, 45))
    written = "Dear <P>, call 555-0100-22. <P> again."
    report = check(tmp_path / "o", written, redactions, ["John Smith"])
    assert report.passed and report.values == 1


def test_a_writer_that_forgets_one_is_caught_twice(tmp_path):
    redactions = redact((5, 15), (35, 45))
    written = "Dear <P>, call 555-0100-22. John Smith again."
    report = check(tmp_path / "o", written, redactions, ["John Smith"])
    assert len(report.problems) == 2
    assert "John" not in " ".join(report.problems)


def test_a_writer_that_damages_a_neighbour_is_caught(tmp_path):
    written = "Dear <P>, call 555-0100-23. <P> again."
    report = check(tmp_path / "o", written, redact((5, 15), (35, 45)), ["John Smith"])
    assert not report.passed


def test_an_undecided_occurrence_is_a_leak(tmp_path):
    written = "Dear <P>, call 555-0100-22. John Smith again."
    report = check(tmp_path / "o", written, redact((5, 15)), ["John Smith"])
    assert len(report.problems) == 1 and "character 28" in report.problems[0]


def test_what_the_policy_keeps_is_counted_not_a_leak(tmp_path):
    written = "Dear <P>, call 555-0100-22. John Smith again."
    report = check(
        tmp_path / "o", written, redact((5, 15)), ["John Smith"], lambda u, t: t == "John Smith"
    )
    assert report.passed and report.kept == 1


def test_our_own_replacement_is_no_leak(tmp_path):
    redactions = redact((5, 15), replacement="555-0100-22")
    written = "Dear 555-0100-22, call 555-0100-22. John Smith again."
    report = check(tmp_path / "o", written, redactions, ["555-0100-22"])
    assert len(report.problems) == 1  # the original number, not the replacement


def test_a_dead_verifier_withholds(tmp_path):
    path = tmp_path / "o"
    path.write_text(TEXT)
    with Verifier() as verifier:
        arguments = dict(
            format_name="text", hints={"encoding": "utf-8"}, units=[unit()], redactions=[],
            values=[], permitted=never,
        )  # fmt: skip
        assert verifier.check_chunk(path, 0, len(TEXT), **arguments).passed
        verifier._process.kill()
        verifier._process.wait()
        assert "died" in verifier.check_chunk(path, 0, len(TEXT), **arguments).problems[0]


def test_unreadable_output_withholds(tmp_path):
    path = tmp_path / "o"
    path.write_bytes(b'{"a": ')
    with Verifier() as verifier:
        report = verifier.check_chunk(
            path, 0, 6, format_name="json", hints={}, units=[], redactions=[], values=[],
            permitted=never,
        )  # fmt: skip
    assert "read back" in report.problems[0]


def test_check_text_sees_a_leak():
    redactions = redact((5, 15))
    text, _ = expected_text(TEXT, redactions)
    assert not check_text(unit(), text, redactions, ["John Smith"], never).passed
    assert check_text(unit(), text, redactions, ["555-9999-99"], never).passed
