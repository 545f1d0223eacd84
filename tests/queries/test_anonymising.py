"""Anonymising takes the name out of every table and leaves every figure of every day."""

import json
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Text, cast, select

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import AuditEntry, SignIn, User
from hrtrain.certificates.models import Certificate, Document
from hrtrain.certificates.places import document_store
from hrtrain.core import clock
from hrtrain.core.acts.models import ActChange
from hrtrain.core.acts.recording import begin, recording
from hrtrain.core.acts.undoing import undo
from hrtrain.core.db import Base, db
from hrtrain.core.errors import Refusal
from hrtrain.core.jobs.models import Job, JobItem
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.seals.queries import content_of, first_difference, reproduced, shown_content
from hrtrain.people.actions import change_person
from hrtrain.people.merges.models import PersonMerge
from hrtrain.people.models import Membership, Person, RosterRow, RosterUpload
from hrtrain.people.rules import PersonDetails
from hrtrain.privacy.actions.anonymising import anonymise
from hrtrain.privacy.queries.subjects import records_of
from tests import makers
from tests.makers.seals import sealed

NAME, BORN, PHONE = "Huỳnh Thị Ngọc Ẩn", "1985-05-12", "0912345678"
DAYS = (date(2020, 1, 1), date(2026, 5, 4), date(2026, 5, 5), date(2026, 11, 22), date(2027, 1, 1))
TOLD = [NAME, BORN, PHONE, "Trưởng phòng bí mật", "an.huynh@example.vn", "nghỉ ốm"]


class Case:
    """Somebody with a trace in every table, in a plan with others."""

    def __init__(self) -> None:
        self.unit, self.group, self.course = makers.unit(), makers.group(), makers.course()
        self.programme = makers.programme()
        self.programme.authority_unit_id = self.unit.id
        makers.target(self.programme, self.group)
        makers.requirement(self.programme, self.group, self.course)
        self.person = makers.person(
            NAME,
            birth_date=BORN,
            birth_precision="day",
            phone=PHONE,
            gender="female",
            position=TOLD[3],
            email=TOLD[4],
            national_id_hash="a" * 64,
            national_id_last4="1234",
        )
        for who in (self.person, makers.person(), makers.person()):
            makers.membership(who, self.group, self.unit, position=TOLD[3])
        self.session = makers.training_session(self.course, self.unit)
        makers.enrolment(
            self.session, self.person, state="completed", attended=True, state_reason=TOLD[5]
        )
        makers.completion(self.person, self.course, date(2026, 5, 5), source=f"outside: {TOLD[5]}")
        makers.exemption(
            self.person,
            self.programme,
            self.group,
            reason=TOLD[5],
            starts_on=date(2026, 6, 1),
            ends_on=date(2026, 7, 1),
        )
        self.account = makers.user(
            "attendee", person_id=self.person.id, full_name=NAME, username="ngoc.an", email=TOLD[4]
        )

    def figures(self) -> list[Any]:
        """All standings on several days, by group and by unit."""
        db.session.commit()
        return [
            standings(Question(self.programme.key, day, by=by))
            for day in DAYS
            for by in ("group", "unit")
        ]

    def anonymise(self) -> None:
        anonymise(records_of(self.person), "theo phiếu yêu cầu", by=None)
        db.session.commit()


def everything() -> str:
    """Every value of every table as text, derived tables too."""
    found = []
    for table in Base.metadata.sorted_tables:
        for row in db.session.execute(select(table)):
            found += [json.dumps(value, ensure_ascii=False, default=str) for value in row]
    return "\n".join(found)


def certificate(case: Case, *, content: dict[str, Any] | None = None) -> Certificate:
    sha256 = document_store().keep(f"PDF of {NAME} {case.person.id}".encode())
    document = Document(sha256=sha256, size=10)
    db.session.add(document)
    db.session.flush()
    said = {
        "full_name": NAME,
        "birth_date": BORN,
        "position": TOLD[3],
        "unit": "Đơn vị cũ",
        "course": "Khóa",
        "issued_on": "2026-05-06",
        "number": "01/GCN-X",
        "evidence": {"a": 1},
    }
    made = Certificate(
        key="cert",
        person_id=case.person.id,
        course_id=case.course.id,
        number="01/GCN-X",
        issued_on=date(2026, 5, 6),
        check_code="code",
        qr_code="qr",
        layout="vi",
        sha256=sha256,
        document_id=document.id,
        content=said if content is None else content,
    )
    db.session.add(made)
    db.session.flush()
    return made


