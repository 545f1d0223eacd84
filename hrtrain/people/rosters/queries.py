"""What the database knows of the people, units and groups a roster names. Read only.

The number of statements does not grow with the rows (only by one for every ten thousand).
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import undefer

from hrtrain.core import clock
from hrtrain.core.db import db, holds_sql
from hrtrain.core.paging import SIZE, Page, page_of, read_cursor
from hrtrain.core.period import Period
from hrtrain.people.models import CadreGroup, Membership, Person, RosterRow, RosterUpload
from hrtrain.people.rosters.named_units import NamedUnit, Units, folded
from hrtrain.people.rosters.plan import Known, KnownMembership, KnownPerson
from hrtrain.people.rosters.types import Entry
from hrtrain.units.models import Unit, UnitCode, UnitName
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


def known_for(entries: Collection[Entry], terms: Terms) -> Known:
    """Everybody the entries may be, with their memberships, and the units and groups of the day."""
    units = Units(placed=terms.unit_id) if terms.unit_id else _units(terms)
    people = list(_people(entries, terms))
    ids = [person.id for person in people]
    return Known(people, list(_memberships(ids)), units, _groups(terms))


def _units(terms: Terms) -> Units:
    alive = and_(holds_sql(Unit.starts_on, Unit.ends_on, terms.starts_on), ~Unit.is_set_aside)
    asked = select(Unit.id, Unit.key, UnitName.name, UnitName.short_name).join(
        UnitName, UnitName.unit_id == Unit.id
    )
    names = holds_sql(UnitName.starts_on, UnitName.ends_on, terms.starts_on)
    asked = asked.where(alive, names, UnitName.known_at(clock.now()))
    reached = within(terms.scope, terms.starts_on)
    if reached is not None:
        asked = asked.where(Unit.id.in_(reached))
    codes = _codes(terms.starts_on)
    rows = db.session.execute(asked).all()
    if not rows and reached is not None:
        # Somebody who reaches no unit must not slip through as if there were none to match.
        return Units.of([NamedUnit(0, "", ("-",), ())])
    return Units.of(
        NamedUnit(unit_id, f"{name} [{key}]", (name, short_name), (key, *codes.get(unit_id, ())))
        for unit_id, key, name, short_name in rows
    )


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


def _people(entries: Collection[Entry], terms: Terms) -> Iterator[KnownPerson]:
    hashes = {entry.national_id_hash for entry in entries if entry.national_id_hash}
    names = {entry.folded_name for entry in entries}
    strangers = _strangers(terms)
    seen: set[int] = set()
    for column, values in ((Person.national_id_hash, hashes), (Person.search_key, names)):
        for some in _in_parts(values):
            asked = _person_columns().where(column.in_(some), ~Person.is_set_aside)
            for row in db.session.execute(asked):
                if row.id not in seen:
                    seen.add(row.id)
                    yield _known(row, is_ours=row.id not in strangers)


def _person_columns() -> Select[*tuple[Any, ...]]:
    return select(
        *(Person.id, Person.key, Person.full_name, Person.search_key, Person.gender),
        *(Person.birth_date, Person.birth_precision, Person.position, Person.phone),
        *(Person.email, Person.national_id_hash, Person.national_id_last4),
    )


def _known(row: Any, *, is_ours: bool) -> KnownPerson:
    values = dict(row._mapping)
    return KnownPerson(folded_name=values.pop("search_key"), is_ours=is_ours, **values)


def _strangers(terms: Terms) -> set[int]:
    """People all of whose present memberships lie outside the scope."""
    reached = within(terms.scope, terms.starts_on)
    if reached is None:
        return set()
    present = (
        Membership.known_at(clock.now()),
        Membership.ends_on.is_(None) | (Membership.ends_on > terms.starts_on),
    )
    ours = select(Membership.person_id).where(*present, Membership.unit_id.in_(reached))
    asked = select(Membership.person_id).where(*present, Membership.person_id.not_in(ours))
    return set(db.session.scalars(asked.distinct()))


def _memberships(person_ids: Iterable[int]) -> Iterator[KnownMembership]:
    for some in _in_parts(person_ids):
        asked = select(
            *(Membership.person_id, Membership.group_id, Membership.unit_id),
            *(Membership.starts_on, Membership.ends_on),
        ).where(Membership.person_id.in_(some), Membership.known_at(clock.now()))
        for person_id, group_id, unit_id, starts_on, ends_on in db.session.execute(asked):
            yield KnownMembership(person_id, group_id, unit_id, Period(starts_on, ends_on))


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


def refused(upload: RosterUpload) -> list[RosterRow]:
    """Every refused row with its complaints, in the file's order."""
    asked = select(RosterRow).where(RosterRow.upload_id == upload.id, _in_state("refused"))
    return list(db.session.scalars(asked.order_by(RosterRow.position)))


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
