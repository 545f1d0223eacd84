"""Who will stop being trained soon if nothing happens, per target and by name."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.core.access import open_to
from hrtrain.core.errors import Refusal
from hrtrain.core.formats import number
from hrtrain.core.language import gettext as _
from hrtrain.coverage.expiring import MOST_DAYS, expiring_counts, expiring_people
from hrtrain.coverage.gates import READERS, people_in_reach, programme_or_404
from hrtrain.coverage.models import Programme
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.rules import Standing
from hrtrain.coverage.states import plus_days
from hrtrain.coverage.views import bp
from hrtrain.coverage.views.asking import Asked, question_of, read_asked
from hrtrain.coverage.views.dashboard import place_of
from hrtrain.coverage.views.standings import chosen_standing

USUAL = (30, 90, 180, 365)
DAYS = 90
MOST_COUNTED = 100_000
"""People in scope up to whom a page counts every group's for its tab: there is no kept count."""


@dataclass(frozen=True)
class Soon:
    """Which target's people are asked about, and within how many days."""

    programme: Programme
    asked: Asked
    cards: list[Standing]
    standing: Standing | None
    days: int

    @property
    def question(self) -> Question:
        """The question about the target."""
        group = self.standing.group if self.standing else None
        return question_of(self.programme, self.asked, group=group)

    @property
    def are_few(self) -> bool:
        """Whether every target is counted, and not only the one chosen."""
        return sum(card.in_scope for card in self.cards) <= MOST_COUNTED

    @property
    def counted(self) -> Question:
        """The question about the targets that are counted."""
        return question_of(self.programme, self.asked) if self.are_few else self.question


def read_soon(programme: str) -> Soon:
    """What the request asks about; refused when the days are no number or too many."""
    found, asked = programme_or_404(programme), read_asked()
    text = request.values.get("days", "").strip() or str(DAYS)
    days = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
    if not 0 < days <= MOST_DAYS:
        said = _("Hãy ghi số ngày từ 1 đến %(most)s.", most=MOST_DAYS)
        raise Refusal(said, where=_("Trong số ngày"))
    cards = standings(question_of(found, asked))
    return Soon(found, asked, cards, chosen_standing(cards), days)


@bp.get("/coverage/<programme>/expiring")
@open_to(*READERS)
def expiring(programme: str) -> ResponseReturnValue:
    """People trained today who will be untrained within the days, in Vietnamese order."""
    soon = read_soon(programme)
    counts = expiring_counts(soon.counted, soon.days)
    page = None
    if soon.standing is not None:
        after = request.args.get("after")
        page = expiring_people(soon.question, soon.days, within=soon.asked.naming, after=after)
    rows = page.rows if page else []
    return render_template(
        "coverage/expiring.html",
        programme=soon.programme,
        asked=soon.asked,
        standing=soon.standing,
        days=soon.days,
        until=plus_days(soon.asked.as_of, soon.days),
        usual=USUAL,
        count=counts.get((soon.programme.key, soon.standing.group), 0) if soon.standing else 0,
        choices=[_choice(soon, card, counts) for card in soon.cards],
        page=page,
        place=place_of(soon.asked),
        open_people=people_in_reach([row.id for row in rows], soon.asked.scope),
    )


def _choice(
    soon: Soon, card: Standing, counts: dict[tuple[str, str], int]
) -> tuple[str, str, bool]:
    count = counts.get((card.programme, card.group), 0 if soon.are_few else None)
    args = soon.asked.args(group=card.group, days=soon.days)
    url = url_for("coverage.expiring", programme=card.programme, **args)
    told = card.group_name if count is None else f"{card.group_name} ({number(count)})"
    return told, url, card == soon.standing
