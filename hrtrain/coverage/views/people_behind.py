"""The names behind a number, or the units behind a number of people without names."""

from dataclasses import dataclass, replace
from typing import Any, Literal

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select

from hrtrain.accounts.access import may
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.formats import number
from hrtrain.core.language import gettext as _
from hrtrain.core.paging import SIZE, Page, page_of, read_cursor
from hrtrain.coverage import words
from hrtrain.coverage.explaining import why
from hrtrain.coverage.gaps import NO_BIRTH, NO_EVIDENCE, NO_IDENTITY
from hrtrain.coverage.gates import (
    READERS,
    keys_in_reach,
    manages,
    people_in_reach,
    programme_or_404,
    unit_alone,
    units_among,
)
from hrtrain.coverage.models import Programme
from hrtrain.coverage.names import Named, people_behind, people_lacking
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.restated import WHOLE, restated_rows
from hrtrain.coverage.rules import Standing
from hrtrain.coverage.states import State
from hrtrain.coverage.units_lacking import UnitBehind, units_behind
from hrtrain.coverage.views import bp
from hrtrain.coverage.views.asking import Asked, question_of, read_asked, with_tree
from hrtrain.coverage.views.dashboard import place_of
from hrtrain.coverage.views.standings import chosen_standing
from hrtrain.people.gates import KEEPERS

STATES = {
    "untrained": (State.UNTRAINED,),
    "trained": (State.TRAINED,),
    "required": (State.TRAINED, State.UNTRAINED),
    "in_grace": (State.IN_GRACE,),
    "exempt": (State.EXEMPT,),
    "in_scope": tuple(State),
}
UNITS = ("unnamed", "unconfirmed")
GAPS = {"no_evidence": NO_EVIDENCE, "no_birth": NO_BIRTH, "no_identity": NO_IDENTITY}


ITSELF = "itself"
"""Only who is placed directly at the unit is asked about."""


@dataclass(frozen=True)
class Behind:
    """Which number of which standing is asked about; ``only``: `ITSELF` or a `Standing.part`."""

    programme: Programme
    asked: Asked
    standing: Standing
    state: str
    only: str = ""
    unit_ids: list[int] | None = None
    """By today's tree: the units of the day that the standing sums up."""

    @property
    def question(self) -> Question:
        """The question whose answer the number is part of: by today's tree, of the whole target."""
        question = question_of(self.programme, self.asked, group=self.standing.group)
        return question if self.unit_ids is None else replace(question, unit=None)

    @property
    def within(self) -> Select[int] | None:
        """The units whose names are asked for and may be read; None: all."""
        if self.unit_ids is not None:
            return units_among(self.unit_ids, self.asked.reached)
        if self.only:
            return unit_alone(self.standing.unit or "", self.asked.reached)
        return self.asked.naming

    def args(self, **more: Any) -> dict[str, Any]:
        """The query string that asks the same again, changed by ``more``."""
        return self.asked.args(**{"group": self.standing.group, "only": self.only, **more})


def read_behind(programme: str) -> Behind:
    """What the request asks about; 404 for a number there is not."""
    found, asked = programme_or_404(programme), with_tree(read_asked())
    group = request.values.get("group") or None
    state, only = request.values.get("state", "untrained"), request.values.get("only", "")
    if state not in words.BEHIND:
        abort(404)
    if asked.tree:
        return replace(_restated(found, asked, group, only), state=state)
    standing = chosen_standing(standings(question_of(found, asked, group=group)))
    if standing is None or only not in ("", ITSELF) or (only and standing.unit is None):
        abort(404)
    if only:
        by_unit = standings(question_of(found, asked, group=standing.group, by="unit"))
        standing = by_unit[-1]
    return Behind(found, asked, standing, state, only)


def _restated(programme: Programme, asked: Asked, group: str | None, only: str) -> Behind:
    """The number by today's tree."""
    if only != ITSELF:
        only = _part_of(asked, only)
    by: Literal["group", "unit"] = "group" if only in ("", WHOLE) else "unit"
    rows = restated_rows(question_of(programme, asked, group=group, by=by), clock.today())
    chosen = chosen_standing([row.standing for row in rows]) or abort(404)
    mine = [row for row in rows if row.standing.group == chosen.group]
    found = next((row for row in mine if _is_meant(row.standing, asked, only)), None) or abort(404)
    return Behind(programme, asked, found.standing, "", only, found.unit_ids)


