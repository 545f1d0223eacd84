"""The register of breaches of personal data."""

from dataclasses import dataclass
from datetime import datetime

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.language import gettext as _
from hrtrain.privacy.models import DataIncident
from hrtrain.privacy.queries.incidents import find_incident


@dataclass(frozen=True)
class IncidentDetails:
    """What is known of a breach so far."""

    noticed_at: datetime
    what: str
    people_count: int | None
    measures: str
    is_reported: bool
    report_no: str


def enter_incident(key: str, details: IncidentDetails, *, by: User) -> DataIncident:
    """A breach; the key is the form's own, so sent twice it is one."""
    known = find_incident(key)
    if known is not None:
        return known
    incident = DataIncident(key=key, entered_by_id=by.id)
    _write(incident, details)
    db.session.add(incident)
    db.session.flush()
    record(by, "incident_entered", ("incident", key), _("Ghi sự cố dữ liệu cá nhân"))
    return incident


def change_incident(incident: DataIncident, details: IncidentDetails, *, by: User) -> None:
    """What is known by now; the first report's instant stays."""
    _write(incident, details)
    db.session.flush()
    record(by, "incident_changed", ("incident", incident.key), _("Sửa sự cố dữ liệu cá nhân"))


def _write(incident: DataIncident, details: IncidentDetails) -> None:
    incident.noticed_at, incident.what = details.noticed_at, details.what
    incident.people_count, incident.measures = details.people_count, details.measures
    incident.report_no = details.report_no
    if not details.is_reported:
        incident.reported_at = None
    elif incident.reported_at is None:
        incident.reported_at = clock.now()
