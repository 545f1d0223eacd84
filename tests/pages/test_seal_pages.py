"""Pages of sealed reports: sealing, restating, who may, and whose names are shown."""

import json
import re
from datetime import date
from hashlib import sha256
from io import BytesIO

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select, update

from hrtrain.accounts.models import AuditEntry
from hrtrain.core.db import db
from hrtrain.core.facts import restate as restate_fact
from hrtrain.core.formats import exact
from hrtrain.coverage.seals.models import Seal
from hrtrain.people.models import Membership, Person
from hrtrain.privacy.actions.anonymising import anonymise
from hrtrain.training.models import Completion
from tests import makers
from tests.cast import CastClient, sign_in
from tests.makers.province import Province, province
from tests.makers.seals import restated, sealed
from tests.pages.test_coverage_pages import words_of

NEW = "/coverage/kh175/seals/new?as_of=22/11/2026"


def once_key(page: str) -> str:
    return str(re.findall(r'name="key"[^>]*value="([^"]+)"', page)[0])


def seal_count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Seal)) or 0


def leader(client: CastClient, unit: object = None) -> CastClient:
    sign_in(client, makers.user("leadership", unit))  # type: ignore[arg-type]
    return client


def key_of(seal: Seal) -> str:
    db.session.commit()
    return seal.key


def test_figures_are_sealed_from_the_coverage_page_and_a_double_click_makes_one(
    app: Flask, client: CastClient
) -> None:
    here = province()
    leader(client, here.top)
    assert "/coverage/kh175/seals/new" in client.get("/coverage/kh175").text
    form = {"key": once_key(client.get(NEW).text), "title": "Quý IV", "note": "Nộp Bộ"}
    first, second = (client.post(NEW, data=form) for _click in range(2))
    assert first.status_code == second.status_code == 303
    assert first.location == second.location and seal_count() == 1
    page = words_of(client.get(first.location).text)
    assert "Quý IV" in page and "Nộp Bộ" in page and "50,0%" in page
    assert db.session.scalar(select(func.count()).where(AuditEntry.act == "coverage.sealed")) == 1


def test_sealed_report_is_listed_and_shows_its_people_as_sealed(
    app: Flask, client: CastClient
) -> None:
    here = province()
    key = key_of(sealed(here.programme, here.top))
    makers.completion(here.people[2], here.course, date(2026, 5, 5))
    here.people[3].full_name = "Tên Khác"
    leader(client)
    assert f"/seals/{key}" in client.get("/coverage/kh175/seals").text
    page = words_of(client.get(f"/seals/{key}/people?state=untrained").text)
    assert "Chưa tập huấn: 2" in page and "Lê Văn Ân" in page and "Bùi Đạt" in page
    assert "Tên Khác" not in page and "Chưa từng ghi danh" in page
    assert "10/05/2025" in client.get(f"/seals/{key}/people?state=trained").text
    assert client.get(f"/seals/{key}/people?state=khac").status_code == 404
    assert client.get(f"/seals/{key}?group=khac").status_code == 404


def test_restating_shows_everybody_who_differs_with_the_cause(
    app: Flask, client: CastClient
) -> None:
    here = province()
    key = key_of(sealed(here.programme, here.top))
    makers.completion(here.people[2], here.course, date(2026, 5, 5))
    leader(client, here.top)
    place = f"/seals/{key}/restate"
    form = {"key": once_key(client.get(place).text), "note": "Bổ sung lớp tháng 5"}
    first, second = (client.post(place, data=form) for _click in range(2))
    assert first.location == second.location and seal_count() == 2
    page = words_of(client.get(first.location).text)
    assert "Từng người: 1" in page and "Lê Văn Ân" in page and "Dữ liệu đến muộn" in page
    assert "50,0% 75,0%" in page
    assert "Lê Văn Ân" in client.get(f"{first.location}?cause=late").text
    assert client.get(f"{first.location}?cause=khac").status_code == 404
    again = client.post(place, data={**form, "key": "seal-0123456789"})
    assert again.status_code == 422 and "đã được lập lại (bản 2)" in again.text
    assert "đã được lập lại" in client.get(f"/seals/{key}").text


