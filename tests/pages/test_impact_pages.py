"""The button "Xem tác động": the same form with the figures it would change, nothing stored."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from hrtrain.certificates.models import Certificate
from hrtrain.core import clock
from hrtrain.core.db import Base, db
from hrtrain.coverage.models import RequirementOption
from hrtrain.people.models import Membership, Person
from hrtrain.training.models import Completion
from tests import makers
from tests.cast import CastClient, sign_in
from tests.makers.certificates import closed_session, series
from tests.makers.province import Province, province

FOREIGN = "Báo Tây Ninh"


@dataclass
class Case:
    """A form's address and what is typed, and a figure of the panel: name, before and after."""

    url: str
    sent: Mapping[str, object]
    shown: tuple[str, str, str]


def person_of(here: Province, number: int) -> str:
    return f"/people/{here.people[number].key}"


def row_of(here: Province, number: int) -> str:
    asked = select(Membership.id).where(Membership.person_id == here.people[number].id)
    return f"{person_of(here, number)}/memberships/{db.session.scalars(asked).one()}"


def first(kind: type[Base]) -> int:
    return db.session.scalars(select(kind.id).order_by(kind.id)).first() or 0  # type: ignore[attr-defined]


PLAN = "/programmes/kh175"
EXEMPTED = {
    "group": "hr_officer", "reason": "Ốm", "approver": "Giám đốc", "document_no": "1/QĐ",
    "starts_on": "01/01/2026",
}  # fmt: skip
MOVED = {"unit": "u2", "on": "01/01/2026", "position": ""}
PLACED = {"group": "hr_officer", "unit": "u2", "starts_on": "01/01/2021"}


def case(name: str, here: Province) -> Case:
    first_person, third, fourth = (row_of(here, number) for number in (0, 2, 3))
    target = f"{PLAN}/targets/hr_officer/edit"
    option = f"{PLAN}/requirements/{first(RequirementOption)}"
    cases = {
        "transfer": Case(f"{first_person}/transfer", MOVED, ("Sở Văn hóa", "2", "1")),
        "end": Case(f"{third}/end", {"ends_on": "01/01/2026"}, ("Sở Văn hóa", "66,7%", "100,0%")),
        "correct": Case(f"{third}/correct", PLACED, (FOREIGN, "1", "2")),
        "retract": Case(f"{fourth}/retract", {"reason": "x"}, ("Tỉnh Tây Ninh", "50,0%", "66,7%")),
        "target": Case(
            target,
            {"percent": "50", "origin": "stated", "version": "1"},
            ("Tỉnh Tây Ninh", "70%", "50%"),
        ),
        "item": Case(
            f"{PLAN}/requirements/new",
            {"group": "hr_officer", "item": "Cập nhật", "courses": [str(makers.course("c").id)]},
            ("Tỉnh Tây Ninh", "50,0%", "0,0%"),
        ),
        "item ended": Case(
            f"{option}/end", {"last_day": "01/01/2026"}, ("Tỉnh Tây Ninh", "50,0%", "—")
        ),
        "item retracted": Case(f"{option}/retract", {}, ("Tỉnh Tây Ninh", "50,0%", "—")),
        "exempt": Case(
            f"{PLAN}/exemptions/new?person={here.people[3].key}", EXEMPTED, (FOREIGN, "0,0%", "—")
        ),
        "programme": Case(
            f"{PLAN}/edit",
            {"title": "KH", "authority_unit": "u1", "version": "1"},
            (r"Sở Văn hóa \(trước là Tỉnh Tây Ninh\) toàn phạm vi", "50,0%", "66,7%"),
        ),
        "unit moved": Case(
            "/units/u2/move",
            {"parent": "v0", "on": "01/01/2026", "version": "1"},
            ("Tỉnh Tây Ninh", "50,0%", "66,7%"),
        ),
    }
    return cases[name]


def everything_stored() -> dict[str, list[str]]:
    db.session.rollback()
    tables = Base.metadata.sorted_tables
    return {one.name: sorted(map(repr, db.session.execute(select(one)))) for one in tables}


def panel(page: str) -> str:
    """The panel as one reads it."""
    inside = page.split('<section class="card section impact"')[1].split("</section>")[0]
    inside = re.sub(r'<span class="visually-hidden">.*?</span>', "->", inside)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", inside)).replace(" %", "%")


@pytest.fixture
def here(app: Flask, client: CastClient) -> Province:
    made = province()
    sign_in(client, makers.user("administrator"))
    return made


