"""Rosters on pages: sent, complained about all at once, confirmed, taken in once."""

import io
import re
from datetime import date
from html import unescape
from pathlib import Path
from threading import Event

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select

from hrtrain.accounts.rules import Role
from hrtrain.core.db import db, new_key
from hrtrain.core.jobs.models import JobItem
from hrtrain.core.jobs.worker import run_next, run_waiting
from hrtrain.people.models import Membership, Person, RosterRow, RosterUpload
from tests import makers
from tests.cast import CastClient, sign_in

FILES = Path(__file__).parents[1] / "files" / "rosters"
UNITS = [
    "Tỉnh Đoàn",
    "Phòng Văn hóa - Xã hội Phường Móng Cái 1",
    "Phòng Văn hóa - Xã hội Xã Hải Sơn",
    "Công an tỉnh",
    "Báo và Phát thanh, Truyền hình tỉnh",
    "Sở Dân tộc và Tôn giáo",
    "Sở Tư pháp",
    "Hội Nông dân tỉnh",
    "Sở Văn hóa, Thể thao và Du lịch",
    "Liên đoàn Lao động tỉnh",
    "Ủy ban Mặt trận Tổ quốc tỉnh",
    "Hội Liên hiệp Phụ nữ tỉnh",
]


@pytest.fixture
def client(app: Flask) -> CastClient:
    app.test_client_class = CastClient
    return app.test_client()  # type: ignore[return-value]


@pytest.fixture
def organizer(client: CastClient) -> CastClient:
    """Signed in for the whole province, whose units are those the files name."""
    top = makers.unit("tinh")
    for number, name in enumerate(UNITS):
        makers.unit(f"so-{number}", name=name, under=top)
    makers.group("hr_officer", name="Cán bộ QCN")
    sign_in(client, makers.user(Role.ORGANIZER, top))
    return client


def send(client: CastClient, content: bytes, name: str = "a.xlsx", **more: str) -> tuple[str, int]:
    """Send a file; the key of the upload and the status of the answer."""
    key = new_key("roster")
    fields = {"once": key, "group": "hr_officer", "unit": "", "starts_on": "01/07/2026", **more}
    data = {**fields, "file": (io.BytesIO(content), name)}
    answer = client.post("/rosters/new", data=data, content_type="multipart/form-data")
    return key, answer.status_code


def confirm(client: CastClient, key: str) -> None:
    assert client.post(f"/rosters/{key}/import").status_code == 303
    run_waiting()


