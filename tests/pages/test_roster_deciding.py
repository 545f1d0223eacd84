"""A roster decided about: columns said by hand, rows that need review, people who are missing."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from hrtrain.accounts.rules import Role
from hrtrain.core.db import db, new_key
from hrtrain.core.jobs.worker import run_waiting
from hrtrain.people.models import CadreGroup, Membership, Person, RosterRow, RosterUpload
from hrtrain.people.rosters.models import RosterLeaving
from hrtrain.units.models import Unit
from tests import makers
from tests.cast import CastClient, sign_in

DAY = date(2026, 7, 1)


def book(*rows: list[Any], sheet: str = "Danh sách") -> bytes:
    made = openpyxl.Workbook()
    made.worksheets[0].title = sheet
    for row in rows:
        made.worksheets[0].append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


@pytest.fixture
def client(client: CastClient) -> CastClient:
    """An organizer of a province with two offices."""
    top = makers.unit("tinh")
    makers.unit("stp", under=top, name="Sở Tư pháp")
    makers.unit("snv", under=top, name="Sở Nội vụ")
    makers.group("g", name="Cán bộ QCN")
    sign_in(client, makers.user(Role.ORGANIZER, top))
    return client


def send(client: CastClient, content: bytes, **more: str) -> str:
    key = new_key("roster")
    fields = {"once": key, "group": "g", "unit": "", "starts_on": "01/07/2026", **more}
    data = {**fields, "file": (io.BytesIO(content), "a.xlsx")}
    answer = client.post("/rosters/new", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return key


def confirm(client: CastClient, key: str) -> None:
    assert client.post(f"/rosters/{key}/import").status_code == 303
    run_waiting()
    db.session.expire_all()


def upload_of(key: str) -> RosterUpload:
    db.session.expire_all()
    return db.session.scalars(select(RosterUpload).filter_by(key=key)).one()


def states(key: str) -> list[str]:
    asked = select(RosterRow.state).join(RosterUpload, RosterUpload.id == RosterRow.upload_id)
    return list(db.session.scalars(asked.filter_by(key=key).order_by(RosterRow.position)))


def member(name: str, unit: str, **more: Any) -> Person:
    """Somebody in the group at the unit since 2020."""
    person = makers.person(name, birth_date="1980-06-05", birth_precision="day")
    group = db.session.scalars(select(CadreGroup)).one()
    at = db.session.scalars(select(Unit).filter_by(key=unit)).one()
    makers.membership(person, group, at, **more)
    return person


def known_days() -> list[tuple[int, str, date, date | None]]:
    db.session.expire_all()
    asked = select(Membership.person_id, Unit.key, Membership.starts_on, Membership.ends_on)
    asked = asked.join(Unit, Unit.id == Membership.unit_id)
    asked = asked.where(Membership.retracted_at.is_(None))
    return sorted((row[0], row[1], row[2], row[3]) for row in db.session.execute(asked))


HEAD = ["Cán bộ", "Sinh", "Nơi", "Máy"]
ROWS = [HEAD, ["Lê An", "05/06/1980", "Sở Tư pháp", "0912345678"]]
SAID = {"header-0": "1", "rows-0": "1"}
FIELDS = ("full_name", "birth_date", "unit", "phone")
SAID |= {f"field-0-{at}": name for at, name in enumerate(FIELDS)}


def test_columns_nobody_understood_are_said_by_hand_and_read_at_once(client: CastClient) -> None:
    key = send(client, book(*ROWS))
    page = client.get(f"/rosters/{key}/columns").text
    assert "Không thấy dòng tiêu đề" in page
    answer = client.post(f"/rosters/{key}/columns", data={"header-0": "1", "stay": "1"})
    assert answer.status_code == 303
    assert "Máy" in client.get(f"/rosters/{key}/columns").text
    client.post(f"/rosters/{key}/columns", data=SAID)
    assert states(key) == ["new"]
    confirm(client, key)
    person = db.session.scalars(select(Person)).one()
    assert (person.full_name, person.phone) == ("Lê An", "0912345678")


def test_what_was_said_once_is_remembered_for_files_with_that_header(client: CastClient) -> None:
    key = send(client, book(*ROWS))
    client.post(f"/rosters/{key}/columns", data={"header-0": "1", "stay": "1"})
    client.post(f"/rosters/{key}/columns", data=SAID)
    title = ["Danh sách của Sở"]
    again = send(client, book(title, [], HEAD, ["Bùi Bình", "1981", "Sở Nội vụ", ""], sheet="Khác"))
    assert states(again) == ["new"]
    assert "Theo cách bạn đã chọn lần trước" in client.get(f"/rosters/{again}").text
    sheet = upload_of(again).reading["sheets"][0]
    assert (sheet["header_row"], sheet["how"]) == (3, "remembered")


def test_another_sender_is_not_bound_by_it(client: CastClient) -> None:
    key = send(client, book(*ROWS))
    client.post(f"/rosters/{key}/columns", data={"header-0": "1", "stay": "1"})
    client.post(f"/rosters/{key}/columns", data=SAID)
    sign_in(client, makers.user(Role.ORGANIZER))
    assert states(send(client, book(*ROWS))) == []


def test_a_column_understood_wrongly_is_put_right(client: CastClient) -> None:
    rows = [["Họ và tên", "Đơn vị", "Ghi chú"], ["Lê An", "Sở Tư pháp", "0912345678"]]
    key = send(client, book(*rows))
    fields = {"field-0-0": "full_name", "field-0-1": "unit", "field-0-2": "phone"}
    client.post(f"/rosters/{key}/columns", data={"header-0": "1", "rows-0": "1", **fields})
    confirm(client, key)
    assert db.session.scalars(select(Person.phone)).one() == "0912345678"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"field-0-1": "full_name"}, "hai cột cùng là"),
        ({"field-0-0": ""}, "hãy chọn một cột Họ và tên"),
        ({"header-0": "99"}, "phải từ 0 đến"),
        ({"header-0": "x"}, "phải từ 0 đến"),
    ],
)
def test_columns_that_cannot_be_are_refused(
    client: CastClient, said: dict[str, str], sentence: str
) -> None:
    rows = [["Họ và tên", "Đơn vị"], ["Lê An", "Sở Tư pháp"]]
    key = send(client, book(*rows))
    right = {"header-0": "1", "rows-0": "1", "field-0-0": "full_name", "field-0-1": "unit"}
    answer = client.post(f"/rosters/{key}/columns", data={**right, **said})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert states(key) == ["new"]


def test_a_sheet_may_be_left_out(client: CastClient) -> None:
    key = send(client, book(["Họ và tên", "Đơn vị"], ["Lê An", "Sở Tư pháp"]))
    client.post(f"/rosters/{key}/columns", data={"header-0": "0"})
    assert states(key) == []


def test_changes_are_shown_from_what_to_what(client: CastClient) -> None:
    member("Lê An", "stp").phone = "0911111111"
    key = send(client, book(["Họ và tên", "Ngày sinh", "Đơn vị", "Điện thoại"], ROWS[1]))
    assert states(key) == ["changed"]
    page = client.get(f"/rosters/{key}").text
    assert "<del>0911111111</del>" in page and "<strong>0912345678</strong>" in page


def test_hidden_rows_are_read_and_told(client: CastClient) -> None:
    made = openpyxl.Workbook()
    for row in (["Họ và tên", "Đơn vị"], ["Lê An", "Sở Tư pháp"], ["Bùi Bình", "Sở Tư pháp"]):
        made.worksheets[0].append(row)
    made.worksheets[0].row_dimensions[3].hidden = True
    out = io.BytesIO()
    made.save(out)
    key = send(client, out.getvalue())
    assert states(key) == ["new", "new"]
    assert "1 dòng bị ẩn" in client.get(f"/rosters/{key}").text


TWINS = book(
    ["Họ và tên", "Ngày sinh", "Đơn vị"],
    ["Nguyễn Văn Hùng", "05/06/1980", "Sở Tư pháp"],
    ["Nguyễn Văn Hùng", "", "Sở Tư pháp"],
)


def test_two_rows_alike_are_asked_about_with_reasons_and_decided(client: CastClient) -> None:
    key = send(client, TWINS)
    assert states(key) == ["new", "refused"]
    page = client.get(f"/rosters/{key}").text
    assert "Là người ở dòng 2, bỏ dòng này" in page
    assert client.post(f"/rosters/{key}/rows/2", data={"choice": "*"}).status_code == 303
    confirm(client, key)
    assert len(known_days()) == 2


def test_the_same_file_after_deciding_changes_nothing_and_asks_nothing(client: CastClient) -> None:
    key = send(client, TWINS)
    client.post(f"/rosters/{key}/rows/2", data={"choice": "*"})
    confirm(client, key)
    assert states(send(client, TWINS)) == ["unchanged", "unchanged"]


def test_a_row_that_repeats_another_is_left_out(client: CastClient) -> None:
    key = send(client, TWINS)
    client.post(f"/rosters/{key}/rows/2", data={"choice": "="})
    assert "Trùng với dòng 2" in client.get(f"/rosters/{key}").text
    confirm(client, key)
    assert len(known_days()) == 1


def test_two_rows_cannot_both_be_decided_to_be_one_person(client: CastClient) -> None:
    known = member("Lê An", "snv")
    rows = [["Lê An", "Sở Tư pháp", "0911111111"], ["Lê An", "Sở Nội vụ", ""]]
    key = send(client, book(["Họ và tên", "Đơn vị", "Điện thoại"], *rows))
    assert states(key) == ["refused", "unchanged"]
    client.post(f"/rosters/{key}/rows/1", data={"choice": known.key})
    assert states(key) == ["refused", "unchanged"]
    assert "khác đơn vị" not in client.get(f"/rosters/{key}").text


def test_candidates_come_with_reasons(client: CastClient) -> None:
    makers.person("Lê An", birth_date="1980", birth_precision="year")
    key = send(client, book(["Họ và tên", "Đơn vị"], ["Lê An", "Sở Tư pháp"]))
    page = client.get(f"/rosters/{key}").text
    assert "trùng họ tên; một bên chưa có ngày sinh; khác đơn vị" in page


MOVED = book(["Họ và tên", "Ngày sinh", "Đơn vị"], ["Lê An", "05/06/1980", "Sở Tư pháp"])


@pytest.mark.parametrize("address", ["rows/1/move", "move"])
def test_somebody_at_another_unit_is_moved_when_it_is_said(
    client: CastClient, address: str
) -> None:
    person = member("Lê An", "snv")
    key = send(client, MOVED)
    assert states(key) == ["refused"]
    assert "Hiện ở: Sở Nội vụ" in client.get(f"/rosters/{key}").text
    assert client.post(f"/rosters/{key}/{address}").status_code == 303
    assert states(key) == ["changed"]
    confirm(client, key)
    assert known_days() == [
        (person.id, "snv", date(2020, 1, 1), DAY),
        (person.id, "stp", DAY, None),
    ]


def test_who_is_at_a_unit_outside_the_reach_is_not_moved(client: CastClient) -> None:
    makers.unit("far", name="Sở Xa")
    person = member("Lê An", "far")
    own = db.session.scalars(select(Unit).filter_by(key="stp")).one()
    makers.membership(person, makers.group("other"), own)
    key = send(client, MOVED)
    assert states(key) == ["refused"]
    assert "Sở Xa" not in client.get(f"/rosters/{key}").text
    assert client.post(f"/rosters/{key}/rows/1/move").status_code == 422


ONE = book(["Họ và tên", "Ngày sinh", "Đơn vị"], ["Bùi Bình", "01/02/1981", "Sở Tư pháp"])


def test_who_is_missing_is_listed_and_stays_unless_somebody_decides(client: CastClient) -> None:
    member("Lê An", "stp"), member("Lê Xa", "snv")
    key = send(client, ONE)
    page = client.get(f"/rosters/{key}/leaving").text
    assert "Lê An" in page and "Lê Xa" not in page
    confirm(client, key)
    assert [row[3] for row in known_days()] == [None, None, None]


def test_who_is_ticked_leaves_on_the_day_with_the_import(client: CastClient) -> None:
    person = member("Lê An", "stp")
    key = send(client, ONE)
    [who] = db.session.scalars(select(RosterLeaving.id))
    said = {"who": str(who), "ends_on": "15/07/2026"}
    assert client.post(f"/rosters/{key}/leaving", data=said).status_code == 303
    assert known_days() == [(person.id, "stp", date(2020, 1, 1), None)]
    confirm(client, key)
    assert (person.id, "stp", date(2020, 1, 1), date(2026, 7, 15)) in known_days()


def test_whoever_was_ticked_may_stay_after_all(client: CastClient) -> None:
    member("Lê An", "stp")
    key = send(client, ONE)
    for more in ({"ends_on": "15/07/2026"}, {"stay": "1"}):
        assert client.post(f"/rosters/{key}/leaving", data={"all": "1", **more}).status_code == 303
    confirm(client, key)
    assert [row[3] for row in known_days()] == [None, None]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"ends_on": "15/07/2026"}, "Hãy đánh dấu"),
        ({"all": "1", "ends_on": "01/01/2020"}, "Lê An mới vào nhóm ngày 01/01/2020"),
        ({"all": "1", "ends_on": "hôm nay"}, "ngày"),
    ],
)
def test_leaving_on_no_day_or_of_nobody_is_refused(
    client: CastClient, said: dict[str, str], sentence: str
) -> None:
    member("Lê An", "stp")
    answer = client.post(f"/rosters/{send(client, ONE)}/leaving", data=said)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_part_of_a_list_lacks_nobody_and_a_whole_tree_more(client: CastClient) -> None:
    member("Lê An", "stp"), member("Lê Xa", "snv")
    found = {}
    for covers in ("part", "units", "below"):
        key = send(client, ONE, covers=covers, unit="tinh" if covers == "below" else "")
        asked = select(RosterLeaving.id).where(RosterLeaving.upload_id == upload_of(key).id)
        found[covers] = len(db.session.scalars(asked).all())
    assert found == {"part": 0, "units": 1, "below": 2}


def test_whom_a_row_may_still_mean_is_not_missing(client: CastClient) -> None:
    person = member("Lê An", "stp")
    person.birth_date, person.birth_precision = "1980", "year"
    makers.person("Lê An", birth_date="1981", birth_precision="year")
    rows = [["Lê An", "Sở Tư pháp", "0911111111"]]
    key = send(client, book(["Họ và tên", "Đơn vị", "Điện thoại"], *rows))
    assert states(key) == ["refused"]
    assert db.session.scalars(select(RosterLeaving)).all() == []


def test_what_the_import_would_change_is_shown_and_not_done(client: CastClient) -> None:
    key = send(client, ONE)
    page = client.post(f"/rosters/{key}/import", data={"impact": "1"}).text
    assert "Tác động đến số liệu" in page
    assert known_days() == []
    assert states(key) == ["new"]


def test_sensitive_columns_are_neither_read_nor_kept_nor_mapped_and_that_is_said(
    client: CastClient,
) -> None:
    rows = [["Họ và tên", "Đơn vị", "Dân tộc"], ["Lê An", "Sở Tư pháp", "0912345678"]]
    key = send(client, book(*rows))
    assert "Cột “Dân tộc” không được đọc" in client.get(f"/rosters/{key}").text
    fields = {"field-0-0": "full_name", "field-0-1": "unit", "field-0-2": "phone"}
    client.post(f"/rosters/{key}/columns", data={"header-0": "1", "rows-0": "1", **fields})
    assert "0912345678" not in str(upload_of(key).reading)
    assert "0912345678" not in str(db.session.scalars(select(RosterRow.entry)).all())
