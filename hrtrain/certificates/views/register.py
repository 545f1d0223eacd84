"""The register book on a page and as a spreadsheet."""

from flask import abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user, may
from hrtrain.accounts.rules import Role
from hrtrain.certificates import words
from hrtrain.certificates.book import book_of
from hrtrain.certificates.gates import READERS, series_or_404
from hrtrain.certificates.models import CertificateSeries
from hrtrain.certificates.queries.register import (
    register_lines,
    register_page,
    series_in_reach,
    years_of,
)
from hrtrain.certificates.views import bp
from hrtrain.certificates.views.answers import series_choices
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.shown import note_count
from hrtrain.units.scope import reach, scope_of


@bp.get("/register")
@open_to(*READERS)
def register() -> ResponseReturnValue:
    """The book of a series and year; the first in scope when none is named."""
    within = series_in_reach(reach(scope_of(current_user(), *READERS)))
    key = request.args.get("series", "")
    series = series_or_404(key) if key else next(iter(within), None)
    year = _year(series)
    return render_template(
        "certificates/register.html",
        series=series,
        year=year,
        choices=series_choices(within),
        years=[(str(one), str(one)) for one in _years(series)],
        page=register_page(series, year, request.args.get("after")) if series else None,
        words=words,
        may_set=may(Role.PROGRAMME_MANAGER),
    )


@bp.get("/register.xlsx")
@open_to(*READERS)
def register_sheet() -> ResponseReturnValue:
    """The whole book of a series and year as a spreadsheet."""
    series = series_or_404(request.args.get("series", ""))
    year = _year(series)
    lines = register_lines(series, year)
    note_count(len(lines))
    file = book_of(series, year, lines)
    name = f"so-cap-{series.notation}-{year}.xlsx"
    return send_file(file, as_attachment=True, download_name=name)


def _years(series: CertificateSeries | None) -> list[int]:
    years = years_of(series) if series else []
    return years or [clock.today().year]


def _year(series: CertificateSeries | None) -> int:
    text = request.args.get("year", "")
    if not text:
        return _years(series)[0]
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else abort(404)
