"""What a roster would do: who is new, changed, unchanged, and what stands in the way. Pure.

Somebody is recognised by national ID; else by name together with a full birth date, or with a
birth that agrees and the same unit, phone or e-mail. Never by name alone: then a person decides.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from hrtrain.core.period import Period
from hrtrain.people.rosters.named_units import Units, folded
from hrtrain.people.rosters.types import NEW_PERSON, Candidate, Code, Complaint, Entry
from hrtrain.people.rules import may_be_born_alike


@dataclass(frozen=True)
class KnownPerson:
    """Somebody already in the database; ``is_ours`` unless it lies outside the user's scope."""

    id: int
    key: str
    full_name: str
    folded_name: str
    gender: str
    birth_date: str
    birth_precision: str
    position: str
    phone: str
    email: str
    national_id_hash: str
    national_id_last4: str
    is_ours: bool = True


@dataclass(frozen=True)
class KnownMembership:
    """Days somebody is in a group at a unit."""

    person_id: int
    group_id: int
    unit_id: int
    period: Period


@dataclass(frozen=True)
class Known:
    """What is known before the import."""

    people: Sequence[KnownPerson]
    memberships: Sequence[KnownMembership]
    units: Units
    groups: Mapping[str, int]


@dataclass(frozen=True)
class Planned:
    """What one row does: ``changes`` to the person, and the groups joined at the unit."""

    entry: Entry
    match: str
    person_id: int | None
    unit_id: int | None
    group_ids: tuple[int, ...]
    changes: Mapping[str, str]


@dataclass
class Plan:
    """The rows that may be taken, and the complaints about the others."""

    rows: list[Planned] = field(default_factory=list)
    refused: list[Complaint] = field(default_factory=list)


_WRITTEN = (
    *("full_name", "gender", "birth_date", "birth_precision", "position", "phone", "email"),
    *("national_id_hash", "national_id_last4"),
)


@dataclass(frozen=True)
class _Matcher:
    """The known people by what they are found by."""

    by_id: Mapping[str, list[KnownPerson]]
    by_name: Mapping[str, list[KnownPerson]]
    memberships: Mapping[int, list[KnownMembership]]


def plan(entries: Iterable[Entry], known: Known, starts_on: date) -> Plan:
    """Every entry as a planned row or a complaint, never both."""
    matcher = _matcher(known)
    planned = Plan()
    taken: dict[int, Entry] = {}
    for entry in entries:
        found = _plan_entry(entry, known, matcher, starts_on)
        if isinstance(found, Planned) and found.person_id in taken:
            found = _same_person_twice(entry, taken[found.person_id])
        if isinstance(found, Complaint):
            planned.refused.append(found)
            continue
        planned.rows.append(found)
        if found.person_id is not None:
            taken[found.person_id] = entry
    return planned


def _matcher(known: Known) -> _Matcher:
    by_id: dict[str, list[KnownPerson]] = {}
    by_name: dict[str, list[KnownPerson]] = {}
    memberships: dict[int, list[KnownMembership]] = {}
    for person in known.people:
        by_name.setdefault(person.folded_name, []).append(person)
        if person.national_id_hash:
            by_id.setdefault(person.national_id_hash, []).append(person)
    for membership in known.memberships:
        memberships.setdefault(membership.person_id, []).append(membership)
    return _Matcher(by_id, by_name, memberships)


def _plan_entry(
    entry: Entry, known: Known, matcher: _Matcher, starts_on: date
) -> Planned | Complaint:
    unit_id = known.units.find(entry.unit_text)
    if not isinstance(unit_id, int | None):
        choices = tuple(unit.label for unit in unit_id)
        return _refused(entry, "unit_text", Code.UNKNOWN_UNIT, entry.unit_text, choices=choices)
    group_ids = _groups(entry, known)
    if isinstance(group_ids, Complaint):
        return group_ids
    person = _person(entry, matcher, unit_id)
    if isinstance(person, Complaint):
        return person
    if person is None:
        changes = {name: str(getattr(entry, name)) for name in _WRITTEN}
        return Planned(entry, "new", None, unit_id, group_ids, changes)
    joined = _joined(entry, matcher.memberships.get(person.id, ()), unit_id, group_ids, starts_on)
    if isinstance(joined, Complaint):
        return joined
    changes = _changes(entry, person)
    match = "changed" if changes or joined else "unchanged"
    return Planned(entry, match, person.id, unit_id, joined, changes)


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


