"""Which files a run takes and where each redacted copy goes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from redactor.errors import DestinationError, UsageError
from redactor.staging import PREFIX


@dataclass(frozen=True, slots=True)
class Planned:
    """A source, where it goes, and why it cannot be taken (``refusal``), if it cannot.

    ``root``: the output folder, where the destination's name comes from the source's.
    """

    source: Path = field(repr=False)
    destination: Path | None = field(repr=False)
    refusal: str = ""
    root: Path | None = field(default=None, repr=False)


def plan(sources: Sequence[Path], out: Path | None) -> list[Planned]:
    """Every regular file among the sources, folders walked, in a fixed order.

    Symbolic links inside folders are not followed (a loop, or a way out of the folder)
    and come back with a refusal, so that nobody believes them redacted. One file may
    go to a file; several, or a folder, need a folder. The output folder, where it lies
    inside a source folder, is left out.

    Raises:
        UsageError: a source does not exist, or two sources would get one output name.
        DestinationError: several sources and the output is a file.
    """
    for source in sources:
        if not source.exists():
            raise UsageError(f"there is no such file or folder: {source}")
    single = len(sources) == 1 and not sources[0].is_dir()
    if out is None:
        return [Planned(path, None, refusal) for path, _, refusal in _walk(sources, None)]
    if single and not out.is_dir():
        return [Planned(sources[0], out)]
    if out.exists() and not out.is_dir():
        raise DestinationError(f"{out} is a file: several sources need a folder as output")
    planned = [
        Planned(path, out / relative, refusal, out)
        for path, relative, refusal in _walk(sources, out)
    ]
    taken: set[Path] = set()
    for entry in planned:
        assert entry.destination is not None
        if entry.destination in taken:
            raise UsageError(
                f"two sources would both become {entry.destination.name}: redact them apart"
            )
        taken.add(entry.destination)
    return planned


def _walk(sources: Sequence[Path], out: Path | None) -> Iterator[tuple[Path, Path, str]]:
    """(file, path relative to its source folder, refusal), folders in sorted order."""
    skip = out.resolve() if out is not None else None
    for source in sources:
        if not source.is_dir():
            yield source, Path(source.name), ""
            continue
        for place, folders, files in os.walk(source):
            here = Path(place)
            linked = [name for name in folders if (here / name).is_symlink()]
            folders[:] = sorted(
                name
                for name in folders
                if name not in linked and (skip is None or (here / name).resolve() != skip)
            )
            for name in sorted([*files, *linked]):
                path = here / name
                if name.startswith(PREFIX):
                    continue
                refusal = ""
                if path.is_symlink():
                    refusal = "a symbolic link is not followed: name its target as a source"
                elif not path.is_file():
                    refusal = "not a regular file: withheld"
                yield path, path.relative_to(source), refusal
