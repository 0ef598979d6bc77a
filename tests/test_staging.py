import errno
import os

import pytest

from redactor.errors import DestinationError
from redactor.staging import PREFIX, StagedFile


def test_nothing_under_the_name_until_release(tmp_path):
    target = tmp_path / "out.txt"
    with StagedFile(tmp_path, "item") as staged:
        staged.write(b"redacted")
        staged.sync()
        assert not target.exists()
        assert staged.path.stat().st_mode & 0o077 == 0
        staged.release(target, overwrite=False)
    assert [p.name for p in tmp_path.iterdir()] == ["out.txt"]
    assert target.read_bytes() == b"redacted"


def test_failure_leaves_nothing(tmp_path):
    with pytest.raises(RuntimeError), StagedFile(tmp_path, "item") as staged:
        staged.write(b"half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_name_taken_meanwhile_is_not_overwritten(tmp_path):
    target = tmp_path / "out.txt"
    with StagedFile(tmp_path, "item") as staged:
        staged.sync()
        target.write_text("somebody else's")
        with pytest.raises(DestinationError, match="--overwrite"):
            staged.release(target, overwrite=False)
    assert target.read_text() == "somebody else's"
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(PREFIX)]


def test_file_system_without_hard_links(tmp_path, monkeypatch):
    def no_links(*args):
        raise OSError(errno.EPERM, "not permitted")

    monkeypatch.setattr(os, "link", no_links)
    with StagedFile(tmp_path, "item") as staged:
        staged.write(b"x")
        staged.sync()
        staged.release(tmp_path / "out", overwrite=False)
    assert (tmp_path / "out").read_bytes() == b"x"


def test_full_disk_is_a_plain_sentence(tmp_path):
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full on this system")
    staged = StagedFile(tmp_path, "item")
    os.dup2(os.open("/dev/full", os.O_WRONLY), staged._file.fileno())
    staged.write(b"x" * 10)
    with pytest.raises(DestinationError, match="disk is full"):
        staged.sync()
    staged.discard()
    assert list(tmp_path.iterdir()) == []


def test_missing_folder(tmp_path):
    with pytest.raises(DestinationError, match="cannot be written"):
        StagedFile(tmp_path / "no", "item")
