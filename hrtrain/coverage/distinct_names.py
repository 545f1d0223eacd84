"""The names behind a programme's distinct people: each once, with what every group says of them.

Whoever is in a state in some group, group by group in the order of names, without those of whom
another group says worse: so a page costs what its people cost, not what the programme has.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from itertools import groupby, islice

from sqlalchemy import Select

from hrtrain.core.paging import SIZE, Page, Place, page_of, read_cursor
from hrtrain.coverage.asked import read_plans
from hrtrain.coverage.derived.people import Found
from hrtrain.coverage.derived.standing import is_ready
from hrtrain.coverage.names import Wanted, found_by_name
from hrtrain.coverage.queries import Question, looks_of, settled, standings
from hrtrain.coverage.rules import Standing
from hrtrain.coverage.states import State
from hrtrain.units.queries import names_on

WORST_FIRST = (State.UNTRAINED, State.TRAINED, State.IN_GRACE, State.EXEMPT)
AT_ONCE = 100


@dataclass(frozen=True)
class InGroup:
    """What one group says of a person."""

    group: str
    group_name: str
    state: State


@dataclass(frozen=True)
class Distinct:
    """A person of the programme, in the worst state that a group says; at one unit of theirs."""

    id: int
    key: str
    full_name: str
    sort_key: str
    birth_date: str
    position: str
    unit_name: str
    state: State
    groups: tuple[InGroup, ...]


def distinct_behind(
    question: Question,
    states: Collection[State],
    *,
    within: Select[int] | None = None,
    after: str | None = None,
    size: int = SIZE,
) -> Page[Distinct]:
    """A page of the persons of the question's programme in these states, in Vietnamese order."""
    is_derived = question.known_at is None and is_ready()
    question = replace(question, by="group", group=None)
    plans, place = read_plans(question.programme), read_cursor(after, str, int)
    # Of the question as it came: one that says when it is known at is counted live.
    numbers = {row.group: _number(row, states) for row in standings(question, plans=plans)}
    question = settled(question)
    asked = [
        Wanted(question, look, states, within, place, AT_ONCE, is_derived=is_derived)
        for look in looks_of(question, plans)
        if look.options and look.root_id is not None
    ]
    found = list(islice(_persons(asked, numbers), size + 1))
    page = page_of(found, lambda one: (one[0].sort_key, one[0].id), size=size)
    names = names_on({row.unit_id for row, _state, _groups in page.rows}, question.as_of)
    persons = [
        Distinct(*row[:6], names[row.unit_id], state, groups) for row, state, groups in page.rows
    ]
    return Page(persons, page.after)


def _number(row: Standing, states: Collection[State]) -> int:
    return sum(int(getattr(row, state.value)) for state in states)


def _persons(
    asked: Sequence[Wanted], numbers: Mapping[str, int]
) -> Iterator[tuple[Found, State, tuple[InGroup, ...]]]:
    """Everybody after the place whose worst state is one of those asked for."""
    each = (_candidates(wanted, numbers[wanted.look.target.group]) for wanted in asked)
    candidates = merge(*each, key=_by_name)
    persons = (next(same) for _name, same in groupby(candidates, key=_by_name))
    while some := list(islice(persons, AT_ONCE)):
        said = _said_of([row.id for row in some], asked)
        for row in some:
            groups = said[row.id]
            state = next(state for state in WORST_FIRST if state in {one.state for one in groups})
            if state in asked[0].states:
                yield row, state, groups


def _by_name(row: Found) -> tuple[str, int]:
    return row.sort_key, row.id


def _candidates(wanted: Wanted, number: int) -> Iterator[Found]:
    """One group's people in the order of names, so many read at once; ``number`` of them at all."""
    place: Place | None = wanted.place
    while number:
        _total, rows = found_by_name(replace(wanted, place=place), number)
        yield from rows
        if len(rows) < wanted.limit:
            return
        place = _by_name(rows[-1])


def _said_of(person_ids: list[int], asked: Sequence[Wanted]) -> dict[int, tuple[InGroup, ...]]:
    """What every group says of these people, wherever below the unit asked about they are."""
    found: dict[int, tuple[InGroup, ...]] = {}
    for wanted in asked:
        target = wanted.look.target
        every = replace(wanted, states=tuple(State), within=None, place=None, among=person_ids)
        for row in found_by_name(every, len(person_ids))[1]:
            here = InGroup(target.group, target.group_name, row.state)
            found[row.id] = (*found.get(row.id, ()), here)
    return found
