"""The log of who was shown whom: noted in memory with the answer, written a moment later.

Reading must not wait for the write lock, so a page only puts its entry into a queue; a thread of
the process writes what waits, once a second at most, in a short transaction of its own. When the
lock is held the entries wait on and none is dropped. A process that ends by itself, by Ctrl-C or by
a server's orderly stop writes what waits first; one that is killed outright, or loses power, may
lose what its pages showed in the last second. An export is noted in the audit log as well, in the
transaction of its request.
"""

import atexit
import logging
import os
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock, Thread
from typing import Any

from flask import Flask, current_app
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from hrtrain.core import clock
from hrtrain.core.db import db, writing
from hrtrain.people.models import Person
from hrtrain.privacy.models import DataAccess, DataAccessPerson

EXTENSION = "hrtrain.access_log"
PAUSE_SECONDS = 1.0
AT_ONCE = 500
LAST_TRIES = 20

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Access:
    """One page, print or file that somebody was given."""

    what: str
    purpose: str
    user_id: int | None = None
    subject: str = ""
    person_id: int | None = None
    filters: dict[str, Any] = field(default_factory=dict)
    shown_count: int | None = None
    # Numbers, and keys where a page knows no more.
    person_ids: tuple[int | str, ...] = ()
    reason: str = ""
    at: datetime = field(default_factory=clock.now)


class AccessLog:
    """What waits to be written in this process, and the thread that writes it."""

    def __init__(self, app: Flask, *, has_thread: bool) -> None:
        self.app, self.has_thread = app, has_thread
        self.waiting: deque[Access] = deque()
        self.starting, self.writing = Lock(), Lock()
        self.stop = Event()
        self.process = 0

    def note(self, access: Access) -> None:
        """Let the entry wait to be written; returns at once."""
        if self.has_thread and self.process != os.getpid():
            self._start()
        self.waiting.append(access)

    def _start(self) -> None:
        with self.starting:
            if self.process == os.getpid():
                return
            # After a fork: what waits here waits in the parent too, whose it is.
            self.waiting.clear()
            self.writing, self.stop, self.process = Lock(), Event(), os.getpid()
            Thread(target=self._run, name="access-log", daemon=True).start()
            atexit.register(self.close)

    def _run(self) -> None:
        while not self.stop.wait(PAUSE_SECONDS):
            self._try_to_write()

    def _try_to_write(self) -> bool:
        try:
            with self.app.app_context():
                self.flush()
        except Exception:
            log.exception("The log of accesses could not be written; it waits on")
        return not self.waiting

    def close(self) -> None:
        """Write what waits before the process ends; told when it could not be."""
        self.stop.set()
        for _try in range(LAST_TRIES):
            if self._try_to_write():
                return
        log.error("%d entries of the log of accesses are lost", len(self.waiting))

    def flush(self) -> int:
        """Write what waits now; how many entries. A held lock leaves them waiting."""
        written = 0
        with self.writing:
            while self.waiting:
                some = [self.waiting.popleft() for _n in range(min(AT_ONCE, len(self.waiting)))]
                try:
                    write(some)
                except BaseException:
                    self.waiting.extendleft(reversed(some))
                    raise
                written += len(some)
        return written


def set_up(app: Flask, *, has_thread: bool = True) -> None:
    """Give the application its log."""
    app.extensions[EXTENSION] = AccessLog(app, has_thread=has_thread)


def access_log() -> AccessLog:
    """The application's log."""
    found: AccessLog = current_app.extensions[EXTENSION]
    return found


def write(entries: Sequence[Access]) -> None:
    """The entries in one short transaction; one that names what is gone is told and left out."""
    try:
        with writing(), db.engine.begin() as connection:
            _insert(connection, entries)
    except IntegrityError:
        if len(entries) == 1:
            log.warning("An access to %s names somebody who is gone", entries[0].what)
            return
        for entry in entries:
            write([entry])
    except OperationalError:
        log.info("The database is busy; %d accesses wait to be written", len(entries))
        raise


def _insert(connection: Connection, entries: Sequence[Access]) -> None:
    columns = (
        *("at", "user_id", "purpose", "what", "subject", "person_id"),
        *("filters", "shown_count", "reason"),
    )
    rows = [{name: getattr(entry, name) for name in columns} for entry in entries]
    for entry, row in zip(entries, rows, strict=True):
        made = connection.execute(insert(DataAccess).values(row).returning(DataAccess.id))
        _insert_people(connection, made.scalar_one(), entry.person_ids)


def _insert_people(connection: Connection, access_id: int, shown: Iterable[int | str]) -> None:
    ids = {one for one in shown if isinstance(one, int)}
    keys = [one for one in shown if isinstance(one, str)]
    for start in range(0, len(keys), AT_ONCE):
        some = Person.key.in_(keys[start : start + AT_ONCE])
        ids.update(connection.execute(select(Person.id).where(some)).scalars())
    rows = [{"access_id": access_id, "person_id": one} for one in sorted(ids)]
    if rows:
        connection.execute(insert(DataAccessPerson), rows)