def test_versions_of_one_minute_are_told_apart(app: Flask, client: CastClient) -> None:
    here = province()
    old = sealed(here.programme, here.top)
    new = restated(old)
    instants = [exact(one.known_at) for one in (old, new)]
    key = key_of(new)
    leader(client)
    for way in ("", "/differences"):
        page = words_of(client.get(f"/seals/{key}{way}").text)
        assert all(instant in page for instant in instants)


def test_reason_for_restating_and_a_title_are_needed(app: Flask, client: CastClient) -> None:
    here = province()
    key = key_of(sealed(here.programme, here.top))
    leader(client)
    assert client.post(f"/seals/{key}/restate", data={}).status_code == 422
    bad = client.post(NEW, data={"key": "seal-0123456789", "title": " "})
    assert bad.status_code == 422 and seal_count() == 1
    future = client.post("/coverage/kh175/seals/new?as_of=01/01/2199",
                         data={"key": "seal-0123456789", "title": "x"})  # fmt: skip
    assert future.status_code == 422 and "đã đến" in future.text


def seals_of_all(here: Province) -> list[str]:
    return [
        key_of(sealed(here.programme, unit)) for unit in (here.left, here.right, here.top, None)
    ]


def test_foreign_units_report_is_not_found(app: Flask, client: CastClient) -> None:
    here = province()
    own, *foreign = seals_of_all(here)
    leader(client, here.left)
    assert client.get(f"/seals/{own}").status_code == 200
    listed = client.get("/coverage/kh175/seals").text
    for key in foreign:
        assert key not in listed
        for way in ("", "/people", "/restate", "/differences"):
            assert client.get(f"/seals/{key}{way}").status_code == 404
        for way in ("/reproduce", "/content.json", "/people.xlsx", "/restate"):
            assert client.post(f"/seals/{key}{way}").status_code == 404
    assert client.post(f"{NEW}&unit=u2", data={}).status_code == 404
    assert client.get("/seals/nothing").status_code == 404


@pytest.mark.parametrize("role", ["focal_point", "organizer"])
def test_only_leaders_and_plan_managers_seal(app: Flask, client: CastClient, role: str) -> None:
    here = province()
    key = key_of(sealed(here.programme, here.top))
    sign_in(client, makers.user(role, here.top))
    assert "Chốt số liệu" not in client.get("/coverage/kh175").text
    assert "/restate" not in client.get(f"/seals/{key}").text
    assert client.get(NEW).status_code == client.post(NEW).status_code == 403
    assert client.post(f"/seals/{key}/restate").status_code == 403
    for sealer in ("programme_manager", "administrator", "leadership"):
        sign_in(client, makers.user(sealer, here.top))
        assert client.get(NEW).status_code == 200


def test_names_at_units_that_left_the_scope_are_hidden(app: Flask, client: CastClient) -> None:
    here = province()
    edge = makers.parent(makers.unit("u3", name="Đơn vị dời"), here.left)
    mover = makers.person("Vũ Dời")
    makers.membership(mover, here.group, db.session.get_one(type(here.left), edge.unit_id))
    old = sealed(here.programme, here.left)
    makers.completion(mover, here.course, date(2026, 5, 5))
    new = restated(old)
    restate_fact(edge, parent_id=here.right.id)
    keys = key_of(old), key_of(new)
    leader(client, here.left)
    page = words_of(client.get(f"/seals/{keys[0]}/people?state=untrained").text)
    assert "Vũ Dời" not in page and "1 người khác" in page and "Lê Văn Ân" in page
    page = words_of(client.get(f"/seals/{keys[1]}/differences").text)
    assert "Từng người: 1" in page and "Vũ Dời" not in page and "1 người khác" in page
    assert client.post(f"/seals/{keys[0]}/content.json").status_code == 422
    rows = CalamineWorkbook.from_filelike(
        BytesIO(client.post(f"/seals/{keys[0]}/people.xlsx").data)
    ).get_sheet_by_index(0)
    assert "Vũ Dời" not in str(rows.to_python()) and "Lê Văn Ân" in str(rows.to_python())


