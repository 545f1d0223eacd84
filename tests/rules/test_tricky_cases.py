"""The 25 tricky cases of the domain (§7.2), one by one: what is written, what must come of it.

What of them needs a database (5: the exact one first; 6: one person) is tested again in
tests/queries/test_tricky_people.py.
"""

import unicodedata
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from hrtrain.core.formats import decimal
from hrtrain.core.sheet import Merge, Sheet
from hrtrain.core.text import clean_text, search_key, sort_key
from hrtrain.coverage.rules import reaches, shown_rate
from hrtrain.exchange.real_units import unit_rows
from hrtrain.people.rosters.named_units import NamedUnit, Units
from hrtrain.people.rosters.reading import read
from hrtrain.people.rosters.types import Code, Entry, SheetReading, Warn

TODAY = date(2026, 11, 22)


def sheet(*rows: list[Any], merges: list[Merge] | None = None) -> SheetReading:
    width = max(map(len, rows))
    return read(
        [Sheet("S", [[*row, *[""] * (width - len(row))] for row in rows], merges or [])], TODAY
    )[0]


def one(head: list[str], row: list[Any]) -> Entry:
    reading = sheet(head, row)
    assert not reading.complaints, reading.complaints
    [entry] = reading.entries
    return entry


def code(head: list[str], row: list[Any]) -> Code:
    [complaint] = sheet(head, row).complaints
    return complaint.code


def in_order(names: list[str]) -> list[str]:
    backwards = names[::-1]
    return sorted(backwards, key=sort_key)


def test_case_01_an_anh_with_tone_an_with_breve_an_with_hat() -> None:
    names = ["Nguyễn Văn An", "Đỗ Anh", "Trần Thị Ánh", "Nguyễn Văn Ăn"]
    names += ["Lê Văn Ân", "Nguyễn Thị Ân", "Phạm Thị Ấn"]
    assert in_order(names) == names


def test_case_02_d_before_d_with_stroke() -> None:
    names = [f"Lê {given}" for given in ("Diệu", "Dung", "Dũng", "Đào", "Đạt")]
    assert in_order(names) == names


def test_case_03_tones_before_the_longer_word() -> None:
    names = [f"Nguyễn Thị {given}" for given in ("Hoa", "Hoà", "Hòa", "Hỏa", "Họa", "Hoàn")]
    assert in_order(names) == names


def test_case_04_family_names_decide_between_equal_given_names() -> None:
    families = ("Dương", "Đinh", "Nghiêm", "Ngô", "Ngụy", "Nguyên", "Nguyễn", "Nông")
    names = [f"{family} Hùng" for family in families]
    assert in_order(names) == names


def test_case_05_search_without_marks_finds_both() -> None:
    assert {search_key("Đặng Thị Ánh"), search_key("Đặng Thị Anh")} == {"dang thi anh"}


def test_case_06_decomposed_and_composed_are_one_person_stored_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "Nguyễn An")
    entry = one(["Họ và tên", "Năm sinh"], [decomposed, 1980])
    assert (len(unicodedata.normalize("NFD", "Nguyễn")), len("Nguyễn")) == (8, 6)
    assert (entry.full_name, entry.folded_name) == ("Nguyễn An", search_key("Nguyễn An"))


def test_case_07_eth_is_read_as_d_with_stroke_with_a_warning() -> None:
    entry = one(["Họ và tên", "Năm sinh"], ["ÐỖ VĂN A", 1980])
    assert (entry.full_name, entry.warnings) == ("Đỗ Văn A", (Warn.ETH_READ_AS_D,))


def test_case_08_hard_spaces_and_invisible_letters_go() -> None:
    assert clean_text("Nguyễn\u00a0Văn \u200bTí ") == "Nguyễn Văn Tí"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NguyÔn V¨n Hïng", "Nguyễn Văn Hùng"),
        ("§Æng Quèc Kh¸nh", "Đặng Quốc Khánh"),
        ("TrÇn ThÞ §µo", "Trần Thị Đào"),
    ],
)
def test_case_09_tcvn3_is_decoded(written: str, meant: str) -> None:
    assert one(["Họ và tên", "Năm sinh"], [written, 1980]).full_name == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Nguyeãn Vaên Huøng", "Nguyễn Văn Hùng"), ("Ñaëng Quoác Khaùnh", "Đặng Quốc Khánh")],
)
def test_case_10_vni_is_decoded(written: str, meant: str) -> None:
    assert one(["Họ và tên", "Năm sinh"], [written, 1980]).full_name == meant


def test_case_11_the_soft_hyphen_that_is_a_letter_survives() -> None:
    rows = [["Lê An", 1980, "Së T\u00ad ph¸p"], ["Lê Ba", 1981, "Së Néi vô"]]
    units = [one_.unit_text for one_ in sheet(["Họ và tên", "Năm sinh", "Đơn vị"], *rows).entries]
    assert units == ["Sở Tư pháp", "Sở Nội vụ"]


