"""What is done about a request: received, acknowledged, extended once, done or refused.

The audit log names the request and its person by their keys; what was said stays in the request.
"""

from dataclasses import dataclass
from datetime import date

from flask import current_app

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.people.models import Person
from hrtrain.privacy.holidays import working_days
from hrtrain.privacy.models import SubjectRequest
from hrtrain.privacy.queries.requests import find_request
from hrtrain.privacy.rules import (
    OPEN_STATES,
    Ground,
    RequestState,
    Right,
    Via,
    acknowledge_by,
    answer_by,
)
from hrtrain.privacy.words import right_name

MOST_OPEN = 10


@dataclass(frozen=True)
class Wish:
    """What a person asks for, and when it came in."""

    right: Right
    said: str
    via: Via
    received_on: date
    through_processor: bool = False


def receive(key: str, person: Person, wish: Wish, *, by: User | None) -> SubjectRequest:
    """A new request with its due days; the key is the form's own, so sent twice it is one.

    Refused when the day lies ahead, when the person is anonymous, or has too many open ones.
    """
    known = find_request(key)
    if known is not None:
        return known
    _check(person, wish)
    working = working_days(current_app.config["SETTINGS"].data_dir, wish.received_on)
    request = SubjectRequest(
        key=key,
        person_id=person.id,
        kind=wish.right.value,
        said=wish.said,
        via=wish.via.value,
        through_processor=wish.through_processor,
        received_on=wish.received_on,
        acknowledge_by=acknowledge_by(wish.received_on, working),
        answer_by=answer_by(wish.right, wish.received_on, through_processor=wish.through_processor),
        entered_by_id=by.id if by else None,
    )
    db.session.add(request)
    db.session.flush()
    _record(by, "request_received", request, person)
    return request


def _check(person: Person, wish: Wish) -> None:
    if person.anonymised_at is not None:
        raise Refusal(_("Dữ liệu của người này đã được ẩn danh."))
    if wish.received_on > clock.today():
        raise Refusal(_("Ngày nhận không được sau hôm nay."), where="received_on")
    open_ones = db.session.query(SubjectRequest).filter(
        SubjectRequest.person_id == person.id, SubjectRequest.state.in_(OPEN_STATES)
    )
    if open_ones.count() >= MOST_OPEN:
        raise Refusal(
            _("Đang có %(n)s phiếu chưa xong. Hãy chờ trả lời rồi gửi tiếp.", n=MOST_OPEN)
        )


def acknowledge(request: SubjectRequest, *, by: User) -> None:
    """The person was told that the request came in."""
    if request.state != RequestState.RECEIVED:
        raise Refusal(_("Phiếu này đã được thông báo tiếp nhận hoặc đã xong."))
    request.state = RequestState.ACKNOWLEDGED.value
    request.acknowledged_at = clock.now()
    _record(by, "request_acknowledged", request, request.person)


def extend(request: SubjectRequest, reason: str, *, by: User) -> None:
    """Give the answer more days, once and before it is due; the person is told why."""
    _check_open(request)
    if request.extended_at is not None:
        raise Refusal(_("Phiếu này đã được gia hạn; chỉ được gia hạn một lần."))
    if clock.today() > request.answer_by:
        raise Refusal(_("Đã quá hạn trả lời nên không gia hạn được nữa."))
    request.answer_by = answer_by(
        Right(request.kind),
        request.received_on,
        is_extended=True,
        through_processor=request.through_processor,
    )
    request.extended_at, request.extension_reason = clock.now(), reason
    _acknowledge_too(request)
    _record(by, "request_extended", request, request.person)


def finish(request: SubjectRequest, answer: str, *, by: User) -> None:
    """The request was carried out; the answer says how."""
    _check_open(request)
    _close(request, RequestState.DONE, answer)
    _record(by, "request_done", request, request.person)


def refuse(request: SubjectRequest, ground: Ground, reason: str, *, by: User) -> None:
    """The request is not carried out, on a ground of the law and with the reason told.

    Law 91/2025/QH15, article 14.2: erasure may be refused in the cases of article 19.
    """
    _check_open(request)
    request.ground = ground.value
    _close(request, RequestState.REFUSED, reason)
    _record(by, "request_refused", request, request.person)


def _close(request: SubjectRequest, state: RequestState, answer: str) -> None:
    request.state, request.answer, request.closed_at = state.value, answer, clock.now()
    _acknowledge_too(request, leave_state=True)


def _acknowledge_too(request: SubjectRequest, *, leave_state: bool = False) -> None:
    """Whoever is told that it takes longer, or the answer itself, is told that it came in."""
    if request.acknowledged_at is None:
        request.acknowledged_at = clock.now()
        if not leave_state:
            request.state = RequestState.ACKNOWLEDGED.value


def _check_open(request: SubjectRequest) -> None:
    if request.state not in OPEN_STATES:
        raise Refusal(_("Phiếu này đã xong."))


def _record(by: User | None, act: str, request: SubjectRequest, person: Person) -> None:
    db.session.flush()
    summary = _("Phiếu yêu cầu: %(right)s", right=right_name(request.kind))
    details = {"person": person.key, "answer_by": request.answer_by.isoformat()}
    record(by, act, ("data_request", request.key), summary, **details)
