"""Questions about breaches: one by key, all of them. Read only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from hrtrain.core.db import db
from hrtrain.core.paging import SIZE, Page, page_of, read_cursor
from hrtrain.privacy.models import DataIncident
from hrtrain.privacy.rules import report_by


@dataclass(frozen=True)
class IncidentRow:
    """A breach, and by when it is to be reported."""

    incident: DataIncident
    report_by: datetime
    is_late: bool


def find_incident(key: str) -> DataIncident | None:
    """The breach of this key."""
    return db.session.scalar(select(DataIncident).where(DataIncident.key == key))


def row_of(incident: DataIncident, now: datetime) -> IncidentRow:
    """With its last instant; late when it passed, or was passed, before the report."""
    until = report_by(incident.noticed_at)
    return IncidentRow(incident, until, (incident.reported_at or now) > until)


def incident_page(now: datetime, after: str | None) -> Page[IncidentRow]:
    """All breaches, the last entered first."""
    asked = select(DataIncident).order_by(DataIncident.id.desc()).limit(SIZE + 1)
    if place := read_cursor(after, int):
        asked = asked.where(DataIncident.id < place[0])
    rows = [row_of(one, now) for one in db.session.scalars(asked)]
    return page_of(rows, lambda row: (row.incident.id,))
