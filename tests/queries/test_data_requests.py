"""Requests about personal data: received, acknowledged, extended once, done or refused."""

from datetime import date, timedelta

import pytest
from flask import Flask

from hrtrain.accounts.models import AuditEntry, User
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.people.models import Person
from hrtrain.privacy.actions.requests import (
    MOST_OPEN,
    Wish,
    acknowledge,
    extend,
    finish,
    receive,
    refuse,
)
from hrtrain.privacy.models import SubjectRequest
from hrtrain.privacy.queries.requests import open_requests, request_counts, request_page
from hrtrain.privacy.rules import Ground, Right, Via
from hrtrain.units.scope import Scope
from tests import makers

ALL = Scope(everything=True)


def asked(
    right: Right = Right.CORRECT, *, days_ago: int = 0, person: Person | None = None
) -> SubjectRequest:
    """A request that came so many days ago."""
    person = person or makers.person()
    wish = Wish(right, "Sửa chức vụ", Via.OFFICE, clock.today() - timedelta(days=days_ago))
    key = f"req-{right}-{days_ago}-{person.id}"
    return receive(key, person, wish, by=None)


def officer() -> User:
    return makers.user("programme_manager")


def test_request_gets_its_days_and_sent_twice_it_is_one(app: Flask) -> None:
    person = makers.person()
    first, second = asked(person=person), asked(person=person)
    assert first.id == second.id
    assert first.answer_by == clock.today() + timedelta(days=10)
    assert first.acknowledge_by > clock.today()


def test_extended_once_before_it_is_due_never_again(app: Flask) -> None:
    request, by = asked(Right.ERASE), officer()
    extend(request, "Cần đối chiếu sổ cấp", by=by)
    assert request.answer_by == clock.today() + timedelta(days=40)
    assert request.state == "acknowledged"
    with pytest.raises(Refusal, match="một lần"):
        extend(request, "Nữa", by=by)


def test_late_request_is_not_extended(app: Flask) -> None:
    with pytest.raises(Refusal, match="quá hạn"):
        extend(asked(days_ago=11), "Bận", by=officer())


def test_refused_with_ground_and_reason_it_is_closed(app: Flask) -> None:
    request, by = asked(Right.ERASE), officer()
    refuse(request, Ground.PUBLIC_TASK, "Phải lưu theo quy định", by=by)
    assert (request.state, request.ground) == ("refused", "public_task")
    with pytest.raises(Refusal):
        acknowledge(request, by=by)
    with pytest.raises(Refusal):
        finish(request, "Xong", by=by)


def test_audit_log_has_the_keys_but_not_what_was_said(app: Flask) -> None:
    request = asked()
    entries = db.session.query(AuditEntry).filter_by(subject_key=request.key).all()
    assert [entry.act for entry in entries] == ["request_received"]
    assert entries[0].details["person"] == request.person.key
    assert "chức vụ" not in f"{entries[0].summary} {entries[0].details}"


def test_overdue_comes_first_and_closed_last(app: Flask) -> None:
    fresh, late, done = asked(), asked(days_ago=30), asked(days_ago=60)
    finish(done, "Đã sửa", by=officer())
    page = request_page(ALL, "", clock.today(), None)
    assert [row.request.id for row in page.rows] == [late.id, fresh.id, done.id]
    assert page.rows[0].due and page.rows[0].due.is_overdue
    counts = request_counts(ALL, clock.today())
    assert (counts.open, counts.overdue) == (2, 1)
    assert [row.request.id for row in open_requests(clock.today())] == [late.id, fresh.id]


def test_pages_of_requests_are_walked_to_the_end_without_repeating(app: Flask) -> None:
    for days in range(60):
        asked(days_ago=days)
    seen: list[int] = []
    after: str | None = None
    while True:
        page = request_page(ALL, "open", clock.today(), after)
        seen += [row.request.id for row in page.rows]
        after = page.after
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 60


def test_requests_of_foreign_units_are_not_listed(app: Flask) -> None:
    own, other, group = makers.unit(), makers.unit(), makers.group()
    mine, theirs = makers.person(), makers.person()
    makers.membership(mine, group, own)
    makers.membership(theirs, group, other)
    request = asked(person=mine)
    asked(person=theirs)
    page = request_page(Scope(roots=frozenset({own.id})), "open", clock.today(), None)
    assert [row.request.id for row in page.rows] == [request.id]
    assert request_counts(Scope(roots=frozenset({own.id})), clock.today()).open == 1


def test_nobody_floods_the_office(app: Flask) -> None:
    person = makers.person()
    for days in range(MOST_OPEN):
        asked(days_ago=days, person=person)
    with pytest.raises(Refusal, match="chưa xong"):
        asked(days_ago=MOST_OPEN, person=person)


def test_request_of_a_day_to_come_is_refused(app: Flask) -> None:
    wish = Wish(Right.VIEW, "", Via.OFFICE, date(2999, 1, 1))
    with pytest.raises(Refusal, match="sau hôm nay"):
        receive("req-0000000001", makers.person(), wish, by=None)
