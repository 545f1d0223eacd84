"""Opens a data package, a folder or a zip, and gives its files' rows; guards against bad ones.

Nothing is ever unpacked to disk: members of a zip are read as streams, by name.
"""

import csv
import json
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path, PurePosixPath
from typing import IO

from hrtrain.core.errors import Refusal
from hrtrain.exchange.complaints import Complaints
from hrtrain.exchange.layout import SHEETS, Sheet

DESCRIPTOR = "datapackage.json"
# A package of a whole country inflates to about 1 GB; beyond it is an accident or a bomb.
LARGEST = 2 * 1024**3
# Tables of a package shrink ten- to thirtyfold; a bomb a thousandfold.
STEEPEST = 250
_KNOWN = {sheet.file: sheet for sheet in SHEETS}
# What a damaged zip, or one packed in an unheard-of way, raises when it is read.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    EOFError,
    OSError,
)


@dataclass
class Package:
    """The files of a package by sheet; ``open`` gives a file's bytes."""

    open: Callable[[str], IO[bytes]]
    files: dict[str, str] = field(default_factory=dict)

    def rows(self, sheet: Sheet, complaints: Complaints) -> Iterator[tuple[int, list[str]]]:
        """The rows of a sheet with their numbers, the header first; none when it has no file.

        Numbers are a spreadsheet's: the header is row 1 and a blank row counts. What is no
        UTF-8 or no CSV ends the file with a complaint.
        """
        if sheet.name not in self.files:
            return
        number = 0
        try:
            for number, row in enumerate(csv.reader(self._text(sheet), strict=True), start=1):
                if row:
                    yield number, row
        except UnicodeDecodeError as error:
            reason = f"is not UTF-8 (byte {error.object[error.start]:#04x})"
            complaints.add(sheet.file, self._first_bad_row(sheet), "", reason)
        except (csv.Error, *_DAMAGED) as error:
            complaints.add(sheet.file, number + 1, "", f"cannot be read: {error}")

    def _text(self, sheet: Sheet, errors: str = "strict") -> Iterator[str]:
        with self.open(self.files[sheet.name]) as raw:
            yield from TextIOWrapper(raw, encoding="utf-8-sig", errors=errors, newline="")

    def _first_bad_row(self, sheet: Sheet) -> int:
        """Which row is no UTF-8: decoding runs ahead of the rows, so it is looked for anew."""
        number = 0
        try:
            for number, row in enumerate(csv.reader(self._text(sheet, "surrogateescape")), start=1):
                if any("\udc80" <= letter <= "\udcff" for cell in row for letter in cell):
                    return number
        except csv.Error:
            return number + 1
        return 0


@contextmanager
def opened(path: Path) -> Iterator[Package]:
    """The package at a path. Refuses what is neither a folder nor a zip of the known files."""
    if path.is_dir():
        names = [entry.name for entry in path.iterdir() if entry.is_file()]
        package = Package(lambda name: _inside(path, name).open("rb"))
        package.files = _placed(names, package.open)
        yield package
    elif path.is_file() and zipfile.is_zipfile(path):
        with _archive(path) as archive:
            names = _members(archive)
            package = Package(archive.open)
            package.files = _placed(names, package.open)
            yield package
    else:
        raise Refusal("is neither a folder nor a zip file", where=str(path))


def _archive(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (ValueError, *_DAMAGED) as error:
        raise Refusal(f"is no zip file that can be read: {error}", where=str(path)) from error


def _inside(folder: Path, name: str) -> Path:
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise Refusal("points outside the package", where=name)
    return path


def _members(archive: zipfile.ZipFile) -> list[str]:
    """The names of the files of a zip, after a look at what they would inflate to."""
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > 1000 or sum(info.file_size for info in infos) > LARGEST:
        raise Refusal(f"inflates to more than {LARGEST} bytes or 1000 files", where="zip")
    for info in infos:
        parts = PurePosixPath(info.filename.replace("\\", "/")).parts
        if ".." in parts or parts[:1] == ("/",) or ":" in info.filename:
            raise Refusal("points outside the package", where=info.filename)
        if info.flag_bits & 1:
            raise Refusal("is encrypted", where=info.filename)
        if info.file_size > STEEPEST * max(info.compress_size, 4096):
            raise Refusal("is packed too tightly to be a table", where=info.filename)
    return [info.filename for info in infos]


def _placed(names: list[str], open_file: Callable[[str], IO[bytes]]) -> dict[str, str]:
    """Which file holds which sheet: as `datapackage.json` says, else by the file's own name."""
    root = _root(names)
    here = {name[len(root) :]: name for name in names if name.startswith(root)}
    placed: dict[str, str] = {}
    if DESCRIPTOR in here:
        placed = _described(here, open_file)
    taken = set(placed.values())
    for name, place in here.items():
        if "/" in name or not name.lower().endswith(".csv") or place in taken:
            continue
        sheet = _KNOWN.get(name)
        if sheet is None:
            raise Refusal("is no file of a data package", where=name)
        placed.setdefault(sheet.name, place)
    if not placed:
        raise Refusal("holds no file of a data package", where="package")
    return placed


def _root(names: list[str]) -> str:
    """The folder inside a zip that holds the package: its only one, when nothing lies beside."""
    if any(name in _KNOWN or name == DESCRIPTOR for name in names):
        return ""
    folders = {name.split("/", 1)[0] for name in names if "/" in name}
    wanted = [f for f in folders if any(_known_in(name, f) for name in names)]
    return f"{wanted[0]}/" if len(wanted) == 1 else ""


def _known_in(name: str, folder: str) -> bool:
    inner = name.removeprefix(f"{folder}/")
    return inner != name and (inner in _KNOWN or inner == DESCRIPTOR)


def _described(here: dict[str, str], open_file: Callable[[str], IO[bytes]]) -> dict[str, str]:
    try:
        with open_file(here[DESCRIPTOR]) as raw:
            described = json.loads(raw.read(16 * 1024 * 1024))
        resources = [(str(r["name"]), r["path"]) for r in described["resources"]]
    except _DAMAGED as error:
        raise Refusal(f"cannot be read: {error}", where=DESCRIPTOR) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        reason = "is no description of a data package: a list of resources with name and path"
        raise Refusal(reason, where=DESCRIPTOR) from error
    placed: dict[str, str] = {}
    sheets = {sheet.name for sheet in SHEETS}
    for name, path in resources:
        if not isinstance(path, str) or "://" in path or path.startswith("/"):
            raise Refusal(f"the path of {name!r} is no file of the package", where=DESCRIPTOR)
        if ".." in PurePosixPath(path).parts:
            raise Refusal(f"the path of {name!r} points outside the package", where=DESCRIPTOR)
        # Other programs name a resource as they like: then the file's own name says what it is.
        sheet = name if name in sheets else path.removesuffix(".csv")
        if sheet not in sheets:
            raise Refusal(f"{name!r} is no resource of an hrtrain package", where=DESCRIPTOR)
        # A file that is named but absent holds no rows, like one that is not named.
        if path in here:
            placed[sheet] = here[path]
    return placed
