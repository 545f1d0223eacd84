"""Loads a data package into the database, in the transaction of whoever called, or refuses it.

Into an empty or a filled database; the same package twice changes nothing. The caller commits.
"""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import psycopg
from sqlalchemy import and_, or_, select
from sqlalchemy.exc import DataError, IntegrityError

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.exchange.complaints import Complaints, PackageRefused
from hrtrain.exchange.entities import Entities
from hrtrain.exchange.facts import Facts
from hrtrain.exchange.layout import SHEETS, UNIT_NAMES, UNITS, Sheet
from hrtrain.exchange.load import Counts, Load, parts
from hrtrain.exchange.names import UnitNames
from hrtrain.exchange.package import Package, opened

Progress = Callable[[str], None]


def import_package(
    path: Path, *, secret_key: str, by: User | None = None, progress: Progress | None = None
) -> dict[str, Counts]:
    """Load the package; what became of the rows, file by file.

    Raises `PackageRefused` with every complaint at once; the caller must roll back then.
    """
    # What the session holds would not see rows written beneath it.
    db.session.flush()
    load = Load(db.session.connection(), Complaints(), clock.now(), secret_key)
    with opened(path) as package:
        for sheet in SHEETS:
            if progress is not None and sheet.name in package.files:
                progress(sheet.file)
            _load_sheet(load, sheet, package)
        _check_changed_lives(load)
    if load.complaints.count:
        raise PackageRefused(load.complaints)
    db.session.expire_all()
    totals = {name: asdict(counts) for name, counts in load.counts.items()}
    if any(c.added or c.changed or c.retracted for c in load.counts.values()):
        record(by, "data.import", ("package", path.name[:120]), path.name, **totals)
    return load.counts


def _load_sheet(load: Load, sheet: Sheet, package: Package) -> None:
    try:
        if sheet is UNIT_NAMES:
            UnitNames(load).run(package)
        elif sheet.is_fact:
            Facts(load, sheet).run(package)
        else:
            Entities(load, sheet).run(package)
    except (IntegrityError, DataError, psycopg.Error) as error:
        # Somebody wrote at the same time, or a rule of the database no check foresaw.
        raise Refusal(
            f"the database refused it: {getattr(error, 'orig', error)}", where=sheet.file
        ) from error


def _check_changed_lives(load: Load) -> None:
    """Memberships known already must lie within the lives the package gives to known units."""
    changed = [unit for unit, life in load.former_lives.items() if load.lives[unit] != life]
    if not changed or not load.may_write:
        return
    unit, membership = load.table("unit"), load.table("membership")
    outside = or_(
        membership.c.starts_on < unit.c.starts_on,
        and_(
            unit.c.ends_on.is_not(None),
            or_(membership.c.ends_on.is_(None), membership.c.ends_on > unit.c.ends_on),
        ),
    )
    query = (
        select(unit.c.key)
        .join(membership, membership.c.unit_id == unit.c.id)
        .where(membership.c.retracted_at.is_(None), outside)
        .distinct()
        .order_by(unit.c.key)
    )
    for part in parts(changed):
        for key in load.connection.scalars(query.where(unit.c.id.in_(part))):
            row = load.first_names[key][0]
            reason = "leaves memberships known already outside the unit's life"
            load.complaints.add(UNITS.file, row, "valid_to", reason)
