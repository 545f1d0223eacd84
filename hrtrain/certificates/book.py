"""The register book as a spreadsheet, as it is printed and kept."""

from collections.abc import Sequence
from io import BytesIO

import xlsxwriter

from hrtrain.certificates.content import written_day
from hrtrain.certificates.models import CertificateSeries
from hrtrain.certificates.queries.register import RegisterLine
from hrtrain.certificates.words import STATES
from hrtrain.core.language import gettext as _

WIDTHS = (8, 20, 28, 13, 34, 40, 13, 44)


def book_of(series: CertificateSeries, year: int, lines: Sequence[RegisterLine]) -> BytesIO:
    """The file, ready to be sent. Nothing in it is ever taken for a formula or a link."""
    file = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        _write(book, series, year, lines)
    file.seek(0)
    return file


def _write(
    book: xlsxwriter.Workbook, series: CertificateSeries, year: int, lines: Sequence[RegisterLine]
) -> None:
    sheet = book.add_worksheet(str(year))
    title = book.add_format({"bold": True, "font_size": 14})
    head = book.add_format({"bold": True, "border": 1, "text_wrap": True, "bg_color": "#E8EEF4"})
    cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(3)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.write(0, 0, _("SỔ CẤP GIẤY CHỨNG NHẬN NĂM %(year)s", year=year), title)
    sheet.write(1, 0, series.issuer_name)
    sheet.write_row(3, 0, _heads(), head)
    for row, line in enumerate(lines, 4):
        sheet.write_row(row, 0, _cells(line), cell)


def _heads() -> list[str]:
    return [
        _("Số vào sổ"),
        _("Số giấy"),
        _("Họ và tên"),
        _("Ngày sinh"),
        _("Đơn vị"),
        _("Khóa học"),
        _("Ngày cấp"),
        _("Ghi chú"),
    ]


def _cells(line: RegisterLine) -> list[str]:
    issued = line.issued_on.strftime("%d/%m/%Y") if line.issued_on else ""
    birth = written_day(line.birth_date)
    return [
        *(line.register_no, line.number, line.full_name, birth, line.unit, line.course, issued),
        note_of(line),
    ]


def note_of(line: RegisterLine) -> str:
    """What the book notes beside a number."""
    if line.state == "void":
        return str(_("Số hủy: %(reason)s", reason=line.void_reason))
    if line.state == "revoked":
        day = line.revoked_on.strftime("%d/%m/%Y") if line.revoked_on else ""
        return str(_("Thu hồi ngày %(day)s: %(why)s", day=day, why=line.revocation))
    if line.state == "replaced":
        return str(_("Thay bằng giấy số %(number)s", number=line.replaced_by))
    return str(STATES[line.state])
