"""Series: whose certificates, who signs. Changes touch no certificate already issued."""

from dataclasses import asdict, replace

from sqlalchemy import select

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.certificates.models import CertificateNumber, CertificateSeries
from hrtrain.certificates.rules import SeriesDetails, plain_series
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.training.models import TrainingSession
from hrtrain.units.models import Unit
from hrtrain.units.queries import path_of


def create_series(
    key: str, unit: Unit, details: SeriesDetails, *, by: User | None
) -> CertificateSeries:
    """Make a series of the unit; the same key again is the same series (a double click)."""
    made = db.session.scalar(select(CertificateSeries).where(CertificateSeries.key == key))
    if made is not None:
        return made
    _check_notation(details.notation, apart_from=0)
    series = CertificateSeries(key=key, unit_id=unit.id, **asdict(details))
    db.session.add(series)
    db.session.flush()
    _record(by, "create_series", series, _("Lập loạt giấy %(name)s", name=series.notation))
    return series


def series_of_session(session: TrainingSession, *, by: User | None) -> CertificateSeries:
    """The unit's plain series, made where neither the session's unit nor one above has any."""
    unit, path = session.unit, path_of(session.unit, session.starts_on)
    details = plain_series(unit.name, unit.short_name, path[-1].name if path else "")
    taken = select(CertificateSeries.id).where(CertificateSeries.notation == details.notation)
    if db.session.scalar(taken):
        details = replace(details, notation=f"{details.notation}-{unit.id}")
    return create_series(f"series-{unit.key}"[:120], unit, details, by=by)


def edit_series(series: CertificateSeries, details: SeriesDetails, *, by: User | None) -> None:
    """Change what the next certificates will say. A notation in use stays: numbers carry it."""
    if details.notation != series.notation:
        _check_notation(details.notation, apart_from=series.id)
        used = select(CertificateNumber.id).where(CertificateNumber.series_id == series.id)
        if db.session.scalar(used.limit(1)):
            raise Refusal(
                _("Ký hiệu đã có trên giấy đã cấp nên không đổi được; hãy lập loạt giấy mới."),
                where="notation",
            )
    for name, value in asdict(details).items():
        setattr(series, name, value)
    db.session.flush()
    _record(by, "edit_series", series, _("Sửa loạt giấy %(name)s", name=series.notation))


def _check_notation(notation: str, *, apart_from: int) -> None:
    same = (CertificateSeries.notation == notation, CertificateSeries.id != apart_from)
    if db.session.scalar(select(CertificateSeries.id).where(*same)):
        raise Refusal(
            _("Ký hiệu %(name)s đã dùng cho một loạt giấy khác.", name=notation), where="notation"
        )


def _record(by: User | None, act: str, series: CertificateSeries, summary: str) -> None:
    record(by, act, ("certificate_series", series.key), summary, notation=series.notation)
