"""What is done to sealed reports: they are made, and restated. Nothing changes or deletes one."""

import time
from datetime import datetime

from sqlalchemy import text

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import db, lock, writing
from hrtrain.core.errors import Refusal
from hrtrain.core.formats import day as day_text
from hrtrain.core.language import gettext as _
from hrtrain.coverage.seals.facts import plain_rules
from hrtrain.coverage.seals.models import Seal
from hrtrain.coverage.seals.queries import Frozen, find_seal, replacing
from hrtrain.coverage.spans import RULE_VERSION


def settled_instant() -> datetime:
    """An instant up to which all that was recorded is committed; ends the transaction.

    Who is writing has recorded before he commits: not seen by a count in between, such a fact would
    be seen when the same instant is counted again. So whoever writes now is waited for, without
    keeping anybody from writing.
    """
    instant = clock.now()
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        _wait_on_postgresql()
    else:
        with writing():
            db.session.connection()
    db.session.rollback()
    return instant


def _wait_on_postgresql() -> None:
    # A number of our own is higher than that of whoever is writing.
    mine = db.session.scalar(_MINE)
    db.session.rollback()
    patience = time.monotonic() + PATIENCE
    while db.session.scalar(_OLDEST) < mine:
        if time.monotonic() > patience:
            raise Refusal(_("Hệ thống đang ghi nhiều dữ liệu. Hãy chốt lại sau ít phút."))
        time.sleep(0.05)


PATIENCE = 20.0
"""Seconds that the end of other people's writing is waited for."""
_MINE = text("SELECT pg_current_xact_id()::text::bigint")
_OLDEST = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")


def seal(key: str, frozen: Frozen, *, title: str, note: str, by: User | None) -> Seal:
    """Keep what is frozen for good; the one already made with this key, when sent twice."""
    lock(frozen.programme)
    return find_seal(key) or _made(key, frozen, title, note, None, by=by)


def restate(old: Seal, key: str, frozen: Frozen, *, note: str, by: User | None) -> Seal:
    """A new version of the seal with what is known now, beside the old one, which stays.

    Refused where the seal was restated before: its newest version is what is restated.
    """
    lock(old.programme)
    newer = replacing(old)
    if newer is not None and newer.key == key:
        return newer
    if newer is not None:
        raise Refusal(_("Báo cáo này đã được lập lại (bản %(version)s).", version=newer.version))
    return _made(key, frozen, old.title, note, old, by=by)


def _made(
    key: str, frozen: Frozen, title: str, note: str, old: Seal | None, *, by: User | None
) -> Seal:
    sought = frozen.sought
    made = Seal(
        key=key,
        programme_id=frozen.programme.id,
        unit_id=frozen.unit_id,
        as_of=sought.as_of,
        known_at=frozen.known_at,
        title=title,
        note=note,
        made_at=clock.now(),
        made_by_id=by.id if by else None,
        rule_version=RULE_VERSION,
        rules=plain_rules(frozen.rules),
        inputs_hash=frozen.inputs_hash,
        packed=frozen.packed,
        content_sha256=frozen.sha256,
        replaces_id=old.id if old else None,
        version=old.version + 1 if old else 1,
    )
    db.session.add(made)
    db.session.flush()
    act = "coverage.restated" if old else "coverage.sealed"
    day = day_text(sought.as_of)
    said = (
        _("Lập lại số liệu ngày %(day)s", day=day)
        if old
        else _("Chốt số liệu ngày %(day)s", day=day)
    )
    record(by, act, ("seal", key), said, sha256=made.content_sha256, unit=sought.unit)
    return made
