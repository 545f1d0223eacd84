"""The sheet of a sealed report; noted in the audit log, so posted."""

from collections.abc import Iterator
from io import BytesIO

from flask import send_file
from flask.typing import ResponseReturnValue

from hrtrain.accounts.access import current_user
from hrtrain.accounts.actions import record
from hrtrain.core import formats
from hrtrain.core.access import open_to
from hrtrain.core.db import db, reading
from hrtrain.core.language import gettext as _
from hrtrain.core.shown import note_count
from hrtrain.coverage.gates import READERS
from hrtrain.coverage.seals.causes import Content
from hrtrain.coverage.seals.gates import readable, seal_or_404
from hrtrain.coverage.seals.listing import SealedPerson, sealed_people, units_of_people
from hrtrain.coverage.seals.models import Seal
from hrtrain.coverage.seals.queries import shown_content
from hrtrain.coverage.states import State
from hrtrain.reports.seal_sheet import seal_sheet as sheet
from hrtrain.reports.sheets import Head
from hrtrain.reports.views import bp
from hrtrain.reports.views.coverage_sheets import XLSX


@bp.post("/seals/<key>/people.xlsx")
@open_to(*READERS)
def seal_sheet(key: str) -> ResponseReturnValue:
    """Everybody in the report, as sealed, at units within reach today."""
    with reading():
        found = seal_or_404(key)
        people = list(_everybody(shown_content(found)))
        content = sheet(_head(found), people)
        db.session.rollback()
    note_count(len(people))
    said = _("Xuất bảng tính %(n)s dòng", n=len(people))
    record(current_user(), "report.exported", ("seal", key), said)
    db.session.commit()
    return send_file(BytesIO(content), XLSX, as_attachment=True, download_name=f"{key}.xlsx")


def _everybody(content: Content) -> Iterator[tuple[str, SealedPerson]]:
    units = readable(units_of_people(content))
    for row in content["figures"]:
        if row["by"] == "group":
            for person in sealed_people(content, row["group"], list(State), units):
                yield row["group_name"], person


def _head(seal: Seal) -> Head:
    facts = [
        (_("Chương trình"), seal.programme.title),
        (_("Đơn vị"), seal.unit.name if seal.unit else _("Toàn bộ các đơn vị")),
        (_("Tính đến ngày"), formats.day(seal.as_of)),
        (_("Theo dữ liệu lúc"), formats.instant(seal.known_at)),
        (_("Bản"), str(seal.version)),
        (_("Dấu vân tay số liệu (SHA-256)"), seal.content_sha256),
    ]
    return Head(seal.title, facts)
