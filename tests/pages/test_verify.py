"""The public check: by code, by file; never valid unless it is, silent about what is not there."""

import io
from datetime import date, timedelta
from time import monotonic

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from hrtrain.certificates.actions.changing import revoke
from hrtrain.certificates.actions.issuing import issue
from hrtrain.certificates.jobs import make_document
from hrtrain.certificates.models import Certificate
from hrtrain.certificates.places import document_store
from hrtrain.certificates.rules import Revocation
from hrtrain.core import clock
from hrtrain.core.db import db
from tests.cast import CastClient
from tests.makers.certificates import closed_session, series

DAY = date(2026, 5, 6)


@pytest.fixture
def certificate(app: Flask) -> Certificate:
    session = closed_session("Nguyễn Văn An")
    session.course.validity_months = None
    made = issue(session, series(session.unit), by=None, on=DAY)[0]
    db.session.commit()
    make_document(made.id)
    return made


def upload(client: CastClient, content: bytes) -> TestResponse:
    return client.post("/verify", data={"file": (io.BytesIO(content), "giay.pdf")})


def test_qr_and_typed_code_show_the_content_to_compare(
    client: CastClient, certificate: Certificate
) -> None:
    codes = certificate.qr_code, certificate.check_code, certificate.check_code.lower()
    spoken = certificate.check_code.replace("-", " ").replace("0", "O")
    for code in (*codes, spoken):
        page = client.get(f"/verify/{code}")
        assert page.status_code == 200 and "có hiệu lực" in page.text
        assert "Nguyễn Văn An" in page.text and certificate.number in page.text


def test_public_page_keeps_birth_date_unit_and_reason_to_itself(
    client: CastClient, certificate: Certificate
) -> None:
    certificate.content = {**certificate.content, "birth_date": "1985-05-12", "unit": "Phòng kín"}
    revoke(certificate, Revocation("chuyện riêng", "1/QĐ", DAY), by=None)
    page = client.get(f"/verify/{certificate.qr_code}").text
    assert "đã bị thu hồi" in page and "1/QĐ" in page
    assert not [word for word in ("1985", "Phòng kín", "chuyện riêng") if word in page]


def test_absent_malformed_and_foreign_codes_answer_alike(client: CastClient, app: Flask) -> None:
    codes = ["0000-0000-0000-0000", "A" * 24, "x", "../etc/passwd", "%00", "a/b/c", "ữ" * 70]
    answers = [client.get(f"/verify/{code}") for code in codes]
    assert {answer.status_code for answer in answers} == {404}
    assert all("Không tìm thấy giấy chứng nhận này" in answer.text for answer in answers)


def test_expired_certificate_is_not_valid(client: CastClient, certificate: Certificate) -> None:
    yesterday = clock.today() - timedelta(days=1)
    certificate.content = {**certificate.content, "valid_through": yesterday.isoformat()}
    assert "hết thời hạn" in client.get(f"/verify/{certificate.qr_code}").text
    certificate.content = {**certificate.content, "valid_through": clock.today().isoformat()}
    assert "có hiệu lực" in client.get(f"/verify/{certificate.qr_code}").text


def test_issued_file_is_genuine(client: CastClient, certificate: Certificate) -> None:
    page = upload(client, document_store().read(certificate.sha256))
    assert page.status_code == 200 and "đang có hiệu lực" in page.text


@pytest.mark.parametrize("engine", ["sqlite"])
def test_one_flipped_byte_is_never_valid(client: CastClient, certificate: Certificate) -> None:
    genuine = document_store().read(certificate.sha256)
    for place in range(0, len(genuine), len(genuine) // 12):
        flipped = bytearray(genuine)
        flipped[place] ^= 1
        page = upload(client, bytes(flipped))
        assert "đang có hiệu lực" not in page.text
        assert "không phải bản" in page.text or "Không có giấy chứng nhận nào" in page.text


def test_altered_file_names_what_differs(client: CastClient, certificate: Certificate) -> None:
    genuine = document_store().read(certificate.sha256)
    other = closed_session("Trần Thị Bình")
    made = issue(other, series(other.unit, "KHAC"), by=None, on=DAY)[0]
    made.content = {**made.content, "check_code": certificate.check_code}
    made.content = {**made.content, "verify_url": certificate.content["verify_url"]}
    db.session.commit()
    make_document(made.id)
    with pikepdf.open(io.BytesIO(document_store().read(made.sha256))) as forged:
        file = io.BytesIO()
        forged.save(file)
    page = upload(client, file.getvalue()).text
    assert "Tệp không phải bản đã cấp" in page and "<li>Họ và tên</li>" in page
    assert "<li>Số</li>" in page and "<li>Ngày cấp</li>" not in page
    assert genuine != file.getvalue()


def test_no_pdf_at_all_is_unknown(client: CastClient, app: Flask) -> None:
    for content in (b"", b"hello", b"%PDF-1.7\n" + b"\xff" * 1000, b"%PDF-" + b"[" * 200_000):
        page = upload(client, content)
        assert page.status_code in (404, 422)


def test_nothing_asked_is_said_on_the_form(client: CastClient, app: Flask) -> None:
    page = client.post("/verify", data={"code": " "})
    assert page.status_code == 422 and "Hãy nhập mã kiểm tra" in page.text


def test_guessing_is_limited_and_a_right_guess_waits_too(
    client: CastClient, certificate: Certificate
) -> None:
    code = certificate.qr_code
    for number in range(30):
        assert client.get(f"/verify/{number:024}").status_code == 404
    assert client.get("/verify/again").status_code == 429
    assert client.get(f"/verify/{code}").status_code == 429


def test_right_codes_are_asked_without_limit(client: CastClient, certificate: Certificate) -> None:
    code = certificate.qr_code
    assert {client.get(f"/verify/{code}").status_code for _ in range(35)} == {200}
    assert db.session.scalars(select(Certificate.state)).all() == ["issued"]


def test_strangers_file_is_checked_while_somebody_else_writes(
    client: CastClient, certificate: Certificate
) -> None:
    content = document_store().read(certificate.sha256)
    db.session.commit()
    with db.engine.connect() as other, other.begin():
        # On SQLite this is the one write lock.
        other.execute(update(Certificate).values(layout="vi-1"))
        began = monotonic()
        assert "có hiệu lực" in upload(client, content).text
        assert monotonic() - began < 5
