"""A programme's forecast: what each target comes to by its deadline, and the seats still needed."""

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import read_day
from hrtrain.core.language import gettext as _
from hrtrain.coverage import words
from hrtrain.coverage.drawing import bar_of
from hrtrain.coverage.forecasting import Forecast, forecasts
from hrtrain.coverage.gates import READERS, keys_in_reach, programme_or_404
from hrtrain.coverage.views import bp
from hrtrain.coverage.views.asking import read_asked
from hrtrain.coverage.views.dashboard import place_of


@bp.get("/coverage/<programme>/forecast")
@open_to(*READERS)
def programme_forecast(programme: str) -> ResponseReturnValue:
    """Each target by its deadline; of the chosen group also units, courses and sessions."""
    found, asked, on = programme_or_404(programme), read_asked(), _chosen_day()
    rows = forecasts(found.key, clock.today(), unit=asked.unit_key, on=on)
    chosen = _chosen(rows)
    units = [row.then.unit for row in chosen.units] if chosen else []
    return render_template(
        "coverage/forecast.html",
        programme=found,
        asked=asked,
        on=on,
        place=place_of(asked),
        rows=rows,
        chosen=chosen,
        changes=_changes(chosen) if chosen else [],
        open_units=keys_in_reach(units, asked.reached),
        bar_of=bar_of,
        words=words,
        here={"unit": asked.unit_key, "on": on.isoformat() if on else None},
    )


def _changes(chosen: Forecast) -> list[tuple[int, str]]:
    """What is known to change, those that are not nought."""
    if chosen.changes is None:
        return []
    counted = [(getattr(chosen.changes, name), str(label)) for name, label in words.CHANGES.items()]
    return [(people, label) for people, label in counted if people]


def _chosen_day() -> date | None:
    text = request.args.get("on", "").strip()
    try:
        return read_day(text) if text else None
    except ValueError as error:
        raise Refusal(str(error), where=_("Dự báo đến ngày")) from None


def _chosen(rows: list[Forecast]) -> Forecast | None:
    """That of the group asked for, else the first; refused when there is no target for it."""
    text = request.args.get("group", "")
    by_group = {row.today.group: row for row in rows}
    if text and text not in by_group:
        raise Refusal(_("Chương trình không có chỉ tiêu cho nhóm “%(group)s”.", group=text))
    return by_group[text] if text else next(iter(rows), None)