def _person(entry: Entry, matcher: _Matcher, unit_id: int | None) -> KnownPerson | Complaint | None:
    """Who the row is: somebody known, nobody known (None), or a question for a person."""
    if entry.decided == NEW_PERSON:
        return None
    namesakes = matcher.by_name.get(entry.folded_name, [])
    if chosen := [one for one in namesakes if entry.decided and one.key == entry.decided]:
        return _ours(entry, chosen)
    by_id = matcher.by_id.get(entry.national_id_hash, []) if entry.national_id_hash else []
    if len(by_id) == 1 and _is_plausible(entry, by_id[0]):
        return _ours(entry, by_id)
    namesakes = [one for one in namesakes if _may_be(entry, one)]
    if by_id:
        return _review(entry, [*by_id, *namesakes])
    sure = [one for one in namesakes if _is_sure(entry, one, matcher, unit_id)]
    here = [one for one in sure if _is_at(one, matcher, unit_id)]
    for found in (sure, here):
        if len(found) == 1:
            return _ours(entry, found)
    return _review(entry, namesakes) if namesakes else None


def _ours(entry: Entry, found: list[KnownPerson]) -> KnownPerson | Complaint:
    return found[0] if found[0].is_ours else _review(entry, found)


def _is_plausible(entry: Entry, one: KnownPerson) -> bool:
    """The same card with another name and another birth is somebody's slip, not a change."""
    same_name = entry.folded_name == one.folded_name
    return same_name or may_be_born_alike(entry.birth_date, one.birth_date)


def _may_be(entry: Entry, one: KnownPerson) -> bool:
    """Whether a namesake may be the row's person: births agree, and two cards are not denied.

    The same name and full birth date with another card may be a slip of a digit: it is asked.
    """
    if not may_be_born_alike(entry.birth_date, one.birth_date):
        return False
    return _cards_agree(entry, one) or _same_day(entry, one)


def _same_day(entry: Entry, one: KnownPerson) -> bool:
    return entry.birth_precision == "day" and entry.birth_date == one.birth_date


def _cards_agree(entry: Entry, one: KnownPerson) -> bool:
    return (
        not entry.national_id_hash
        or not one.national_id_hash
        or entry.national_id_hash == one.national_id_hash
    )


def _is_sure(entry: Entry, one: KnownPerson, matcher: _Matcher, unit_id: int | None) -> bool:
    """Whether more than the name says that the namesake is the row's person."""
    if not _cards_agree(entry, one):
        return False
    if _same_day(entry, one):
        return True
    if entry.birth_date and one.birth_date and _is_at(one, matcher, unit_id):
        return True
    reached = (entry.phone and entry.phone == one.phone) or (
        entry.email and entry.email == one.email
    )
    if reached:
        return True
    # A row that says nothing new of a namesake at the same unit is the same row sent again.
    return _is_at(one, matcher, unit_id) and not _changes(entry, one)


def _is_at(one: KnownPerson, matcher: _Matcher, unit_id: int | None) -> bool:
    memberships = matcher.memberships.get(one.id, ())
    return unit_id is not None and any(known.unit_id == unit_id for known in memberships)


def _changes(entry: Entry, person: KnownPerson) -> dict[str, str]:
    """What the row says anew of the person; blanks take nothing away, nor does a vaguer birth."""
    changes = {}
    for name in _WRITTEN:
        said = str(getattr(entry, name))
        if said and said != getattr(person, name):
            changes[name] = said
    if person.birth_date.startswith(entry.birth_date):
        changes.pop("birth_date", None)
        changes.pop("birth_precision", None)
    if "national_id_hash" not in changes:
        changes.pop("national_id_last4", None)
    return changes


def _joined(
    entry: Entry,
    memberships: Iterable[KnownMembership],
    unit_id: int | None,
    group_ids: tuple[int, ...],
    starts_on: date,
) -> tuple[int, ...] | Complaint:
    """The groups the row joins; being there already joins nothing, being elsewhere is refused."""
    new = set(group_ids)
    period = Period(starts_on, None)
    for known in memberships:
        if known.group_id not in group_ids or not known.period.overlaps(period):
            continue
        if known.unit_id != unit_id or not known.period.holds(starts_on):
            return _refused(entry, "unit_text", Code.OVERLAPPING_MEMBERSHIP, entry.unit_text)
        new.discard(known.group_id)
    return tuple(group_id for group_id in group_ids if group_id in new)


def _same_person_twice(entry: Entry, other: Entry) -> Complaint:
    return Complaint(
        entry.sheet,
        entry.row,
        "full_name",
        Code.DUPLICATE_IN_FILE,
        entry.full_name,
        same_as_row=other.row,
        same_as_sheet="" if other.sheet == entry.sheet else other.sheet,
    )


def _review(entry: Entry, candidates: Iterable[KnownPerson]) -> Complaint:
    people = {one.id: _candidate(one) for one in candidates}
    return _refused(entry, "full_name", Code.NEEDS_REVIEW, entry.full_name, tuple(people.values()))


def _candidate(one: KnownPerson) -> Candidate:
    if not one.is_ours:
        return Candidate(one.full_name)
    return Candidate(one.full_name, one.key, one.birth_date)


def _refused(
    entry: Entry,
    column: str,
    code: Code,
    value: str,
    candidates: tuple[Candidate, ...] = (),
    choices: tuple[str, ...] = (),
) -> Complaint:
    return Complaint(
        entry.sheet, entry.row, column, code, value, candidates=candidates, choices=choices
    )
