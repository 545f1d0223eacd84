"""Certificates on pages: issued in one act, downloaded, listed, revoked, corrected, in scope."""

import io
import zipfile

import pytest
from flask import Flask
from openpyxl import load_workbook
from pypdf import PdfReader
from sqlalchemy import select, update

from hrtrain.accounts.models import AuditEntry, User
from hrtrain.certificates import marks
from hrtrain.certificates.actions.issuing import issue as issue_certificates
from hrtrain.certificates.models import Certificate, CertificateSeries
from hrtrain.certificates.places import data_folder, document_store
from hrtrain.certificates.queries.register import register_lines
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.jobs import worker
from hrtrain.core.jobs.models import Job
from hrtrain.training.models import Completion, TrainingSession
from tests import makers
from tests.cast import CastClient, sign_in
from tests.makers.certificates import closed_session, series
from tests.statements import statements_sent


@pytest.fixture(autouse=True)
def no_marks(app: Flask) -> None:
    (data_folder() / marks.NAME).unlink(missing_ok=True)


@pytest.fixture
def session(app: Flask) -> TrainingSession:
    """A closed session of two people of the same name, in a unit with a series."""
    made = closed_session("Nguyễn Văn An", "Nguyễn Văn An")
    series(made.unit)
    db.session.commit()
    return made


@pytest.fixture
def organizer(session: TrainingSession) -> User:
    return makers.user("organizer", session.unit)


def only(kind: type[Certificate]) -> Certificate:
    return db.session.scalars(select(kind).order_by(kind.id)).first()  # type: ignore[return-value]


def issue(client: CastClient, session: TrainingSession) -> None:
    url = f"/training-sessions/{session.key}/certificates"
    answer = client.post(url, data={"series": "series-svhttdl"})
    assert answer.status_code == 303, answer.get_data(as_text=True)
    db.session.commit()
    worker.run_waiting()


def test_issuing_leads_to_the_jobs_page_and_its_results(
    client: CastClient, session: TrainingSession, organizer: User
) -> None:
    sign_in(client, organizer)
    assert "Nguyễn Văn An" in client.get(f"/training-sessions/{session.key}/certificates").text
    issue(client, session)
    job = db.session.scalars(select(Job)).one()
    page = client.get(f"/jobs/{job.key}").text
    assert "Đã xong" in page and f"/training-sessions/{session.key}/certificates.zip" in page


def test_double_click_makes_one_set_of_certificates_and_one_job(
    client: CastClient, session: TrainingSession, organizer: User
) -> None:
    sign_in(client, organizer)
    url = f"/training-sessions/{session.key}/certificates"
    first = client.post(url, data={"series": "series-svhttdl"})
    second = client.post(url, data={"series": "series-svhttdl"})
    assert (first.status_code, second.status_code) == (303, 303)
    assert len(db.session.scalars(select(Certificate)).all()) == 2
    assert len(db.session.scalars(select(Job)).all()) == 1


def test_download_gives_the_same_bytes_after_the_person_was_renamed(
    client: CastClient, session: TrainingSession, organizer: User
) -> None:
    sign_in(client, organizer)
    issue(client, session)
    certificate = only(Certificate)
    first = client.get(f"/certificates/{certificate.key}.pdf")
    certificate.person.full_name = "Trần Bình"
    db.session.commit()
    second = client.get(f"/certificates/{certificate.key}.pdf")
    assert first.mimetype == "application/pdf" and first.data == second.data
    assert "Nguyễn Văn An" in client.get(f"/certificates/{certificate.key}").text


def test_archive_keeps_people_of_one_name_apart(
    client: CastClient, session: TrainingSession, organizer: User
) -> None:
    sign_in(client, organizer)
    issue(client, session)
    answer = client.get(f"/training-sessions/{session.key}/certificates.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        assert sorted(packed.namelist()) == [
            "01-GCN-SVHTTDL-2026 Nguyễn Văn An.pdf",
            "02-GCN-SVHTTDL-2026 Nguyễn Văn An.pdf",
        ]
        assert all(packed.read(name).startswith(b"%PDF") for name in packed.namelist())


