import os

import pytest

from redactor.errors import DestinationError, UsageError
from redactor.plan import plan


@pytest.fixture
def tree(tmp_path):
    source = tmp_path / "in"
    (source / "b").mkdir(parents=True)
    (source / "a.txt").write_text("a")
    (source / "b" / "c.csv").write_text("c")
    return source


def names(planned, out):
    return [
        (p.source.name, p.destination.relative_to(out).as_posix(), bool(p.refusal)) for p in planned
    ]


def test_a_folder_keeps_its_shape(tree, tmp_path):
    out = tmp_path / "out"
    assert names(plan([tree], out), out) == [
        ("a.txt", "a.txt", False),
        ("c.csv", "b/c.csv", False),
    ]


def test_links_are_refused_not_followed(tree, tmp_path):
    os.symlink(tree, tree / "loop")
    os.symlink(tree / "a.txt", tree / "z.txt")
    refused = [p.source.name for p in plan([tree], tmp_path / "out") if p.refusal]
    assert refused == ["loop", "z.txt"]


def test_a_fifo_is_refused(tree, tmp_path):
    os.mkfifo(tree / "pipe")
    assert [p.source.name for p in plan([tree], tmp_path / "out") if p.refusal] == ["pipe"]


def test_the_output_inside_the_source_is_left_out(tree):
    out = tree / "out"
    out.mkdir()
    (out / "old.txt").write_text("redacted before")
    assert [p.source.name for p in plan([tree], out)] == ["a.txt", "c.csv"]


def test_one_file_to_a_file_or_into_a_folder(tree, tmp_path):
    assert plan([tree / "a.txt"], tmp_path / "x.txt")[0].destination == tmp_path / "x.txt"
    assert plan([tree / "a.txt"], tmp_path)[0].destination == tmp_path / "a.txt"


def test_two_sources_never_share_a_name(tree, tmp_path):
    other = tmp_path / "a.txt"
    other.write_text("x")
    with pytest.raises(UsageError, match="both become"):
        plan([tree / "a.txt", other], tmp_path / "out")


def test_several_sources_need_a_folder(tree, tmp_path):
    file = tmp_path / "f"
    file.write_text("x")
    with pytest.raises(DestinationError, match="folder"):
        plan([tree], file)


def test_a_missing_source(tmp_path):
    with pytest.raises(UsageError, match="no such"):
        plan([tmp_path / "nothing"], None)
