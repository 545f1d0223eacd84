"""Spreadsheets people send: read in a limited child process, refused in a sentence."""

import json
import subprocess
import sys
from datetime import date
from typing import Any

from hrtrain.core.config import ROOT, environ_of_children
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.core.sheet import Cell, Merge, Sheet

SECONDS = 30
LARGEST_FILE = 30 * 1024 * 1024


def read_spreadsheet(content: bytes, file_name: str) -> list[Sheet]:
    """The visible sheets of an xlsx, xls, ods or csv file.

    Refuses, naming the file, whatever is not one of these, is damaged, locked by a password, or
    would take too much memory or time to open.
    """
    if len(content) > LARGEST_FILE:
        raise _refusal("too_large", file_name)
    try:
        child = subprocess.run(
            [sys.executable, "-m", "hrtrain.core.spreadsheet_child"],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            cwd=ROOT,
            env=environ_of_children(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _refusal("too_slow", file_name) from None
    # A child that died ran into its limits.
    answer = _answer(child.stdout if child.returncode == 0 else b'{"fault": "too_large"}')
    if "fault" in answer:
        raise _refusal(answer["fault"], file_name)
    return [_sheet(values) for values in answer["sheets"]]


def _answer(output: bytes) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(output)
    except ValueError:
        return {"fault": "broken"}
    return answer


def _sheet(values: dict[str, Any]) -> Sheet:
    rows = [[_cell(cell) for cell in row] for row in values["rows"]]
    return Sheet(values["name"], rows, [Merge(*merge) for merge in values["merges"]])


def _cell(cell: Any) -> Cell:
    return date.fromisoformat(cell[0]) if isinstance(cell, list) else cell


def _refusal(fault: str, file_name: str) -> Refusal:
    sentences = {
        "empty": _("tệp rỗng."),
        "bomb": _("tệp nén chứa dữ liệu lớn bất thường nên không được mở."),
        "doctype": _("tệp chứa khai báo DOCTYPE, không phải bảng tính bình thường."),
        "password": _("tệp đặt mật khẩu; hãy bỏ mật khẩu rồi gửi lại."),
        "web_page": _(
            "tệp thực ra là trang web (HTML), không phải bảng tính; hãy mở bằng Excel và lưu lại "
            "dạng .xlsx."
        ),
        "not_a_workbook": _("đây không phải là bảng tính (.xlsx, .xls, .ods hoặc .csv)."),
        "too_long": _("trang tính có quá nhiều dòng (tối đa 150.000)."),
        "too_wide": _("trang tính có quá nhiều cột (tối đa 400)."),
        "too_many_merges": _("trang tính có quá nhiều ô gộp."),
        "too_large": _("bảng tính quá lớn so với giới hạn bộ nhớ; hãy xóa các ô thừa ở xa."),
        "too_slow": _("đọc bảng tính quá lâu nên đã dừng."),
    }
    broken = _("tệp bị hỏng hoặc bị cắt ngang, không đọc được như một bảng tính.")
    return Refusal(sentences.get(fault, broken), where=file_name)
