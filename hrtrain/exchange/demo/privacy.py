"""The demo's requests about personal data: one overdue, one just in; and whom to turn to."""

from datetime import timedelta

from sqlalchemy import select

from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.people.models import Membership, Person
from hrtrain.privacy.actions.notice import NoticeDetails, notice_row, set_notice
from hrtrain.privacy.actions.requests import Wish, receive
from hrtrain.privacy.queries.requests import find_request
from hrtrain.privacy.queries.rules import find_notice
from hrtrain.privacy.rules import Right, Via
from hrtrain.units.models import Unit

LATE, FRESH = "req-demo-1", "req-demo-2"
_LATE_DAYS = 16
_NOTICE = NoticeDetails(
    controller="Ủy ban nhân dân tỉnh Tây Ninh",
    contact="Bộ phận bảo vệ dữ liệu cá nhân, Văn phòng Ủy ban nhân dân tỉnh (minh họa)",
    phone="",
    email="dulieu@tayninh.example.vn",
    address="",
    words="",
)


def ask_once(manager: User, attendee: User) -> None:
    """A correction that nobody answered in time, and the attendee's wish for a copy."""
    if find_notice() is None:
        row = notice_row()
        row.version = 1
        set_notice(row, _NOTICE, by=manager)
    if find_request(LATE) is None:
        said = "Chức vụ đã đổi thành Phó Trưởng phòng từ ngày 01/9/2026."
        came = clock.today() - timedelta(days=_LATE_DAYS)
        receive(LATE, _somebody(), Wish(Right.CORRECT, said, Via.OFFICE, came), by=manager)
    person = db.session.get(Person, attendee.person_id) if attendee.person_id else None
    if person is not None and find_request(FRESH) is None:
        wish = Wish(Right.COPY, "", Via.ACCOUNT, clock.today())
        receive(FRESH, person, wish, by=attendee)


def _somebody() -> Person:
    """The first cadre of the province's own departments."""
    return db.session.scalars(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Unit.key.startswith("tn-"), Membership.ends_on.is_(None))
        .where(Membership.retracted_at.is_(None), ~Person.is_set_aside)
        .where(Person.id.not_in(select(User.person_id).where(User.person_id.is_not(None))))
        .order_by(Person.sort_key, Person.id)
        .limit(1)
    ).one()