@pytest.mark.parametrize("name", ["certificates.zip", "certificates/print.pdf"])
def test_lost_document_is_said_and_no_fault_of_ours(
    client: CastClient, session: TrainingSession, organizer: User, name: str
) -> None:
    sign_in(client, organizer)
    issue(client, session)
    document_store().path(only(Certificate).sha256).unlink()
    answer = client.get(f"/training-sessions/{session.key}/{name}")
    assert answer.status_code == 422
    assert "không còn trong kho" in answer.text or "Không ghép được" in answer.text


def test_print_file_holds_every_certificate(
    client: CastClient, session: TrainingSession, organizer: User
) -> None:
    sign_in(client, organizer)
    issue(client, session)
    answer = client.get(f"/training-sessions/{session.key}/certificates/print.pdf")
    pages = PdfReader(io.BytesIO(answer.data)).pages
    assert [f"0{n}/GCN-SVHTTDL" in page.extract_text() for n, page in enumerate(pages, 1)] == [
        True,
        True,
    ]


def test_list_finds_by_name_without_marks_and_by_number(
    client: CastClient, session: TrainingSession, organizer: User
) -> None:
    sign_in(client, organizer)
    issue(client, session)
    assert client.get("/certificates?q=nguyen van an").text.count("row-link") == 2
    assert client.get("/certificates?q=02/GCN").text.count("row-link") == 1
    assert client.get("/certificates?state=revoked").text.count("row-link") == 0
    assert client.get(f"/certificates?session={session.key}").text.count("row-link") == 2


def test_foreign_certificates_answer_as_absent_ones(
    client: CastClient, session: TrainingSession, organizer: User
) -> None:
    sign_in(client, organizer)
    issue(client, session)
    key = only(Certificate).key
    sign_in(client, makers.user("organizer", makers.unit()))
    assert client.get("/certificates").text.count("row-link") == 0
    for path in (key, f"{key}.pdf", f"{key}/revoke", f"{key}/correct", "cert-absent"):
        assert client.get(f"/certificates/{path}").status_code == 404
    assert client.get(f"/certificates?session={session.key}").status_code == 404
    url = f"/training-sessions/{session.key}/certificates"
    assert client.post(url, data={"series": "series-svhttdl"}).status_code == 404


def test_leadership_follows_the_link_to_a_sessions_certificates(
    client: CastClient, session: TrainingSession, organizer: User
) -> None:
    issue(sign_in(client, organizer), session)  # type: ignore[arg-type]
    sign_in(client, makers.user("leadership", session.unit))
    assert client.get(f"/certificates?session={session.key}").text.count("row-link") == 2


def test_attendee_downloads_the_own_certificate_and_no_other(
    client: CastClient, session: TrainingSession, organizer: User
) -> None:
    sign_in(client, organizer)
    issue(client, session)
    own, other = db.session.scalars(select(Certificate).order_by(Certificate.id)).all()
    keys = own.key, other.key
    sign_in(client, makers.user("attendee", person_id=own.person_id))
    assert client.get(f"/certificates/{keys[0]}.pdf").status_code == 200
    assert client.get(f"/certificates/{keys[1]}.pdf").status_code == 404


REVOCATION = {
    "reason": "Điểm danh hộ",
    "document_no": "12/QĐ-SVHTTDL",
    "effect": "from_day",
}


def test_revoking_shows_at_once_and_revokes_the_completion_as_a_new_fact(
    client: CastClient, session: TrainingSession, organizer: User
) -> None:
    sign_in(client, organizer)
    issue(client, session)
    certificate = only(Certificate)
    key, code, person = certificate.key, certificate.qr_code, certificate.person_id
    day = certificate.issued_on.strftime("%d/%m/%Y")
    answer = client.post(f"/certificates/{key}/revoke", data={**REVOCATION, "revoked_on": day})
    assert answer.status_code == 303
    assert "đã bị thu hồi" in client.get(f"/verify/{code}").text
    of_person = select(Completion).where(Completion.person_id == person)
    rows = db.session.scalars(of_person.order_by(Completion.id)).all()
    assert [(row.retracted_at is None, row.revoked_from is None) for row in rows] == [
        (False, True),
        (True, False),
    ]
    assert "revoke_certificate" in db.session.scalars(select(AuditEntry.act)).all()
    assert (
        client.post(
            f"/certificates/{key}/revoke", data={**REVOCATION, "revoked_on": day}
        ).status_code
        == 409
    )


