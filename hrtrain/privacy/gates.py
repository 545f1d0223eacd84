"""Gates of personal data: whose requests and data an officer may see and answer."""

from flask import abort

from hrtrain.accounts.access import current_user, may
from hrtrain.accounts.rules import Role
from hrtrain.core import clock
from hrtrain.people.gates import KEEPERS, any_person_or_404, person_or_404
from hrtrain.people.models import Person
from hrtrain.privacy.models import SubjectRequest
from hrtrain.privacy.queries.requests import RequestCounts, find_request, request_counts
from hrtrain.units.scope import scope_of

# Who answers requests, takes copies and anonymises; any keeper may enter what came in.
HANDLERS = (Role.PROGRAMME_MANAGER,)
ENTERERS = KEEPERS


def handled_person_or_404(key: str) -> Person:
    """The person, when the user answers for personal data of its unit."""
    return person_or_404(key, *HANDLERS)


def requests_to_answer() -> RequestCounts:
    """How many requests wait for the user, and how many are late; none for who answers none."""
    if not may(*HANDLERS):
        return RequestCounts()
    return request_counts(scope_of(current_user(), *HANDLERS), clock.today())


def whole_system_or_404() -> None:
    """Rules and the notice are for everybody's data: who administers a part does not set them."""
    if not scope_of(current_user(), Role.ADMINISTRATOR).everything:
        abort(404)


def request_or_404(key: str) -> SubjectRequest:
    """The request, when the user answers for its person."""
    request = find_request(key) or abort(404)
    any_person_or_404(request.person.key, *HANDLERS)
    return request
