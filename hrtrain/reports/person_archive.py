"""The copy of one person's data: a zip with JSON for machines, a workbook to read, certificates.

`docs/personal-data.md` describes the JSON. Whoever makes the copy logs it.
"""

import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from sqlalchemy import select

from hrtrain.certificates.models import Certificate
from hrtrain.certificates.places import document_store
from hrtrain.certificates.queries.certificates import content_of
from hrtrain.certificates.rules import file_name as certificate_file
from hrtrain.core import clock, formats
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.people.models import Person
from hrtrain.privacy.models import DataAccess
from hrtrain.privacy.queries.accesses import accesses_to
from hrtrain.privacy.queries.holding import Holding, holding_of
from hrtrain.privacy.queries.parts import Part, Value
from hrtrain.privacy.queries.subjects import records_of
from hrtrain.privacy.watched import WATCHED
from hrtrain.privacy.words import purpose_name
from hrtrain.reports.sheets import OPTIONS

FORMAT = "hrtrain-person-data/1"
LEGAL_BASIS = "Luật 91/2025/QH15, Điều 19.1(c)"
MOST_ACCESSES = 10_000
_WIDTHS = {"value": 48, "datum": 28, "recorded_at": 18, "retracted_at": 18}


@dataclass(frozen=True)
class Seen:
    """Somebody was shown the person: when, who, what, and how."""

    at: datetime
    who: str
    what: str
    purpose: str


def copy_of(person: Person) -> tuple[str, bytes]:
    """The copy's file name and its bytes; a certificate's file that is gone is left out."""
    people = records_of(person)
    ids = [one.id for one in people]
    holding = holding_of(people)
    seen = [_seen(row) for row in accesses_to(ids, limit=MOST_ACCESSES).rows]
    return file_name(holding), archive_of(holding, seen, list(_certificates(ids)))


def _seen(row: DataAccess) -> Seen:
    who = row.user.full_name if row.user else str(_("chính chủ thể dữ liệu hoặc người vận hành"))
    what = str(WATCHED[row.what].words) if row.what in WATCHED else row.what
    return Seen(row.at, who, what, purpose_name(row.purpose))


def _certificates(ids: Sequence[int]) -> Iterator[tuple[str, bytes]]:
    stored = select(Certificate).where(
        Certificate.person_id.in_(ids), Certificate.document_id.is_not(None)
    )
    for one in db.session.scalars(stored.order_by(Certificate.id)):
        name = certificate_file(one.number, one.issued_on, content_of(one).full_name)
        with suppress(Refusal):
            yield name, document_store().read(one.sha256)


def archive_of(
    holding: Holding, accesses: Sequence[Seen], files: Sequence[tuple[str, bytes]] = ()
) -> bytes:
    """The zip's bytes; ``files`` are stored certificates by name."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("du-lieu.json", _json(holding, accesses))
        packed.writestr("du-lieu.xlsx", _workbook(holding, accesses))
        for name, content in files:
            packed.writestr(f"giay-chung-nhan/{name}", content)
    return out.getvalue()


def file_name(holding: Holding) -> str:
    """What the zip is called: no name of a person is in it."""
    key = re.sub(r"[^\w.-]", "-", holding.person.key)
    return f"du-lieu-{key}-{clock.today().isoformat()}.zip"


def _json(holding: Holding, accesses: Sequence[Seen]) -> str:
    told = {
        "format": FORMAT,
        "made_at": clock.now().isoformat(),
        "person": holding.person.key,
        "records": [person.key for person in holding.people],
        "parts": [_part(holding, part) for part in holding.parts],
        "accesses": [
            {"at": one.at.isoformat(), "who": one.who, "what": one.what, "purpose": one.purpose}
            for one in accesses
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _part(holding: Holding, part: Part) -> dict[str, Any]:
    names = [name for name, _heading in part.columns]
    return {
        "key": part.key,
        "title": part.title,
        "purpose": part.purpose,
        "legal_basis": LEGAL_BASIS,
        "source": part.source,
        "kept_months": holding.rules[part.kept].months,
        "rows": [dict(zip(names, map(_plain, row), strict=True)) for row in part.rows],
    }


def _plain(value: Value) -> str | int | None:
    return value.isoformat() if isinstance(value, date) else value


def _workbook(holding: Holding, accesses: Sequence[Seen]) -> bytes:
    out = BytesIO()
    with xlsxwriter.Workbook(out, {**OPTIONS, "constant_memory": False}) as book:
        plain = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
        title = book.add_format({**plain, "bold": True, "font_size": 14})
        head = book.add_format({**plain, "bold": True, "border": 1, "bg_color": "#E3EFF1"})
        text = book.add_format({**plain, "border": 1, "text_wrap": True})
        note = book.add_format({**plain, "italic": True})
        for number, part in enumerate(holding.parts, 1):
            sheet = book.add_worksheet(_sheet_name(number, part.title))
            _write_part(sheet, holding, part, (title, head, text, note))
        sheet = book.add_worksheet(_sheet_name(len(holding.parts) + 1, _("Ai đã xem")))
        heads = [_("Lúc"), _("Người xem"), _("Trang, tệp"), _("Việc")]
        rows = [(one.at, one.who, one.what, one.purpose) for one in accesses]
        _write_table(sheet, 0, heads, rows, (head, text))
    return out.getvalue()


def _sheet_name(number: int, name: str) -> str:
    allowed = re.sub(r"[][:*?/\\]", " ", name)
    return f"{number}. {allowed}"[:31]


def _write_part(sheet: Any, holding: Holding, part: Part, looks: tuple[Any, ...]) -> None:
    title, head, text, note = looks
    sheet.write_string(0, 0, part.title, title)
    facts = (
        (_("Mục đích"), part.purpose),
        (_("Cơ sở pháp lý"), LEGAL_BASIS),
        (_("Nguồn"), part.source),
        (_("Thời hạn lưu"), holding.kept_words(part)),
    )
    for row, (name, value) in enumerate(facts, 1):
        sheet.write_string(row, 0, f"{name}: {value}", note)
    for column, (name, _heading) in enumerate(part.columns):
        sheet.set_column(column, column, _WIDTHS.get(name, 26))
    heads = [heading for _name, heading in part.columns]
    _write_table(sheet, len(facts) + 2, heads, part.rows, (head, text))


def _write_table(
    sheet: Any,
    top: int,
    heads: Sequence[str],
    rows: Sequence[tuple[Value, ...]],
    looks: tuple[Any, Any],
) -> None:
    for column, heading in enumerate(heads):
        sheet.write_string(top, column, heading, looks[0])
    for number, row in enumerate(rows, top + 1):
        for column, value in enumerate(row):
            sheet.write_string(number, column, _said(value), looks[1])


def _said(value: Value) -> str:
    if isinstance(value, datetime):
        return formats.instant(value)
    if isinstance(value, date):
        return formats.day(value)
    return "" if value is None else str(value)
