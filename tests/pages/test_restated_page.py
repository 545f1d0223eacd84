"""The switch between the tree of the day and today's, on the page of figures."""

import re
from urllib.parse import parse_qsl

import pytest
from flask import Flask

from hrtrain.core.db import db
from hrtrain.coverage.models import Target
from hrtrain.privacy.access_log import access_log
from hrtrain.units.models import Unit, UnitParent
from tests import makers
from tests.cast import CastClient
from tests.documents.test_coverage_sheets import rows_of
from tests.makers.province import province
from tests.pages.test_coverage_pages import leader, words_of
from tests.queries.test_restated import ON, reorganised

BY_TODAY = "/coverage/p?as_of=30/06/2025&tree=today"
A_NUMBER = re.compile(r'<a href="(/coverage/p/people[^"]*)">([\d.]+)</a>')


def test_both_trees_are_labelled_and_show_their_own_units(app: Flask, client: CastClient) -> None:
    reorganised()
    leader(client)
    then = client.get("/coverage/p?as_of=30/06/2025&unit=a").text
    assert "Theo cây đơn vị ngày 30/06/2025" in then and "tree=today" in then
    assert "Đơn vị b1 100,0% 1 1 0" in words_of(then)
    now = client.get("/coverage/p?as_of=30/06/2025&unit=a&tree=today").text
    assert 'aria-current="true">Quy về cây đơn vị hôm nay' in now
    assert "Đơn vị n 50,0% 1 2 1" in words_of(now) and "Đơn vị b1" not in now
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


def left_the_scope() -> None:
    """The target is A's, and D has left A since."""
    reorganised()
    db.session.query(Target).update({"scope_unit_id": unit_id("a")})
    db.session.query(UnitParent).filter_by(unit_id=unit_id("d")).update({"ends_on": ON})
    db.session.commit()


def unit_id(key: str) -> int:
    return db.session.query(Unit).filter_by(key=key).one().id


def numbers_of(page: str) -> dict[str, int]:
    """Every number of people on the page that opens, by its address."""
    return {link.replace("&amp;", "&"): int(number) for link, number in A_NUMBER.findall(page)}


@pytest.mark.parametrize("unit", ["", "&unit=a", "&unit=n", "&unit=d"])
def test_every_number_by_todays_tree_opens_into_its_people(
    app: Flask, client: CastClient, unit: str
) -> None:
    reorganised()
    numbers = numbers_of(leader(client).get(BY_TODAY + unit).text)
    assert len(numbers) >= 2
    for link, number in numbers.items():
        page = client.get(link).text
        assert f": {number}</h1>" in page and "cây đơn vị hôm nay, 22/11/2026" in page, link
        if "unconfirmed" not in link:
            assert page.count("Quá trình<") == number, link


def test_whoever_left_the_scope_is_a_number_of_its_own_that_opens(
    app: Flask, client: CastClient
) -> None:
    left_the_scope()
    page = leader(client).get(BY_TODAY).text
    assert "Nay ở ngoài Đơn vị a 0,0% 0 1 1" in words_of(page)
    numbers = numbers_of(page)
    (outside,) = [one for one in numbers if "only=outside" in one and "=untrained" in one]
    shown = client.get(outside).text
    assert "Chưa tập huấn: 1</h1>" in shown and "Đơn vị d" in shown
    (whole,) = [one for one in numbers if "only=whole" in one and "=required" in one]
    assert client.get(whole).text.count("Quá trình<") == 5
    assert client.get(f"{outside}&unit=a").status_code == 200, "a unit asked for has no such part"


def test_names_by_todays_tree_stay_within_the_readers_reach(app: Flask, client: CastClient) -> None:
    reorganised()
    leader(client, db.session.get(Unit, unit_id("n")))
    numbers = numbers_of(client.get(BY_TODAY).text)
    page = client.get(next(one for one in numbers if "=required" in one)).text
    assert "Phải tập huấn: 2</h1>" in page and "Tất cả: 2" in page
    for wrong in ("&unit=d", "&unit=a", "&only=outside&unit=d"):
        address = f"/coverage/p/people?as_of=30/06/2025&tree=today&state=required{wrong}"
        assert client.get(address).status_code == 404, wrong
    address = "/coverage/p/people?as_of=30/06/2025&tree=today&state=required&only=whole"
    assert "Tất cả: 2" in client.get(address).text, "the own unit's people and no more"


def test_names_by_todays_tree_are_in_the_log_and_in_the_sheet(
    app: Flask, client: CastClient
) -> None:
    reorganised()
    leader(client)
    access_log().waiting.clear()
    asked = "unit=n&as_of=30/06/2025&tree=today&group=g&state=required"
    client.get(f"/coverage/p/people?{asked}")
    (one,) = access_log().waiting
    assert one.what == "coverage.people_behind" and one.shown_count == 2
    assert one.filters["tree"] == "today"
    sheet = client.post("/reports/p/people.xlsx", data=dict(parse_qsl(asked)))
    told = [cell for row in rows_of(sheet.data) for cell in row]
    assert "Cây đơn vị: hôm nay, 22/11/2026" in told and told.count("Đơn vị b1") == 1
