"""Which known person a row of an attendance or nomination list means. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from hrtrain.core.text import search_key
from hrtrain.people.rosters.types import Entry


class Miss(StrEnum):
    """Why a row means nobody."""

    UNKNOWN = "unknown"
    SEVERAL = "several"
    TWICE = "twice"


@dataclass(frozen=True)
class KnownPerson:
    """Somebody a row may mean; ``name`` is the name folded for search."""

    key: str
    name: str
    birth_date: str = ""
    national_id_hash: str = ""


@dataclass(frozen=True)
class Match:
    """A row and the person it means; without one, why not, and who it might be."""

    entry: Entry
    person_key: str = ""
    miss: Miss | None = None
    candidates: tuple[str, ...] = ()


def match_people(entries: Sequence[Entry], known: Iterable[KnownPerson]) -> list[Match]:
    """Every row with the one known person it means, in the order of the rows.

    The same national ID decides; else the same folded name and a birth date that does not
    contradict. A row is never given to one of several.
    """
    by_name: dict[str, list[KnownPerson]] = {}
    by_id: dict[str, KnownPerson] = {}
    for person in known:
        by_name.setdefault(person.name, []).append(person)
        if person.national_id_hash:
            by_id[person.national_id_hash] = person
    taken: set[str] = set()
    return [_match(entry, by_name, by_id, taken) for entry in entries]


def _match(
    entry: Entry,
    by_name: dict[str, list[KnownPerson]],
    by_id: dict[str, KnownPerson],
    taken: set[str],
) -> Match:
    same = by_id.get(entry.national_id_hash) if entry.national_id_hash else None
    found = [same] if same else _named_alike(entry, by_name)
    if len(found) != 1:
        miss = Miss.SEVERAL if found else Miss.UNKNOWN
        return Match(entry, miss=miss, candidates=tuple(person.key for person in found))
    key = found[0].key
    if key in taken:
        return Match(entry, miss=Miss.TWICE, candidates=(key,))
    taken.add(key)
    return Match(entry, person_key=key)


def _named_alike(entry: Entry, by_name: dict[str, list[KnownPerson]]) -> list[KnownPerson]:
    alike = by_name.get(search_key(entry.full_name), [])
    born, own_id = entry.birth_date, entry.national_id_hash
    return [
        person
        for person in alike
        if (person.birth_date.startswith(born) or born.startswith(person.birth_date))
        and not (own_id and person.national_id_hash and own_id != person.national_id_hash)
    ]
