"""The names behind a number: as many as the number says, each with state and reason."""

import re
from datetime import date
from html import unescape

import pytest
from flask import Flask

from hrtrain.core.db import db
from hrtrain.core.paging import SIZE
from hrtrain.coverage.names import everybody_behind, people_behind
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.states import Reason, State
from hrtrain.coverage.units_lacking import units_behind
from hrtrain.units.actions import move_unit
from tests import makers
from tests.cast import CastClient, sign_in
from tests.makers.province import province
from tests.pages.test_coverage_pages import words_of
from tests.statements import plans_made

DAY = date(2026, 11, 22)
ASKED = Question("kh175", DAY, group="hr_officer")


def names(*states: State, question: Question = ASKED) -> list[str]:
    return [row.full_name for row in people_behind(question, states).rows]


def reasons() -> dict[str, Reason | None]:
    return {row.full_name: row.reason for row in people_behind(ASKED, [State.UNTRAINED]).rows}


def test_names_stand_in_vietnamese_order_by_state(app: Flask) -> None:
    province()
    assert names(State.TRAINED) == ["Đỗ Anh", "Trần Thị Ánh"]
    assert names(State.UNTRAINED) == ["Lê Văn Ân", "Bùi Đạt"]
    assert names(*State) == ["Đỗ Anh", "Trần Thị Ánh", "Lê Văn Ân", "Bùi Đạt"]


def test_every_state_has_as_many_names_as_its_figure(app: Flask) -> None:
    here = province(grace_days=90)
    makers.membership(makers.person("Vũ Mới"), here.group, here.left, starts_on=date(2026, 11, 1))
    makers.exemption(here.people[3], here.programme, here.group, document_no="12/QĐ")
    for unit in ("u0", "u1", "u2", None):
        question = Question("kh175", DAY, unit, "hr_officer")
        (row,) = standings(question)
        counts = {state: len(names(state, question=question)) for state in State}
        assert counts == {
            State.TRAINED: row.trained,
            State.UNTRAINED: row.untrained,
            State.IN_GRACE: row.in_grace,
            State.EXEMPT: row.exempt,
        }


def test_untrained_are_told_why(app: Flask) -> None:
    here = province()
    more = [makers.person(f"Người {n}") for n in "ABCD"]
    for person in more:
        makers.membership(person, here.group, here.right)
    session = makers.training_session(here.course, here.left)
    makers.enrolment(session, more[0], state="incomplete")
    makers.enrolment(session, more[1], state="waiting")
    makers.completion(more[2], here.course, date(2024, 1, 1), valid_through=date(2025, 1, 1))
    makers.completion(more[3], here.course, date(2024, 1, 1), revoked_from=date(2025, 1, 1))
    assert reasons() == {
        "Lê Văn Ân": Reason.NEVER_ENROLLED,
        "Bùi Đạt": Reason.NEVER_ENROLLED,
        "Người A": Reason.INCOMPLETE,
        "Người B": Reason.WAITING,
        "Người C": Reason.EXPIRED,
        "Người D": Reason.REVOKED,
    }


def test_missing_item_is_named(app: Flask, client: CastClient) -> None:
    here = province()
    makers.requirement(here.programme, here.group, makers.course(), "Trang bị tài liệu")
    sign_in(client, makers.user("leadership"))
    page = client.get("/coverage/kh175/people?group=hr_officer&state=untrained").text
    assert "Còn thiếu nội dung: Trang bị tài liệu" in page
    assert "Chưa tập huấn: 4" in page


def test_states_are_explained_on_the_page(app: Flask, client: CastClient) -> None:
    here = province(grace_days=90)
    new = makers.person("Vũ Mới")
    makers.membership(new, here.group, here.left, starts_on=date(2026, 11, 1))
    makers.exemption(
        here.people[3], here.programme, here.group, document_no="12/QĐ", ends_on=date(2027, 1, 1)
    )
    sign_in(client, makers.user("leadership"))
    asked = "group=hr_officer&as_of=22/11/2026"
    page = words_of(client.get(f"/coverage/kh175/people?state=in_scope&{asked}").text)
    assert "Trong phạm vi: 5" in page
    assert "Hoàn thành ngày 10/05/2025" in page
    assert "Bị tính từ 30/01/2027" in page
    assert "Theo 12/QĐ, đến hết 31/12/2026" in page


