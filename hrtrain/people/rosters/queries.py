"""What the database knows of the people, units and groups a roster names. Read only.

The number of statements does not grow with the rows (only by one for every ten thousand).
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased, undefer

from hrtrain.core import clock
from hrtrain.core.db import db, holds_sql
from hrtrain.core.paging import SIZE, Page, page_of, read_cursor
from hrtrain.core.period import Period
from hrtrain.people.merges.queries import standing_id
from hrtrain.people.models import CadreGroup, Membership, Person, RosterRow, RosterUpload
from hrtrain.people.rosters.known import Known, KnownMembership, KnownPerson
from hrtrain.people.rosters.named_units import NamedUnit, Units, folded
from hrtrain.people.rosters.types import Entry
from hrtrain.units.models import Unit, UnitCode, UnitName, UnitParent
from hrtrain.units.scope import Scope, within

AT_ONCE = 10_000
# Refused rows on a page: those of a usual file all at once.
REFUSED = 200
ALL = Scope(everything=True)


@dataclass(frozen=True)
class Terms:
    """On what terms a roster is taken: into which unit and group, from which day, by whose reach.

    Without a unit or group the rows themselves must say.
    """

    starts_on: date
    today: date
    unit_id: int | None = None
    group_id: int | None = None
    scope: Scope = ALL


def known_for(entries: Collection[Entry], terms: Terms, units: Units | None = None) -> Known:
    """Everybody the entries may be, with their memberships, and the units and groups of the day.

    Who plans a file part by part hands in the units found once (`units_for`).
    """
    rows = {(row.id, row.said_key, row.said_hash): row for row in _people(entries)}
    memberships = list(_memberships({row.id for row in rows.values()}, terms))
    present = [one for one in memberships if _is_present(one, terms.starts_on)]
    ours = {one.person_id for one in present if one.is_ours}
    strangers = {one.person_id for one in present} - ours
    people = [_known(row, is_ours=row.id not in strangers) for row in rows.values()]
    return Known(people, memberships, units or units_for(terms), _groups(terms))


def units_for(terms: Terms) -> Units:
    """The units rows may name."""
    return Units(placed=terms.unit_id) if terms.unit_id else _units(terms)


def units_of_rows(rows: Iterable[RosterRow], terms: Terms) -> Units:
    """The units which rows named when they were checked, as far as they are still there."""
    if terms.unit_id:
        return Units(placed=terms.unit_id)
    said = {row.entry["unit_text"]: row.unit_id for row in rows if row.unit_id is not None}
    if not said:
        return Units()
    alive = select(Unit.id).where(Unit.id.in_(set(said.values())), _alive(terms))
    left = _in_scope(set(db.session.scalars(alive)), terms)
    return Units(by_text={text: id_ for text, id_ in said.items() if id_ in left})


def _alive(terms: Terms) -> ColumnElement[bool]:
    return and_(holds_sql(Unit.starts_on, Unit.ends_on, terms.starts_on), ~Unit.is_set_aside)


def _is_present(one: KnownMembership, day: date) -> bool:
    return one.period.ends_on is None or one.period.ends_on > day


def _units(terms: Terms) -> Units:
    asked = select(Unit.id, Unit.key, UnitName.name, UnitName.short_name).join(
        UnitName, UnitName.unit_id == Unit.id
    )
    names = holds_sql(UnitName.starts_on, UnitName.ends_on, terms.starts_on)
    asked = asked.where(_alive(terms), names, UnitName.known_at(clock.now()))
    reached = within(terms.scope, terms.starts_on)
    if reached is not None:
        asked = asked.where(Unit.id.in_(reached))
    codes = _codes(terms.starts_on)
    rows = db.session.execute(asked).all()
    if not rows and reached is not None:
        # Somebody who reaches no unit must not slip through as if there were none to match.
        return Units.of([NamedUnit(0, "", ("-",), ())])
    above = _above(terms.starts_on)
    return Units.of(
        NamedUnit(
            id=unit_id,
            label=f"{name} [{key}]",
            names=(name, short_name),
            codes=(key, *codes.get(unit_id, ())),
            above=tuple(above(unit_id)),
        )
        for unit_id, key, name, short_name in rows
    )


def _above(day: date) -> Callable[[int], Iterator[str]]:
    """A function that gives the names, on the day, of the units above a unit."""
    now = clock.now()
    edges = select(UnitParent.unit_id, UnitParent.parent_id).where(
        holds_sql(UnitParent.starts_on, UnitParent.ends_on, day), UnitParent.known_at(now)
    )
    parents = dict(db.session.execute(edges).all())
    named = select(UnitName.unit_id, UnitName.name).where(
        UnitName.unit_id.in_(set(parents.values())),
        holds_sql(UnitName.starts_on, UnitName.ends_on, day),
        UnitName.known_at(now),
    )
    names = dict(db.session.execute(named).all())

    def above(unit_id: int) -> Iterator[str]:
        seen = {unit_id}
        while (unit_id := parents.get(unit_id, 0)) and unit_id not in seen:
            seen.add(unit_id)
            yield names.get(unit_id, "")

    return above


def _codes(day: date) -> dict[int, list[str]]:
    asked = select(UnitCode.unit_id, UnitCode.code).where(
        holds_sql(UnitCode.starts_on, UnitCode.ends_on, day), UnitCode.known_at(clock.now())
    )
    codes: dict[int, list[str]] = {}
    for unit_id, code in db.session.execute(asked):
        codes.setdefault(unit_id, []).append(code)
    return codes


def _groups(terms: Terms) -> dict[str, int]:
    """Group ids by code and folded name; under ``*`` the group chosen for all."""
    if terms.group_id:
        return {"*": terms.group_id}
    found = {}
    for group_id, key, name in db.session.execute(
        select(CadreGroup.id, CadreGroup.key, CadreGroup.name)
    ):
        found[key.lower()] = group_id
        found[folded(name)] = group_id
    return found


def _people(entries: Collection[Entry]) -> Iterator[Any]:
    """Everybody by any of their records: a merged one still says what lists may call them."""
    hashes = {entry.national_id_hash for entry in entries if entry.national_id_hash}
    names = {entry.folded_name for entry in entries}
    kept = aliased(Person)
    columns = (*(getattr(kept, name) for name in _COLUMNS), *_said())
    asked = select(*columns).join(kept, kept.id == standing_id())
    asked = asked.where(~kept.is_set_aside, kept.anonymised_at.is_(None))
    for column, values in ((Person.national_id_hash, hashes), (Person.search_key, names)):
        for some in _in_parts(values):
            yield from db.session.execute(asked.where(column.in_(some)))


_COLUMNS = (
    *("id", "key", "full_name", "gender", "birth_date", "birth_precision"),
    *("position", "phone", "email", "national_id_hash", "national_id_last4"),
)


def _said() -> tuple[ColumnElement[Any], ...]:
    return (
        Person.full_name.label("said_name"),
        Person.search_key.label("said_key"),
        Person.national_id_hash.label("said_hash"),
    )


def _known(row: Any, *, is_ours: bool) -> KnownPerson:
    values = {name: getattr(row, name) for name in _COLUMNS}
    also = frozenset({row.said_name, row.said_hash, row.national_id_hash} - {""})
    values["national_id_hash"] = row.said_hash or row.national_id_hash
    return KnownPerson(folded_name=row.said_key, is_ours=is_ours, also=also, **values)


def _memberships(person_ids: Iterable[int], terms: Terms) -> Iterator[KnownMembership]:
    columns = (
        *(Membership.id, Membership.person_id, Membership.group_id, Membership.unit_id),
        *(Membership.starts_on, Membership.ends_on),
    )
    for some in _in_parts(person_ids):
        asked = select(*columns).where(Membership.person_id.in_(some))
        rows = db.session.execute(asked.where(Membership.known_at(clock.now()))).all()
        ours = _in_scope({row.unit_id for row in rows}, terms)
        for row in rows:
            yield KnownMembership(
                person_id=row.person_id,
                group_id=row.group_id,
                unit_id=row.unit_id,
                period=Period(row.starts_on, row.ends_on),
                id=row.id,
                is_ours=row.unit_id in ours,
            )


def _in_scope(unit_ids: Collection[int], terms: Terms) -> Collection[int]:
    reached = within(terms.scope, terms.starts_on)
    if reached is None or not unit_ids:
        return unit_ids
    asked = select(Unit.id).where(Unit.id.in_(unit_ids), Unit.id.in_(reached))
    return set(db.session.scalars(asked))


def _in_parts(values: Iterable[Any]) -> Iterator[list[Any]]:
    rest = sorted(values)
    for start in range(0, len(rest), AT_ONCE):
        yield rest[start : start + AT_ONCE]


def ids_of_people(keys: Iterable[str]) -> dict[str, int]:
    """The ids of the people of these keys."""
    found: dict[str, int] = {}
    for some in _in_parts(keys):
        asked = select(Person.key, Person.id).where(Person.key.in_(some))
        found.update(db.session.execute(asked).all())
    return found


def lives_of(unit_ids: Iterable[int]) -> dict[int, date | None]:
    """The day each unit's life ends, by id; None for those that have no end."""
    asked = select(Unit.id, Unit.ends_on).where(Unit.id.in_(list(unit_ids)))
    return dict(db.session.execute(asked).all())


