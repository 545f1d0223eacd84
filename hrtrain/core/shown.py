"""Whose names an answer shows: a view that its template cannot speak for says so here."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from flask import g, has_request_context

T = TypeVar("T")


@dataclass
class Shown:
    """How many people the answer at hand shows, and which of them are known by number."""

    count: int = 0
    person_ids: list[int] = field(default_factory=list)


def note_shown(person_ids: Iterable[int]) -> None:
    """The answer at hand shows these people."""
    ids = list(person_ids)
    _note(len(ids), ids)


def note_count(count: int) -> None:
    """The answer at hand shows so many people, whom nobody has listed."""
    _note(count, [])


def noting_each(rows: Iterable[T]) -> Iterator[T]:
    """The rows of people, each one's ``id`` noted as it goes by."""
    for row in rows:
        _note(1, [row.id])  # type: ignore[attr-defined]
        yield row


def noted() -> Shown | None:
    """What was noted of the answer at hand; None when nothing was."""
    found: Shown | None = g.get("shown")
    return found


def _note(count: int, ids: list[int]) -> None:
    if has_request_context():
        shown = g.setdefault("shown", Shown())
        shown.count += count
        shown.person_ids += ids
