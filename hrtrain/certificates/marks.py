"""The highest number given per series and year, kept outside the database as well.

After an older backup is restored the database has forgotten numbers that are out in the world;
this file has not. It is raised after the number is committed and before its document is made, so
it covers every number that a document carries, and never one that was not given.
"""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hrtrain.core.files import write_whole

NAME = "certificate-numbers.json"
Marks = dict[str, int]


def highest(folder: Path, series_key: str, year: int) -> int:
    """The highest number known to be given; 0 for none."""
    return _read(folder).get(_entry(series_key, year), 0)


def raise_to(folder: Path, series_key: str, year: int, value: int) -> None:
    """Keep the number if it is the highest yet; on the disk when this returns."""
    merge(folder, {_entry(series_key, year): value})


def merge(folder: Path, others: Marks) -> None:
    """Keep the higher of each mark and the other one (a restore brings those of the backup)."""
    if all(_read(folder).get(entry, 0) >= value for entry, value in others.items()):
        return
    with _locked(folder):
        marks = _read(folder)
        kept = {entry: max(marks.get(entry, 0), value) for entry, value in others.items()}
        text = json.dumps({**marks, **kept}, ensure_ascii=False, indent=1, sort_keys=True)
        write_whole(folder / NAME, text.encode())


def _entry(series_key: str, year: int) -> str:
    return f"{year}/{series_key}"


def _read(folder: Path) -> Marks:
    try:
        marks: Marks = json.loads((folder / NAME).read_text())
    except FileNotFoundError:
        return {}
    return marks


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with (folder / f".{NAME}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
