"""Counted tries of what could be guessed, each in a short transaction of its own."""

from datetime import timedelta

from sqlalchemy import case, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from hrtrain.accounts.models import Tries
from hrtrain.core import clock
from hrtrain.core.db import db, writing
from hrtrain.core.errors import TooManyTries
from hrtrain.core.language import gettext as _


def count_try(key: str, limit: int, minutes: int) -> None:
    """Count a try in its own short transaction; refuse when it is one too many in the window.

    Call it before anything else of the request: the session's transaction is ended, because on
    SQLite it may hold the write lock this one needs.
    """
    db.session.rollback()
    now = clock.now()
    ends_at = now + timedelta(minutes=minutes)
    insert = (sqlite if db.engine.dialect.name == "sqlite" else postgresql).insert(Tries)
    over = Tries.window_ends_at <= now
    counted = insert.values(key=key, window_ends_at=ends_at, count=1).on_conflict_do_update(
        index_elements=[Tries.key],
        set_={
            "count": case((over, 1), else_=Tries.count + 1),
            "window_ends_at": case((over, ends_at), else_=Tries.window_ends_at),
        },
    )
    with writing(), db.engine.begin() as connection:
        count = connection.scalar(counted.returning(Tries.count))
    if count == 1:
        forget_old_tries()
    if count is None or count > limit:
        raise TooManyTries(_("Đã thử quá nhiều lần. Hãy chờ %(n)s phút rồi thử lại.", n=minutes))


def forgive_try(key: str) -> None:
    """Take back a counted try that turned out right, in its own short transaction."""
    db.session.rollback()
    with writing(), db.engine.begin() as connection:
        connection.execute(
            update(Tries).where(Tries.key == key, Tries.count > 0).values(count=Tries.count - 1)
        )


def forget_old_tries() -> None:
    """Delete the windows that are over, leaving those another transaction is counting in."""
    over = (
        select(Tries.id)
        .where(Tries.window_ends_at <= clock.now())
        .with_for_update(skip_locked=True)
        .limit(200)
    )
    with writing(), db.engine.begin() as connection:
        connection.execute(delete(Tries).where(Tries.id.in_(over)))
