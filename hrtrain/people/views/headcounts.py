"""Declared headcounts: a unit's own numbers beside the people it names, and those below."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import asked_day, back_out
from hrtrain.core.language import gettext as _
from hrtrain.coverage.views.impact import Panel, panel_if_asked
from hrtrain.people.forms import HeadcountForm, group_choices
from hrtrain.people.gates import KEEPERS, READERS, group_or_404
from hrtrain.people.headcount_actions import declare_headcount
from hrtrain.people.headcount_queries import declarations_of, headcounts_of, totals_below
from hrtrain.people.queries import groups
from hrtrain.people.views import bp
from hrtrain.units.gates import reaches_unit, typed_unit, unit_or_404
from hrtrain.units.models import Unit
from hrtrain.units.queries import name_on, path_of, units_at_the_top
from hrtrain.units.scope import scope_of


@bp.get("/headcounts")
@open_to(*READERS)
def headcount_list() -> ResponseReturnValue:
    """A unit's declarations beside its named members, by group; without a unit, which to choose."""
    typed = request.args.get("unit", "").strip()
    if typed:
        unit = typed_unit(typed)
        form = HeadcountForm(formdata=None)
        form.starts_on.data = clock.today()
        return _unit_page(unit, form)
    tops = units_at_the_top(clock.today(), scope_of(current_user()))
    if len(tops) == 1:
        return redirect(url_for("people.headcount_list", unit=tops[0].key))
    return render_template("people/headcount_list.html", tops=tops)


@bp.post("/headcounts/<key>")
@open_to(*KEEPERS)
def headcount_declare(key: str) -> ResponseReturnValue:
    """Declare a number from a day on; the former declaration ends the day before."""
    unit = unit_or_404(key, *KEEPERS)
    form = HeadcountForm()
    form.group.choices = group_choices(groups())
    if not form.validate_on_submit():
        return _unit_page(unit, form), 422
    group = group_or_404(form.group.data)

    def act() -> None:
        declare_headcount(unit, group, form.number, form.day, by=current_user())

    try:
        panel = panel_if_asked(act, form.day)
        if panel is not None:
            return _unit_page(unit, form, panel)
        act()
    except Refusal as refusal:
        back_out(form, refusal)
        return _unit_page(unit, form), refusal.status
    db.session.commit()
    flash(_("Đã khai %(group)s: %(n)s người.", group=group.name, n=form.declared.data), "good")
    return redirect(url_for("people.headcount_list", unit=key), 303)


def _unit_page(unit: Unit, form: HeadcountForm, panel: Panel | None = None) -> str:
    today = clock.today()
    day = asked_day(request.args.get("as_of"), today)
    form.group.choices = group_choices(groups())
    return render_template(
        "people/headcount_unit.html",
        unit=unit,
        name=name_on(unit, day),
        path=path_of(unit, day),
        day=day,
        rows=headcounts_of(unit, day),
        below=totals_below(unit, day),
        history=declarations_of(unit),
        form=form,
        panel=panel,
        may_declare=reaches_unit(unit, *KEEPERS),
    )
