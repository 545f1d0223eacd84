"""Sheets of the figures and of the names behind them; each is noted in the audit log, so posted."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

from flask import send_file
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user, current_visitor
from hrtrain.accounts.actions import record
from hrtrain.core import clock, formats
from hrtrain.core.access import open_to
from hrtrain.core.db import db, reading
from hrtrain.core.language import gettext as _
from hrtrain.core.shown import noting_each
from hrtrain.coverage import words
from hrtrain.coverage.gates import READERS, programme_or_404
from hrtrain.coverage.names import Named, everybody_behind
from hrtrain.coverage.queries import dashboard, standings
from hrtrain.coverage.rules import Standing
from hrtrain.coverage.states import State
from hrtrain.coverage.trust.queries import trusts_of
from hrtrain.coverage.views.asking import Asked, question_of, read_asked
from hrtrain.coverage.views.dashboard import place_of
from hrtrain.coverage.views.people_behind import (
    GAPS,
    STATES,
    UNITS,
    Behind,
    number_of,
    place_behind,
    read_behind,
)
from hrtrain.coverage.views.people_behind import units_of as units_behind_of
from hrtrain.coverage.views.standings import chosen_standing
from hrtrain.reports.people_sheet import people_sheet, units_sheet
from hrtrain.reports.sheets import Head
from hrtrain.reports.standings_sheet import standings_sheet
from hrtrain.reports.views import bp

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.post("/reports/dashboard.xlsx")
@open_to(*READERS)
def dashboard_sheet() -> ResponseReturnValue:
    """The dashboard's figures."""
    with reading():
        asked = read_asked()
        rows = dashboard(asked.as_of, unit=asked.unit_key, known_at=asked.known_at)
        content = standings_sheet(
            head_of(_("Tỷ lệ đã tập huấn"), asked), rows, trusts_of(rows, asked.as_of)
        )
    return sent(content, asked, ("coverage", "dashboard"), len(rows))


@bp.post("/reports/<programme>/standings.xlsx")
@open_to(*READERS)
def standings_sheet_of(programme: str) -> ResponseReturnValue:
    """A programme's figures: every group, then the chosen group by unit."""
    with reading():
        found, asked = programme_or_404(programme), read_asked()
        rows = standings(question_of(found, asked))
        trusts = trusts_of(rows, asked.as_of)
        chosen = chosen_standing(rows)
        if chosen is not None:
            by_unit = standings(question_of(found, asked, group=chosen.group, by="unit"))
            trusts += trusts_of(by_unit, asked.as_of, itself=chosen.unit)
            rows += units_of(by_unit, chosen)
        head = head_of(_("Tỷ lệ đã tập huấn"), asked, found.title)
        content = standings_sheet(head, rows, trusts)
    return sent(content, asked, ("programme", programme), len(rows))


@bp.post("/reports/<programme>/people.xlsx")
@open_to(*READERS)
def people_sheet_of(programme: str) -> ResponseReturnValue:
    """The names, or the units, behind a number."""
    with reading():
        behind = read_behind(programme)
        head = _head_behind(behind)
        if behind.state in UNITS:
            content = units_sheet(head, units_behind_of(behind))
        else:
            content = people_sheet(head, _everybody(behind))
    number = number_of(behind.standing, behind.state)
    return sent(content, behind.asked, ("programme", programme), number)


def _everybody(behind: Behind) -> Iterator[Named]:
    states, gaps = STATES.get(behind.state, tuple(State)), GAPS.get(behind.state, 0)
    people = everybody_behind(behind.question, states, within=behind.within, gaps=gaps)
    return noting_each(people)


def _head_behind(behind: Behind) -> Head:
    head = head_of(str(words.BEHIND[behind.state]), behind.asked, behind.programme.title)
    if behind.only:
        where = _("Đơn vị")
        told = [
            (name, place_behind(behind) if name == where else said) for name, said in head.facts
        ]
        head = Head(head.title, told)
    facts = [head.facts[0], (_("Nhóm đối tượng"), behind.standing.group_name), *head.facts[1:]]
    return Head(head.title, facts)


def units_of(rows: list[Standing], whole: Standing) -> list[Standing]:
    """The rows by unit; that of whoever is placed at the unit itself says so."""
    name = _("Trực tiếp tại %(unit)s", unit=whole.unit_name)
    return [replace(row, unit_name=name) if row.unit == whole.unit else row for row in rows]


def head_of(title: str, asked: Asked, programme: str = "") -> Head:
    """What every sheet says above its table: of what, where, as of when, by whom and when."""
    visitor = current_visitor()
    known_at = formats.instant(asked.known_at) if asked.known_at else _("như đang biết")
    facts = [
        (_("Chương trình"), programme or _("tất cả")),
        (_("Đơn vị"), place_of(asked) or _("Toàn bộ các đơn vị")),
        (_("Tính đến ngày"), formats.day(asked.as_of)),
        (_("Theo dữ liệu lúc"), known_at),
        *_tree_of(asked),
        (_("Người xuất"), visitor.full_name if visitor else ""),
        (_("Xuất lúc"), formats.instant(clock.now())),
    ]
    return Head(title, facts)


def _tree_of(asked: Asked) -> list[tuple[str, str]]:
    """Which tree the figures are summed up by, where it is not that of the day."""
    if not asked.tree:
        return []
    return [(_("Cây đơn vị"), _("hôm nay, %(day)s", day=formats.day(clock.today())))]


def sent(
    content: bytes, asked: Asked, subject: tuple[str, str], row_count: int
) -> ResponseReturnValue:
    """The file, after the audit log knows who took it; the sheet was made without a write lock."""
    as_of, unit = asked.as_of.isoformat(), asked.unit_key
    db.session.rollback()
    summary = _("Xuất bảng tính %(n)s dòng", n=row_count)
    record(current_user(), "report.exported", subject, summary, as_of=as_of, unit=unit)
    db.session.commit()
    name = f"{subject[1]}-{as_of}.xlsx"
    return send_file(BytesIO(content), XLSX, as_attachment=True, download_name=name)
