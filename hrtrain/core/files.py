"""Files kept for good under the SHA-256 of their bytes: written once, never changed."""

import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session

from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _


class FileStore:
    """The files of one folder, spread by the first two digits of their hash."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, sha256: str) -> Path:
        """Where the file of this hash lies, whether it is there or not."""
        if not re.fullmatch(r"[0-9a-f]{64}", sha256):
            raise ValueError(f"no SHA-256: {sha256!r}")
        return self.folder / sha256[:2] / sha256

    def keep(self, content: bytes) -> str:
        """Write the bytes, on the disk before this returns; their hash."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self.path(sha256)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, content)
        return sha256

    def read(self, sha256: str) -> bytes:
        """The bytes; refuses when they are gone or are no longer the ones kept."""
        try:
            content = self.path(sha256).read_bytes()
        except FileNotFoundError:
            raise Refusal(_("Tệp đã lưu không còn trong kho.")) from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise Refusal(_("Tệp đã lưu bị hỏng: nội dung không khớp mã SHA-256."))
        return content


def write_whole(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Put the file in place whole or not at all, also when the power fails."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


_LEFT_OVER = "files.left_over"


def delete_when_committed(paths: Iterable[Path]) -> None:
    """Delete the files once the session's transaction is committed; not at all if it is not."""
    db.session.info.setdefault(_LEFT_OVER, []).extend(paths)


@event.listens_for(db.session, "after_commit")
def _delete_left_over(session: Session) -> None:
    # A savepoint that is let go commits nothing yet.
    if not session.in_nested_transaction():
        for path in session.info.pop(_LEFT_OVER, []):
            path.unlink(missing_ok=True)


@event.listens_for(db.session, "after_rollback")
def _keep_left_over(session: Session) -> None:
    session.info.pop(_LEFT_OVER, None)
