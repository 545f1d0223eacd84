"""The page of a target's rate through time: days asked, changes told, what cannot be answered."""

from datetime import date

import pytest
from flask import Flask

from tests import makers
from tests.cast import CastClient, sign_in
from tests.makers.province import province
from tests.pages.test_coverage_pages import leader, words_of

PATH = "/coverage/kh175/trend"


def table_of(page: str) -> str:
    return words_of(page.split("<tbody>")[1])


def test_days_of_change_are_told_with_what_changed(app: Flask, client: CastClient) -> None:
    here = province()
    makers.membership(makers.person("Vũ Tí"), here.group, here.right, starts_on=date(2025, 7, 1))
    leader(client)
    page = client.get(f"{PATH}?from=01/01/2025&as_of=31/12/2025&step=change").text
    table = table_of(page)
    assert "10/05/2025 50,0% 2 4 0 50,0% Chưa đạt đã tập huấn +2" in table
    assert "01/07/2025 40,0% 2 5 0 40,0% Chưa đạt phải tập huấn +1" in table
    assert page.count('<th scope="row">') == 4


def test_months_lie_between_the_days_asked(app: Flask, client: CastClient) -> None:
    province()
    leader(client)
    page = client.get(f"{PATH}?from=10/02/2025&as_of=15/05/2025").text
    rows = ("15/05/2025", "30/04/2025", "31/03/2025", "28/02/2025")
    assert [row for row in rows if f">{row}</a>" in page] == list(rows)
    assert page.count('<th scope="row">') == 4


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=31/02/2026", "Không có ngày 31/02/2026"),
        ("from=01/02/2026&as_of=01/01/2026", "Ngày đầu không được sau ngày cuối"),
        ("from=01/02/0026", "Từ ngày"),
    ],
)
def test_days_that_cannot_be_are_refused(
    app: Flask, client: CastClient, query: str, said: str
) -> None:
    province()
    leader(client)
    answer = client.get(f"{PATH}?{query}")
    assert answer.status_code == 422 and said in answer.text


def test_long_stretch_shows_its_newest_months_and_says_so(app: Flask, client: CastClient) -> None:
    province()
    leader(client)
    page = client.get(f"{PATH}?from=01/01/1950&as_of=31/12/2025").text
    assert page.count('<th scope="row">') == 240
    assert "đây là 240 tháng gần nhất" in page


def test_known_earlier_is_told_by_month_and_says_so(app: Flask, client: CastClient) -> None:
    province()
    leader(client)
    asked = f"{PATH}?step=change&as_of=31/12/2025&known_at=01/01/2024 08:00"
    assert "Chỉ theo dữ liệu đang biết" in client.get(asked).text


def test_dashboard_shows_each_targets_small_trend(app: Flask, client: CastClient) -> None:
    here = province()
    sign_in(client, makers.user("leadership", here.left))
    page = client.get("/?as_of=15/06/2025").text
    assert page.count('class="spark"') == 1
    assert "12 tháng: 0,0% → 66,7%" in words_of(page)


@pytest.mark.parametrize("path", ["/", "/coverage/kh175"])
def test_items_of_a_target_are_shown_together_and_apart(
    app: Flask, client: CastClient, path: str
) -> None:
    here = province()
    briefing = makers.course("brief")
    makers.requirement(here.programme, here.group, briefing, "Cập nhật")
    makers.completion(here.people[1], briefing, date(2025, 6, 1))
    leader(client)
    words = words_of(client.get(f"{path}?as_of=22/11/2026").text)
    assert "Cập nhật: 25,0% · Tập huấn: 50,0% · Cả hai: 25,0%" in words


def test_people_and_sum_of_groups_are_two_figures(app: Flask, client: CastClient) -> None:
    here = province()
    second = makers.group("second")
    makers.target(here.programme, second)
    makers.requirement(here.programme, second, here.course)
    makers.membership(here.people[0], second, here.right)
    words = words_of(leader(client).get("/coverage/kh175?as_of=22/11/2026").text)
    assert "Số người mỗi người một lần, theo trạng thái kém nhất 4 4 2 2 0 0 50,0%" in words
    assert "Lượt theo nhóm tổng của các nhóm 5 5 3 2 0 0 60,0%" in words