def test_long_list_is_paged_without_gap_or_double(app: Flask) -> None:
    here = province()
    for number in range(SIZE + 10):
        person = makers.person(f"Nguyễn Văn {'ABCDE'[number % 5]}")
        makers.membership(person, here.group, here.left)
    first = people_behind(ASKED, [State.UNTRAINED])
    second = people_behind(ASKED, [State.UNTRAINED], after=first.after)
    keys = [row.key for row in [*first.rows, *second.rows]]
    assert len(keys) == len(set(keys)) == first.total == SIZE + 12
    assert [row.key for row in everybody_behind(ASKED, [State.UNTRAINED])] == keys


@pytest.mark.parametrize("state", ["trained", "untrained", "required", "in_scope"])
def test_page_counts_as_the_dashboard_does(app: Flask, client: CastClient, state: str) -> None:
    here = province()
    sign_in(client, makers.user("focal_point", here.left))
    (row,) = standings(Question("kh175", DAY, "u1"))
    page = client.get(f"/coverage/kh175/people?state={state}&group=hr_officer").text
    number = int(re.findall(r"<h1>[^<]*: (\d+)", page)[0])
    assert number == getattr(row, state) == page.count('<th scope="row">')
    assert "Bùi Đạt" not in page


def test_names_of_a_foreign_unit_are_not_found(app: Flask, client: CastClient) -> None:
    here = province()
    sign_in(client, makers.user("focal_point", here.left))
    assert client.get("/coverage/kh175/people?unit=u2").status_code == 404
    assert client.get("/coverage/kh175/people?unit=u0").status_code == 404
    assert client.get("/coverage/kh175/people?state=khac").status_code == 404


def test_unit_that_moved_away_keeps_its_figure_and_hides_its_names(
    app: Flask, client: CastClient
) -> None:
    here = province()
    moved = makers.unit("u3")
    edge = makers.parent(moved, here.left, ends_on=date(2026, 7, 1))
    assert edge.id
    makers.parent(moved, here.right, starts_on=date(2026, 7, 1))
    makers.membership(makers.person("Vũ Dời"), here.group, moved)
    sign_in(client, makers.user("leadership", here.left))
    asked = "group=hr_officer&state=untrained"
    before = client.get(f"/coverage/kh175/people?as_of=30/06/2026&{asked}").text
    assert "Chưa tập huấn: 2" in before and "Vũ Dời" not in before
    assert "1 người khác thuộc đơn vị nay ngoài phạm vi" in before
    assert "Chưa tập huấn: 1" in client.get(f"/coverage/kh175/people?{asked}").text


def test_unnamed_and_unconfirmed_lead_to_their_units(app: Flask, client: CastClient) -> None:
    here = province()
    makers.headcount(here.left, here.group, 13)
    (row,) = standings(ASKED)
    units = units_behind(ASKED)
    assert sum(unit.unnamed for unit in units) == row.unnamed == 10
    sign_in(client, makers.user("leadership", here.top))
    place = "/coverage/kh175/people?group=hr_officer&state="
    assert "Sở Văn hóa 13 3 10" in words_of(client.get(f"{place}unnamed").text)
    assert "Báo Tây Ninh chưa khai 1 0" in words_of(client.get(f"{place}unconfirmed").text)


def test_only_who_manages_the_plan_is_offered_exempting(app: Flask, client: CastClient) -> None:
    province()
    sign_in(client, makers.user("leadership"))
    assert "exemptions/new" not in client.get("/coverage/kh175/people").text
    sign_in(client, makers.user("programme_manager"))
    assert "exemptions/new" in client.get("/coverage/kh175/people").text


