"""A programme's figures: per group, down the tree of units, and through the months."""

from datetime import date
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.coverage import words
from hrtrain.coverage.apart import apart
from hrtrain.coverage.distinct import People, people_of_programme, sum_of_groups
from hrtrain.coverage.drawing import bar_of, month_ends, moves_of, trends_of
from hrtrain.coverage.gates import READERS, keys_in_reach, programme_or_404
from hrtrain.coverage.models import Programme
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.restated import restated
from hrtrain.coverage.rules import Standing
from hrtrain.coverage.seals.gates import SEALERS, reaches
from hrtrain.coverage.trends import is_quick, trend
from hrtrain.coverage.trust.queries import trusts_of
from hrtrain.coverage.views import bp
from hrtrain.coverage.views.asking import Asked, question_of, read_asked, with_tree
from hrtrain.coverage.views.dashboard import place_of, trusts_by_target
from hrtrain.units.queries import path_of

MONTHS = 12
MOST_AT_ONCE = 1000
"""People in scope up to whom a trend is counted live with the page; beyond, only apart."""


@bp.get("/coverage/<programme>")
@open_to(*READERS)
def programme_standings(programme: str) -> ResponseReturnValue:
    """How each target of the programme stands, and the chosen group by unit."""
    found, asked = programme_or_404(programme), with_tree(read_asked())
    cards = _figures(question_of(found, asked), asked)
    chosen = chosen_standing(cards)
    by_unit = _by_unit(found, asked, chosen) if chosen else []
    above = path_of(asked.unit, clock.today() if asked.tree else asked.as_of) if asked.unit else []
    linked = [*(row.unit for row in by_unit), *(unit.key for unit in above)]
    return render_template(
        "coverage/standings.html",
        programme=found,
        asked=asked,
        place=place_of(asked),
        cards=cards,
        chosen=chosen,
        by_unit=by_unit,
        above=above,
        open_units=keys_in_reach(linked, asked.reached),
        bar_of=bar_of,
        words=words,
        today=clock.today(),
        may_seal=bool(cards) and reaches(asked.unit, *SEALERS),
        **_more(found, asked, cards, chosen, by_unit),
    )


def _more(
    programme: Programme,
    asked: Asked,
    cards: list[Standing],
    chosen: Standing | None,
    by_unit: list[Standing],
) -> dict[str, Any]:
    """What is told by the tree of the day only: items apart, distinct people, the months."""
    if asked.tree:
        nothing: dict[str, Any] = {"items": {}, "together": None, "points": [], "moves": []}
        return {**nothing, "trusts": {}, "unit_trusts": []}
    points = _points(programme, asked, chosen) if chosen else []
    wide, narrow = trends_of(points)
    question = question_of(programme, asked)
    return {
        "items": apart(question),
        "trusts": trusts_by_target(cards, asked.as_of),
        "unit_trusts": not asked.known_at
        and trusts_of(by_unit, asked.as_of, itself=chosen.unit if chosen else None),
        "together": _together(question, cards),
        "points": points,
        "moves": moves_of(points),
        "wide": wide,
        "narrow": narrow,
    }


def _figures(question: Question, asked: Asked) -> list[Standing]:
    return restated(question, clock.today()) if asked.tree else standings(question)


def _together(question: Question, cards: list[Standing]) -> tuple[People, People] | None:
    """The programme's distinct people, and the sum of its groups; none where there is one group."""
    asking = [card for card in cards if card.in_scope]
    if len(asking) < 2:
        return None
    return people_of_programme(question), sum_of_groups(cards)


def _by_unit(programme: Programme, asked: Asked, chosen: Standing) -> list[Standing]:
    return _figures(question_of(programme, asked, group=chosen.group, by="unit"), asked)


def _points(programme: Programme, asked: Asked, chosen: Standing) -> list[tuple[date, Standing]]:
    """The chosen target's standing at the ends of a year's months, where that costs little."""
    question = question_of(programme, asked, group=chosen.group)
    if chosen.in_scope > MOST_AT_ONCE and not is_quick(question):
        return []
    through = trend(question, month_ends(asked.as_of, MONTHS))
    return [(day, rows[0]) for day, rows in through if rows]


def chosen_standing(cards: list[Standing]) -> Standing | None:
    """That of the group asked for, else the first; refused when there is no target for it."""
    text = request.values.get("group", "")
    by_group = {card.group: card for card in cards}
    if text and text not in by_group:
        raise Refusal(_("Chương trình không có chỉ tiêu cho nhóm “%(group)s”.", group=text))
    return by_group[text] if text else next(iter(cards), None)
