"""The public check: a code or a file against what was issued."""

import hashlib
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select

from hrtrain.accounts.models import Tries
from hrtrain.certificates.content import Statement, differing_fields
from hrtrain.certificates.models import Certificate
from hrtrain.certificates.queries.certificates import (
    content_of,
    find_by_code,
    find_by_hash,
    statement_of,
)
from hrtrain.certificates.rules import Verdict, codes_in
from hrtrain.core.db import db
from hrtrain.core.pdf.reading import read_pdf


@dataclass(frozen=True)
class Check:
    """The answer; of an altered file ``differing`` names the fields it says otherwise."""

    verdict: Verdict
    statement: Statement | None = None
    differing: list[str] = field(default_factory=list)


UNKNOWN = Check(Verdict.UNKNOWN)


def check_code(code: str, day: date) -> Check:
    """What is known of a code; absent, malformed and foreign codes answer alike."""
    return _known(find_by_code(code.strip()), day)


def check_file(content: bytes, day: date) -> Check:
    """What is known of a file: only the very bytes issued are genuine.

    A file that carries the code of a certificate but other bytes is altered. Reads the file in a
    child process, outside any transaction.
    """
    found = find_by_hash(hashlib.sha256(content).hexdigest())
    if found is not None:
        return _known(found, day)
    db.session.rollback()
    said = read_pdf(content)
    if said is None:
        return UNKNOWN
    for code in codes_in("\n".join((*said.links, said.text)))[:5]:
        if certificate := find_by_code(code):
            differing = differing_fields(content_of(certificate), said.text)
            return Check(Verdict.ALTERED, statement_of(certificate, day), differing)
    return UNKNOWN


def _known(certificate: Certificate | None, day: date) -> Check:
    if certificate is None:
        return UNKNOWN
    statement = statement_of(certificate, day)
    return Check(statement.verdict, statement)


def is_over_limit(key: str, limit: int, at: datetime) -> bool:
    """Whether the counted tries of the key have reached the limit in the window at hand."""
    counted = select(Tries.count).where(Tries.key == key, Tries.window_ends_at > at)
    return (db.session.scalar(counted) or 0) >= limit
