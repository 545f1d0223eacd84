"""Vietnamese text: the hard cases and laws that hold for every name."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrtrain.core.text import (
    clean_text,
    name_case,
    search_key,
    sort_key,
    strip_honorifics,
)

LETTERS = "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậ '-"

IN_ORDER = [
    "Nguyễn Văn An|Đỗ Anh|Trần Thị Ánh|Nguyễn Văn Ăn|Lê Văn Ân|Nguyễn Thị Ân|Phạm Thị Ấn",
    "Lê Diệu|Lê Dung|Lê Dũng|Lê Đào|Lê Đạt",
    "|".join(f"Nguyễn Thị {name}" for name in ["Hoa", "Hoà", "Hòa", "Hỏa", "Họa", "Hoàn"]),
    "Dương Hùng|Đinh Hùng|Nghiêm Hùng|Ngô Hùng|Ngụy Hùng|Nguyên Hùng|Nguyễn Hùng|Nông Hùng",
    "Lê Ma|Lê Mà|Lê Mả|Lê Mã|Lê Má|Lê Mạ",
    "Lê Châu|Lê Chi|Lê Cúc",
]


@pytest.mark.parametrize("names", IN_ORDER)
def test_names_stand_in_vietnamese_order(names: str) -> None:
    expected = names.split("|")
    mixed = [*expected[1::2], *expected[::2]]
    assert sorted(mixed, key=sort_key) == expected


def test_search_finds_names_without_marks_and_keeps_the_apostrophe() -> None:
    assert search_key("Đặng Thị Ánh") == search_key("dang thi anh") == "dang thi anh"
    assert search_key("ÐẶNG") == search_key("Ɖặng") == "dang"
    assert search_key("NGUYỄN THỊ H’HEN NIÊ") == "nguyen thi h'hen nie"
    assert search_key("Hòa") == search_key("Hoà")


def test_composed_and_decomposed_text_are_one_name() -> None:
    decomposed = unicodedata.normalize("NFD", "Nguyễn")
    assert len(decomposed) == 8
    assert clean_text(decomposed) == "Nguyễn"
    assert sort_key(decomposed) == sort_key("Nguyễn")


def test_invisible_characters_go_and_spaces_collapse() -> None:
    assert clean_text("Nguyễn\xa0Văn\u200b Tí \ufeff") == "Nguyễn Văn Tí"
    assert clean_text("Lê\x00 \n Văn\u00ad A") == "Lê Văn A"


def test_icelandic_eth_is_read_as_d_with_stroke() -> None:
    assert name_case(clean_text("ÐỖ VĂN A")) == "Đỗ Văn A"


@pytest.mark.parametrize(
    ("written", "cased"),
    [
        ("H'HEN NIÊ", "H'Hen Niê"),
        ("NGUYỄN THỊ H'HEN NIÊ", "Nguyễn Thị H'Hen Niê"),
        ("Y BHĂM Ê BAN", "Y Bhăm Ê Ban"),
        ("nguyễn thị ánh", "Nguyễn Thị Ánh"),
        ("McDonald Trần", "McDonald Trần"),
    ],
)
def test_capitals_become_name_case(written: str, cased: str) -> None:
    assert name_case(written) == cased


@pytest.mark.parametrize(
    ("written", "name", "gender"),
    [
        ("TS. Nguyễn Văn B", "Nguyễn Văn B", ""),
        ("Đ/c Trần C", "Trần C", ""),
        ("Ông Lê D", "Lê D", "male"),
        ("Bà: Phạm E", "Phạm E", "female"),
        ("PGS.TS. Lê Văn Án", "Lê Văn Án", ""),
        ("Đồng chí: BÀ TÔ THỊ A", "TÔ THỊ A", "female"),
        ("Ông Ích Khiêm", "Ông Ích Khiêm", ""),
        ("Y Bhăm Ê Ban", "Y Bhăm Ê Ban", ""),
    ],
)
def test_titles_are_taken_off_and_tell_the_gender(written: str, name: str, gender: str) -> None:
    rest, _titles, told = strip_honorifics(written)
    assert (rest, told) == (name, gender)


@given(st.text(alphabet=LETTERS, max_size=30), st.text(alphabet=LETTERS, max_size=30))
def test_sort_key_is_ascii_and_blind_to_case_and_form(one: str, other: str) -> None:
    key = sort_key(one)
    assert key.isascii()
    assert key == sort_key(one.upper()) == sort_key(unicodedata.normalize("NFD", one))
    if sort_key(other) == key:
        assert clean_text(one).lower() == clean_text(other).lower()


@given(st.text(max_size=40))
def test_cleaning_and_folding_settle_at_once(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)
    assert search_key(search_key(text)) == search_key(text)
