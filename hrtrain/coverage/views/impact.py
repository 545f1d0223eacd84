"""The preview before an act: what it would change of the figures the user may read.

Any feature's form asks here with a second button, `impact`; the same form is then shown again with
the figures, and nothing is stored.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.formats import decimal, number
from hrtrain.core.forms import back_out
from hrtrain.core.language import lazy_gettext as _l
from hrtrain.coverage import words
from hrtrain.coverage.gates import READERS
from hrtrain.coverage.impact import Act, Change, Impact, impact_of
from hrtrain.units.scope import reach, scope_of

MOST_ROWS = 15
"""Rows shown of one day; of the rest the number is said."""
LABELS = {
    "rate": _l("Tỷ lệ"),
    "trained": _l("Đã tập huấn"),
    "required": _l("Phải tập huấn"),
    "in_grace": _l("Trong thời gian chờ"),
    "exempt": _l("Được miễn"),
    "unnamed": _l("Chưa có tên"),
}
ALWAYS = ("rate", "trained", "required")


@dataclass(frozen=True)
class Cell:
    """A figure before and after as written, and the difference with its sign, if there is any."""

    label: str
    before: str
    after: str
    difference: str
    is_rate: bool


@dataclass(frozen=True)
class Row:
    """A target's figures at a unit, as the table's row shows them."""

    change: Change
    cells: list[Cell]


@dataclass(frozen=True)
class Target:
    """A target with the rows of its units."""

    group_name: str
    programme_title: str
    rows: list[Row]


@dataclass(frozen=True)
class Day:
    """What differs on a day: the rows shown, and how many are left out."""

    day: date
    is_today: bool
    is_deadline: bool
    heads: list[tuple[str, str]]
    """Of the figures' columns, as the table takes them."""
    targets: list[Target]
    left_out: int


@dataclass(frozen=True)
class Panel:
    """An impact as the page shows it."""

    impact: Impact
    days: list[Day]
    statuses: Mapping[str, object] = field(default_factory=lambda: words.STATUSES)
    tones: Mapping[str, str] = field(default_factory=lambda: words.TONES)


def panel_if_asked(act: Act, *days: date | None) -> Panel | None:
    """What the act would change in the user's reach today, on these days and at deadlines.

    None when the form was sent to do it. What the act refuses is refused here too. Nothing may be
    written before: what is not committed is taken back.
    """
    if "impact" not in request.form:
        return None
    reached = reach(scope_of(current_user(), *READERS))
    impact = impact_of(act, reached, days)
    return Panel(impact, [_shown(impact, day) for day in impact.days if impact.on(day)])


def answered(
    form: Any,
    act: Act,
    *,
    days: Callable[[], Iterable[date | None]],
    page: Callable[..., str],
    done: Callable[[], ResponseReturnValue],
) -> ResponseReturnValue:
    """The answer of a form whose act may be looked at first: shown, looked at, refused or done.

    ``page`` takes ``panel`` and ``is_stale``; ``days`` are asked for once the form is valid, and
    ``done`` answers when the act is committed.
    """
    if not form.validate_on_submit():
        return page(panel=None, is_stale=False), 422 if form.errors else 200
    try:
        panel = panel_if_asked(act, *days())
        if panel is not None:
            return page(panel=panel, is_stale=False)
        act()
    except Refusal as refusal:
        status = back_out(form, refusal)
        return page(panel=None, is_stale=isinstance(refusal, Stale)), status
    db.session.commit()
    return done()


def _shown(impact: Impact, day: date) -> Day:
    changes = impact.on(day)
    shown = groupby(changes[:MOST_ROWS], lambda one: (one.after.programme, one.after.group))
    names = [name for name in LABELS if name in ALWAYS or any(_differs(c, name) for c in changes)]
    return Day(
        day=day,
        is_today=day == impact.today,
        is_deadline=day not in impact.own_days,
        heads=[(str(LABELS[name]), "num") for name in names],
        targets=[_target(list(rows), names) for _key, rows in shown],
        left_out=max(0, len(changes) - MOST_ROWS),
    )


def _target(changes: list[Change], names: list[str]) -> Target:
    after = changes[0].after
    rows = [Row(one, [_cell(one, name) for name in names]) for one in changes]
    return Target(after.group_name, after.programme_title, rows)


def _differs(change: Change, name: str) -> bool:
    return bool(getattr(change.before, name) != getattr(change.after, name))


def _cell(change: Change, name: str) -> Cell:
    before, after = getattr(change.before, name), getattr(change.after, name)
    label = str(LABELS[name])
    if name == "rate":
        written = decimal(before), decimal(after)
        points = _points(before, after)
        return Cell(label, *written, decimal(points) if points else "", is_rate=True)
    difference = _signed(number(abs(after - before)), after - before)
    return Cell(label, number(before), number(after), difference, is_rate=False)


def _points(before: str | None, after: str | None) -> str:
    """The difference of two shown rates in percentage points; nothing where one is none."""
    if before is None or after is None:
        return ""
    points = Decimal(after) - Decimal(before)
    return _signed(str(abs(points)), points)


def _signed(size: str, difference: Decimal | int) -> str:
    """The size with its sign; nothing for no difference."""
    if not difference:
        return ""
    return f"+{size}" if difference > 0 else f"−{size}"
