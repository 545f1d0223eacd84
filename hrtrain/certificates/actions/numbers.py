"""Numbers: taken in order under a lock, none twice, none left out, none given again."""

from datetime import date

from sqlalchemy import select

from hrtrain.certificates import marks
from hrtrain.certificates.models import (
    Certificate,
    CertificateCounter,
    CertificateNumber,
    CertificateSeries,
)
from hrtrain.certificates.places import data_folder
from hrtrain.certificates.rules import number_value
from hrtrain.core.db import db, lock
from hrtrain.core.language import gettext as _


def take_numbers(series: CertificateSeries, year: int, count: int) -> range:
    """The next numbers of the series and year, held until the transaction ends.

    Numbers the database has forgotten (a restored backup) but the mark beside it has not are
    entered as void first; numbers that came with a data package are entered as taken.
    """
    lock(series)
    counter = _counter(series, year)
    _enter_imported(series, counter)
    _void_forgotten(series, counter)
    first = counter.last_number + 1
    counter.last_number += count
    db.session.flush()
    return range(first, first + count)


def _counter(series: CertificateSeries, year: int) -> CertificateCounter:
    key = (CertificateCounter.series_id == series.id, CertificateCounter.year == year)
    asked = select(CertificateCounter).where(*key).execution_options(populate_existing=True)
    counter = db.session.scalar(asked)
    if counter is None:
        counter = CertificateCounter(series_id=series.id, year=year, last_number=0)
        db.session.add(counter)
    return counter


def _void_forgotten(series: CertificateSeries, counter: CertificateCounter) -> None:
    highest = marks.highest(data_folder(), series.key, counter.year)
    _void_up_to(
        counter,
        highest,
        _("Số đã cấp nhưng không còn trong dữ liệu sau khi khôi phục bản sao lưu; không dùng lại."),
    )


def _enter_imported(series: CertificateSeries, counter: CertificateCounter) -> None:
    """Certificates of a data package bring their numbers; the book lists them like its own."""
    booked = select(CertificateNumber.id).where(CertificateNumber.certificate_id == Certificate.id)
    rows = db.session.execute(
        select(Certificate.id, Certificate.number).where(
            Certificate.number.endswith(series.notation, autoescape=True),
            Certificate.issued_on.between(date(counter.year, 1, 1), date(counter.year, 12, 31)),
            ~booked.exists(),
        )
    )
    values = {number_value(number, series.notation): row_id for row_id, number in rows}
    for value in sorted(value for value in values if value and value > counter.last_number):
        _void_up_to(counter, value - 1, _("Số không có trong dữ liệu được nhập; không dùng lại."))
        _enter(counter, value, certificate_id=values[value])
        counter.last_number = value
    db.session.flush()


def _void_up_to(counter: CertificateCounter, highest: int, reason: str) -> None:
    for value in range(counter.last_number + 1, highest + 1):
        _enter(counter, value, void_reason=reason)
        counter.last_number = value


def _enter(counter: CertificateCounter, value: int, **more: object) -> None:
    db.session.add(
        CertificateNumber(series_id=counter.series_id, year=counter.year, value=value, **more)
    )