def _is_meant(row: Standing, asked: Asked, only: str) -> bool:
    if only == ITSELF:
        return asked.unit is not None and row.unit == asked.unit_key
    return row.part == only


def _part_of(asked: Asked, only: str) -> str:
    """Which part is meant: those beside the units are parts of the whole, and of no unit."""
    if asked.unit is not None:
        return "" if only in words.PARTS else only
    return only or WHOLE


def number_of(standing: Standing, state: str) -> int:
    """The number itself, as the standing has it."""
    if state == "unconfirmed":
        return standing.units_unconfirmed
    if state in GAPS:
        return int(getattr(standing.doubts, state, 0))
    return int(getattr(standing, state))


@bp.get("/coverage/<programme>/people", endpoint="people_behind")
@open_to(*READERS)
def behind_page(programme: str) -> ResponseReturnValue:
    """Who is counted in a state, in Vietnamese order, and why; or which units lack names."""
    behind = read_behind(programme)
    units = _unit_page(behind) if behind.state in UNITS else None
    number = number_of(behind.standing, behind.state)
    page = _people(behind, number) if units is None else Page[Named]([])
    linked = [unit.key for unit in units.rows] if units else []
    return render_template(
        "coverage/people_behind.html",
        programme=behind.programme,
        asked=behind.asked,
        standing=behind.standing,
        state=behind.state,
        title=words.BEHIND[behind.state],
        count=number,
        place=place_behind(behind),
        only=behind.only,
        choices=_choices(behind),
        page=page,
        units=units,
        hidden_count=number - (page.total or 0) if units is None else 0,
        is_to_mend=behind.state in GAPS and may(*KEEPERS),
        open_people=people_in_reach([row.id for row in page.rows], behind.asked.scope),
        may_exempt=manages(behind.programme),
        open_units=keys_in_reach(linked, behind.asked.reached),
        why=why,
        words=words,
        today=clock.today(),
    )


def place_behind(behind: Behind) -> str:
    """Where the number is counted, in words."""
    place = place_of(behind.asked)
    if behind.only in words.PARTS:
        return str(words.PARTS[behind.only])
    if behind.only:
        return str(_("Trực tiếp tại %(unit)s", unit=place or behind.standing.unit_name))
    return place


def _people(behind: Behind, number: int) -> Page[Named]:
    """The page asked for; who may see everybody has as many names as the number says."""
    within, after = behind.within, request.args.get("after")
    total = number if behind.asked.reached is None and behind.only != ITSELF else None
    if behind.state in GAPS:
        gaps = GAPS[behind.state]
        return people_lacking(behind.question, gaps, within=within, after=after, total=total)
    states = STATES[behind.state]
    return people_behind(behind.question, states, within=within, after=after, total=total)


def _unit_page(behind: Behind) -> Page[UnitBehind]:
    """The page asked for of the units, in the order of their names."""
    units, place = units_of(behind), read_cursor(request.args.get("after"), str, str)
    rest = [unit for unit in units if place is None or unit.place > place]
    return page_of(rest[: SIZE + 1], lambda unit: unit.place, total=len(units))


def units_of(behind: Behind) -> list[UnitBehind]:
    """The units that declared more people than they name, or that have not declared."""
    units = units_behind(behind.question, within=behind.within)
    if behind.state == "unnamed":
        return [unit for unit in units if unit.unnamed]
    return [unit for unit in units if unit.named and unit.declared is None]


def _choices(behind: Behind) -> list[tuple[str, str, bool]]:
    """The other numbers of the same standing, those that are not nought."""
    return [
        (
            f"{words.BEHIND[state]} ({number(number_of(behind.standing, state))})",
            url_for(
                "coverage.people_behind",
                programme=behind.programme.key,
                **behind.args(state=state),
            ),
            state == behind.state,
        )
        for state in words.BEHIND
        if state == behind.state or number_of(behind.standing, state)
    ]
