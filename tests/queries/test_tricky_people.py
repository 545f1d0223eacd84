"""Tricky cases 5, 6 and 21 asked of the database: the exact one first, one person, no merge."""

import unicodedata
from datetime import date

from flask import Flask
from sqlalchemy import select

from hrtrain.core.db import db
from hrtrain.core.sheet import Sheet
from hrtrain.people.matching import PersonFilter
from hrtrain.people.models import Person
from hrtrain.people.queries import person_page
from hrtrain.people.rosters.actions import apply_rows
from hrtrain.people.rosters.check import Check, check
from hrtrain.people.rosters.queries import Terms
from hrtrain.people.rosters.types import Code
from hrtrain.units.scope import Scope
from tests import makers

DAY = date(2026, 7, 1)


def checked(*rows: list[object]) -> Check:
    sheet = Sheet("S", [["Họ và tên", "Năm sinh", "Đơn vị"], *rows])  # type: ignore[list-item]
    terms = Terms(starts_on=DAY, today=DAY)
    return check([sheet], "a.xlsx", terms, lambda digits: "")


def taken(*rows: list[object]) -> dict[str, int]:
    """The rows taken in; what they did."""
    found = checked(*rows)
    apply_rows(found.plan.rows, DAY, ("roster", "a"), by=None)
    db.session.commit()
    return found.summary


def test_case_05_search_finds_both_and_the_exact_one_first(app: Flask) -> None:
    for name in ("Đặng Thị Anh", "Đặng Thị Ánh"):
        makers.person(name)
    for text, names in (
        ("dang thi anh", ["Đặng Thị Anh", "Đặng Thị Ánh"]),
        ("Đặng Thị Ánh", ["Đặng Thị Ánh", "Đặng Thị Anh"]),
    ):
        page = person_page(Scope(everything=True), PersonFilter(text=text))
        assert [row.full_name for row in page.rows] == names


def test_case_06_decomposed_is_the_composed_person_again(app: Flask) -> None:
    makers.unit("stp", name="Sở Tư pháp")
    composed = "Nguyễn Thị Ấn"
    assert taken([composed, 1980, "Sở Tư pháp"])["new"] == 1
    again = taken([unicodedata.normalize("NFD", composed), 1980, "Sở Tư pháp"])
    assert (again["new"], again["refused"]) == (0, 1)
    [complaint] = checked([unicodedata.normalize("NFD", composed), 1980, "Sở Tư pháp"]).complaints
    assert complaint.candidates[0].full_name == composed
    assert db.session.scalars(select(Person.full_name)).all() == [composed]


def test_case_21_known_namesakes_stay_two_and_one_without_a_birth_is_asked_about(
    app: Flask,
) -> None:
    for born in ("1980", "1985"):
        makers.person("Nguyễn Văn Hùng", birth_date=born, birth_precision="year")
    [complaint] = checked(["Nguyễn Văn Hùng", "", ""]).complaints
    assert complaint.code is Code.NEEDS_REVIEW
    assert [one.birth_date for one in complaint.candidates] == ["1980", "1985"]
