"""One person's history for one target, in pieces: which state from when until when, and why. Pure.

The states are those of `spans`; beside them stand the completions that satisfy each item, the
items missing and since when, and at each piece's first day what made it begin. Days are numbers.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from hrtrain.core.period import OPEN_END, OPEN_START
from hrtrain.coverage.spans import (
    EXEMPT,
    IN_GRACE,
    TRAINED,
    UNTRAINED,
    Choice,
    Proof,
    Rule,
    Stay,
    state_on,
    with_due_days,
)

NOT_COUNTED = 0
"""Beside the states: not in the group, not in scope, or nothing is asked."""


class Kind(StrEnum):
    """What made a piece begin."""

    JOINED = "joined"
    TRANSFERRED = "transferred"
    LEFT = "left"
    CAME_IN_SCOPE = "came_in_scope"
    WENT_OUT_OF_SCOPE = "went_out_of_scope"
    BEGAN = "began"
    ASKED = "asked"
    ASKED_NO_MORE = "asked_no_more"
    ASKED_OTHERWISE = "asked_otherwise"
    COMPLETED = "completed"
    EXPIRED = "expired"
    REVOKED = "revoked"
    EXEMPTED = "exempted"
    EXEMPTION_ENDED = "exemption_ended"
    GRACE_ENDED = "grace_ended"


class Cause(NamedTuple):
    """What happened on a day: of which unit, completion or exemption (its number), or item."""

    kind: Kind
    number: int = 0
    item: str = ""


class Evidence(NamedTuple):
    """A completion that is not void, by its number; ``is_revoked``: that is why it ends."""

    number: int
    proof: Proof
    is_revoked: bool = False


class Freed(NamedTuple):
    """An exemption by its number."""

    number: int
    starts: int
    ends: int


@dataclass(frozen=True)
class History:
    """The facts of one person that concern one target, and what it asks."""

    stays: tuple[Stay, ...]
    evidence: tuple[Evidence, ...]
    exempt: tuple[Freed, ...]
    rule: Rule


@dataclass(frozen=True)
class Piece:
    """Days ``[starts, ends)`` at a unit in a state, with what explains it.

    ``met`` names each item's completion that counts the longest, ``missing`` each other item and
    the first day from which on it has been missing.
    """

    starts: int
    ends: int
    unit_id: int
    state: int
    met: tuple[tuple[str, int], ...] = ()
    missing: tuple[tuple[str, int], ...] = ()
    exempt_by: int = 0
    due: int = 0
    causes: tuple[Cause, ...] = ()

    @property
    def face(self) -> tuple[object, ...]:
        """What must differ for a new piece to begin."""
        items = tuple(item for item, _since in self.missing)
        due = self.due if self.state == IN_GRACE else 0
        return self.unit_id, self.state, self.met, items, self.exempt_by, due


def pieces_of(history: History) -> list[Piece]:
    """The person's history from the first day that counts; none where no day does."""
    found: list[Piece] = []
    dues = {stay.starts: due for stay, due in with_due_days(history.stays, history.rule)}
    for starts, ends in pairwise(_days(history, dues.values())):
        piece = _since(_piece(history, dues, starts, ends), found)
        if found and found[-1].face == piece.face:
            found[-1] = replace(found[-1], ends=ends)
        elif found or piece.state != NOT_COUNTED:
            before = found[-1] if found else None
            found.append(replace(piece, causes=tuple(_causes(history, piece, before))))
    return found


def _days(history: History, dues: Iterable[int]) -> list[int]:
    """Every day on which something may change, and the end of all days."""
    days = {OPEN_START, OPEN_END, history.rule.starts, *dues}
    for stay in history.stays:
        days.update((stay.starts, stay.ends))
    for one in history.evidence:
        days.update((one.proof.completed, one.proof.ends))
    for freed in history.exempt:
        days.update((freed.starts, freed.ends))
    for choice in history.rule.choices:
        days.update((choice.starts, choice.ends))
    return sorted(days)


def _piece(history: History, dues: dict[int, int], day: int, ends: int) -> Piece:
    here = [stay for stay in history.stays if stay.starts <= day < stay.ends]
    stay = here[0] if here else None
    if stay is None or not stay.counts or day < history.rule.starts:
        return Piece(day, ends, 0, NOT_COUNTED)
    proofs = [one.proof for one in history.evidence]
    periods = [(freed.starts, freed.ends) for freed in history.exempt]
    state = state_on(day, dues[stay.starts], proofs, periods, history.rule)
    if state is None:
        return Piece(day, ends, 0, NOT_COUNTED)
    met = _met(history, day)
    asked = dict.fromkeys(choice.item for choice in _asked(history.rule, day))
    freed = [one.number for one in history.exempt if one.starts <= day < one.ends]
    return Piece(
        starts=day,
        ends=ends,
        unit_id=stay.unit_id,
        state=state,
        met=tuple((item, met[item].number) for item in asked if item in met),
        missing=tuple((item, day) for item in asked if item not in met),
        exempt_by=freed[0] if freed and state == EXEMPT else 0,
        due=dues[stay.starts],
    )


