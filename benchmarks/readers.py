"""A process of its own that asks the dashboard's figures all the time while others write."""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask

from benchmarks.engine_reads import DAY
from benchmarks.timing import asking, took
from hrtrain.core.db import db
from hrtrain.coverage.queries import Question, standings
from hrtrain.factory import create_app
from tests.conftest import settings_for

SETTLING, PAUSE = 2.0, 0.005
SPAWN: Any = multiprocessing.get_context("spawn")
Sample = tuple[float, float]
"""When a question was asked, by the clock, and the milliseconds it took."""


def open_app(url: str, folder: Path) -> Flask:
    """An application over a database that is there."""
    return create_app(settings_for(url, folder), {"TESTING": True})


class Reader:
    """Asks from entering to leaving; `during` marks the time of a write."""

    def __init__(self, app: Flask) -> None:
        with app.app_context():
            self.url = db.engine.url.render_as_string(hide_password=False)
        self.writes: list[Sample] = []
        self.samples: list[Sample] = []

    def __enter__(self) -> "Reader":
        self.told, there = SPAWN.Pipe()
        self.process = SPAWN.Process(target=_ask, args=(self.url, there))
        self.process.start()
        self.told.recv()
        time.sleep(SETTLING)
        return self

    def __exit__(self, *_error: object) -> None:
        self.told.send("stop")
        self.samples = self.told.recv()
        self.process.join(20)

    @contextmanager
    def during(self) -> Iterator[None]:
        """The time of a write, with as much rest after it that readers are seen alone, too."""
        began = time.time()
        yield
        self.writes.append((began, time.time()))
        time.sleep(SETTLING)

    def medians(self) -> Sample:
        """Milliseconds of a question while nobody writes, and while somebody does."""
        amid = [ms for at, ms in self.samples if self._is_amid(at, ms)]
        apart = [ms for at, ms in self.samples if not self._is_amid(at, ms)]
        return median(apart), median(amid)

    def _is_amid(self, at: float, ms: float) -> bool:
        return any(began < at + ms / 1000 and at < ended for began, ended in self.writes)


def _ask(url: str, told: Connection) -> None:
    app = open_app(url, Path("/tmp"))
    samples: list[Sample] = []
    told.send("ready")
    while not told.poll():
        with asking(app):
            samples.append((time.time(), took(lambda: standings(Question(None, DAY)))))
        time.sleep(PAUSE)
    told.send(samples)