def test_figures_of_every_day_stay(app: Flask) -> None:
    case = Case()
    before = case.figures()
    assert before[6][0].trained == 1
    case.anonymise()
    assert case.figures() == before


def test_nothing_of_the_person_is_left_in_any_table(app: Flask) -> None:
    case = Case()
    record(None, "person_added", ("person", case.person.key), f"Thêm cán bộ {NAME}")
    record(
        None,
        "withdrawn",
        ("training_session", case.session.key),
        f"Đưa {NAME} ra: {TOLD[5]}",
        person=case.person.key,
    )
    record(
        None,
        "exemption.added",
        ("programme", case.programme.key),
        f"Miễn cho {NAME}",
        person=case.person.key,
        entered={"reason": TOLD[5]},
    )
    record(case.account, "add_user", ("user", "ngoc.an"), f"Thêm {NAME}", after={"email": TOLD[4]})
    db.session.add(SignIn(token_hash="t", user_id=case.account.id, expires_at=clock.now()))
    job = Job(key="job-1", kind="x", state="failed")
    db.session.add(job)
    db.session.flush()
    db.session.add(JobItem(job_id=job.id, position=1, state="failed", error=f"{NAME}: không đạt"))
    roster(case)
    db.session.query(Membership).filter(Membership.person_id != case.person.id).update(
        {"position": ""}
    )
    db.session.commit()
    assert all(word in everything() for word in TOLD)
    case.anonymise()
    left = everything()
    assert [word for word in (*TOLD, "ngoc.an", "a" * 64, '"1234"') if word in left] == []
    assert f"Người đã ẩn danh #{case.person.id}" in left


def roster(case: Case) -> None:
    """A sent list that names the person, and another row that takes it for a candidate."""
    upload = RosterUpload(
        key="r",
        file_name="ds.xlsx",
        content=b"secret",
        sha256="0" * 64,
        state="imported",
        starts_on=date(2026, 1, 1),
    )
    db.session.add(upload)
    db.session.flush()
    entry = {"full_name": NAME, "birth_date": BORN, "phone": PHONE, "warnings": [], "joins": 1}
    other = {"full_name": "Trần Văn Khác", "birth_date": "1990", "phone": "0900000000"}
    named = [{"code": "needs_review", "candidates": [{"full_name": NAME}]}]
    for position, (said, complaints) in enumerate([(entry, []), (other, named)], 1):
        db.session.add(
            RosterRow(
                upload_id=upload.id,
                position=position,
                sheet="1",
                row=position,
                state="new",
                entry=said,
                complaints=complaints,
            )
        )
    db.session.commit()


def test_row_of_somebody_else_in_the_same_roster_stays(app: Flask) -> None:
    case = Case()
    roster(case)
    case.anonymise()
    own, other = db.session.scalars(select(RosterRow).order_by(RosterRow.position))
    assert (own.entry["phone"], own.entry["joins"]) == ("", 1)
    assert other.entry["full_name"] == "Trần Văn Khác"
    assert other.complaints[0]["candidates"][0]["full_name"].startswith("Người đã ẩn danh")
    assert db.session.query(RosterUpload).one().content == b""


def test_namesake_with_another_birth_date_stays(app: Flask) -> None:
    case = Case()
    twin = makers.person(NAME, birth_date="1990")
    case.anonymise()
    assert (twin.full_name, twin.anonymised_at) == (NAME, None)


