"""Issuing: who is due, numbers without gap or reuse, contents frozen, documents made once."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from hrtrain.certificates import jobs, marks
from hrtrain.certificates.actions.issuing import issue
from hrtrain.certificates.models import (
    Certificate,
    CertificateCounter,
    CertificateNumber,
    CertificateSeries,
    Document,
)
from hrtrain.certificates.places import data_folder, document_store
from hrtrain.certificates.queries.due import people_due
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.jobs import worker
from hrtrain.people.models import Person
from hrtrain.training.models import TrainingSession
from tests import makers
from tests.makers.certificates import closed_session, complete, series

DAY = date(2026, 5, 6)


def issue_all(session: TrainingSession, by_series: CertificateSeries) -> list[Certificate]:
    made = issue(session, by_series, by=None, on=DAY)
    db.session.commit()
    return made


def make_documents(made: list[Certificate]) -> None:
    jobs.ask_for_documents(made, by=None)
    db.session.commit()
    worker.run_waiting()


@pytest.fixture(autouse=True)
def no_marks(app: Flask) -> None:
    (data_folder() / marks.NAME).unlink(missing_ok=True)


def test_numbers_follow_vietnamese_name_order(app: Flask) -> None:
    made = issue_all(closed_session("Lê Văn Ước", "Trần Thị Ân", "Vũ Văn An"), series())
    assert [(one.content["full_name"], one.number) for one in made] == [
        ("Vũ Văn An", "01/GCN-SVHTTDL"),
        ("Trần Thị Ân", "02/GCN-SVHTTDL"),
        ("Lê Văn Ước", "03/GCN-SVHTTDL"),
    ]
    assert made[2].register_no == "03/2026"


def test_unit_and_position_are_those_of_the_sessions_day(app: Flask) -> None:
    session = closed_session()
    person = complete(session, "Lê Thị Hoa", position="Giám đốc", gender="female").person_id
    then, now = makers.unit(name="Sở Thông tin và Truyền thông"), makers.unit()
    group, who = makers.group(), db.session.get_one(Person, person)
    makers.membership(who, group, then, position="Chuyên viên", ends_on=date(2026, 5, 10))
    makers.membership(who, group, now, position="Phó phòng", starts_on=date(2026, 5, 10))
    content = issue_all(session, series())[0].content
    assert content["position"] == "Chuyên viên"
    assert content["unit"] == "Sở Thông tin và Truyền thông"
    assert content["honorific"] == "Bà"


def test_second_issue_finds_nobody_due(app: Flask) -> None:
    session, own = closed_session("Lê An"), series()
    issue_all(session, own)
    assert people_due(session) == []
    with pytest.raises(Refusal, match="Không có ai"):
        issue(session, own, by=None, on=DAY)


def test_void_retracted_and_revoked_completions_are_not_due(app: Flask) -> None:
    session = closed_session()
    complete(session, "A").is_void = True
    complete(session, "B").retracted_at = clock.now()
    complete(session, "C").revoked_from = date(2026, 6, 1)
    complete(session, "D")
    assert [one.person.full_name for one in people_due(session)] == ["D"]


def test_later_issue_continues_the_numbers_and_a_new_year_begins_at_one(app: Flask) -> None:
    own = series()
    issue_all(closed_session("A", "B"), own)
    assert issue_all(closed_session("C"), own)[0].number == "03/GCN-SVHTTDL"
    last_year = closed_session("D", starts_on=date(2025, 5, 4), ends_on=date(2025, 5, 6))
    made = issue(last_year, own, by=None, on=date(2025, 12, 31))
    assert (made[0].number, made[0].register_no) == ("01/GCN-SVHTTDL", "01/2025")


def test_refused_issue_takes_no_number(app: Flask) -> None:
    own, session = series(), closed_session("A")
    with pytest.raises(Refusal, match="tương lai"):
        issue(session, own, by=None, on=clock.today() + timedelta(days=1))
    with pytest.raises(Refusal, match="bế giảng"):
        issue(session, own, by=None, on=date(2026, 5, 4))
    db.session.rollback()
    assert issue_all(session, own)[0].number == "01/GCN-SVHTTDL"


def test_document_is_stored_once_and_read_back_the_same(app: Flask) -> None:
    made = issue_all(closed_session("Lê An"), series())
    make_documents(made)
    certificate = db.session.get_one(Certificate, made[0].id)
    first = document_store().read(certificate.sha256)
    certificate.person.full_name = "Lê Bình"
    certificate.course.name = "Khóa khác"
    db.session.commit()
    make_documents([certificate])
    db.session.refresh(certificate)
    assert document_store().read(certificate.sha256) == first
    assert certificate.content["full_name"] == "Lê An"
    assert len(db.session.scalars(select(Document)).all()) == 1


def test_numbers_forgotten_by_a_restored_database_are_void_not_reused(app: Flask) -> None:
    own = series()
    issue_all(closed_session("A"), own)
    marks.raise_to(data_folder(), own.key, 2026, 4)
    made = issue_all(closed_session("B"), own)
    assert made[0].number == "05/GCN-SVHTTDL"
    void = select(CertificateNumber).where(CertificateNumber.certificate_id.is_(None))
    rows = db.session.scalars(void.order_by(CertificateNumber.value)).all()
    assert [row.value for row in rows] == [2, 3, 4]
    assert all("khôi phục" in row.void_reason for row in rows)


def test_mark_is_raised_before_the_document_exists(app: Flask) -> None:
    own = series()
    made = issue_all(closed_session("A", "B"), own)
    assert marks.highest(data_folder(), own.key, 2026) == 0
    make_documents(made)
    assert marks.highest(data_folder(), own.key, 2026) == 2
    marks.merge(data_folder(), {f"2026/{own.key}": 1})
    assert marks.highest(data_folder(), own.key, 2026) == 2


def test_imported_numbers_are_entered_in_the_book_and_continued(app: Flask) -> None:
    own, session = series(), closed_session()
    completion = complete(session, "Lê An")
    values = {"person_id": completion.person_id, "course_id": session.course_id}
    more = {"check_code": "x", "qr_code": "y", "content": {}}
    imported = Certificate(
        key="i", number="03/GCN-SVHTTDL", issued_on=date(2026, 2, 1), **values, **more
    )
    db.session.add(imported)
    made = issue_all(session, own)
    assert made[0].number == "04/GCN-SVHTTDL"
    rows = db.session.scalars(select(CertificateNumber).order_by(CertificateNumber.value)).all()
    assert [row.certificate_id for row in rows] == [None, None, imported.id, made[0].id]


def test_rolled_back_issue_leaves_no_gap(app: Flask) -> None:
    own, session = series(), closed_session("A")
    issue(session, own, by=None, on=DAY)
    db.session.rollback()
    assert db.session.scalars(select(CertificateCounter)).all() == []
    assert issue_all(session, own)[0].number == "01/GCN-SVHTTDL"
