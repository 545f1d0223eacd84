"""Pure rules of certificates: codes, numbers, dates, verdicts, file names, sizes."""

from datetime import date

import pytest

from hrtrain.certificates.content import Content, differing_fields, public_statement, written_day
from hrtrain.certificates.fitting import Part, lines, scale_that_fits, size_on_one_line, width
from hrtrain.certificates.rules import (
    administrative_date,
    codes_in,
    file_name,
    new_check_code,
    new_qr_code,
    number_text,
    number_value,
    read_typed_code,
    verdict,
)


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 1, 5), "ngày 05 tháng 01 năm 2026"),
        (date(2026, 2, 28), "ngày 28 tháng 02 năm 2026"),
        (date(2026, 3, 9), "ngày 09 tháng 3 năm 2026"),
        (date(2026, 11, 22), "ngày 22 tháng 11 năm 2026"),
    ],
)
def test_dates_follow_decree_30(day: date, text: str) -> None:
    assert administrative_date(day) == text


def test_numbers_are_written_and_read() -> None:
    assert number_text(5, "SVHTTDL") == "05/GCN-SVHTTDL"
    assert number_text(123, "GCN-SVHTTDL") == "123/GCN-SVHTTDL"
    assert number_value("05/GCN-SVHTTDL", "SVHTTDL") == 5
    for other in ("05/GCN-KHAC", "5/GCN-SVHTTDL", "x/GCN-SVHTTDL", "05", ""):
        assert number_value(other, "SVHTTDL") is None


def test_codes_are_long_and_read_as_people_type_them() -> None:
    codes = {new_check_code() for _ in range(50)}
    assert len(codes) == 50 and all(read_typed_code(code) == code for code in codes)
    assert read_typed_code(" o123 4567-89ab–cdef ") == "0123-4567-89AB-CDEF"
    assert read_typed_code("0123-4567-89AB-CDE") == read_typed_code("U123-4567-89AB-CDEF") == ""
    assert len(new_qr_code()) == 24


def test_codes_are_found_in_text_and_links() -> None:
    code, qr_code = new_check_code(), new_qr_code()
    text = f"https://x.vn/verify/{qr_code}\nMã {code} tại https://x.vn/verify"
    assert codes_in(text) == [qr_code, code]


@pytest.mark.parametrize(
    ("state", "through", "expected"),
    [
        ("issued", None, "valid"),
        ("issued", date(2026, 5, 6), "valid"),
        ("issued", date(2026, 5, 5), "expired"),
        ("revoked", None, "revoked"),
        ("replaced", date(2020, 1, 1), "replaced"),
    ],
)
def test_verdict_of_the_day(state: str, through: date | None, expected: str) -> None:
    assert verdict(state, through, date(2026, 5, 6)) == expected


CONTENT = Content(
    full_name="Lê An", course="Khóa", issued_on="2026-05-06", number="05/GCN-X",
    birth_date="1985-03", unit="Sở", check_code="0123-4567-89AB-CDEF", locality="Huế",
)  # fmt: skip


def test_stranger_reads_no_birth_date_and_no_unit() -> None:
    said = repr(public_statement(CONTENT, "issued", date(2026, 5, 6)))
    assert "Lê An" in said and "1985" not in said and "Sở" not in said


def test_differing_fields_disregard_spaces_and_case() -> None:
    text = "LÊ  AN Khó\na 03/1985 Sở 05/GCN-X Huế, ngày 06 tháng 5 năm 2026 0123-4567-89AB-CDEF"
    assert differing_fields(CONTENT, text) == []
    assert differing_fields(CONTENT, text.replace("05/GCN", "06/GCN")) == ["number"]


def test_birth_dates_are_written_as_far_as_known() -> None:
    assert [written_day(t) for t in ("1985-03-12", "1985-03", "1985", "")] == [
        "12/03/1985",
        "03/1985",
        "1985",
        "",
    ]


def test_file_names_carry_the_number_and_nothing_a_file_system_minds() -> None:
    name = file_name("05/GCN-X", date(2026, 5, 6), "H'Hen Niê / ../x")
    assert name.startswith("05-GCN-X-2026 ") and "/" not in name and name.endswith(".pdf")


def test_texts_are_set_smaller_until_they_fit() -> None:
    assert size_on_one_line("An", 100, 30, 10) == 30
    assert size_on_one_line("Nguyễn " * 20, 100, 30, 10) == 10
    parts = [Part("chữ " * 200, 13)]
    scale = scale_that_fits(parts, 200, 20)
    assert scale < 1 and lines(parts[0].text, 13 * scale, 200) >= 2
    assert width("Ữ", 10) > width("i", 10) > 0