NAMES = [
    "transfer", "end", "correct", "retract", "target", "item", "item ended", "item retracted",
    "exempt", "programme", "unit moved",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_form_comes_back_with_its_impact_and_nothing_is_stored_until_it_is_sent(
    client: CastClient, here: Province, name: str
) -> None:
    one = case(name, here)
    db.session.commit()
    assert "Xem tác động" in client.get(one.url).text
    before = everything_stored()
    answer = client.post(one.url, data={**one.sent, "impact": "1"})
    assert answer.status_code == 200, answer.text
    unit, was, becomes = one.shown
    assert re.search(rf"{unit}[^:]*? {was} -> {becomes}", panel(answer.text)), panel(answer.text)
    assert everything_stored() == before
    assert client.post(one.url, data=one.sent).status_code == 303


def test_typed_values_stay_in_the_form(client: CastClient, here: Province) -> None:
    answer = client.post(f"{row_of(here, 0)}/transfer", data={**MOVED, "impact": "1"})
    form = answer.text.split("</section>", 1)[1]
    assert 'value="u2"' in form and 'value="01/01/2026"' in form


def test_refused_act_is_refused_on_its_form(client: CastClient, here: Province) -> None:
    sent = {**MOVED, "unit": "u1", "impact": "1"}
    answer = client.post(f"{row_of(here, 0)}/transfer", data=sent)
    assert answer.status_code == 422
    assert "đang ở chính đơn vị này" in answer.text and 'id="impact"' not in answer.text


def test_stale_form_is_answered_with_both_versions(client: CastClient, here: Province) -> None:
    sent = {"percent": "50", "origin": "stated", "version": "7", "impact": "1"}
    answer = client.post(f"{PLAN}/targets/hr_officer/edit", data=sent)
    assert answer.status_code == 409 and "Đang lưu" in answer.text


def test_act_that_changes_no_figure_says_so_and_of_which_days(
    client: CastClient, here: Province
) -> None:
    same = {"percent": "70", "origin": "stated", "version": "1", "deadline": "31/12/2028"}
    answer = client.post(f"{PLAN}/targets/hr_officer/edit", data={**same, "impact": "1"})
    assert "Không thay đổi con số nào" in panel(answer.text)
    assert "31/12/2028" in panel(answer.text)


def test_units_out_of_reach_are_not_told(app: Flask, client: CastClient) -> None:
    here = province()
    url, sent = f"{row_of(here, 2)}/retract", {"reason": "nhầm", "impact": "1"}
    sign_in(client, makers.user("focal_point", here.left))
    own = panel(client.post(url, data=sent).text)
    assert "Sở Văn hóa" in own and "Tỉnh Tây Ninh" not in own
    sign_in(client, makers.user("focal_point", here.top))
    assert "Tỉnh Tây Ninh" in panel(client.post(url, data=sent).text)


def test_leader_who_may_only_read_previews_nothing(app: Flask, client: CastClient) -> None:
    here = province()
    sign_in(client, makers.user("leadership", here.top))
    url = f"{row_of(here, 2)}/retract"
    assert client.post(url, data={"reason": "nhầm", "impact": "1"}).status_code == 403


def test_completion_taken_back_is_foreseen(client: CastClient, here: Province) -> None:
    url = f"{person_of(here, 0)}/completions/{first(Completion)}/retract"
    foreseen = panel(client.post(url, data={"reason": "nhầm", "impact": "1"}).text)
    assert "50,0% -> 25,0%" in foreseen and "−25,0 điểm" in foreseen


def test_completion_by_hand_is_foreseen(client: CastClient, here: Province) -> None:
    sent = {"course": "qcn", "completed_on": "01/02/2026", "source": "outside",
            "document_no": "1", "impact": "1"}  # fmt: skip
    answer = client.post(f"{person_of(here, 3)}/completions/new", data=sent)
    assert "50,0% -> 75,0%" in panel(answer.text)


def test_declared_number_is_foreseen(client: CastClient, here: Province) -> None:
    sent = {"n-hr_officer": "5", "starts_on": "01/01/2026", "impact": "1",
            "signed_name": "An", "signed_position": "Trưởng phòng", "agreed": "y"}  # fmt: skip
    answer = client.post("/headcounts/u2", data=sent)
    assert answer.status_code == 200 and "Chưa có tên" in panel(answer.text)
    assert re.search(rf"{FOREIGN} 0,0% 0 1 0 -> 4", panel(answer.text))


def test_exemption_taken_back_is_foreseen(client: CastClient, here: Province) -> None:
    row = makers.exemption(here.people[3], here.programme, here.group, reason="Ốm")
    url = f"{PLAN}/exemptions/{row.id}/retract"
    assert "Ốm" in client.get(url).text
    assert "Được miễn" in panel(client.post(url, data={"impact": "1"}).text)
    assert client.post(url).status_code == 303


def test_certificate_revoked_is_foreseen(client: CastClient, here: Province) -> None:
    session = closed_session("Vũ Thị Én", course=here.course, unit=here.right)
    series(here.right)
    learner = db.session.scalars(select(Person).where(Person.full_name == "Vũ Thị Én")).one()
    makers.membership(learner, here.group, here.right)
    url = f"/training-sessions/{session.key}/certificates"
    assert client.post(url, data={"series": "series-svhttdl"}).status_code == 303
    key, today = db.session.scalars(select(Certificate.key)).one(), clock.today()
    sent = {"reason": "gian lận", "document_no": "9/QĐ", "effect": "void",
            "revoked_on": f"{today:%d/%m/%Y}", "impact": "1"}  # fmt: skip
    answer = client.post(f"/certificates/{key}/revoke", data=sent)
    assert re.search(rf"{FOREIGN} 50,0% -> 0,0% −50,0 điểm 1 -> 0", panel(answer.text))
    assert db.session.scalars(select(Certificate.state)).one() == "issued"