def find_upload(key: str) -> RosterUpload | None:
    """The upload of this key, whoever asks."""
    return db.session.scalar(select(RosterUpload).where(RosterUpload.key == key))


def group_of(upload: RosterUpload) -> CadreGroup | None:
    """The group chosen for everybody in the upload."""
    return db.session.get(CadreGroup, upload.group_id) if upload.group_id else None


def upload_page(uploaded_by_id: int | None, after: str | None) -> Page[RosterUpload]:
    """Uploads of one user, or of everybody, the newest first."""
    asked = select(RosterUpload).options(undefer(RosterUpload.reading))
    asked = asked.where(RosterUpload.state != "discarded")
    if uploaded_by_id is not None:
        asked = asked.where(RosterUpload.uploaded_by_id == uploaded_by_id)
    if place := read_cursor(after, int):
        asked = asked.where(RosterUpload.id < place[0])
    rows = db.session.scalars(asked.order_by(RosterUpload.id.desc()).limit(SIZE + 1)).all()
    return page_of(rows, lambda upload: (upload.id,))


def row_page(upload: RosterUpload, state: str, after: str | None) -> Page[RosterRow]:
    """The rows of an upload in one state, or all that are not refused, in the file's order."""
    asked = select(RosterRow).where(RosterRow.upload_id == upload.id, _in_state(state))
    if place := read_cursor(after, int):
        asked = asked.where(RosterRow.position > place[0])
    rows = db.session.scalars(asked.order_by(RosterRow.position).limit(SIZE + 1)).all()
    return page_of(rows, lambda row: (row.position,))


