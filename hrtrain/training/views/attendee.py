"""The attendee's own page: sessions and certificates of the person the account belongs to."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.rules import Role
from hrtrain.certificates.queries.certificates import certificates_of
from hrtrain.core import clock
from hrtrain.core.access import open_to
from hrtrain.core.db import db
from hrtrain.people.models import Person
from hrtrain.training import words
from hrtrain.training.queries.courses import completions_of
from hrtrain.training.queries.sessions import own_training_session, training_sessions_of
from hrtrain.training.rules import last_day
from hrtrain.training.views import bp
from hrtrain.training.views.documents import calendar_answer


@bp.get("/my")
@open_to(Role.ATTENDEE)
def my_page() -> ResponseReturnValue:
    """Own sessions and certificates."""
    person = own_person()
    if person is None:
        return render_template("training/my_nobody.html")
    return own_page(person)


@bp.get("/my/training-sessions/<key>.ics")
@open_to(Role.ATTENDEE)
def my_calendar(key: str) -> ResponseReturnValue:
    """An own session for the own calendar."""
    person = own_person() or abort(404)
    return calendar_answer(own_training_session(person, key) or abort(404))


def own_page(person: Person, code: str = "") -> str:
    """What a person may read of themselves; by the code of a personal link, or signed in."""
    return render_template(
        "training/my_page.html",
        person=person,
        code=code,
        sessions=training_sessions_of(person),
        completions=completions_of(person),
        certificates=certificates_of(person.id),
        today=clock.today(),
        last_day=last_day,
        words=words,
    )


def own_person() -> Person | None:
    """The person to whom the signed-in account belongs."""
    person_id = current_user().person_id
    return db.session.get(Person, person_id) if person_id else None
