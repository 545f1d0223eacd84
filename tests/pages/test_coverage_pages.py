"""The pages of figures: who sees what, and that they show the standings and nothing else."""

import re
from datetime import date

import pytest
from flask import Flask

from hrtrain.core import formats
from hrtrain.coverage.queries import Question, standings
from tests import makers
from tests.cast import CastClient, sign_in
from tests.makers.province import TRAINED_ON, province

DAY = date(2026, 11, 22)
READERS = ("leadership", "focal_point", "organizer", "programme_manager", "administrator")


def words_of(page: str) -> str:
    """The page's text without tags, spaces collapsed."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def figures_of(row: object) -> str:
    return " ".join(formats.decimal(getattr(row, name)) for name in ("rate",)) + "%"


def leader(client: CastClient, unit: object = None) -> CastClient:
    return sign_in(client, makers.user("leadership", unit))  # type: ignore[arg-type,return-value]


def test_stranger_is_sent_to_sign_in(app: Flask, client: CastClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 303 and answer.location.startswith("/sign-in")


def test_attendee_is_sent_to_own_things(app: Flask, client: CastClient) -> None:
    sign_in(client, makers.user("attendee"))
    assert client.get("/").location == "/my"
    assert client.get("/coverage/kh175").status_code == 403


@pytest.mark.parametrize("role", READERS)
def test_dashboard_shows_the_standings_of_the_own_unit(
    app: Flask, client: CastClient, role: str
) -> None:
    here = province()
    sign_in(client, makers.user(role, here.left))
    (row,) = standings(Question("kh175", DAY, "u1"))
    page = words_of(client.get("/?as_of=22/11/2026").text)
    assert "Sở Văn hóa, Tỉnh Tây Ninh" in page
    assert f"66,7% đã tập huấn {row.trained} / {row.required} người" in page
    assert figures_of(row) == "66,7%" and "Chưa đạt" in page and "còn thiếu 1 người" in page


def test_figures_are_those_of_the_day_asked(app: Flask, client: CastClient) -> None:
    province()
    leader(client)
    before = words_of(client.get("/?as_of=2025-05-09").text)
    on_it = words_of(client.get(f"/?as_of={TRAINED_ON:%d/%m/%Y}").text)
    assert "0,0% đã tập huấn 0 / 4 người" in before
    assert "50,0% đã tập huấn 2 / 4 người" in on_it


def test_figures_are_those_known_at_the_instant_asked(app: Flask, client: CastClient) -> None:
    province()
    leader(client)
    page = words_of(client.get("/?known_at=01/01/2020 08:00").text)
    assert "như hệ thống đã biết lúc 01/01/2020 08:00" in page
    assert "Chưa yêu cầu nội dung nào" in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("as_of=31/02/2026", "Không có ngày 31/02/2026"),
        ("as_of=hôm nay", "Hãy ghi ngày theo dạng"),
        ("known_at=sáng nay", "Hãy ghi thời điểm theo dạng"),
    ],
)
def test_day_that_is_none_is_refused_by_name(
    app: Flask, client: CastClient, query: str, said: str
) -> None:
    leader(client)
    answer = client.get(f"/?{query}")
    assert answer.status_code == 422 and said in answer.text


@pytest.mark.parametrize("path", ["/", "/coverage/kh175", "/coverage/kh175/trend"])
def test_foreign_unit_is_not_found(app: Flask, client: CastClient, path: str) -> None:
    here = province()
    sign_in(client, makers.user("focal_point", here.left))
    assert client.get(f"{path}?unit=u1").status_code == 200
    assert client.get(f"{path}?unit=Sở Văn hóa [u1]").status_code == 200
    for key in ("u0", "u2", "v0", "Báo Tây Ninh", "không-có"):
        assert client.get(f"{path}?unit={key}").status_code == 404


def test_unknown_programme_and_group_are_not_answered(app: Flask, client: CastClient) -> None:
    province()
    leader(client)
    assert client.get("/coverage/khong-co").status_code == 404
    answer = client.get("/coverage/kh175?group=khac")
    assert answer.status_code == 422 and "không có chỉ tiêu cho nhóm “khac”" in answer.text


def test_units_down_the_tree_add_up_to_the_whole(app: Flask, client: CastClient) -> None:
    here = province()
    makers.membership(makers.person("Vũ Tí"), here.group, here.top)
    leader(client, here.top)
    page = words_of(client.get("/coverage/kh175?as_of=22/11/2026").text)
    assert "Sở Văn hóa 66,7% 2 3 1 0 1 Chưa đạt" in page
    assert "Báo Tây Ninh 0,0% 0 1 1 0 1 Chưa đạt" in page
    assert "Trực tiếp tại Tỉnh Tây Ninh 0,0% 0 1 1 0 1 Chưa đạt" in page
    assert "Cộng 40,0% 2 5 3 0 2 Chưa đạt" in page


def test_unit_above_the_own_one_is_named_but_not_linked(app: Flask, client: CastClient) -> None:
    here = province()
    leader(client, here.left)
    page = client.get("/coverage/kh175").text
    assert "Tỉnh Tây Ninh</li>" in page
    assert "unit=u0" not in page


def test_declared_people_without_names_are_told_apart(app: Flask, client: CastClient) -> None:
    here = province(percent=60)
    makers.headcount(here.left, here.group, 13)
    leader(client, here.left)
    page = words_of(client.get("/").text)
    assert "66,7% đã tập huấn 2 / 3 người" in page
    assert "Chưa đủ danh sách" in page and "còn thiếu 6 người" in page
    assert "đã khai, chưa có tên: 10 ; tỷ lệ kể cả người chưa có tên 15,4%" in page


def test_plan_without_targets_says_so(app: Flask, client: CastClient) -> None:
    makers.programme("p4", title="Nhiệm vụ năm 2024")
    leader(client)
    assert "Văn bản này không đặt chỉ tiêu" in client.get("/").text
    assert "Văn bản này không đặt chỉ tiêu" in client.get("/coverage/p4").text
    assert client.get("/coverage/p4/trend").status_code == 200


def test_percentage_not_stated_is_shown_as_such(app: Flask, client: CastClient) -> None:
    province(percent=None, origin="not_stated")
    leader(client)
    page = words_of(client.get("/").text)
    assert "50,0% đã tập huấn 2 / 4 người" in page
    assert "Kế hoạch không nêu tỷ lệ" in page and "còn thiếu" not in page


def test_no_programme_at_all_leads_the_manager_to_make_one(app: Flask, client: CastClient) -> None:
    sign_in(client, makers.user("programme_manager"))
    assert 'href="/programmes/new"' in client.get("/").text


def test_trend_shows_every_month_end_and_the_target(app: Flask, client: CastClient) -> None:
    province()
    leader(client)
    page = client.get("/coverage/kh175/trend?as_of=15/06/2025&months=24").text
    assert page.count('class="chart-point"') == 2 * 24
    assert 'class="chart-target"' in page
    table = words_of(page.split("<tbody>")[1])
    assert "15/06/2025 50,0% 2 4" in table
    assert "31/05/2025 50,0% 2 4" in table and "30/04/2025 0,0% 0 4" in table


def test_people_and_attendances_are_two_figures(app: Flask, client: CastClient) -> None:
    here = province()
    makers.completion(here.people[0], here.course, date(2025, 6, 1))
    makers.completion(here.people[1], here.course, date(2025, 6, 1), is_void=True)
    leader(client, here.left)
    assert "Người đã tập huấn 2 3 lượt người" in words_of(client.get("/").text)


def test_reader_of_two_units_chooses_between_them(app: Flask, client: CastClient) -> None:
    here = province()
    user = makers.user("leadership", here.left)
    user.grants.append(type(user.grants[0])(role="leadership", unit_id=here.right.id))
    sign_in(client, user)
    page = client.get("/").text
    assert "unit=u1" in page and "unit=u2" in page
    assert "0,0% đã tập huấn 0 / 1" in words_of(client.get("/?unit=u2").text)
