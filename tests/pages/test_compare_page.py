"""Several programmes side by side."""

from flask import Flask

from tests import makers
from tests.cast import CastClient, sign_in
from tests.makers.province import province
from tests.pages.test_coverage_pages import leader, words_of

ASKED = "/compare?as_of=22/11/2026"


def test_groups_are_rows_and_programmes_columns(app: Flask, client: CastClient) -> None:
    here = province()
    other = makers.programme("kh9", document_no="9/KH", authority_unit_id=here.top.id)
    makers.target(other, here.group, 50)
    makers.requirement(other, here.group, here.course)
    second = makers.group("z_second", name="Nhóm hai")
    makers.target(other, second)
    words = words_of(leader(client).get(ASKED).text)
    assert "175/KH-UBND" in words and "9/KH" in words
    line = words[words.index("Cán bộ nhân quyền 50,0%") :]
    assert line.index("chỉ tiêu 70%") > 0 and "chỉ tiêu 50%" in line
    assert "Nhóm hai" in line and "không có chỉ tiêu" in line and "Không có yêu cầu" in line


def test_figures_are_of_the_unit_and_lead_into_the_programme(
    app: Flask, client: CastClient
) -> None:
    here = province()
    sign_in(client, makers.user("focal_point", here.left))
    page = client.get(ASKED).text
    assert "66,7%" in page
    assert "/coverage/kh175?unit=u1&amp;as_of=2026-11-22&amp;group=hr_officer#units" in page
    assert client.get(f"{ASKED}&unit=u2").status_code == 404


def test_dashboard_leads_to_it_and_nothing_to_compare_is_said(
    app: Flask, client: CastClient
) -> None:
    leader(client)
    assert 'href="/compare?' in client.get("/").text
    assert "Chưa có chỉ tiêu nào để so sánh" in client.get("/compare").text


def test_bad_day_is_refused(app: Flask, client: CastClient) -> None:
    leader(client)
    assert client.get("/compare?as_of=31/02/2026").status_code == 422


def test_every_percentage_has_its_grade_which_leads_to_what_it_is_for(
    app: Flask, client: CastClient
) -> None:
    province()
    page = leader(client).get(f"{ASKED}&unit=u0").text
    assert "Tin cậy D" in page
    assert "/coverage/kh175/trust?unit=u0&amp;as_of=2026-11-22&amp;group=hr_officer" in page
    then = client.get(f"{ASKED}&unit=u0&known_at=22/11/2026").text
    assert "Tin cậy D" not in then and "Không kèm mức tin cậy" in then
