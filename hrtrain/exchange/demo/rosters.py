"""The demo's roster: sent by an organizer, read, and waiting for somebody to decide."""

from hashlib import sha256

from sqlalchemy import select

from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.spreadsheet import read_spreadsheet
from hrtrain.exchange.demo.people import SPO
from hrtrain.people.models import CadreGroup, Membership, Person
from hrtrain.people.rosters.checking import Checking, Explained
from hrtrain.people.rosters.queries import Terms, find_upload
from hrtrain.people.rosters.uploads import (
    Checked,
    File,
    begin_reading,
    finish_reading,
    keep_rows,
    keep_upload,
)
from hrtrain.units.models import Unit
from hrtrain.units.scope import scope_of

ROSTER = "demo-danh-sach-mttq"
_NAME = "Danh sách cán bộ MTTQ (cập nhật).csv"
_HEAD = "STT;Họ và tên;Ngày sinh;Chức vụ;Dân tộc;Điện thoại;Đơn vị"
_UNIT = "tn-mttq"


def send_once(by: User) -> None:
    """Send the list; somebody has left, somebody is new, some rows are to be corrected."""
    if find_upload(ROSTER) is not None:
        return
    unit = db.session.scalars(select(Unit).where(Unit.key == _UNIT)).one()
    group = db.session.scalars(select(CadreGroup).where(CadreGroup.key == SPO)).one()
    today = clock.today()
    terms = Terms(today, today, group_id=group.id, scope=scope_of(by))
    content = _content(unit, group).encode("utf-8-sig")
    upload = keep_upload(
        ROSTER, File(_NAME, content, sha256(content).hexdigest()), terms, "units", by=by
    )
    checking = Checking(read_spreadsheet(content, _NAME), terms, _no_hash, Explained())
    turn = begin_reading(upload, {})
    rows = [row for part in checking.parts(1_000) for row in part]
    keep_rows(upload, turn, 1, rows)
    checked = Checked(checking.sheets(), frozenset(checking.in_review), {})
    finish_reading(upload, turn, checked, terms)


def _no_hash(_digits: str) -> str:
    """The list has no national IDs."""
    return ""


def _content(unit: Unit, group: CadreGroup) -> str:
    """Most of the office's people as they are, and what the demo is to show."""
    here = (Membership.unit_id == unit.id, Membership.group_id == group.id)
    present = (Membership.known_at(clock.now()), Membership.ends_on.is_(None))
    asked = select(Person).join(Membership, Membership.person_id == Person.id)
    people = db.session.scalars(asked.where(*here, *present).order_by(Person.sort_key)).all()
    lines = [_HEAD]
    for person in people[2:]:
        birth = "/".join(reversed(person.birth_date.split("-")))
        position = "Phó Chủ tịch Thường trực" if person is people[3] else person.position
        lines.append(f";{person.full_name};{birth};{position};Kinh;{person.phone};{unit.name}")
    lines += [
        f";Huỳnh Thị Bích Trâm;14/08/1991;Chuyên viên;Kinh;0912004455;{unit.name}",
        f";Lương Quốc Thịnh;31/02/1988;Chuyên viên;Kinh;;{unit.name}",
        f";{people[4].full_name};;Chuyên viên;Kinh;0912004466;{unit.name}",
        ";Phan Hữu Nghĩa;1983;Chuyên viên;Kinh;;Ủy ban MTTQ huyện cũ",
    ]
    return "\n".join(lines)
