"""A programme's distinct people open into their names: each once, with what every group says."""

from datetime import date

import pytest
from flask import Flask

from hrtrain.core.db import db
from tests import makers
from tests.cast import CastClient, sign_in
from tests.makers.province import Province, province
from tests.pages.test_coverage_pages import words_of

DAY = date(2026, 11, 22)


@pytest.fixture
def here(app: Flask) -> Province:
    """The province with a second group, in which one of the trained is untrained."""
    here = province()
    second = makers.group("second", name="Nhóm hai")
    makers.target(here.programme, second)
    makers.requirement(here.programme, second, makers.course())
    makers.membership(here.people[0], second, here.right)
    db.session.commit()
    return here


def leader(client: CastClient, here: Province) -> None:
    sign_in(client, makers.user("leadership", here.top))


def test_number_of_persons_leads_to_as_many_names(client: CastClient, here: Province) -> None:
    leader(client, here)
    page = client.get("/coverage/kh175?as_of=2026-11-22").text
    assert "/coverage/kh175/persons?unit=u0&amp;as_of=2026-11-22&amp;state=untrained" in page
    names = words_of(client.get("/coverage/kh175/persons?as_of=2026-11-22&state=untrained").text)
    assert "Chưa tập huấn: 3" in names
    assert "Nhóm hai : Chưa tập huấn" in names
    for name in ("Đỗ Anh", "Lê Văn Ân", "Bùi Đạt"):
        assert names.count(name) == 1
    assert "Trần Thị Ánh" not in names


def test_worst_state_takes_a_person_out_of_the_better_one(
    client: CastClient, here: Province
) -> None:
    leader(client, here)
    names = words_of(client.get("/coverage/kh175/persons?as_of=2026-11-22&state=trained").text)
    assert "Trần Thị Ánh" in names
    assert "Đỗ Anh" not in names


def test_unknown_state_and_foreign_unit_are_not_found(client: CastClient, here: Province) -> None:
    sign_in(client, makers.user("leadership", here.left))
    assert client.get("/coverage/kh175/persons?state=tall").status_code == 404
    assert client.get("/coverage/kh175/persons?unit=u2").status_code == 404
