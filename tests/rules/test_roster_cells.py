"""What single cells of a roster say."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrtrain.core.sheet import Cell
from hrtrain.people.rosters.cells import (
    Birth,
    disagrees,
    is_signature,
    is_total,
    read_birth,
    read_birth_parts,
    read_email,
    read_gender,
    read_national_id,
    read_phone,
)
from hrtrain.people.rosters.types import Code, Warn

TODAY = date(2026, 11, 22)

BIRTHS: list[tuple[Cell, str, str]] = [
    (1980.0, "1980", "year"),
    ("1980", "1980", "year"),
    (29221.0, "1980-01-01", "day"),
    ("03/1980", "1980-03", "month"),
    ("tháng 3 năm 1980", "1980-03", "month"),
    ("05/06/1980", "1980-06-05", "day"),
    ("5.6.1980", "1980-06-05", "day"),
    ("5-6-80", "1980-06-05", "day"),
    ("ngày 5 tháng 6 năm 1980", "1980-06-05", "day"),
    ("1980-06-05 00:00:00", "1980-06-05", "day"),
    (date(1980, 6, 5), "1980-06-05", "day"),
    ("05061980", "1980-06-05", "day"),
    ("", "", ""),
    ("-", "", ""),
    (None, "", ""),
]


@pytest.mark.parametrize(("cell", "day", "precision"), BIRTHS)
def test_births_are_read_day_first_as_exactly_as_known(
    cell: Cell, day: str, precision: str
) -> None:
    assert read_birth(cell, TODAY) == Birth(day, precision)


@pytest.mark.parametrize("cell", ["31/02/1985", "13/13/1980", "không rõ", "2030", 45_999.0, "1899"])
def test_impossible_births_are_refused(cell: Cell) -> None:
    assert read_birth(cell, date(2025, 11, 22)) == Code.BAD_BIRTH_DATE


def test_month_before_day_is_asked_about_never_swapped() -> None:
    assert read_birth("1/13/1980", TODAY) == Code.AMBIGUOUS_BIRTH_DATE


def test_birth_in_three_columns_may_lack_the_day() -> None:
    assert read_birth_parts([5.0, 6.0, 1980.0], TODAY) == Birth("1980-06-05", "day")
    assert read_birth_parts(["", "6", 1980.0], TODAY) == Birth("1980-06", "month")
    assert read_birth_parts(["", "", 1980.0], TODAY) == Birth("1980", "year")


@given(st.dates(date(1900, 1, 1), TODAY))
def test_every_day_is_read_back_from_every_way_of_writing(day: date) -> None:
    serial = float((day - date(1899, 12, 30)).days)
    ways: list[Cell] = [f"{day:%d/%m/%Y}", f"{day.day}.{day.month}.{day.year}", day]
    if serial > 9999:
        ways.append(serial)
    assert {read_birth(way, TODAY) for way in ways} == {Birth(day.isoformat(), "day")}


@pytest.mark.parametrize(
    "cell", [912345678.0, "+84 912 345 678", "0912.345.678", "84912345678", "(0912) 345 678"]
)
def test_phones_become_nought_and_nine_digits(cell: Cell) -> None:
    assert read_phone(cell) == "0912345678"


def test_old_mobile_numbers_get_their_new_prefix() -> None:
    assert read_phone("01651234567") == "0351234567"


@pytest.mark.parametrize("cell", ["chưa có số", "0912345", "0912345678/0987654321", "0000000000"])
def test_what_is_no_phone_is_refused(cell: Cell) -> None:
    assert read_phone(cell) == Code.BAD_PHONE


def test_identity_numbers_get_their_zeros_back() -> None:
    assert read_national_id(22085001234.0) == ("022085001234", [])
    assert read_national_id(4192771890.0) == ("004192771890", [])
    assert read_national_id("22085001234") == ("022085001234", [Warn.ZERO_RESTORED])
    assert read_national_id("022 185 001 234") == ("022185001234", [])
    assert read_national_id("123456789") == ("123456789", [Warn.OLD_IDENTITY_NUMBER])
    for wrong in ("08008500123X", "0800850012345", "12345", 1.5):
        assert read_national_id(wrong) == Code.BAD_NATIONAL_ID


def test_identity_number_tells_gender_and_year() -> None:
    assert disagrees("022085001234", "female", "1985")
    assert not disagrees("022185001234", "female", "1985-03-02")
    assert disagrees("022185001234", "female", "1986")
    assert not disagrees("022301001234", "female", "2001")
    assert not disagrees("123456789", "female", "1985")


def test_genders_are_words() -> None:
    said = {word: read_gender(word) for word in ("Nam", "NỮ", "nu", "", "x")}
    assert said == {"Nam": "male", "NỮ": "female", "nu": "female", "": "", "x": Code.BAD_GENDER}


def test_emails_have_their_shape() -> None:
    assert read_email(" An.Nguyen@tayninh.gov.vn ") == "an.nguyen@tayninh.gov.vn"
    for wrong in ("an@", "an tayninh.gov.vn", "a@b", "a@@b.vn"):
        assert read_email(wrong) == Code.BAD_EMAIL


def test_totals_and_signatures_are_not_names() -> None:
    assert all(map(is_total, ["Tổng cộng: 45 người", "Cộng", "TONG CONG: 3"]))
    assert not any(map(is_total, ["Tống Công Sơn", "Công Văn An", "TONG CONG SON"]))
    signed = ["NGƯỜI LẬP BIỂU", "KT. GIÁM ĐỐC", "Long An, ngày 05 tháng 01 năm 2026"]
    assert all(map(is_signature, signed))
    assert not any(map(is_signature, ["Tạ Minh Kỳ", "Kỳ Đồng", "Trưởng phòng"]))
