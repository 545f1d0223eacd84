"""Units that wait for a declaration or a confirmation; many are confirmed with one signature."""

from typing import NamedTuple

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from hrtrain.accounts.access import current_user
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out
from hrtrain.core.language import gettext as _
from hrtrain.people import words
from hrtrain.people.gates import KEEPERS, READERS
from hrtrain.people.headcounts.actions import confirm_all
from hrtrain.people.headcounts.due import due_page, due_units, refuse_many, reminders, waiting_below
from hrtrain.people.headcounts.forms import SignatureForm
from hrtrain.people.headcounts.rules import MAX_AGE_DAYS
from hrtrain.people.views import bp
from hrtrain.people.views.headcounts import sign_in_name
from hrtrain.units.gates import reaches_unit, typed_unit, unit_or_404
from hrtrain.units.models import Unit
from hrtrain.units.queries import NamedUnit, children_of, find_unit, units_at_the_top
from hrtrain.units.scope import Scope, scope_of, within

AGES = range(1, 3651)


class Asked(NamedTuple):
    """Below which unit, and how old a signature may be."""

    unit: Unit | None
    units: Select[int] | None
    max_age: int


@bp.get("/headcounts/-/due")
@open_to(*READERS)
def headcount_due() -> ResponseReturnValue:
    """The units in scope, or below one of them, that wait for a word: the oldest word first."""
    form = SignatureForm(formdata=None)
    sign_in_name(form)
    return _due_page(form)


@bp.post("/headcounts/-/confirm")
@open_to(*KEEPERS)
def headcount_confirm() -> ResponseReturnValue:
    """The numbers of the chosen units are still right: each is signed anew, none is changed."""
    units = [unit_or_404(key, *KEEPERS) for key in request.form.getlist("chosen")]
    form = SignatureForm()
    if not form.validate_on_submit():
        return _due_page(form), 422
    try:
        if not units:
            raise Refusal(_("Hãy chọn ít nhất một đơn vị."))
        for unit in units:
            confirm_all(unit, by=current_user(), signature=form.signature)
    except Refusal as refusal:
        back_out(form, refusal)
        return _due_page(form), refusal.status
    db.session.commit()
    flash(_("Đã xác nhận vẫn đúng cho %(n)s đơn vị.", n=len(units)), "good")
    below, days = request.values.get("unit") or None, request.values.get("days") or None
    return redirect(url_for("people.headcount_due", unit=below, days=days), 303)


def _due_page(form: SignatureForm) -> str:
    asked = _asked()
    try:
        refuse_many(asked.units)
    except Refusal as refusal:
        choices = _level_below(asked.unit)
        return render_template("people/headcount_due_choice.html", refusal=refusal, choices=choices)
    found, of = due_units(asked.units, asked.max_age)
    waiting = waiting_below(asked.unit, found) if asked.unit else {}
    children = children_of(asked.unit, clock.today()) if waiting and asked.unit else []
    return render_template(
        "people/headcount_due.html",
        unit=asked.unit,
        max_age=asked.max_age,
        page=due_page(found, request.args.get("after")),
        counted=reminders(found, of),
        below=[(child, waiting[child.id]) for child in children if child.id in waiting],
        form=form,
        words=words,
        may_confirm=_may_confirm(asked.unit),
    )


def _asked() -> Asked:
    typed, days = request.values.get("unit", "").strip(), request.values.get("days", "")
    max_age = int(days) if days.isascii() and days.isdigit() and len(days) < 5 else MAX_AGE_DAYS
    if max_age not in AGES:
        max_age = MAX_AGE_DAYS
    scope = scope_of(current_user())
    if not typed:
        return Asked(None, within(scope, clock.today()), max_age)
    unit = typed_unit(typed)
    return Asked(unit, within(Scope(roots=frozenset({unit.id})), clock.today()), max_age)


def _level_below(unit: Unit | None) -> list[NamedUnit]:
    today = clock.today()
    if unit is not None:
        return children_of(unit, today)
    tops = units_at_the_top(today, scope_of(current_user()))
    only = find_unit(tops[0].key) if len(tops) == 1 else None
    return children_of(only, today) if only else tops


def _may_confirm(unit: Unit | None) -> bool:
    if unit is not None:
        return reaches_unit(unit, *KEEPERS)
    return not scope_of(current_user(), *KEEPERS).is_empty