def test_act_undone_afterwards_brings_no_name_back(app: Flask) -> None:
    case = Case()
    act = begin("test", f"Sửa {NAME}", by_id=None, names=[NAME])
    with recording(act, Person):
        case.person.phone = "0987654321"
    case.anonymise()
    undo(act, by_id=None)
    db.session.commit()
    db.session.refresh(case.person)
    assert (case.person.phone, NAME in act.summary, NAME in str(act.details)) == ("", False, False)
    change = db.session.query(ActChange).filter_by(row_id=case.person.id).first()
    assert change and PHONE not in str(change.before)


def test_certificate_keeps_the_registers_line_and_loses_file_and_place(app: Flask) -> None:
    case = Case()
    made = certificate(case)
    path = document_store().path(made.sha256)
    db.session.commit()
    case.anonymise()
    assert (made.content["full_name"], made.content["birth_date"]) == (NAME, BORN)
    assert (made.content["position"], made.content["unit"], made.content["evidence"]) == (
        "",
        "",
        {},
    )
    assert (made.document_id, made.layout, path.exists()) == (None, "", False)
    assert made.sha256, "the very paper is still found to be genuine"


def test_certificate_of_a_package_keeps_its_name_too(app: Flask) -> None:
    case = Case()
    made = certificate(case, content={})
    case.anonymise()
    assert made.content["full_name"] == NAME


def test_file_stays_when_the_transaction_fails(app: Flask) -> None:
    case = Case()
    path = document_store().path(certificate(case).sha256)
    db.session.commit()
    anonymise(records_of(case.person), "thử", by=None)
    db.session.rollback()
    db.session.commit()
    assert path.exists()


def test_merged_records_are_made_anonymous_together(app: Flask) -> None:
    case = Case()
    act = begin("merge", f"Gộp {NAME}", by_id=None)
    merged = makers.person(NAME, phone=PHONE, is_set_aside=True, merged_into_id=case.person.id)
    db.session.add(
        PersonMerge(merged_id=merged.id, kept_id=case.person.id, act_id=act.id, reason=TOLD[5])
    )
    db.session.commit()
    case.anonymise()
    assert merged.anonymised_at and merged.phone == ""
    assert merged.full_name == f"Người đã ẩn danh #{merged.id}"


def test_who_has_another_role_is_refused_until_it_is_taken(app: Flask) -> None:
    case = Case()
    makers_grant = makers.user("organizer", case.unit, person_id=makers.person("Ai đó").id)
    person = db.session.get_one(Person, makers_grant.person_id)
    with pytest.raises(Refusal, match="vai trò"):
        anonymise([person], "thử", by=None)


def test_it_is_not_reversible_and_not_done_twice(app: Flask) -> None:
    case = Case()
    case.anonymise()
    with pytest.raises(Refusal, match="không sửa được nữa"):
        change_person(case.person, PersonDetails(NAME), "", by=None)
    with pytest.raises(Refusal, match="đã được ẩn danh"):
        anonymise([case.person], "thử", by=None)


def test_audit_log_says_that_it_was_done_without_the_name(app: Flask) -> None:
    case = Case()
    case.anonymise()
    asked = select(AuditEntry).where(AuditEntry.act == "person_anonymised")
    (entry,) = db.session.scalars(asked)
    assert (entry.subject_key, entry.details) == (case.person.key, {"reason": "theo phiếu yêu cầu"})
    user = db.session.get_one(User, case.account.id)
    assert (user.is_disabled, user.username, user.grants) == (True, f"an-danh-{user.id}", [])


def test_sealed_report_reproduces_after_it_byte_for_byte(app: Flask) -> None:
    case = Case()
    seal = sealed(case.programme, case.unit)
    db.session.commit()
    case.anonymise()
    assert first_difference(seal, reproduced(seal)) == ""
    assert NAME in str(content_of(seal)) and NAME not in str(shown_content(seal))


def test_text_of_json_is_found_whatever_its_letters(app: Flask) -> None:
    record(None, "x", ("x", "x"), "", name=NAME)
    held = cast(AuditEntry.details, Text).contains(json.dumps(NAME)[1:-1], autoescape=True)
    assert db.session.scalar(select(AuditEntry.id).where(held)) is not None