def test_person_who_left_the_unit_stays_readable_where_sealed(
    app: Flask, client: CastClient
) -> None:
    here = province()
    old = sealed(here.programme, here.left)
    row = db.session.scalars(
        select(Membership).where(Membership.person_id == here.people[0].id)
    ).one()
    restate_fact(row, unit_id=here.right.id)
    key = key_of(restated(old))
    leader(client, here.left)
    page = words_of(client.get(f"/seals/{key}/differences").text)
    assert "Đỗ Anh" in page and "Ngoài phạm vi" in page and "Chuyển đơn vị" in page


def test_report_is_counted_again_on_its_page(app: Flask, client: CastClient) -> None:
    here = province()
    seal = sealed(here.programme, here.top)
    key, known_at = key_of(seal), seal.known_at
    leader(client)
    client.post(f"/seals/{key}/reproduce")
    assert "đúng từng byte" in client.get(f"/seals/{key}").text
    makers.completion(here.people[2], here.course, date(2026, 5, 5), recorded_at=known_at)
    client.post(f"/seals/{key}/reproduce")
    assert "KHÔNG khớp" in client.get(f"/seals/{key}").text


def test_sealed_bytes_are_sent_as_they_are(app: Flask, client: CastClient) -> None:
    here = province()
    seal = sealed(here.programme, here.top)
    key, content = key_of(seal), seal.content
    leader(client)
    sent = client.post(f"/seals/{key}/content.json")
    assert sent.data == content and json.loads(sent.data)["unit"] == "u0"
    sheet = client.post(f"/seals/{key}/people.xlsx")
    book = CalamineWorkbook.from_filelike(BytesIO(sheet.data)).get_sheet_by_index(0)
    assert "Bùi Đạt" in str(book.to_python())
    exports = select(func.count()).where(AuditEntry.act == "report.exported")
    assert db.session.scalar(exports) == 2


def test_grade_of_today_stands_beside_the_sealed_figures_and_is_no_part_of_them(
    app: Flask, client: CastClient
) -> None:
    here = province()
    seal = sealed(here.programme, here.top)
    key, before = key_of(seal), seal.content
    leader(client)
    page = words_of(client.get(f"/seals/{key}").text)
    assert "Không thuộc báo cáo đã chốt" in page and "Mức tin cậy D" in page
    for unit in (here.top, here.left, here.right):
        makers.headcount(unit, here.group, {here.left: 3, here.right: 1}.get(unit, 0))
    db.session.execute(update(Person).values(birth_date="1980", national_id_hash="x"))
    db.session.execute(update(Completion).values(source="outside: 1/GCN"))
    db.session.commit()
    assert "Mức tin cậy A" in words_of(client.get(f"/seals/{key}").text)
    assert db.session.get_one(Seal, seal.id).content == before


def test_bytes_that_name_somebody_anonymous_since_are_kept_for_administrators_alone(
    app: Flask, client: CastClient
) -> None:
    here = province()
    makers.exemption(here.people[2], here.programme, here.group, reason="Lê Văn Ân nghỉ ốm")
    seal = sealed(here.programme, here.top)
    key, digest = key_of(seal), seal.content_sha256
    leader(client, here.top)
    assert client.post(f"/seals/{key}/content.json").status_code == 200
    anonymise([here.people[2]], "theo phiếu yêu cầu", by=None)
    db.session.commit()
    page = client.get(f"/seals/{key}").text
    assert "Bản gốc còn ghi tên 1 người đã được ẩn danh" in page
    assert "Tải bản gốc" not in page and "Lê Văn Ân" not in page
    assert client.post(f"/seals/{key}/content.json").status_code == 422
    exempt = client.get(f"/seals/{key}/people?state=exempt").text
    assert "Người đã ẩn danh" in exempt and "Lê Văn Ân" not in exempt
    again = client.post(f"/seals/{key}/reproduce", follow_redirects=True).text
    assert "Đếm lại cho đúng từng byte" in again
    sign_in(client, makers.user("administrator"))
    kept = client.post(f"/seals/{key}/content.json").data
    assert sha256(kept).hexdigest() == digest and "Lê Văn Ân" in kept.decode()
