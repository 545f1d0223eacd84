"""The forecast's page: who may see it, what it says in words, what it refuses."""

from datetime import date, timedelta

import pytest
from flask import Flask

from hrtrain.core import clock, formats
from tests import makers
from tests.cast import CastClient, sign_in
from tests.makers.province import Province, province
from tests.pages.test_coverage_pages import READERS, leader, words_of

PATH = "/coverage/kh175/forecast"


def deadline() -> date:
    return clock.today() + timedelta(30)


def with_a_session(here: Province, **more: object) -> None:
    """A session a week before the deadline; the one missing person of the right unit is booked."""
    last = deadline() - timedelta(7)
    session = makers.training_session(
        here.course, here.top, starts_on=last, ends_on=last + timedelta(1), **more
    )
    makers.enrolment(session, here.people[3])


@pytest.mark.parametrize("role", READERS)
def test_readers_of_coverage_see_the_forecast_of_their_unit(
    app: Flask, client: CastClient, role: str
) -> None:
    here = province(deadline=deadline())
    sign_in(client, makers.user(role, here.left))
    page = words_of(client.get(PATH).text)
    assert "Sở Văn hóa, Tỉnh Tây Ninh" in page
    assert f"Đến ngày {formats.day(deadline())}" in page
    assert "Còn cần 1 chỗ : đều phải tổ chức thêm" in page


def test_strangers_attendees_and_foreign_units_stay_out(app: Flask, client: CastClient) -> None:
    here = province()
    assert client.get(PATH).status_code == 303
    sign_in(client, makers.user("attendee"))
    assert client.get(PATH).status_code == 403
    sign_in(client, makers.user("leadership", here.left))
    assert client.get(f"{PATH}?unit=u2").status_code == 404
    assert client.get("/coverage/khac/forecast").status_code == 404


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("on=31/02/2027", "Không có ngày 31/02/2027"),
        ("on=cuối năm", "Hãy ghi ngày theo dạng"),
        ("on=01/01/2020", "Ngày dự báo không được trước hôm nay"),
        ("on=01/01/9999", "Năm phải từ"),
        ("group=khac", "không có chỉ tiêu cho nhóm “khac”"),
    ],
)
def test_what_cannot_be_forecast_is_refused_in_a_sentence(
    app: Flask, client: CastClient, query: str, said: str
) -> None:
    province()
    leader(client)
    answer = client.get(f"{PATH}?{query}")
    assert answer.status_code == 422 and said in answer.text


def test_the_three_rates_and_the_two_questions_stand_apart(app: Flask, client: CastClient) -> None:
    here = province(100, deadline=deadline())
    with_a_session(here, capacity=1)
    leader(client)
    page = words_of(client.get(PATH).text)
    assert "Hôm nay 50,0% 2 / 4" in page
    assert "Nếu không làm gì thêm 50,0% 2 / 4" in page
    assert "Nếu các lớp đã lên kế hoạch hoàn thành 75,0% 3 / 4" in page
    assert "Sở Văn hóa 1 0 66,7% 66,7% 1 Báo Tây Ninh 1 1 0,0% 100,0% 0" in page
    assert "Cộng, nếu từng đơn vị đều đạt 1 Cả phạm vi 2 1 50,0% 75,0% 1" in page


def test_free_seats_are_told_and_the_rest_is_to_be_organised(
    app: Flask, client: CastClient
) -> None:
    here = province(100, deadline=deadline())
    makers.membership(makers.person(), here.group, here.right)
    with_a_session(here, capacity=2)
    leader(client)
    page = words_of(client.get(PATH).text)
    assert "Còn cần 2 chỗ : 1 còn trống ở các lớp đã lên kế hoạch, 1 phải tổ chức thêm" in page
    assert "Khóa qcn 2 1 1 Cộng 2 1" in page


def test_what_needs_no_seat_says_so(app: Flask, client: CastClient) -> None:
    here = province(70, deadline=deadline())
    for unit, people in ((here.left, 3), (here.right, 1)):
        makers.headcount(unit, here.group, people)
    with_a_session(here)
    leader(client)
    page = words_of(client.get(PATH).text)
    assert "Sẽ đạt nhờ các lớp đã lên kế hoạch" in page
    assert "Không cần thêm chỗ nào ngoài những chỗ đã xếp để đạt 70%" in page


def test_names_that_are_lacking_come_first(app: Flask, client: CastClient) -> None:
    here = province(100, deadline=deadline())
    makers.headcount(here.left, here.group, 5)
    leader(client)
    page = words_of(client.get(PATH).text)
    assert "Còn thiếu tên và chỗ" in page and "Trước hết cần tên của 2 người" in page
    assert "1 đơn vị chưa khai số lượng" in page


def test_a_target_without_deadline_and_percentage_is_still_forecast(
    app: Flask, client: CastClient
) -> None:
    province(None)
    leader(client)
    page = words_of(client.get(PATH).text)
    assert f"Đến ngày 31/12/{clock.today().year}" in page
    assert "không tính được số chỗ còn cần" in page
    chosen = words_of(client.get(f"{PATH}?on=31/12/2099").text)
    assert "Đến ngày 31/12/2099" in chosen


def test_a_deadline_gone_by_is_told(app: Flask, client: CastClient) -> None:
    province(deadline=date(2025, 12, 31))
    leader(client)
    page = words_of(client.get(PATH).text)
    assert "hạn 31/12/2025 (đã qua)" in page


def test_a_programme_without_targets_has_nothing_to_forecast(
    app: Flask, client: CastClient
) -> None:
    makers.programme("trong")
    leader(client)
    assert "không có gì để dự báo" in client.get("/coverage/trong/forecast").text


@pytest.mark.parametrize("page", ["/", "/coverage/kh175"])
def test_figures_lead_to_their_forecast(app: Flask, client: CastClient, page: str) -> None:
    here = province()
    leader(client, here.top)
    assert 'href="/coverage/kh175/forecast' in client.get(page).text


def test_what_is_known_to_change_is_told(app: Flask, client: CastClient) -> None:
    here = province(deadline=deadline())
    makers.completion(here.people[2], here.course, clock.today(), valid_through=clock.today())
    makers.membership(makers.person(), here.group, here.right, starts_on=deadline())
    leader(client)
    page = words_of(client.get(PATH).text)
    assert "1 người hết hiệu lực hoặc thiếu nội dung mới · 1 người mới vào" in page
