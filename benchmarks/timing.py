"""Times taken in turns, and the lines that tell them beside their goals."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from statistics import median

from flask import Flask

from hrtrain.core.db import db, reading

Act = Callable[[], object]
HEAD = f"  {'':58} {'median':>12} {'figure':>10} {'goal':>10}"


@dataclass(frozen=True)
class Line:
    """A figure with its goal: a most, or (``is_least``) a least; no goal is only told."""

    name: str
    ms: float | None
    figure: float
    goal: float | None = None
    is_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the figure keeps to its goal."""
        if self.goal is None:
            return True
        return self.figure >= self.goal if self.is_least else self.figure <= self.goal

    def __str__(self) -> str:
        ms = "" if self.ms is None else f"{self.ms:,.2f} ms"
        sign = "≥" if self.is_least else "≤"
        goal = "" if self.goal is None else f"{sign} {self.goal:.4g}"
        verdict = "" if self.goal is None else "ok" if self.is_met else "OVER"
        return f"  {self.name:58} {ms:>12} {self.figure:>10.4g} {goal:>10}  {verdict}"


def show(lines: Iterable[Line]) -> bool:
    """Print the lines as they come; whether all keep to their goals."""
    good = True
    for line in lines:
        print(line, flush=True)
        good &= line.is_met
    return good


def took(act: Act) -> float:
    """Milliseconds by the clock."""
    began = time.perf_counter()
    act()
    return (time.perf_counter() - began) * 1000


@contextmanager
def asking(app: Flask) -> Iterator[None]:
    """A block that only reads, in an application context and session of its own."""
    with app.app_context(), reading():
        yield
        db.session.rollback()


def interleaved(
    acts: Mapping[str, tuple[Callable[[], AbstractContextManager[None]], Act]], rounds: int
) -> dict[str, float]:
    """The median of each, taken in turns after a first round that is not counted.

    An act runs inside its context, which is not timed.
    """
    times: dict[str, list[float]] = {name: [] for name in acts}
    for turn in range(rounds + 1):
        for name, (around, act) in acts.items():
            with around():
                ms = took(act)
            if turn:
                times[name].append(ms)
    return {name: median(found) for name, found in times.items()}
