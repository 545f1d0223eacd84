"""The audit log's entries: appended by every action that changes something."""

from typing import Any

from hrtrain.accounts.models import AuditEntry, User
from hrtrain.core.db import db


def record(
    by: User | None, act: str, subject: tuple[str, str], summary: str, **details: Any
) -> AuditEntry:
    """Add to the audit log, in the current transaction, what was done to the (kind, key)."""
    entry = AuditEntry(
        user_id=by.id if by else None,
        act=act,
        subject_kind=subject[0],
        subject_key=subject[1],
        summary=summary,
        details=details,
    )
    db.session.add(entry)
    db.session.flush()
    return entry
