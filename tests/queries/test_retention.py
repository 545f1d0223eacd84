"""Rules of retention: shown before they run, run only when switched on, audited."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select

from hrtrain.accounts.models import AuditEntry, SignIn
from hrtrain.certificates.models import Certificate
from hrtrain.core import clock
from hrtrain.core.db import Base, db
from hrtrain.core.errors import Refusal
from hrtrain.core.jobs import worker
from hrtrain.core.jobs.models import Job
from hrtrain.people.models import Person, RosterRow, RosterUpload
from hrtrain.privacy.actions.anonymising import anonymise
from hrtrain.privacy.actions.notice import rule_row, set_rule
from hrtrain.privacy.actions.retaining import ask_for_run
from hrtrain.privacy.keeping import KINDS
from hrtrain.privacy.models import DataAccess, DataAccessPerson, SubjectRequest
from hrtrain.privacy.queries.retention import overdue_things
from tests import makers
from tests.makers.walk import certificate_of

LONG_AGO = datetime(2001, 1, 1, tzinfo=UTC)


def switch_on(kind: str, months: int = 12) -> None:
    set_rule(rule_row(kind), months, is_on=True, note="Quy chế", by=makers.user("administrator"))
    db.session.commit()


def run() -> None:
    ask_for_run(clock.today(), by=makers.user("administrator"))
    db.session.commit()
    worker.run_waiting()
    failed = db.session.scalars(select(Job.state).where(Job.state != "done")).all()
    assert not failed


def counts() -> dict[str, int]:
    return {one.rule.kind: one.count for one in overdue_things(clock.today())}


def left(ends_on: date | None, **more: str) -> Person:
    person = makers.person(phone="0912345678", **more)
    makers.membership(person, makers.group(), makers.unit(), ends_on=ends_on)
    return person


def rows_of(table: type[Base]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_nothing_is_switched_on_by_itself(app: Flask) -> None:
    left(date(2021, 1, 1))
    assert not any(one.rule.is_on for one in overdue_things(clock.today()))
    with pytest.raises(Refusal, match="Không có gì"):
        ask_for_run(clock.today(), by=None)


def test_only_who_left_long_ago_everywhere_is_made_anonymous(app: Flask) -> None:
    gone, here, lately = left(date(2021, 1, 1)), left(None), left(clock.today())
    back = left(date(2021, 1, 1))
    makers.membership(back, makers.group(), makers.unit(), starts_on=date(2025, 1, 1))
    switch_on("left_people")
    (one,) = [one for one in overdue_things(clock.today()) if one.rule.kind == "left_people"]
    assert (one.count, one.examples) == (1, (f"{gone.full_name} ({gone.key})",))
    run()
    db.session.expire_all()
    assert gone.anonymised_at
    assert [who.anonymised_at for who in (here, lately, back)] == [None] * 3


def test_contacts_of_who_left_go_and_the_person_stays(app: Flask) -> None:
    gone, here = left(date(2021, 1, 1)), left(None)
    switch_on("contacts")
    run()
    db.session.expire_all()
    assert (gone.phone, gone.full_name, here.phone) == ("", "Nguyễn Văn An", "0912345678")


def test_contacts_in_a_merged_record_go_with_those_of_the_one_that_stands(app: Flask) -> None:
    gone = left(date(2021, 1, 1))
    gone.phone = ""
    merged = makers.person(email="a@b.vn", is_set_aside=True, merged_into_id=gone.id)
    switch_on("contacts")
    assert counts()["contacts"] == 1
    run()
    db.session.expire_all()
    assert (merged.email, counts()["contacts"]) == ("", 0)


def test_whoever_came_back_since_the_run_was_asked_for_is_left_alone(app: Flask) -> None:
    gone = left(date(2021, 1, 1))
    switch_on("left_people")
    ask_for_run(clock.today(), by=None)
    makers.membership(gone, makers.group(), makers.unit(), starts_on=date(2026, 1, 1))
    db.session.commit()
    worker.run_waiting()
    db.session.expire_all()
    assert gone.anonymised_at is None


def test_name_leaves_the_register_when_its_term_is_over(app: Flask) -> None:
    person = left(date(2021, 1, 1))
    session = makers.training_session(makers.course(), makers.unit())
    key = certificate_of(person, session)
    certificate = db.session.query(Certificate).filter_by(key=key).one()
    certificate.issued_on = date(2010, 1, 1)
    anonymise([person], "thử", by=None)
    assert certificate.content["full_name"] == "Nguyễn Văn An"
    switch_on("register", 60)
    assert counts()["register"] == 1
    run()
    db.session.expire_all()
    assert certificate.content["full_name"] == f"Người đã ẩn danh #{person.id}"
    assert (certificate.content["birth_date"], certificate.number[:1]) == ("", "0")
    assert counts()["register"] == 0


def test_old_logs_uploads_and_words_go_and_new_ones_stay(app: Flask) -> None:
    person, user = makers.person(), makers.user()
    fill(person, user.id)
    before = counts()
    for kind in ("accesses", "rosters", "sign_ins", "requests"):
        assert before[kind] == 1, kind
        switch_on(kind)
    run()
    kept = (DataAccess, DataAccessPerson, SignIn, RosterRow)
    assert [rows_of(table) for table in kept] == [1, 1, 1, 1]
    assert [one.content for one in db.session.query(RosterUpload).order_by("id")] == [b"", b"x"]
    assert [one.said for one in db.session.query(SubjectRequest).order_by("id")] == ["", "lời"]
    assert not any(counts()[kind] for kind in ("accesses", "rosters", "sign_ins", "requests"))


def fill(person: Person, user_id: int) -> None:
    """One old and one new of everything."""
    for number, at in enumerate((LONG_AGO, clock.now()), 1):
        access = DataAccess(at=at, what="x", purpose="page")
        upload = RosterUpload(
            key=f"r{number}",
            file_name="a.xlsx",
            content=b"x",
            sha256="0",
            state="imported",
            starts_on=date(2001, 1, 1),
            uploaded_at=at,
        )
        request = SubjectRequest(
            key=f"q{number}",
            person_id=person.id,
            kind="view",
            via="office",
            said="lời",
            state="done",
            received_on=at.date(),
            acknowledge_by=at.date(),
            answer_by=at.date(),
            closed_at=at,
        )
        signed = SignIn(token_hash=f"t{number}", user_id=user_id, expires_at=at, created_at=at)
        db.session.add_all([access, upload, request, signed])
        db.session.flush()
        row = RosterRow(upload_id=upload.id, position=1, sheet="1", row=1, state="new")
        db.session.add_all([row, DataAccessPerson(access_id=access.id, person_id=person.id)])
    db.session.commit()


def test_run_is_in_the_audit_log_with_its_counts(app: Flask) -> None:
    left(date(2021, 1, 1))
    switch_on("contacts")
    run()
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.act == "retention_run")).one()
    assert entry.details["counts"] == {"contacts": 1}


def test_dry_run_says_all_and_changes_nothing(app: Flask, runner: FlaskCliRunner) -> None:
    person = left(date(2021, 1, 1))
    switch_on("left_people")
    answer = runner.invoke(args=["privacy", "retention", "--dry-run", "--json"])
    (told,) = json.loads(answer.stdout)["rules"]
    assert (told["kind"], told["count"], told["first"][0][:6]) == ("left_people", 1, "Nguyễn")
    db.session.expire_all()
    assert person.anonymised_at is None
    assert runner.invoke(args=["privacy", "retention"]).exit_code == 0
    db.session.expire_all()
    assert person.anonymised_at is not None


def test_every_kind_has_a_rule_and_can_be_counted(app: Flask) -> None:
    for kind in KINDS:
        set_rule(rule_row(kind), 1, is_on=True, note="", by=makers.user())
    assert set(counts()) == set(KINDS)
    assert counts()["audit"] == 0
    db.session.query(AuditEntry).update({"at": clock.now() - timedelta(days=400)})
    assert counts()["audit"] > 0
