import pytest

from redactor.policy.model import FieldRule
from redactor.policy.paths import matches_path

PATHS = [
    ("user.emails[]", "user.emails[]", True), ("user.emails[]", "user.emails", False),
    ("$.user.emails[*]", "user.emails[]", True), ("users[].mail", "users[].mail", True),
    ("users[].mail", "users[].work.mail", False), ("*.mail", "user.mail", True),
    ("*.mail", "a.b.mail", False), ("**.mail", "mail", True), ("**.mail", "a.b[].mail", True),
    ("$..mail", "a.b.mail", True), ("$..mail", "mail", True), ("a.**", "a.b.c", True),
    ("a.**", "a", False), ("a.**.z", "a.z", True), ("a.**.z", "a.b.c.z", True),
    ("user_?", "user_1", True), ("user_?", "user_.", False), ("full[_ -]name", "full name", True),
    ("full[!_]name", "full_name", False), ("A.B", "a.b", True), ("a.b", "axb", False),
    ("[].mail", "[].mail", True), ("**", "a.b", True), ("a[][].x", "a[][].x", True),
]  # fmt: skip


@pytest.mark.parametrize(("glob", "path", "expected"), PATHS)
def test_paths(glob, path, expected):
    assert matches_path(glob, path) is expected


def test_names_and_paths_of_rules():
    assert FieldRule("X", name="mail*").matches("user.mail_work[]")
    assert FieldRule("X", path="**.mail").matches("user.Mail")
    assert not FieldRule("X", path="mail").matches("user.mail")
