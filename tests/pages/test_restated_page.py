"""The switch between the tree of the day and today's, on the page of figures."""

import pytest
from flask import Flask

from tests import makers
from tests.cast import CastClient
from tests.makers.province import province
from tests.pages.test_coverage_pages import leader, words_of
from tests.queries.test_restated import reorganised


def test_both_trees_are_labelled_and_show_their_own_units(app: Flask, client: CastClient) -> None:
    reorganised()
    leader(client)
    then = client.get("/coverage/p?as_of=30/06/2025&unit=a").text
    assert "Theo cây đơn vị ngày 30/06/2025" in then and "tree=today" in then
    assert "Đơn vị b1 100,0% 1 1 0" in words_of(then)
    now = client.get("/coverage/p?as_of=30/06/2025&unit=a&tree=today").text
    assert 'aria-current="true">Quy về cây đơn vị hôm nay' in now
    assert "Đơn vị n 50,0% 1 2 1" in words_of(now) and "Đơn vị b1" not in now
    assert "/coverage/p/people" not in now
    total = "Cộng 40,0% 2 5 3"
    assert total in words_of(then) and total in words_of(now)


def test_there_is_no_switch_for_today(app: Flask, client: CastClient) -> None:
    province()
    page = leader(client).get("/coverage/kh175?tree=today").text
    assert "Quy về cây đơn vị" not in page


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("as_of=30/06/2025&tree=khac", 422),
        ("as_of=30/06/2025&tree=today&unit=b1", 422),
        ("as_of=30/06/2025&tree=today&known_at=01/07/2025", 422),
        ("as_of=30/06/2025&tree=today&unit=khong-co", 404),
    ],
)
def test_what_cannot_be_restated_is_refused(
    app: Flask, client: CastClient, query: str, status: int
) -> None:
    reorganised()
    leader(client)
    assert client.get(f"/coverage/p?{query}").status_code == status


def test_drill_down_by_links_goes_from_the_country_to_the_commune(
    app: Flask, client: CastClient
) -> None:
    here = province()
    commune = makers.unit("x1", under=here.left, tier="commune", name="Xã Một")
    makers.membership(makers.person(), here.group, commune)
    here.programme.authority_unit_id = None
    leader(client)
    for unit, child in (("", "u0"), ("&unit=u0", "u1"), ("&unit=u1", "x1")):
        for day in ("01/06/2025", "01/06/2030"):
            page = client.get(f"/coverage/kh175?as_of={day}{unit}").text
            assert f"unit={child}&amp;" in page, (unit, day)
    assert "Trực tiếp tại Xã Một" in client.get("/coverage/kh175?unit=x1").text
