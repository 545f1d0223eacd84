"""Spreadsheets people send: read in a limited child process, refused in a sentence."""

import json
import os
import subprocess
import sys
import tempfile
from array import array
from collections.abc import Sequence
from datetime import date
from typing import IO, Any, overload

from hrtrain.core.config import ROOT, environ_of_children
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.core.sheet import Cell, Merge, Sheet

SECONDS = 60
LARGEST_FILE = 30 * 1024 * 1024
# Answers up to this size are kept in memory; the rows of larger ones are fetched from disk.
IN_MEMORY = 4 * 1024 * 1024


class _Spooled(Sequence[list[Cell]]):
    """The rows of a large sheet, on disk: eight bytes of memory for each."""

    def __init__(self, file: IO[bytes], places: "array[int]") -> None:
        self._file, self._places = file, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> list[Cell]: ...
    @overload
    def __getitem__(self, at: slice) -> "list[list[Cell]]": ...
    def __getitem__(self, at: int | slice) -> "list[Cell] | list[list[Cell]]":
        if isinstance(at, slice):
            return [self._row(place) for place in self._places[at]]
        return self._row(self._places[at])

    def _row(self, place: int) -> list[Cell]:
        self._file.seek(place)
        return _row(json.loads(self._file.readline()))


def read_spreadsheet(content: bytes, file_name: str) -> list[Sheet]:
    """The visible sheets of an xlsx, xls, ods or csv file.

    Refuses, naming the file, whatever is not one of these, is damaged, locked by a password, or
    would take too much memory or time to open.
    """
    if len(content) > LARGEST_FILE:
        raise _refusal("too_large", file_name)
    # Nameless and gone when it is closed: rosters hold national IDs.
    answer = tempfile.TemporaryFile()  # noqa: SIM115
    try:
        child = subprocess.run(
            [sys.executable, "-m", "hrtrain.core.spreadsheet_child"],
            input=content,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            cwd=ROOT,
            env=environ_of_children(),
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _refusal("too_slow", file_name) from None
    # A child that died ran into its limits.
    fault = _fault(answer) if child.returncode == 0 else "too_large"
    if fault:
        raise _refusal(fault, file_name)
    return _sheets(answer)


def _fault(answer: IO[bytes]) -> str:
    """What the last line says; empty when the answer is whole."""
    size = answer.seek(0, os.SEEK_END)
    answer.seek(max(0, size - 200))
    try:
        last = json.loads(answer.read().rpartition(b"\n")[2])
    except ValueError:
        return "broken"
    return str(last.get("fault", "" if "end" in last else "broken"))


def _sheets(answer: IO[bytes]) -> list[Sheet]:
    is_small = answer.seek(0, os.SEEK_END) <= IN_MEMORY
    heads: list[dict[str, Any]] = []
    places: list[array[int]] = []
    place = answer.seek(0)
    for line in answer:
        if line.startswith(b"["):
            places[-1].append(place)
        elif line.startswith(b'{"name"'):
            heads.append(json.loads(line))
            places.append(array("q"))
        place += len(line)
    rows = (_Spooled(answer, some) for some in places)
    return [
        _sheet(head, list(some) if is_small else some)
        for head, some in zip(heads, rows, strict=True)
    ]


def _sheet(head: dict[str, Any], rows: Sequence[list[Cell]]) -> Sheet:
    return Sheet(
        name=head["name"],
        rows=rows,
        merges=[Merge(*merge) for merge in head["merges"]],
        hidden=frozenset(head["hidden"]),
        fonts={int(at): encoding for at, encoding in head["fonts"].items()},
    )


def _row(values: list[Any]) -> list[Cell]:
    return [date.fromisoformat(cell[0]) if isinstance(cell, list) else cell for cell in values]


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