@pytest.mark.parametrize("name", ["Lê Văn Côn", "Trần Ánh"])
def test_case_12_real_unicode_is_left_alone(name: str) -> None:
    assert one(["Họ và tên", "Năm sinh"], [name, 1980]).full_name == name


def test_case_13_apostrophes_stay_and_capitals_stand_after_them() -> None:
    entry = one(["Họ và tên", "Năm sinh"], ["NGUYỄN THỊ H'HEN NIÊ", 1980])
    assert entry.full_name == "Nguyễn Thị H'Hen Niê"
    assert entry.folded_name == "nguyen thi h'hen nie"


def units_on(day: date) -> Units:
    """The real units of the provinces concerned that stand on the day, as rosters match them."""
    rows = unit_rows(["2024-22", "2025-22", "2024-80", "2025-80", "2024-92", "2025-92", *DONG_NAI])
    names = {row["unit"]: [row["name"]] for row in rows["units"] if alive(row, day)}
    for row in rows["unit_names"]:
        if alive(row, day):
            names[row["unit"]] = [row["name"]]
    codes = {row["unit"]: row["code"] for row in rows["unit_codes"] if alive(row, day)}
    parents = {row["unit"]: row["parent"] for row in rows["unit_parents"] if alive(row, day)}
    keys = {key: at for at, key in enumerate(names)}
    return Units.of(
        NamedUnit(keys[key], name, (name,), (codes[key],), tuple(above(key, parents, names)))
        for key, [name] in names.items()
    )


def alive(row: dict[str, str], day: date) -> bool:
    return row["valid_from"] <= day.isoformat() and (
        not row["valid_to"] or day.isoformat() < row["valid_to"]
    )


def above(key: str, parents: dict[str, str], names: dict[str, list[str]]) -> Iterator[str]:
    while key := parents.get(key, ""):
        yield names[key][0]


def found(text: str, day: date) -> str | list[str]:
    """The name and code the text means on the day; several names where it is ambiguous."""
    units = units_on(day)
    at = units.find(text)
    every = {unit.id: unit for some in units.by_name.values() for unit in some.values()}
    if isinstance(at, int):
        return f"{every[at].label} [{every[at].codes[0]}]"
    return sorted(unit.above[-1] for unit in at or [])


DONG_NAI = ("2024-75", "2025-75")
IN_2024, IN_2026 = date(2024, 6, 1), date(2026, 6, 1)


@pytest.mark.parametrize(
    ("text", "day", "meant"),
    [
        ("Phường Tân An, Thành phố Cần Thơ", IN_2026, "Phường Tân An [31147]"),
        ("Phường Tân An, TP Cần Thơ", IN_2024, "Phường Tân An [31135]"),
        ("phường Tân An - Tây Ninh", IN_2026, "Phường Tân An [27712]"),
        ("Phường Tân An", IN_2026, ["Thành phố Cần Thơ", "Tỉnh Tây Ninh"]),
    ],
)
def test_case_14_one_name_in_two_provinces_and_eras(text: str, day: date, meant: Any) -> None:
    assert found(text, day) == meant


@pytest.mark.parametrize(
    ("day", "meant"),
    [
        (date(2025, 6, 1), "Phường Trần Phú [06712]"),
        (date(2025, 6, 30), "Phường Trần Phú [06712]"),
        (date(2025, 7, 1), "Phường Móng Cái 1 [06712]"),
    ],
)
def test_case_15_code_06712_names_different_wards(day: date, meant: str) -> None:
    assert found("06712", day) == meant


@pytest.mark.parametrize(
    ("code_written", "day", "meant"),
    [
        ("80", date(2025, 6, 30), "Tỉnh Long An [80]"),
        ("80", date(2025, 7, 1), "Tỉnh Tây Ninh [80]"),
        ("75", date(2026, 4, 29), "Tỉnh Đồng Nai [75]"),
        ("75", date(2026, 4, 30), "Thành phố Đồng Nai [75]"),
    ],
)
def test_case_16_province_codes_by_the_day(code_written: str, day: date, meant: str) -> None:
    assert found(code_written, day) == meant


@pytest.mark.parametrize(
    ("cell", "birth"),
    [
        (1980, ("1980", "year")),
        (29221, ("1980-01-01", "day")),
        ("03/1980", ("1980-03", "month")),
        ("05/06/1980", ("1980-06-05", "day")),
    ],
)
def test_case_17_births_as_they_are_written(cell: Any, birth: tuple[str, str]) -> None:
    entry = one(["Họ và tên", "Ngày sinh"], ["Lê An", cell])
    assert (entry.birth_date, entry.birth_precision) == birth


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("31/02/1985", Code.BAD_BIRTH_DATE), ("1/13/1980", Code.AMBIGUOUS_BIRTH_DATE)],
)
def test_case_17_births_that_cannot_be_are_asked_about(cell: str, expected: Code) -> None:
    assert code(["Họ và tên", "Ngày sinh"], ["Lê An", cell]) is expected


