"""The persons behind a programme's figures: each once, with what each of its groups says."""

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from hrtrain.core.access import open_to
from hrtrain.core.formats import number
from hrtrain.coverage import words
from hrtrain.coverage.distinct import People, people_of_programme
from hrtrain.coverage.distinct_names import distinct_behind
from hrtrain.coverage.gates import READERS, people_in_reach, programme_or_404
from hrtrain.coverage.models import Programme
from hrtrain.coverage.views import bp
from hrtrain.coverage.views.asking import Asked, question_of, read_asked
from hrtrain.coverage.views.dashboard import place_of
from hrtrain.coverage.views.people_behind import STATES


@bp.get("/coverage/<programme>/persons")
@open_to(*READERS)
def distinct_people(programme: str) -> ResponseReturnValue:
    """Who is in a state when each person counts once, in Vietnamese order."""
    found, asked = programme_or_404(programme), read_asked()
    state = request.args.get("state", "untrained")
    if state not in STATES:
        abort(404)
    question = question_of(found, asked)
    people = people_of_programme(question)
    page = distinct_behind(
        question, STATES[state], within=asked.naming, after=request.args.get("after")
    )
    return render_template(
        "coverage/distinct_people.html",
        programme=found,
        asked=asked,
        place=place_of(asked),
        state=state,
        title=words.BEHIND[state],
        count=getattr(people, state),
        choices=_choices(found, asked, people, state),
        page=page,
        open_people=people_in_reach([row.id for row in page.rows], asked.scope),
        words=words,
    )


def _choices(
    programme: Programme, asked: Asked, people: People, chosen: str
) -> list[tuple[str, str, bool]]:
    """The other numbers of the same people, those that are not nought."""
    return [
        (
            f"{words.BEHIND[state]} ({number(getattr(people, state))})",
            url_for("coverage.distinct_people", programme=programme.key, **asked.args(state=state)),
            state == chosen,
        )
        for state in STATES
        if state == chosen or getattr(people, state)
    ]
