"""Who a row is: somebody known, nobody known, or a question for a person. Pure.

Somebody is recognised by national ID; else by name together with a full birth date, or with a
birth that agrees and the same unit, phone or e-mail. Never by name alone: then a person decides.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from hrtrain.people.rosters.known import Known, KnownMembership, KnownPerson
from hrtrain.people.rosters.types import NEW_PERSON, Candidate, Code, Complaint, Entry, Reason
from hrtrain.people.rules import may_be_born_alike

_WRITTEN = (
    *("full_name", "gender", "birth_date", "birth_precision", "position", "phone", "email"),
    *("national_id_hash", "national_id_last4"),
)


@dataclass(frozen=True)
class Matcher:
    """The known people by what they are found by."""

    by_id: dict[str, list[KnownPerson]]
    by_name: dict[str, list[KnownPerson]]
    memberships: dict[int, list[KnownMembership]]

    @classmethod
    def of(cls, known: Known) -> "Matcher":
        """The known people and their memberships."""
        found = cls({}, {}, {})
        for person in known.people:
            _put(found.by_name, person.folded_name, person)
            if person.national_id_hash:
                _put(found.by_id, person.national_id_hash, person)
        for membership in known.memberships:
            found.memberships.setdefault(membership.person_id, []).append(membership)
        return found

    def is_at(self, one: KnownPerson, unit_id: int | None) -> bool:
        """Whether the person is, was or will be at the unit."""
        memberships = self.memberships.get(one.id, ())
        return unit_id is not None and any(known.unit_id == unit_id for known in memberships)


def _put(found: dict[str, list[KnownPerson]], key: str, person: KnownPerson) -> None:
    """Once for a person, of whose merged records several may say the same."""
    some = found.setdefault(key, [])
    if all(other.id != person.id for other in some):
        some.append(person)


def person_of(
    entry: Entry, matcher: Matcher, unit_id: int | None
) -> KnownPerson | Complaint | None:
    """Who the row is; None for somebody new."""
    if entry.decided == NEW_PERSON:
        return None
    namesakes = matcher.by_name.get(entry.folded_name, [])
    by_id = matcher.by_id.get(entry.national_id_hash, []) if entry.national_id_hash else []
    if chosen := [
        one for one in (*namesakes, *by_id) if entry.decided and one.key == entry.decided
    ]:
        return _ours(entry, chosen, matcher, unit_id)
    if len(by_id) == 1 and _is_plausible(entry, by_id[0]):
        return _ours(entry, by_id, matcher, unit_id)
    namesakes = [one for one in namesakes if _may_be(entry, one)]
    if by_id:
        return _review(entry, [*by_id, *namesakes], matcher, unit_id)
    sure = [one for one in namesakes if _is_sure(entry, one, matcher, unit_id)]
    here = [one for one in sure if matcher.is_at(one, unit_id)]
    for found in (sure, here):
        if len(found) == 1:
            return _ours(entry, found, matcher, unit_id)
    return _review(entry, namesakes, matcher, unit_id) if namesakes else None


def rest_of_twins(
    entry: Entry, matcher: Matcher, unit_id: int | None, taken: Collection[int]
) -> KnownPerson | None:
    """The one known person left for a row that is like an earlier one of the file.

    When somebody has said before that two such rows are two people, both are known by now.
    """
    namesakes = [
        one
        for one in matcher.by_name.get(entry.folded_name, [])
        if one.id not in taken and one.is_ours and _may_be(entry, one)
    ]
    sure = [one for one in namesakes if _is_sure(entry, one, matcher, unit_id)]
    return sure[0] if len(sure) == 1 else None


def changes_of(entry: Entry, person: KnownPerson) -> dict[str, str]:
    """What the row says anew of the person; blanks take nothing away, nor does a vaguer birth."""
    changes = {}
    for name in _WRITTEN:
        said = str(getattr(entry, name))
        if said and said != getattr(person, name) and said not in person.also:
            changes[name] = said
    if person.birth_date.startswith(entry.birth_date):
        changes.pop("birth_date", None)
        changes.pop("birth_precision", None)
    if "national_id_hash" not in changes:
        changes.pop("national_id_last4", None)
    return changes


def said_of(entry: Entry) -> dict[str, str]:
    """Everything the row says of a new person."""
    return {name: str(getattr(entry, name)) for name in _WRITTEN}


def _ours(
    entry: Entry, found: list[KnownPerson], matcher: Matcher, unit_id: int | None
) -> KnownPerson | Complaint:
    return found[0] if found[0].is_ours else _review(entry, found, matcher, unit_id)


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


def _is_sure(entry: Entry, one: KnownPerson, matcher: Matcher, unit_id: int | None) -> bool:
    """Whether more than the name says that the namesake is the row's person."""
    if not _cards_agree(entry, one):
        return False
    if _same_day(entry, one):
        return True
    if entry.birth_date and one.birth_date and matcher.is_at(one, unit_id):
        return True
    if _is_reached_alike(entry, one):
        return True
    # A row that says nothing new of a namesake at the same unit is the same row sent again.
    return matcher.is_at(one, unit_id) and not changes_of(entry, one)


def _is_reached_alike(entry: Entry, one: KnownPerson) -> bool:
    return bool(
        (entry.phone and entry.phone == one.phone) or (entry.email and entry.email == one.email)
    )


def _review(
    entry: Entry, candidates: Iterable[KnownPerson], matcher: Matcher, unit_id: int | None
) -> Complaint:
    people = {one.id: _candidate(entry, one, matcher, unit_id) for one in candidates}
    return Complaint(
        entry.sheet,
        entry.row,
        "full_name",
        Code.NEEDS_REVIEW,
        entry.full_name,
        candidates=tuple(people.values()),
    )


def _candidate(entry: Entry, one: KnownPerson, matcher: Matcher, unit_id: int | None) -> Candidate:
    if not one.is_ours:
        return Candidate(one.full_name, reasons=(Reason.OUTSIDE,))
    reasons = tuple(_reasons(entry, one, is_here=matcher.is_at(one, unit_id)))
    return Candidate(one.full_name, one.key, one.birth_date, reasons=reasons)


def _reasons(entry: Entry, one: KnownPerson, *, is_here: bool) -> Iterator[Reason]:
    """What speaks for and against the row being this person."""
    yield Reason.SAME_NAME if entry.folded_name == one.folded_name else Reason.OTHER_NAME
    if entry.national_id_hash and one.national_id_hash:
        is_same = entry.national_id_hash == one.national_id_hash
        yield Reason.SAME_CARD if is_same else Reason.OTHER_CARD
    if not entry.birth_date or not one.birth_date:
        yield Reason.BIRTH_UNKNOWN
    elif not may_be_born_alike(entry.birth_date, one.birth_date):
        yield Reason.OTHER_BIRTH
    else:
        yield Reason.SAME_BIRTH if _same_day(entry, one) else Reason.BIRTH_AGREES
    if _is_reached_alike(entry, one):
        yield Reason.SAME_CONTACT
    yield Reason.SAME_UNIT if is_here else Reason.OTHER_UNIT
