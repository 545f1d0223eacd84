"""TCVN3 and VNI are decoded, column by column; real Unicode is left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hrtrain.core import legacy_text
from hrtrain.core.legacy_text import decode, decode_columns, detect, from_tcvn3

TCVN3 = {
    "NguyÔn V¨n Hïng": "Nguyễn Văn Hùng",
    "§Æng Quèc Kh¸nh": "Đặng Quốc Khánh",
    "TrÇn ThÞ §µo": "Trần Thị Đào",
    "Së T\xad ph¸p": "Sở Tư pháp",
    "NGUYÔN V¡N HïNG": "NGUYỄN VĂN HÙNG",
    "ñy ban": "Ủy ban",
}
VNI = {
    "Nguyeãn Vaên Huøng": "Nguyễn Văn Hùng",
    "Ñaëng Quoác Khaùnh": "Đặng Quốc Khánh",
    "UÛy ban nhaân daân": "Ủy ban nhân dân",
}


@pytest.mark.parametrize(("written", "meant"), [*TCVN3.items(), *VNI.items()])
def test_old_fonts_are_read(written: str, meant: str) -> None:
    encoding = detect([written])
    assert encoding == ("tcvn3" if written in TCVN3 else "vni")
    assert decode(written, encoding) == meant


@pytest.mark.parametrize("name", ["Côn", "Ánh", "Lý Văn Hà", "Sở Tư pháp", "Đỗ Ấn", "José", "An"])
def test_real_unicode_is_left_alone(name: str) -> None:
    assert detect([name]) == ""
    assert detect([name, "Hà Thị Hoà", "Võ Ân"]) == ""


def test_one_column_may_be_old_and_the_next_not() -> None:
    rows = [["Hä vµ tªn", "Đơn vị"], ["NguyÔn V¨n Hïng", "Sở Tư pháp"], ["Lª ThÞ Hoµ", "Tỉnh Đoàn"]]
    decoded = decode_columns(rows)
    assert decoded[0] == ["Họ và tên", "Đơn vị"]
    assert decoded[1] == ["Nguyễn Văn Hùng", "Sở Tư pháp"]


def test_a_unicode_row_pasted_into_an_old_column_stays() -> None:
    rows = [["NguyÔn V¨n Hïng"], ["§Æng Quèc Kh¸nh"], ["Trần Thị Mỵ"]]
    assert decode_columns(rows)[2] == ["Trần Thị Mỵ"]


def test_every_letter_has_one_code() -> None:
    codes, letters = legacy_text._TCVN3_CODES, legacy_text._TCVN3_LETTERS
    assert len(codes) == len(letters) == len(set(codes)) == len(set(letters)) == 74


@given(st.lists(st.text(alphabet=legacy_text._TCVN3_LETTERS[:67] + "abch ", min_size=1)))
def test_decoding_undoes_the_old_font(texts: list[str]) -> None:
    old = str.maketrans(legacy_text._TCVN3_LETTERS, legacy_text._TCVN3_CODES)
    for text in texts:
        assert from_tcvn3(text.translate(old)).lower() == text.lower()
