"""How far a figure can be trusted: each gap with the list to mend, and what the grades mean."""

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from hrtrain.core.access import open_to, signed_in
from hrtrain.coverage import words
from hrtrain.coverage.gates import READERS, keys_in_reach, programme_or_404
from hrtrain.coverage.models import Programme
from hrtrain.coverage.queries import standings
from hrtrain.coverage.rules import Standing
from hrtrain.coverage.trust.queries import in_question, silent_page, trust_told_whole, trusts_of
from hrtrain.coverage.trust.rules import GRADES, LIMITS, Gap, Trust
from hrtrain.coverage.views import bp
from hrtrain.coverage.views.asking import Asked, question_of, read_asked
from hrtrain.coverage.views.dashboard import place_of
from hrtrain.coverage.views.standings import chosen_standing


@bp.get("/coverage/<programme>/trust")
@open_to(*READERS)
def trust_page(programme: str) -> ResponseReturnValue:
    """Everything missing under one figure, and how each unit below stands."""
    found, asked = programme_or_404(programme), read_asked()
    standing = _standing(found, asked)
    trust = trust_told_whole(standing, asked.as_of)
    by_unit = _by_unit(found, asked, standing)
    return render_template(
        "coverage/trust.html",
        programme=found,
        asked=asked,
        place=place_of(asked),
        standing=standing,
        trust=trust,
        by_unit=by_unit,
        open_units=keys_in_reach([row.unit for row, _trust in by_unit], asked.reached),
        in_question=0
        if asked.known_at
        else in_question(question_of(found, asked, group=standing.group)),
        limits=LIMITS,
        words=words,
    )


@bp.get("/coverage/<programme>/silent")
@open_to(*READERS)
def silent_units(programme: str) -> ResponseReturnValue:
    """The units in scope that were never heard from, by name."""
    found, asked = programme_or_404(programme), read_asked()
    standing = _standing(found, asked)
    trust = trust_told_whole(standing, asked.as_of)
    number = next((one.count for one in trust.gaps if one.gap is Gap.SILENT), 0)
    page = silent_page(
        standing.place,
        asked.as_of,
        within=asked.naming,
        after=request.args.get("after"),
        total=number,
    )
    return render_template(
        "coverage/silent_units.html",
        programme=found,
        asked=asked,
        place=place_of(asked),
        standing=standing,
        count=number,
        page=page,
        words=words,
    )


@bp.get("/trust")
@signed_in
def trust_rules() -> ResponseReturnValue:
    """What the grades mean, out of the very table they are decided by."""
    return render_template("coverage/trust_rules.html", limits=LIMITS, grades=GRADES, words=words)


def _standing(programme: Programme, asked: Asked) -> Standing:
    group = request.args.get("group") or None
    standing = chosen_standing(standings(question_of(programme, asked, group=group)))
    return standing or abort(404)


def _by_unit(
    programme: Programme, asked: Asked, standing: Standing
) -> list[tuple[Standing, Trust]]:
    """The rows by unit that have anything to be trusted, the worst first."""
    rows = standings(question_of(programme, asked, group=standing.group, by="unit"))
    trusts = trusts_of(rows, asked.as_of, itself=standing.unit)
    found = [(row, trust) for row, trust in zip(rows, trusts, strict=True) if trust.grade]
    return sorted(found, key=lambda one: one[1].grade or "", reverse=True)
