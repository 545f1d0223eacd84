"""Finding pairs among people new or changed, and keeping what somebody decided of a pair."""

from collections.abc import Collection, Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import delete, func, insert, select

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import db, lock, new_key
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.language import gettext as _
from hrtrain.people.duplicates.blocks import blocks_of
from hrtrain.people.duplicates.models import DuplicatePair, PersonBlock, PersonLookedAt
from hrtrain.people.duplicates.places import Places
from hrtrain.people.duplicates.queries import (
    APART,
    LATER,
    OPEN,
    Pair,
    identities,
    met_by,
    pairs_with,
    to_look_at,
    told_apart_by_link,
)
from hrtrain.people.duplicates.rules import Identity, Verdict, compare
from hrtrain.people.models import Person

AT_ONCE = 250
"""People compared in one transaction, short enough for others to write in between."""
_LOCK = 7031


def look_at_some(places: Places, limit: int = AT_ONCE) -> int:
    """Compare some of the people new or changed with whom they share a block; how many were.

    None when there is nobody to compare, or when another worker is at it.
    """
    if not _is_alone():
        return 0
    people = to_look_at(limit)
    if not people:
        return 0
    ids = [id_ for id_, _version, _aside in people]
    here = [id_ for id_, _version, is_aside in people if not is_aside]
    _write_blocks(ids, identities(here), places)
    _write_pairs(ids, dict(_proposed(here, places)))
    _write_looked_at({id_: version for id_, version, _aside in people})
    return len(people)


def _is_alone() -> bool:
    """SQLite's writers are one at a time anyhow."""
    if db.engine.dialect.name != "postgresql":
        return True
    return bool(db.session.scalar(select(func.pg_try_advisory_xact_lock(_LOCK))))


def _write_blocks(ids: Collection[int], found: dict[int, Identity], places: Places) -> None:
    db.session.execute(delete(PersonBlock).where(PersonBlock.person_id.in_(ids)))
    rows = [
        {"block": block, "person_id": id_}
        for id_, person in found.items()
        for block in blocks_of(person, places)
    ]
    if rows:
        db.session.execute(insert(PersonBlock), rows)


def _proposed(ids: Collection[int], places: Places) -> Iterator[tuple[Pair, Verdict]]:
    pairs = met_by(ids) - told_apart_by_link()
    people = identities({id_ for pair in pairs for id_ in pair})
    for one, other in pairs:
        verdict = compare(people[one], people[other], places)
        if verdict.is_proposed:
            yield (one, other), verdict


def _write_pairs(ids: Collection[int], proposed: dict[Pair, Verdict]) -> None:
    """New ones are added, known ones get the new reasons, and what nobody decided goes again."""
    for pair in pairs_with(ids):
        verdict = proposed.pop((pair.first_id, pair.second_id), None)
        if pair.state == APART:
            continue
        if verdict is None:
            db.session.delete(pair)
        else:
            _update(pair, _columns(verdict))
    db.session.flush()
    rows = [
        {"key": new_key("d"), "first_id": pair[0], "second_id": pair[1], **_columns(verdict)}
        for pair, verdict in sorted(proposed.items())
    ]
    if rows:
        db.session.execute(insert(DuplicatePair), rows)


def _update(pair: DuplicatePair, columns: dict[str, Any]) -> None:
    if any(getattr(pair, name) != value for name, value in columns.items()):
        for name, value in columns.items():
            setattr(pair, name, value)
        pair.found_at = clock.now()
        pair.version += 1


def _columns(verdict: Verdict) -> dict[str, Any]:
    reasons = [{**asdict(one), "damages": list(one.damages)} for one in verdict.reasons]
    return {"score": verdict.score, "level": str(verdict.level), "reasons": reasons}


def _write_looked_at(versions: dict[int, int]) -> None:
    db.session.execute(delete(PersonLookedAt).where(PersonLookedAt.person_id.in_(versions)))
    rows = [{"person_id": id_, "version": version} for id_, version in versions.items()]
    db.session.execute(insert(PersonLookedAt), rows)


# --- decisions -------------------------------------------------------------------------------


def tell_apart(pair: DuplicatePair, reason: str, *, version: int, by: User | None) -> None:
    """They are two people: the pair is never proposed again, whatever is found later."""
    _decide(pair, APART, reason, version=version, by=by)
    _record(pair, "people_told_apart", _("Xác định là hai người khác nhau"), by, reason)


def put_off(pair: DuplicatePair, reason: str, *, version: int, by: User | None) -> None:
    """Somebody has to ask first: it stands at the end of the list till then."""
    _decide(pair, LATER, reason, version=version, by=by)


def take_up_again(pair: DuplicatePair, *, version: int, by: User | None) -> None:
    """The decision does not stand any more: the pair is looked at like any other."""
    was = pair.state
    if was == OPEN:
        raise Refusal(_("Cặp hồ sơ này chưa được quyết định."))
    _decide(pair, OPEN, "", version=version, by=by)
    for id_ in (pair.first_id, pair.second_id):
        db.session.execute(delete(PersonLookedAt).where(PersonLookedAt.person_id == id_))
    if was == APART:
        _record(pair, "people_not_told_apart", _("Bỏ xác định là hai người khác nhau"), by, "")


def _decide(pair: DuplicatePair, state: str, note: str, *, version: int, by: User | None) -> None:
    lock(pair)
    if pair.version != version:
        raise Stale(_("Có người khác vừa quyết định cặp hồ sơ này. Hãy xem lại."))
    pair.state, pair.note, pair.version = state, note, pair.version + 1
    pair.decided_by_id = by.id if by else None
    pair.decided_at = clock.now()
    db.session.flush()


def _record(pair: DuplicatePair, act: str, summary: str, by: User | None, reason: str) -> None:
    people = [db.session.get_one(Person, id_) for id_ in (pair.first_id, pair.second_id)]
    for one, other in (people, people[::-1]):
        said = f"{summary}: {other.full_name} ({other.key})"
        record(by, act, ("person", one.key), said, other=other.key, reason=reason)
