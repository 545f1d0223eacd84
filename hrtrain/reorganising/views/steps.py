"""Steps of a plan entered one by one: units typed with suggestions, new ones named."""

import secrets
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import back_out
from hrtrain.core.language import gettext as _
from hrtrain.reorganising.actions.drafting import add_step, remove_step
from hrtrain.reorganising.forms import STEP_FORMS
from hrtrain.reorganising.gates import KEEPER, reorganisation_or_404
from hrtrain.reorganising.models import Reorganisation
from hrtrain.reorganising.rules import NEW, Does, Entry
from hrtrain.reorganising.views import bp
from hrtrain.reorganising.words import STEPS
from hrtrain.units.models import Unit
from hrtrain.units.queries import unit_of_text
from hrtrain.units.scope import scope_of

UNNUMBERED = 0
"""A step gets its number when it is added."""


@bp.route("/reorganisations/<key>/steps/<does>", methods=["GET", "POST"])
@open_to(KEEPER)
def step_new(key: str, does: str) -> ResponseReturnValue:
    """Add a step of this kind to the plan."""
    plan = reorganisation_or_404(key)
    if does not in STEP_FORMS:
        abort(404)
    form = STEP_FORMS[does]()
    if not form.validate_on_submit():
        return _page(plan, does, form), 422 if form.errors else 200
    try:
        add_step(plan, _ENTRIES[does](plan, form))
    except Refusal as refusal:
        back_out(form, refusal)
        return _page(reorganisation_or_404(key), does, form), refusal.status
    db.session.commit()
    return redirect(url_for("reorganising.reorganisation_page", key=key, _anchor="steps"), 303)


@bp.post("/reorganisations/<key>/steps/<int:line>/remove")
@open_to(KEEPER)
def step_remove(key: str, line: int) -> ResponseReturnValue:
    """Take the step out of the plan."""
    remove_step(reorganisation_or_404(key), line)
    db.session.commit()
    return redirect(url_for("reorganising.reorganisation_page", key=key, _anchor="steps"), 303)


def _page(plan: Reorganisation, does: str, form: Any) -> str:
    return render_template(
        "reorganising/step_new.html", plan=plan, does=does, title=STEPS[does], form=form
    )


def _typed(text: str, day: date, where: str) -> Unit:
    """The unit that is meant on the day by key, name or code, in the user's reach."""
    try:
        unit = unit_of_text(text, day, scope_of(current_user(), KEEPER))
    except Refusal as refusal:
        raise Refusal(refusal.message, where=where) from None
    if unit is None:
        raise Refusal(
            _("Không có đơn vị “%(text)s” trong phạm vi của bạn.", text=text), where=where
        )
    return unit


def _before(plan: Reorganisation, text: str, where: str) -> str:
    return _typed(text, plan.effective_on - timedelta(days=1), where).key


def _then(plan: Reorganisation, text: str, where: str) -> str:
    return _typed(text, plan.effective_on, where).key


def _several(plan: Reorganisation, texts: Iterable[str | None], where: str) -> list[str]:
    return list(dict.fromkeys(_before(plan, text, where) for text in texts if text))


def _founded(name: str, like: str, plan: Reorganisation, form: Any = None) -> Entry:
    """A new unit: as the one it takes over from where the form says nothing else."""
    day = plan.effective_on - timedelta(days=1)
    before = _typed(like, day, "unit")
    parent = form.parent.data if form else ""
    return Entry(
        UNNUMBERED,
        Does.FOUND,
        NEW + secrets.token_hex(4),
        _then(plan, parent, "parent") if parent else "",
        name=name,
        tier=(form.tier.data if form else "") or before.tier,
        kind=(form.kind.data if form else "") or before.kind,
    )


def _merge(plan: Reorganisation, form: Any) -> list[Entry]:
    olds = _several(plan, form.units.data, "units")
    if not olds:
        raise Refusal(_("Hãy ghi ít nhất một đơn vị cũ."), where="units")
    if bool(form.to.data) == bool(form.name.data):
        raise Refusal(_("Hãy chọn một đơn vị đã có, hoặc ghi tên đơn vị mới."), where="to")
    if form.to.data:
        to = _then(plan, form.to.data, "to")
        # Who goes on under its own name is no old unit of the merger.
        return [_becomes(old, to) for old in olds if old != to]
    new = _founded(form.name.data, olds[0], plan, form)
    return [new, *(_becomes(old, new.unit) for old in olds)]


def _split(plan: Reorganisation, form: Any) -> list[Entry]:
    old = _before(plan, form.unit.data, "unit")
    said: list[Entry] = []
    successors: list[str] = []
    for text, name in zip(form.to.data, form.name.data, strict=True):
        if text and name:
            raise Refusal(_("Mỗi dòng chỉ ghi đơn vị đã có hoặc tên đơn vị mới."), where="to")
        if text:
            successors.append(_then(plan, text, "to"))
        elif name:
            said.append(_founded(name, old, plan))
            successors.append(said[-1].unit)
    if len(successors) < 2:
        raise Refusal(_("Hãy ghi ít nhất hai đơn vị kế thừa."), where="to")
    return [*said, *(_becomes(old, to, is_default=not n) for n, to in enumerate(successors))]


def _becomes(old: str, new: str, *, is_default: bool = True) -> Entry:
    return Entry(UNNUMBERED, Does.BECOME, old, new, is_default)


def _rename(plan: Reorganisation, form: Any) -> list[Entry]:
    unit = _then(plan, form.unit.data, "unit")
    name, short_name = form.name.data, form.short_name.data or ""
    return [Entry(UNNUMBERED, Does.RENAME, unit, name=name, short_name=short_name)]


def _retype(plan: Reorganisation, form: Any) -> list[Entry]:
    unit = _before(plan, form.unit.data, "unit")
    if not form.tier.data and not form.kind.data:
        raise Refusal(_("Hãy chọn cấp mới hoặc loại mới."), where="tier")
    return [Entry(UNNUMBERED, Does.RETYPE, unit, tier=form.tier.data, kind=form.kind.data)]


def _move(plan: Reorganisation, form: Any) -> list[Entry]:
    unit = _then(plan, form.unit.data, "unit")
    parent = _then(plan, form.parent.data, "parent") if form.parent.data else ""
    return [Entry(UNNUMBERED, Does.MOVE, unit, parent)]


def _dissolve(plan: Reorganisation, form: Any) -> list[Entry]:
    return [Entry(UNNUMBERED, Does.DISSOLVE, _before(plan, form.unit.data, "unit"))]


_ENTRIES: dict[str, Callable[[Reorganisation, Any], list[Entry]]] = {
    "merge": _merge,
    "split": _split,
    "rename": _rename,
    "retype": _retype,
    "move": _move,
    "dissolve": _dissolve,
}
