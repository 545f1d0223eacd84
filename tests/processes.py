"""Real processes for tests, forked: what they need is loaded already, connections are their own."""

from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.context import ForkProcess
from typing import Any

from flask import Flask

from hrtrain.core.db import db
from hrtrain.core.pdf.printing import renderer_for


def start(app: Flask, work: Callable[..., object], *args: Any) -> ForkProcess:
    """A child process that does the work with these arguments; it inherits no connection.

    It ends with the tests at the latest, also where one fails before it asked it to.
    """
    db.session.remove()
    db.engine.dispose()
    process = get_context("fork").Process(target=_child, args=(app, work, *args), daemon=True)
    process.start()
    return process


def _child(app: Flask, work: Callable[..., object], *args: Any) -> None:
    # The parent's printer has one pipe: two processes would read each other's answers.
    renderer_for.cache_clear()
    with app.app_context():
        work(*args)


def ended(process: ForkProcess, seconds: float = 120) -> int | None:
    """The exit code once it has ended, negative for a signal; none if it did not in time."""
    process.join(seconds)
    return process.exitcode
