"""Every test gets a state folder of its own and no network."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED_DATA = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def new_state(tmp_path_factory):
    """A context manager that gives a fresh state folder; compiled rules are shared by all.

    Compiling a law's rules takes ten seconds.
    """
    automata = tmp_path_factory.mktemp("automata")

    @contextmanager
    def make():
        home = tmp_path_factory.mktemp("state")
        cache = home / "cache"
        for folder in (home, cache):
            folder.mkdir(mode=0o700, exist_ok=True)
            folder.chmod(0o700)
        for path in automata.glob("*.hs"):
            os.link(path, cache / path.name)
        try:
            yield home
        finally:
            for path in cache.glob("*.hs"):
                if not (automata / path.name).exists():
                    os.link(path, automata / path.name)

    return make


@pytest.fixture(autouse=True)
def state_folder(new_state, monkeypatch):
    """A fresh ``REDACTOR_HOME``."""
    with new_state() as home:
        monkeypatch.setenv("REDACTOR_HOME", str(home))
        for name in [name for name in os.environ if name.startswith("REDACTOR_KEY")]:
            monkeypatch.delenv(name)
        yield home


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Nothing in the product may call out; connections fail loudly."""

    def refuse(self, address):
        if self.family == socket.AF_UNIX:
            return original(self, address)
        raise AssertionError("a test tried to reach the network")

    original = socket.socket.connect
    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.fixture
def cli(tmp_path, state_folder):
    """Run the command line in a real process; returns the completed process (bytes)."""

    def run(*arguments, stdin=b"", code=None, env=None, cwd=None):
        done = subprocess.run(
            [sys.executable, "-m", "redactor.cli.main", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            env={**os.environ, **(env or {})},
            cwd=cwd or tmp_path,
            timeout=280,
        )
        if code is not None:
            assert done.returncode == code, (
                done.returncode,
                done.stdout[-2000:],
                done.stderr[-2000:],
            )
        return done

    return run