def _asked(rule: Rule, day: int) -> list[Choice]:
    if day < rule.starts:
        return []
    return [choice for choice in rule.choices if choice.starts <= day < choice.ends]


def _met(history: History, day: int) -> dict[str, Evidence]:
    """For each item asked and met, the completion that counts the longest."""
    found: dict[str, Evidence] = {}
    for choice in _asked(history.rule, day):
        for one in history.evidence:
            if _satisfies(one.proof, choice, day):
                best = found.get(choice.item)
                if best is None or _lasts(one) > _lasts(best):
                    found[choice.item] = one
    return found


def _satisfies(proof: Proof, choice: Choice, day: int) -> bool:
    is_accepted = choice.accepts_from <= proof.completed < choice.accepts_to
    is_counting = proof.completed <= day < proof.ends
    return proof.course_id == choice.course_id and is_accepted and is_counting


def _lasts(one: Evidence) -> tuple[int, int, int]:
    return one.proof.ends, one.proof.completed, one.number


def _since(piece: Piece, before: list[Piece]) -> Piece:
    """What was missing in the piece before already is missing since then."""
    earlier = dict(before[-1].missing) if before else {}
    missing = tuple((item, earlier.get(item, since)) for item, since in piece.missing)
    return replace(piece, missing=missing)


def _causes(history: History, piece: Piece, before: Piece | None) -> Iterator[Cause]:
    day = piece.starts
    yield from _of_stays(history, day)
    if day == history.rule.starts and day != OPEN_START:
        yield Cause(Kind.BEGAN)
    yield from _of_items(history.rule, day)
    yield from _of_evidence(history, piece, before)
    for freed in history.exempt:
        if freed.starts == day and piece.state == EXEMPT:
            yield Cause(Kind.EXEMPTED, freed.number)
        if freed.ends == day and piece.state != EXEMPT:
            yield Cause(Kind.EXEMPTION_ENDED, freed.number)
    if piece.state == UNTRAINED and day == piece.due and before and before.state == IN_GRACE:
        yield Cause(Kind.GRACE_ENDED)


def _of_stays(history: History, day: int) -> Iterator[Cause]:
    came = next((stay for stay in history.stays if stay.starts == day), None)
    left = next((stay for stay in history.stays if stay.ends == day), None)
    if came is None:
        if left is not None:
            yield Cause(Kind.LEFT, left.unit_id)
    elif left is None:
        yield Cause(Kind.JOINED, came.unit_id)
    elif came.unit_id != left.unit_id:
        yield Cause(Kind.TRANSFERRED, came.unit_id)
    elif came.counts != left.counts:
        kind = Kind.CAME_IN_SCOPE if came.counts else Kind.WENT_OUT_OF_SCOPE
        yield Cause(kind, came.unit_id)


def _of_items(rule: Rule, day: int) -> Iterator[Cause]:
    """Items that begin or cease to be asked, or accept other courses or days than before."""
    if day in (rule.starts, OPEN_START):
        return
    now, before = _courses(rule, day), _courses(rule, day - 1)
    for item in dict.fromkeys([*now, *before]):
        if item not in before:
            yield Cause(Kind.ASKED, item=item)
        elif item not in now:
            yield Cause(Kind.ASKED_NO_MORE, item=item)
        elif now[item] != before[item]:
            yield Cause(Kind.ASKED_OTHERWISE, item=item)


def _courses(rule: Rule, day: int) -> dict[str, set[tuple[int, int, int]]]:
    """What satisfies each item asked on the day."""
    found: dict[str, set[tuple[int, int, int]]] = {}
    for choice in _asked(rule, day):
        accepted = (choice.course_id, choice.accepts_from, choice.accepts_to)
        found.setdefault(choice.item, set()).add(accepted)
    return found


def _of_evidence(history: History, piece: Piece, before: Piece | None) -> Iterator[Cause]:
    """Completions of the day that satisfy something, and ends of those that did."""
    day, counting = piece.starts, {number for _item, number in piece.met}
    counted = {number for _item, number in before.met} if before else set[int]()
    for one in history.evidence:
        if one.proof.completed == day and one.number in counting:
            yield Cause(Kind.COMPLETED, one.number)
        if one.proof.ends == day and one.number in counted:
            yield Cause(Kind.REVOKED if one.is_revoked else Kind.EXPIRED, one.number)


def is_refused(piece: Piece) -> bool:
    """Whether the person is asked and not trained in these days."""
    return piece.state not in (NOT_COUNTED, TRAINED)