def count(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_preview_shows_every_complaint_at_once_and_writes_nobody(organizer: CastClient) -> None:
    key, status = send(organizer, (FILES / "simple-1.xlsx").read_bytes())
    assert status == 303
    page = organizer.get(f"/rosters/{key}").get_data(as_text=True)
    for value in ("chưa có số", "31/02/1985", "1/13/1980", "Trùng với dòng 2", "để trống"):
        assert value in page
    assert "08008500123X" not in page
    assert (count(Person), count(RosterRow)) == (0, 61)


def test_refused_rows_of_a_bad_file_come_a_page_at_a_time(organizer: CastClient) -> None:
    rows = [f"Sai Ngày {n:03};31/02/1985;Không có đơn vị" for n in range(230)]
    content = "\n".join(["Họ và tên;Ngày sinh;Đơn vị", *rows]).encode("utf-8-sig")
    key, _status = send(organizer, content, "a.csv")
    first = organizer.get(f"/rosters/{key}").text
    found = re.search(r'href="([^"]*refused=[^"]*)"', first)
    assert found is not None and found[1].endswith("#complaints")
    second = organizer.get(unescape(found[1])).text
    told = [re.findall(r'<td class="num">(\d+)', page) for page in (first, second)]
    assert [len(set(rows)) for rows in told] == [200, 30]
    assert not set(told[0]) & set(told[1])


def test_confirmed_rows_are_taken_in_once_even_when_confirmed_twice(organizer: CastClient) -> None:
    key, _status = send(organizer, (FILES / "simple-1.xlsx").read_bytes())
    confirm(organizer, key)
    confirm(organizer, key)
    assert (count(Person), count(Membership)) == (50, 50)
    membership = db.session.scalars(select(Membership)).first()
    assert membership is not None
    assert membership.starts_on == date(2026, 7, 1)


def test_the_same_file_again_changes_nothing(organizer: CastClient) -> None:
    for _time in range(2):
        key, _status = send(organizer, (FILES / "official-1.xlsx").read_bytes())
        organizer.post(f"/rosters/{key}/import")
        run_waiting()
    upload = db.session.scalar(select(RosterUpload).where(RosterUpload.key == key))
    assert upload is not None
    assert upload.reading["counts"] == {"new": 0, "changed": 0, "unchanged": 44, "refused": 0}
    assert (count(Person), count(Membership)) == (44, 44)


def test_no_national_id_stays_behind(organizer: CastClient) -> None:
    key, _status = send(organizer, (FILES / "simple-1.xlsx").read_bytes())
    rows = db.session.scalars(select(RosterRow)).all()
    assert not any("004192771890" in str(row.entry) for row in rows)
    confirm(organizer, key)
    upload = db.session.scalar(select(RosterUpload).where(RosterUpload.key == key))
    person = db.session.scalar(select(Person).where(Person.full_name == "Dương Thị Phương Lan"))
    assert upload is not None and person is not None
    assert person.national_id_last4 == "1890"
    assert len(person.national_id_hash) == 64


@pytest.mark.parametrize("when", ["before", "after"])
def test_refused_rows_come_back_as_a_spreadsheet(organizer: CastClient, when: str) -> None:
    key, _status = send(organizer, (FILES / "simple-1.xlsx").read_bytes())
    if when == "after":
        confirm(organizer, key)
    answer = organizer.get(f"/rosters/{key}/refused.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert len(rows) == 11
    assert rows[0][1] == "Tô Văn Phúc"
    assert "Số điện thoại" in str(rows[0][-1])


def test_refused_rows_corrected_are_taken(organizer: CastClient) -> None:
    key, _status = send(organizer, (FILES / "simple-1.xlsx").read_bytes())
    confirm(organizer, key)
    book = openpyxl.load_workbook(io.BytesIO(organizer.get(f"/rosters/{key}/refused.xlsx").data))
    book.worksheets[0]["G2"] = "0912345678"
    out = io.BytesIO()
    book.save(out)
    again, _status = send(organizer, out.getvalue())
    confirm(organizer, again)
    assert db.session.scalar(select(Person.phone).where(Person.phone == "0912345678"))
    assert count(Person) == 51


def one_name() -> bytes:
    book = openpyxl.Workbook()
    for row in (["Họ và tên", "Đơn vị"], ["Lê An", "Sở Tư pháp"]):
        book.worksheets[0].append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(("is_known", "people"), [(True, 1), (False, 2)])
def test_somebody_decides_whom_a_bare_name_means(
    organizer: CastClient, is_known: bool, people: int
) -> None:
    known = makers.person("Lê An", birth_date="1980", birth_precision="year")
    key, _status = send(organizer, one_name())
    page = organizer.get(f"/rosters/{key}").get_data(as_text=True)
    assert "Là người đã có (1980)" in page
    choice = known.key if is_known else "*"
    assert organizer.post(f"/rosters/{key}/rows/1", data={"choice": choice}).status_code == 303
    confirm(organizer, key)
    assert (count(Person), count(Membership)) == (people, 1)


def test_only_a_named_candidate_may_be_chosen(organizer: CastClient) -> None:
    makers.person("Lê An", birth_date="1980", birth_precision="year")
    other = makers.person("Trần Bình")
    key, _status = send(organizer, one_name())
    for choice in (other.key, "", "no-such"):
        answer = organizer.post(f"/rosters/{key}/rows/1", data={"choice": choice})
        assert answer.status_code == 422
    assert organizer.post(f"/rosters/{key}/rows/7", data={"choice": "*"}).status_code == 422


class StopAfter(Event):
    """A worker asked to stop after so many looks: as if it were killed between two parts."""

    def __init__(self, looks: int) -> None:
        super().__init__()
        self.looks = looks

    def is_set(self) -> bool:
        self.looks -= 1
        return self.looks < 0


def long_roster(count: int) -> bytes:
    """Many people, and two of one name and nothing else, far apart, at two units."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Họ và tên", "Số điện thoại", "Đơn vị"])
    sheet.append(["Trần Văn Út", "", "Sở Tư pháp"])
    for number in range(count):
        sheet.append([f"Lê Văn {chr(65 + number % 26)}", f"09{number:08}", "Sở Tư pháp"])
    sheet.append(["Trần Văn Út", "", "Công an tỉnh"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_import_that_was_stopped_goes_on_and_doubles_nobody(organizer: CastClient) -> None:
    key, _status = send(organizer, long_roster(26))
    upload = db.session.scalars(select(RosterUpload)).one()
    organizer.post(f"/rosters/{key}/import")
    job_id = upload.job_id
    item = db.session.scalars(select(JobItem).where(JobItem.job_id == job_id)).first()
    assert item is not None
    item.payload = {**item.payload, "last": 10}
    rest = {"upload_id": upload.id, "first": 11, "last": 500}
    db.session.add(JobItem(job_id=job_id, position=9, payload=rest))
    db.session.commit()
    run_next(StopAfter(1))
    assert count(Person) == 10
    run_waiting()
    assert (count(Person), count(Membership)) == (28, 28)


def test_units_outside_the_own_scope_are_unknown(organizer: CastClient) -> None:
    other = makers.unit("kbang", name="Sở Xa")
    sign_in(organizer, makers.user(Role.FOCAL_POINT, other))
    key, _status = send(organizer, (FILES / "official-1.xlsx").read_bytes())
    states = set(db.session.scalars(select(RosterRow.state)))
    assert states == {"refused"}
    page = organizer.get(f"/rosters/{key}").get_data(as_text=True)
    assert "ngoài phạm vi" in page


def test_foreign_upload_is_not_found(organizer: CastClient) -> None:
    key, _status = send(organizer, (FILES / "official-1.xlsx").read_bytes())
    sign_in(organizer, makers.user(Role.ORGANIZER))
    for address in (f"/rosters/{key}", f"/rosters/{key}/refused.xlsx", "/rosters/no-such"):
        assert organizer.get(address).status_code == 404
    assert organizer.post(f"/rosters/{key}/import").status_code == 404


def test_hostile_file_is_complained_about_on_the_form(organizer: CastClient) -> None:
    page = organizer.get("/rosters/new").get_data(as_text=True)
    assert "Tệp danh sách" in page
    for content in (b"", b"<html></html>", b"PK\x03\x04 no zip"):
        _key, status = send(organizer, content, "danh-sach.xls")
        assert status == 422
    assert count(RosterUpload) == 0


def test_discarded_file_is_forgotten(organizer: CastClient) -> None:
    key, _status = send(organizer, (FILES / "official-1.xlsx").read_bytes())
    assert organizer.post(f"/rosters/{key}/discard").status_code == 303
    assert organizer.get(f"/rosters/{key}").status_code == 404
    upload = db.session.scalar(select(RosterUpload).where(RosterUpload.key == key))
    assert upload is not None
    assert upload.content == b""
    assert not any(db.session.scalars(select(RosterRow.entry)))
