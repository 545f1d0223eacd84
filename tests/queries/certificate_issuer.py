"""What a child process of the tests issues."""

from datetime import date

from sqlalchemy import select

from hrtrain.certificates.actions.issuing import issue
from hrtrain.certificates.models import CertificateSeries
from hrtrain.core.db import db
from hrtrain.training.queries.sessions import find_training_session


def issue_all(session_keys: list[str]) -> None:
    """Issue for the sessions, one transaction each."""
    for key in session_keys:
        session = find_training_session(key)
        assert session is not None
        series = db.session.scalars(select(CertificateSeries)).one()
        issue(session, series, by=None, on=date(2026, 5, 6))
        db.session.commit()
