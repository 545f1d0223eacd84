"""Rows of roster sheets: which are people, and what they say."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrtrain.core.sheet import Cell, Merge, Sheet
from hrtrain.people.rosters.header import field_of
from hrtrain.people.rosters.reading import read
from hrtrain.people.rosters.types import Code, Complaint, Entry, SheetReading, Warn

TODAY = date(2026, 11, 22)
HEAD: list[Cell] = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "Đơn vị", "CCCD"]


def reading(*rows: list[Cell], merges: list[Merge] | None = None) -> SheetReading:
    [found] = read([Sheet("Trang 1", list(rows), merges or [])], TODAY)
    return found


def entries(*rows: list[Cell]) -> list[Entry]:
    found = reading(*rows)
    assert not found.complaints
    return list(found.entries)


def complaint(*rows: list[Cell]) -> Complaint:
    [found] = reading(*rows).complaints
    return found


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("Họ tên", "full_name"),
        ("HỌ VÀ TÊN (chữ in hoa)", "full_name"),
        ("Ngày, tháng, năm sinh", "birth_date"),
        ("Năm sinh", "birth_date"),
        ("Năm", ""),
        ("Nam", "male"),
        ("Chức vụ, chức danh hiện nay theo quyết định", "position"),
        ("Cơ quan, đơn vị công tác", "unit"),
        ("Nơi công tác", "unit"),
        ("ĐTDĐ", "phone"),
        ("Số CCCD/CMND/Định danh", "national_id"),
        ("Ngày cấp", ""),
        ("Ngày cấp CCCD", ""),
        ("Họ tên vợ", ""),
        ("Dân tộc", ""),
    ],
)
def test_headings_are_known_by_their_words(heading: str, field: str) -> None:
    assert field_of(heading) == field


def test_split_heading_joins_the_name() -> None:
    [entry] = entries(["Họ và", "tên", "Năm sinh"], ["Nguyễn Thị Minh", "Khai", 1910.0])
    assert entry.full_name == "Nguyễn Thị Minh Khai"


def test_merged_name_heading_stands_over_two_columns() -> None:
    rows: list[list[Cell]] = [["Họ và tên", "", "Năm sinh"], ["Lê Thị", "Hoa", 1980.0]]
    found = reading(*rows, merges=[Merge(0, 0, 0, 1)])
    assert [entry.full_name for entry in found.entries] == ["Lê Thị Hoa"]


def test_dates_under_nam_and_nu_tell_the_gender() -> None:
    head: list[Cell] = ["Họ và tên", "Năm sinh", ""]
    rows: list[list[Cell]] = [["", "Nam", "Nữ"], ["Lê Hoa", "", "12/5/1985"], ["Đỗ An", "x", ""]]
    hoa, an = entries(head, *rows)
    assert (hoa.gender, hoa.birth_date) == ("female", "1985-05-12")
    assert (an.gender, an.birth_date) == ("male", "")


def test_ticks_leave_the_birth_to_its_own_column() -> None:
    head: list[Cell] = ["Họ và tên", "Ngày sinh", "Nam", "Nữ"]
    [entry] = entries(head, ["Lê Hoa", "12/5/1985", "", "x"])
    assert (entry.gender, entry.birth_date) == ("female", "1985-05-12")
    assert complaint(head, ["Lê Hoa", "", "x", "x"]).code == Code.BAD_GENDER


def test_day_month_and_year_may_have_columns_of_their_own() -> None:
    head: list[Cell] = ["Họ và tên", "Ngày sinh", "", ""]
    [entry] = entries(head, ["", "Ngày", "Tháng", "Năm"], ["Lê Hoa", 5.0, 6.0, 1980.0])
    assert entry.birth_date == "1980-06-05"


def test_sections_totals_and_signatures_are_no_people() -> None:
    found = entries(
        ["DANH SÁCH CÁN BỘ", "", "", "", "", ""],
        HEAD,
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"],
        ["I", "KHỐI SỞ, NGÀNH", "", "", "", ""],
        [1.0, "Lê An", "1980", "", "", ""],
        ["II. Công an tỉnh (12 người)", "", "", "", "", ""],
        [2.0, "Tống Công Sơn", "1981", "", "", ""],
        ["", "Tổng cộng: 2 người", "", "", "", ""],
        ["", "NGƯỜI LẬP", "", "", "GIÁM ĐỐC", ""],
        ["", "Trần Văn Ký", "", "", "Lê Văn Duyệt", ""],
    )
    places = [(entry.full_name, entry.unit_text) for entry in found]
    assert places == [("Lê An", "KHỐI SỞ, NGÀNH"), ("Tống Công Sơn", "Công an tỉnh")]


def test_section_after_a_subtotal_goes_on() -> None:
    found = entries(
        HEAD,
        ["I", "Sở Tư pháp", "", "", "", ""],
        [1.0, "Lê An", "1980", "", "", ""],
        ["", "Cộng: 1", "", "", "", ""],
        ["II", "Tỉnh Đoàn", "", "", "", ""],
        [2.0, "Lê Bình", "", "", "", ""],
    )
    assert [entry.unit_text for entry in found] == ["Sở Tư pháp", "Tỉnh Đoàn"]


def test_unit_merged_over_rows_or_repeated_by_nt_belongs_to_each() -> None:
    rows: list[list[Cell]] = [
        ["Họ và tên", "Đơn vị"],
        ["Lê An", "Sở Tư pháp"],
        ["Lê Bình", ""],
        ["Lê Chi", "nt"],
    ]
    found = reading(*rows, merges=[Merge(1, 1, 2, 1)])
    assert [entry.unit_text for entry in found.entries] == ["Sở Tư pháp"] * 3


def test_repeated_header_of_a_second_table_is_read_anew() -> None:
    one, two = entries(
        ["Họ và tên", "Năm sinh"], ["Lê An", 1980.0], ["Năm sinh", "Họ và tên"], [1981.0, "Lê Bình"]
    )
    assert (one.birth_date, two.full_name, two.birth_date) == ("1980", "Lê Bình", "1981")


def test_row_that_speaks_of_columns_is_no_header() -> None:
    head: list[Cell] = ["STT", "Họ và tên", "Giới tính", "Lý do"]
    found = reading(head, ["1", "", "Nam", "Họ và tên: để trống"], ["2", "Lê An", "Nữ", ""])
    assert [one.code for one in found.complaints] == [Code.MISSING_NAME]
    assert [entry.full_name for entry in found.entries] == ["Lê An"]


def test_eth_is_told_and_identity_that_disagrees_too() -> None:
    [entry] = entries(HEAD, [1.0, "ÐỖ VĂN A", "1985", "Nữ", "", "022085001234"])
    assert entry.full_name == "Đỗ Văn A"
    assert entry.warnings == (Warn.NATIONAL_ID_DISAGREES, Warn.ETH_READ_AS_D)


def test_gender_comes_from_the_title_when_its_cell_is_blank() -> None:
    one, two = entries(
        HEAD, [1.0, "Bà: Phạm E", "1985", "", "", ""], [2.0, "Ông Lê D", "", "", "", ""]
    )
    assert (one.full_name, one.gender, two.gender) == ("Phạm E", "female", "male")


def test_row_with_several_faults_has_every_complaint() -> None:
    found = reading(HEAD, [1.0, "", "31/02/1985", "x", "", "12"])
    assert [one.code for one in found.complaints] == [
        Code.MISSING_NAME,
        Code.BAD_GENDER,
        Code.BAD_BIRTH_DATE,
        Code.BAD_NATIONAL_ID,
    ]


def test_namesakes_of_one_unit_are_two_people_or_a_question() -> None:
    def two(birth: Cell, other: Cell) -> SheetReading:
        name = "Nguyễn Văn Hùng"
        return reading(HEAD, [1.0, name, birth, "", "Sở A", ""], [2.0, name, other, "", "Sở A", ""])

    assert len(two("1980", "1985").entries) == 2
    assert two("1980", "").complaints[0].code == Code.NEEDS_REVIEW
    assert two("05/06/1980", "05/06/1980").complaints[0].same_as_row == 2


def test_the_same_card_twice_is_the_same_person_on_any_sheet() -> None:
    rows: list[list[Cell]] = [HEAD, [1.0, "Lê An", "1980", "", "", "022080001234"]]
    one, two = read([Sheet("A", rows), Sheet("B", rows)], TODAY)
    assert len(one.entries) == 1
    [found] = two.complaints
    assert (found.code, found.same_as_row, found.same_as_sheet) == ("duplicate_in_file", 2, "A")


def test_sheet_without_header_says_so() -> None:
    assert reading(["Ghi chú", "gì đó"], ["a", "b"]).header_row is None


CELLS = st.one_of(
    st.just(""),
    st.text(max_size=12),
    st.sampled_from(["Lê An", "Nam", "1980", "31/02/1985", "I", "Tổng cộng", "0912345678"]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.dates(),
)


@given(st.lists(st.lists(CELLS, min_size=6, max_size=6), max_size=8))
def test_any_cells_at_all_give_entries_or_complaints(rows: list[list[Cell]]) -> None:
    found = reading(HEAD, *rows)
    good = {entry.row for entry in found.entries}
    bad = {one.row for one in found.complaints}
    assert not good & bad
    assert bad <= found.written.keys()


@given(st.integers(1, 40))
def test_every_numbered_person_is_an_entry_or_a_complaint(count: int) -> None:
    rows: list[list[Cell]] = [
        [float(n), f"Lê Văn {'ABCDE'[n % 5]}", f"{n % 32}/{n % 14}/1985", "", "", ""]
        for n in range(1, count + 1)
    ]
    found = reading(HEAD, *rows)
    told = {entry.row for entry in found.entries} | {one.row for one in found.complaints}
    assert told == set(range(2, count + 2))