def test_cell_of_the_unit_itself_opens_into_its_own_people(app: Flask, client: CastClient) -> None:
    here = province()
    makers.membership(makers.person("Vũ Tí"), here.group, here.top)
    makers.headcount(here.top, here.group, 4)
    sign_in(client, makers.user("leadership", here.top))
    asked = "group=hr_officer&amp;only=itself"
    page = client.get("/coverage/kh175?as_of=22/11/2026").text
    links = re.findall(r'href="(/coverage/kh175/people[^"]*only=itself[^"]*)"', page)
    assert asked.split("&amp;")[1] in page and len(links) == 3
    words = words_of(client.get(links[0].replace("&amp;", "&")).text)
    assert "Vũ Tí" in words and "Lê Văn Ân" not in words
    assert "Trực tiếp tại Tỉnh Tây Ninh" in words
    unnamed = client.get("/coverage/kh175/people?group=hr_officer&state=unnamed&only=itself").text
    assert "Đã khai, chưa có tên: 3" in unnamed


@pytest.mark.parametrize("query", ["only=khac", "state=khong-co", "unit=v0&only=itself"])
def test_number_there_is_not_is_not_found(app: Flask, client: CastClient, query: str) -> None:
    here = province()
    sign_in(client, makers.user("leadership", here.top))
    assert client.get(f"/coverage/kh175/people?group=hr_officer&{query}").status_code == 404


def test_every_cell_of_a_trend_opens_into_the_people_of_its_day(
    app: Flask, client: CastClient
) -> None:
    here = province()
    sign_in(client, makers.user("leadership", here.top))
    page = client.get("/coverage/kh175/trend?as_of=31/12/2025&months=12").text
    assert "as_of=2025-05-31&amp;group=hr_officer&amp;state=trained" in page


def test_who_is_now_out_of_reach_is_counted_in_the_past_and_not_named(
    app: Flask, client: CastClient
) -> None:
    here = province()
    move_unit(here.left, here.other, date(2026, 1, 1), by=None)
    db.session.commit()
    sign_in(client, makers.user("leadership", here.top))
    address = "/coverage/kh175/people?group=hr_officer&state=in_scope&unit=u0"
    then = words_of(client.get(f"{address}&as_of=2025-12-31").text)
    now = words_of(client.get(address).text)
    assert "Bùi Đạt" in then
    assert "Đỗ Anh" not in then
    assert "3 người khác thuộc đơn vị nay ngoài phạm vi" in then
    assert "Bùi Đạt" in now
    assert "Đỗ Anh" not in now


def test_units_behind_a_number_are_listed_by_pages(app: Flask, client: CastClient) -> None:
    here = province()
    for number in range(SIZE + 1):
        unit = makers.unit(f"x{number:02}", under=here.top, name=f"Phòng {number:02}")
        makers.headcount(unit, here.group, 1)
    sign_in(client, makers.user("leadership", here.top))
    first = client.get("/coverage/kh175/people?group=hr_officer&state=unnamed").text
    assert first.count('<th scope="row">') == SIZE
    assert f"Tất cả: {SIZE + 1}" in words_of(first)
    (after,) = re.findall(r'rel="next" href="([^"]+)"', first)
    second = words_of(client.get(unescape(after)).text)
    assert f"Phòng {SIZE}" in second and "Phòng 49" not in second


@pytest.mark.parametrize("engine", ["sqlite"])
def test_what_people_tried_is_found_by_person_and_not_by_session(app: Flask) -> None:
    here = province()
    makers.enrolment(makers.training_session(here.course, here.left), here.people[3])
    db.session.commit()
    with plans_made() as plans:
        assert names(State.UNTRAINED) == ["Lê Văn Ân", "Bùi Đạt"]
    (tried,) = [plan for plan in plans if "enrolment" in plan]
    assert "SEARCH enrolment USING INDEX ix_enrolment_person" in tried