CARD = ["Họ và tên", "Ngày sinh", "Giới tính", "CCCD"]


def test_case_18_the_lost_zero_of_a_card_comes_back() -> None:
    entry = one(CARD, ["Lê An", "05/06/1985", "Nam", 22085001234])
    assert (entry.national_id, entry.warnings) == ("022085001234", ())


def test_case_18_a_card_that_denies_the_row_is_warned_about() -> None:
    entry = one(CARD, ["Lê An", "05/06/1985", "Nữ", 22085001234])
    assert Warn.NATIONAL_ID_DISAGREES in entry.warnings
    assert one(CARD, ["Lê An", "1985", "Nữ", "022185001234"]).warnings == ()
    assert one(CARD, ["Lê An", "1985", "Nam", "123456789"]).warnings == (Warn.OLD_IDENTITY_NUMBER,)


@pytest.mark.parametrize("cell", [912345678, "+84 912 345 678", "0912.345.678"])
def test_case_19_phones_are_ten_digits(cell: Any) -> None:
    assert one(["Họ và tên", "Điện thoại"], ["Lê An", cell]).phone == "0912345678"


def test_case_19_the_prefix_of_2018_is_put_in() -> None:
    assert one(["Họ và tên", "Điện thoại"], ["Lê An", "01651234567"]).phone == "0351234567"


@pytest.mark.parametrize(
    ("written", "name", "gender"),
    [
        ("TS. Nguyễn Văn B", "Nguyễn Văn B", ""),
        ("Đ/c Trần C", "Trần C", ""),
        ("Ông Lê D", "Lê D", "male"),
        ("Bà: Phạm E", "Phạm E", "female"),
    ],
)
def test_case_20_titles_come_off_and_tell_the_gender(written: str, name: str, gender: str) -> None:
    entry = one(["Họ và tên", "Năm sinh"], [written, 1980])
    assert (entry.full_name, entry.gender) == (name, gender)


def test_case_21_namesakes_of_two_births_are_two_and_one_without_is_asked_about() -> None:
    head = ["Họ và tên", "Năm sinh", "Đơn vị"]
    rows: list[list[Any]] = [["Nguyễn Văn Hùng", born, "Sở Tư pháp"] for born in (1980, 1985, "")]
    assert len(sheet(head, *rows[:2]).entries) == 2
    [complaint] = sheet(head, *rows).complaints
    assert (complaint.code, complaint.row) == (Code.NEEDS_REVIEW, 4)


def test_case_22_a_name_split_in_two_columns_is_one_name() -> None:
    entry = one(["Họ và", "tên", "Năm sinh"], ["Nguyễn Thị Minh", "Khai", 1980])
    assert entry.full_name == "Nguyễn Thị Minh Khai"
    names = ["Trần Huy", entry.full_name, "Lê Lan"]
    assert in_order(names) == names


def test_case_22_so_is_one_under_a_merged_heading() -> None:
    rows: list[list[Any]] = [["Họ và tên", "", "Năm sinh"], ["Nguyễn Thị Minh", "Khai", 1980]]
    reading = sheet(*rows, merges=[Merge(0, 0, 0, 1)])
    assert [entry.full_name for entry in reading.entries] == ["Nguyễn Thị Minh Khai"]


def test_case_23_a_date_under_nu_is_a_woman_and_her_birth() -> None:
    rows = [["Họ và tên", "Ngày sinh", ""], ["", "Nam", "Nữ"], ["Lê An", "", "12/5/1985"]]
    reading = sheet(*rows, merges=[Merge(0, 1, 0, 2), Merge(0, 0, 1, 0)])
    [entry] = reading.entries
    assert (entry.gender, entry.birth_date) == ("female", "1985-05-12")


def test_case_24_sections_numbers_and_totals_are_no_people() -> None:
    reading = sheet(
        ["STT", "Họ và tên", "Năm sinh", "Nhóm"],
        ["I", "KHỐI SỞ, NGÀNH", "", ""],
        ["1.1", "Sở Tư pháp", "", ""],
        ["1", "Lê An", 1980, "Cán bộ QCN; Tuyên giáo"],
        ["", "Tổng cộng: 45", "", ""],
    )
    [entry] = reading.entries
    assert not reading.complaints
    assert (entry.full_name, entry.group_text) == ("Lê An", "Cán bộ QCN; Tuyên giáo")
    assert entry.unit_text == "Sở Tư pháp"


@pytest.mark.parametrize(
    ("trained", "required", "target", "shown", "reached"),
    [(199, 200, 100, "99,5", False), (7, 10, 70, "70,0", True), (200, 200, 100, "100,0", True)],
)
def test_case_25_a_rate_short_of_its_target_says_so(
    trained: int, required: int, target: int, shown: str, reached: bool
) -> None:
    assert decimal(shown_rate(trained, required, target)) == shown
    assert reaches(trained, required, target) is reached