def test_revocation_before_the_issue_is_refused_on_the_form(
    client: CastClient, session: TrainingSession, organizer: User
) -> None:
    sign_in(client, organizer)
    issue(client, session)
    key = only(Certificate).key
    data = {**REVOCATION, "revoked_on": "01/01/2020"}
    answer = client.post(f"/certificates/{key}/revoke", data=data)
    assert answer.status_code == 422 and "không thể trước ngày cấp" in answer.text
    db.session.expire_all()
    assert only(Certificate).state == "issued"


def test_correction_replaces_by_a_new_number_and_links_both(
    client: CastClient, session: TrainingSession, organizer: User
) -> None:
    sign_in(client, organizer)
    issue(client, session)
    old = only(Certificate)
    key, code = old.key, old.qr_code
    data = {"full_name": "Nguyễn Văn Ân", "honorific": "Ông", "birth_date": "05/1985"}
    more = {"series": "series-svhttdl", "reason": "Sai tên"}
    assert client.post(f"/certificates/{key}/correct", data={**data, **more}).status_code == 303
    db.session.commit()
    worker.run_waiting()
    new = db.session.scalars(select(Certificate).order_by(Certificate.id.desc())).first()
    assert new is not None and (new.number, new.replaces_id) == ("03/GCN-SVHTTDL", old.id)
    assert new.content["full_name"] == "Nguyễn Văn Ân" and new.document_id
    assert "03/GCN-SVHTTDL" in client.get(f"/verify/{code}").text
    assert "03/GCN-SVHTTDL" in client.get(f"/certificates/{key}").text
    assert client.post(f"/certificates/{key}/correct", data={**data, **more}).status_code == 409


def test_register_lists_every_number_void_ones_with_their_reason(
    client: CastClient, session: TrainingSession, organizer: User
) -> None:
    sign_in(client, organizer)
    year = clock.today().year
    marks.raise_to(data_folder(), "series-svhttdl", year, 1)
    issue(client, session)
    page = client.get(f"/register?series=series-svhttdl&year={year}").text
    assert "01/GCN-SVHTTDL" in page and "Số hủy" in page and "03/GCN-SVHTTDL" in page
    sheet = client.get(f"/register.xlsx?series=series-svhttdl&year={year}")
    rows = list(load_workbook(io.BytesIO(sheet.data)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert [row[1] for row in rows[4:]] == [f"0{n}/GCN-SVHTTDL" for n in (1, 2, 3)]
    assert "Số hủy" in str(rows[4][7])


def test_register_asks_the_same_statements_however_many_come_from_a_package(
    app: Flask, session: TrainingSession
) -> None:
    found = db.session.scalars(select(CertificateSeries)).one()
    issue_certificates(session, found, by=None, on=clock.today())
    db.session.execute(update(Certificate).values(content={}, state="revoked"))
    year = clock.today().year
    db.session.commit()
    found = db.session.scalars(select(CertificateSeries)).one()
    with statements_sent() as asked:
        lines = register_lines(found, year)
    assert [line.full_name for line in lines] == ["Nguyễn Văn An"] * 2
    assert len(asked) == 1


def test_series_is_made_and_edited_by_the_programme_manager(client: CastClient) -> None:
    unit = makers.unit(name="Sở Văn hóa")
    sign_in(client, makers.user("programme_manager", unit))
    form = client.get("/certificate-series/new").text
    key = form.split('value="series-')[1][:10]
    data = {
        "key": f"series-{key}", "unit": unit.key, "notation": "SVH", "issuer_name": "Sở Văn hóa",
        "place": "Hà Nội", "signing_authority": "GIÁM ĐỐC", "signatory": "Lê A", "layout": "vi",
    }  # fmt: skip
    assert client.post("/certificate-series/new", data=data).status_code == 303
    assert client.post("/certificate-series/new", data=data).status_code == 303
    made = db.session.scalars(select(CertificateSeries)).one()
    edit = f"/certificate-series/{made.key}/edit"
    changed = {**data, "signatory": "Lê B", "version": str(made.version)}
    assert client.post(edit, data=changed).status_code == 303
    stale = client.post(edit, data={**changed, "signatory": "Lê C"})
    assert stale.status_code == 409 and "Lê B" in stale.text