def _in_state(state: str) -> ColumnElement[bool]:
    return RosterRow.state == state if state else RosterRow.state != "refused"


def refused_rows_of(upload: RosterUpload) -> Iterator[RosterRow]:
    """Every refused row with its complaints, in the file's order."""
    asked = select(RosterRow).where(RosterRow.upload_id == upload.id, _in_state("refused"))
    yield from db.session.scalars(asked.order_by(RosterRow.position))


def has_refused(upload: RosterUpload) -> bool:
    """Whether a row of the upload was refused."""
    asked = select(RosterRow.id).where(RosterRow.upload_id == upload.id, _in_state("refused"))
    return db.session.scalar(asked.limit(1)) is not None


def refused_page(upload: RosterUpload, after: str | None) -> Page[RosterRow]:
    """A page of the refused rows with their complaints, in the file's order."""
    asked = select(RosterRow).where(RosterRow.upload_id == upload.id, _in_state("refused"))
    if place := read_cursor(after, int):
        asked = asked.where(RosterRow.position > place[0])
    rows = db.session.scalars(asked.order_by(RosterRow.position).limit(REFUSED + 1)).all()
    return page_of(rows, lambda row: (row.position,), size=REFUSED)


def row_at(upload: RosterUpload, position: int) -> RosterRow | None:
    """The upload's row at the position, if it was refused."""
    asked = select(RosterRow).where(RosterRow.upload_id == upload.id, _in_state("refused"))
    return db.session.scalar(asked.where(RosterRow.position == position))


def rows_at(upload: RosterUpload, positions: Collection[int]) -> list[RosterRow]:
    """The upload's rows at these positions."""
    asked = select(RosterRow).where(
        RosterRow.upload_id == upload.id, RosterRow.position.in_(positions)
    )
    return list(db.session.scalars(asked.order_by(RosterRow.position)))


def movable_count(upload: RosterUpload) -> int:
    """How many refused rows are of people at another unit, who may be moved."""
    return len(movable_positions(upload))


def movable_positions(upload: RosterUpload) -> list[int]:
    """The positions of refused rows whose people may be moved to the rows' units."""
    asked = select(RosterRow.position, RosterRow.complaints).where(
        RosterRow.upload_id == upload.id, _in_state("refused"), RosterRow.person_id.is_not(None)
    )
    rows = db.session.execute(asked.order_by(RosterRow.position))
    return [at for at, complaints in rows if any(one.get("may_move") for one in complaints)]


def counts_of(upload: RosterUpload) -> dict[str, int]:
    """How many rows are new, changed, unchanged and refused."""
    asked = select(RosterRow.state, func.count()).where(RosterRow.upload_id == upload.id)
    found = dict(db.session.execute(asked.group_by(RosterRow.state)).all())
    return {state: found.get(state, 0) for state in ("new", "changed", "unchanged", "refused")}


def rows_between(upload_id: int, first: int, last: int) -> list[RosterRow]:
    """The rows of an upload with these positions that are to be taken."""
    asked = select(RosterRow).where(
        RosterRow.upload_id == upload_id,
        RosterRow.position.between(first, last),
        _in_state(""),
    )
    return list(db.session.scalars(asked.order_by(RosterRow.position)))
