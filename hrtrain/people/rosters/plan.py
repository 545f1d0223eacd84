"""What a roster would do: who is new, changed, unchanged, and what stands in the way. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from hrtrain.core.period import Period
from hrtrain.people.rosters.known import Known, KnownMembership, KnownPerson
from hrtrain.people.rosters.named_units import folded
from hrtrain.people.rosters.recognising import (
    Matcher,
    changes_of,
    person_of,
    rest_of_twins,
    said_of,
)
from hrtrain.people.rosters.types import Code, Complaint, Entry

# A row by its sheet and number.
Place = tuple[str, int]


@dataclass(frozen=True)
class Planned:
    """What one row does: ``changes`` to the person, and the groups joined at the unit.

    ``before`` is what the changed columns hold; ``ended`` are the memberships somebody moves from.
    """

    entry: Entry
    match: str
    person_id: int | None
    unit_id: int | None
    group_ids: tuple[int, ...]
    changes: Mapping[str, str]
    before: Mapping[str, str] = field(default_factory=dict)
    ended: tuple[int, ...] = ()


@dataclass
class Plan:
    """The rows that may be taken, and the complaints about the others."""

    rows: list[Planned] = field(default_factory=list)
    refused: list[Complaint] = field(default_factory=list)


@dataclass(frozen=True)
class _Joining:
    """The groups a row joins, and the memberships elsewhere that end with it."""

    groups: tuple[int, ...]
    ended: tuple[int, ...]


class Planner:
    """Plans a file part by part; of two rows for one person the second is refused."""

    def __init__(self, starts_on: date) -> None:
        self._starts_on = starts_on
        self._taken: dict[int, Place] = {}

    def plan(
        self,
        entries: Iterable[Entry],
        known: Known,
        suspects: Mapping[Place, Complaint] | None = None,
    ) -> Plan:
        """Every entry as a planned row or a complaint, never both.

        ``suspects`` are complaints about rows that are like an earlier one of the file.
        """
        matcher = Matcher.of(known)
        planned = Plan()
        for entry in entries:
            suspect = (suspects or {}).get((entry.sheet, entry.row))
            found = self._plan_entry(entry, known, matcher, suspect)
            if isinstance(found, Planned):
                found = self._once(found)
            if isinstance(found, Planned):
                planned.rows.append(found)
            else:
                planned.refused.append(found)
        return planned

    def _once(self, found: Planned) -> Planned | Complaint:
        if found.person_id is None:
            return found
        entry = found.entry
        place = self._taken.setdefault(found.person_id, (entry.sheet, entry.row))
        is_first = place == (entry.sheet, entry.row)
        return found if is_first else _same_person_twice(entry, place)

    def _plan_entry(
        self, entry: Entry, known: Known, matcher: Matcher, suspect: Complaint | None
    ) -> Planned | Complaint:
        unit_id = known.units.find(entry.unit_text)
        if not isinstance(unit_id, int | None):
            choices = tuple(unit.label for unit in unit_id)
            return _refused(entry, "unit_text", Code.UNKNOWN_UNIT, entry.unit_text, choices)
        group_ids = _groups(entry, known)
        if isinstance(group_ids, Complaint):
            return group_ids
        person: KnownPerson | Complaint | None
        if suspect is not None:
            person = rest_of_twins(entry, matcher, unit_id, self._taken.keys()) or suspect
        else:
            person = person_of(entry, matcher, unit_id)
        if isinstance(person, Complaint):
            return person
        if person is None:
            return Planned(entry, "new", None, unit_id, group_ids, said_of(entry))
        return self._known_person(entry, person, matcher, unit_id, group_ids)

    def _known_person(
        self,
        entry: Entry,
        person: KnownPerson,
        matcher: Matcher,
        unit_id: int | None,
        group_ids: tuple[int, ...],
    ) -> Planned | Complaint:
        memberships = matcher.memberships.get(person.id, ())
        joined = _joined(entry, memberships, unit_id, group_ids, self._starts_on)
        if isinstance(joined, Complaint):
            return replace(joined, person=person.key) if person.is_ours else joined
        changes = changes_of(entry, person)
        return Planned(
            entry,
            "changed" if changes or joined.groups else "unchanged",
            person.id,
            unit_id,
            joined.groups,
            changes,
            before={name: getattr(person, name) for name in changes},
            ended=joined.ended,
        )


def plan(entries: Iterable[Entry], known: Known, starts_on: date) -> Plan:
    """Every entry as a planned row or a complaint, never both."""
    return Planner(starts_on).plan(entries, known)


def _groups(entry: Entry, known: Known) -> tuple[int, ...] | Complaint:
    """The groups the cell names by code or name, several between semicolons."""
    if "*" in known.groups:
        return (known.groups["*"],)
    found = []
    for text in filter(None, (part.strip() for part in entry.group_text.split(";"))):
        group_id = known.groups.get(text.lower()) or known.groups.get(folded(text))
        if group_id is None:
            return _refused(entry, "group", Code.UNKNOWN_GROUP, entry.group_text)
        found.append(group_id)
    return tuple(dict.fromkeys(found))


def _joined(
    entry: Entry,
    memberships: Iterable[KnownMembership],
    unit_id: int | None,
    group_ids: tuple[int, ...],
    starts_on: date,
) -> _Joining | Complaint:
    """The groups the row joins; being there already joins nothing, being elsewhere is refused.

    Unless somebody has said that the person moves: then the days elsewhere end.
    """
    new, ended = set(group_ids), []
    period = Period(starts_on, None)
    for known in memberships:
        if known.group_id not in group_ids or not known.period.overlaps(period):
            continue
        if known.unit_id == unit_id and known.period.holds(starts_on):
            new.discard(known.group_id)
        elif entry.moves and _may_move(known, unit_id, starts_on):
            ended.append(known.id)
        else:
            return _overlapping(entry, known, unit_id, starts_on)
    groups = tuple(group_id for group_id in group_ids if group_id in new)
    return _Joining(groups, tuple(ended))


def _may_move(known: KnownMembership, unit_id: int | None, starts_on: date) -> bool:
    """Whether days elsewhere can end on the day, and the person go on at the unit."""
    began = known.period.starts_on
    return (
        known.is_ours
        and known.unit_id != unit_id
        and known.period.holds(starts_on)
        and (began is None or began < starts_on)
    )


def _overlapping(
    entry: Entry, known: KnownMembership, unit_id: int | None, starts_on: date
) -> Complaint:
    return Complaint(
        entry.sheet,
        entry.row,
        "unit_text",
        Code.OVERLAPPING_MEMBERSHIP,
        entry.unit_text,
        may_move=_may_move(known, unit_id, starts_on),
        clashing_unit_id=known.unit_id if known.is_ours else 0,
    )


def _same_person_twice(entry: Entry, other: Place) -> Complaint:
    sheet, row = other
    return Complaint(
        entry.sheet,
        entry.row,
        "full_name",
        Code.DUPLICATE_IN_FILE,
        entry.full_name,
        same_as_row=row,
        same_as_sheet="" if sheet == entry.sheet else sheet,
    )


def _refused(
    entry: Entry, column: str, code: Code, value: str, choices: tuple[str, ...] = ()
) -> Complaint:
    return Complaint(entry.sheet, entry.row, column, code, value, choices=choices)
