"""A target's rate through time: by month, or on each day on which a figure changed."""

from dataclasses import dataclass
from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hrtrain.core.access import open_to
from hrtrain.core.errors import Refusal
from hrtrain.core.forms import read_day
from hrtrain.core.language import gettext as _
from hrtrain.coverage import words
from hrtrain.coverage.drawing import (
    month_ends,
    month_ends_between,
    moves_of,
    stairs_of,
    trends_of,
)
from hrtrain.coverage.gates import READERS, programme_or_404
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.rules import Standing
from hrtrain.coverage.trends import changes, is_quick, trend
from hrtrain.coverage.views import bp
from hrtrain.coverage.views.asking import Asked, question_of, read_asked
from hrtrain.coverage.views.dashboard import place_of
from hrtrain.coverage.views.standings import chosen_standing

MONTHS = (12, 24, 60, 120)
MOST_MONTHS, MOST_MONTHS_LIVE, MOST_CHANGES = 240, 24, 200


@dataclass(frozen=True)
class Stretch:
    """The days asked about, whether by day of change, and how the address says them."""

    first: date
    last: date
    by_change: bool
    months: int | None

    @property
    def query(self) -> dict[str, str]:
        """What asks for the same days again, beside the last."""
        step = {"step": "change"} if self.by_change else {}
        if self.months is not None:
            return {**step, "months": str(self.months)}
        return {**step, "from": f"{self.first:%d/%m/%Y}"}


@dataclass(frozen=True)
class Course:
    """The points to show, and a sentence where they are not all or not what was asked."""

    points: list[tuple[date, Standing]]
    by_change: bool
    note: str = ""


@bp.get("/coverage/<programme>/trend")
@open_to(*READERS)
def programme_trend(programme: str) -> ResponseReturnValue:
    """The chosen group's rate through time, as a chart and as a table with what changed."""
    found, asked = programme_or_404(programme), read_asked()
    stretch = _stretch(asked)
    chosen = chosen_standing(standings(question_of(found, asked)))
    course = Course([], stretch.by_change)
    if chosen:
        course = _course(question_of(found, asked, group=chosen.group), stretch)
    wide, narrow = (stairs_of if course.by_change else trends_of)(course.points)
    return render_template(
        "coverage/trend.html",
        programme=found,
        asked=asked,
        place=place_of(asked),
        group=chosen.group if chosen else None,
        stretch=stretch,
        course=course,
        moves=moves_of(course.points),
        wide=wide,
        narrow=narrow,
        choices=MONTHS,
        words=words,
    )


def _stretch(asked: Asked) -> Stretch:
    """From the day named, or so many months back, to the day asked about."""
    text = request.args.get("from", "").strip()
    by_change = request.args.get("step") == "change"
    if text:
        try:
            first = read_day(text)
        except ValueError as error:
            raise Refusal(str(error), where=_("Từ ngày")) from None
        if first > asked.as_of:
            raise Refusal(_("Ngày đầu không được sau ngày cuối."), where=_("Từ ngày"))
        return Stretch(first, asked.as_of, by_change, None)
    months = request.args.get("months", type=int)
    months = months if months in MONTHS else MONTHS[0]
    return Stretch(month_ends(asked.as_of, months)[0], asked.as_of, by_change, months)


def _course(question: Question, stretch: Stretch) -> Course:
    if stretch.by_change:
        found = changes(question, stretch.first, stretch.last, MOST_CHANGES)
        if found is not None:
            said = _("Số thay đổi vượt mức một trang; đây là %(n)s lần gần nhất.", n=MOST_CHANGES)
            points = [(day, rows[0]) for day, rows in found.points if rows]
            return Course(points, True, str(said) if found.is_cut else "")
    most = MOST_MONTHS if is_quick(question) else MOST_MONTHS_LIVE
    days = month_ends_between(stretch.first, stretch.last, most)
    points = [(day, rows[0]) for day, rows in trend(question, days) if rows]
    return Course(points, False, _note(stretch, days))


def _note(stretch: Stretch, days: list[date]) -> str:
    if stretch.by_change:
        said = _("Chỉ theo dữ liệu đang biết mới xem được từng ngày thay đổi; đây là từng tháng.")
        return str(said)
    every = month_ends_between(stretch.first, stretch.last, 100_000)
    if len(every) > len(days):
        return str(_("Khoảng này dài hơn mức một trang; đây là %(n)s tháng gần nhất.", n=len(days)))
    return ""
