"""A zip that knows its own hash: any flipped byte, wherever, is noticed before anything is read.

The archive's comment, its last 64 bytes, is the SHA-256 of everything before it. It stays an
ordinary zip for every other program.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hrtrain.core.errors import Refusal

MANIFEST = "manifest.json"
_LENGTH = 64
_BLOCK = 1024 * 1024


class Writer:
    """Writes the members of a sealed archive and remembers what each hashes to."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.files: dict[str, dict[str, Any]] = {}

    def add(self, name: str, parts: Iterable[bytes]) -> None:
        """Write a member from its parts."""
        digest, size, count = hashlib.sha256(), 0, 0
        with self._archive.open(name, "w", force_zip64=True) as file:
            for part in parts:
                file.write(part)
                digest.update(part)
                size, count = size + len(part), count + 1
        self.files[name] = {"sha256": digest.hexdigest(), "size": size, "parts": count}

    def finish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest, with every member's hash in it, as the last member."""
        text = json.dumps({**manifest, "files": self.files}, ensure_ascii=False, indent=1)
        self._archive.writestr(MANIFEST, text)


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """A new archive, readable by its owner alone, in place only when it is whole and sealed."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive:
                yield Writer(archive)
                archive.comment = b"0" * _LENGTH
            file.flush()
            _seal(draft)
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _seal(path: Path) -> None:
    digest = _digest(path)
    with path.open("r+b") as file:
        file.seek(-_LENGTH, os.SEEK_END)
        file.write(digest)


def _digest(path: Path) -> bytes:
    digest, left = hashlib.sha256(), path.stat().st_size - _LENGTH
    with path.open("rb") as file:
        while left > 0 and (block := file.read(min(left, _BLOCK))):
            digest.update(block)
            left -= len(block)
    return digest.hexdigest().encode()


class Reader:
    """The members of a sealed archive that was found whole."""

    def __init__(self, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
        self._archive, self.manifest = archive, manifest
        self.files: dict[str, dict[str, Any]] = manifest["files"]

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a member."""
        with self._archive.open(name) as file:
            yield from file

    def read(self, name: str) -> bytes:
        """The bytes of a member."""
        return self._archive.read(name)


@contextmanager
def reading(path: Path) -> Iterator[Reader]:
    """An archive sealed by `writing`; refused when a single byte of it is not as it was."""
    try:
        _refuse_unless_sealed(path)
        with zipfile.ZipFile(path) as archive:
            reader = Reader(archive, json.loads(archive.read(MANIFEST)))
            _refuse_unless_whole(path, archive, reader)
            yield reader
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise Refusal(f"is no backup, or a damaged one ({error})", where=str(path)) from error


def _refuse_unless_sealed(path: Path) -> None:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LENGTH))
        if file.read() != _digest(path):
            raise Refusal("is no backup, or a damaged one: its hash is another", where=str(path))


def _refuse_unless_whole(path: Path, archive: zipfile.ZipFile, reader: Reader) -> None:
    if {*reader.files, MANIFEST} != set(archive.namelist()):
        raise Refusal("holds other files than its manifest says", where=str(path))
