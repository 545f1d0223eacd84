"""What is held of the person's own record: who it is, how to reach it, where it belongs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from hrtrain.accounts.models import AuditEntry, User
from hrtrain.core.db import db
from hrtrain.core.formats import birth
from hrtrain.core.language import gettext as _
from hrtrain.core.period import day_before
from hrtrain.people.models import CadreGroup, Membership, Person
from hrtrain.people.words import gender_name
from hrtrain.privacy.keeping import AUDIT, CONTACTS, LEFT_PEOPLE
from hrtrain.privacy.queries.parts import LAST_ENTRIES, Part, Value, headings, rows_of
from hrtrain.units.models import Unit

_DATUM = "datum", "value", "recorded_at", "recorded_by"


def identity(people: Sequence[Person]) -> Part:
    """Who it is."""
    rows: list[tuple[Value, ...]] = []
    for person in people:
        said = _last_said(person)
        rows += [
            (str(label), value, *said.get(name, said.get("", (None, ""))))
            for name, label, value in _identity_of(person)
        ]
    return Part(
        key="identity",
        title=_("Thông tin nhận biết"),
        purpose=_("Biết một người là ai, không đếm hai lần và không nhầm với người trùng tên"),
        source=_("Đơn vị công tác khai báo: danh sách gửi lên hoặc nhập trực tiếp"),
        kept=LEFT_PEOPLE,
        columns=headings(_DATUM),
        rows=rows,
    )


def _identity_of(person: Person) -> list[tuple[str, str, Value]]:
    last4 = person.national_id_last4
    number = _("mã băm có khóa và bốn số cuối: %(last4)s", last4=last4) if last4 else _("không giữ")
    return [
        ("key", _("Mã hồ sơ"), person.key),
        ("full_name", _("Họ và tên"), person.full_name),
        ("gender", _("Giới tính"), gender_name(person.gender)),
        ("birth_date", _("Ngày sinh"), birth(person.birth_date) if person.birth_date else ""),
        ("position", _("Chức vụ"), person.position),
        ("national_id_hash", _("Số định danh"), number),
    ]


def contact(people: Sequence[Person]) -> Part:
    """How to reach the person."""
    rows: list[tuple[Value, ...]] = []
    for person in people:
        said = _last_said(person)
        for name, label in (("phone", _("Số điện thoại")), ("email", _("Thư điện tử"))):
            rows.append((label, getattr(person, name), *said.get(name, said.get("", (None, "")))))
    return Part(
        key="contact",
        title=_("Thông tin liên hệ"),
        purpose=_("Mời dự lớp, báo kết quả"),
        source=_("Đơn vị công tác khai báo"),
        kept=CONTACTS,
        columns=headings(_DATUM),
        rows=rows,
    )


def _last_said(person: Person) -> dict[str, tuple[datetime | None, str]]:
    """When each field was last written and by whom, as the audit log knows; "" stands for all."""
    asked = (
        select(AuditEntry.at, AuditEntry.act, AuditEntry.details, User.full_name)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(AuditEntry.subject_kind == "person", AuditEntry.subject_key == person.key)
        .where(AuditEntry.act.in_(("person_added", "person_changed")))
        .order_by(AuditEntry.id)
    )
    found: dict[str, tuple[datetime | None, str]] = {"": _first_known(person)}
    for at, act, details, name in db.session.execute(asked):
        by = (at, name or str(_("hệ thống")))
        if act == "person_added":
            found[""] = by
        for field in details.get("fields", ()):
            found[field] = by
    return found


def _first_known(person: Person) -> tuple[datetime | None, str]:
    """Since when a person is known whom no form entered: from a roster or a data package."""
    first = select(func.min(Membership.recorded_at)).where(Membership.person_id == person.id)
    return db.session.scalar(first), str(_("theo danh sách hoặc gói dữ liệu"))


def memberships(ids: Sequence[int]) -> Part:
    """Every day in a group, what was retracted included."""
    asked = (
        select(CadreGroup.name, Unit.name, Membership)
        .join(CadreGroup, CadreGroup.id == Membership.group_id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.person_id.in_(ids))
        .order_by(Membership.starts_on, Membership.id)
    )

    def read(row: Any) -> tuple[Value, ...]:
        group, unit, one = row
        last = day_before(one.ends_on)
        return group, unit, one.position, one.starts_on, last, one.recorded_at, one.retracted_at

    columns = ("group", "unit", "position", "starts_on", "last_on", "recorded_at", "retracted_at")
    return Part(
        key="memberships",
        title=_("Nhóm và đơn vị công tác"),
        purpose=_("Biết ai phải được tập huấn, ở đơn vị nào, vào ngày nào"),
        source=_("Đơn vị công tác khai báo; dòng đã sửa hoặc rút được giữ để tái lập báo cáo"),
        kept=LEFT_PEOPLE,
        columns=headings(columns),
        rows=rows_of(asked, read),
    )


def entries(keys: Sequence[str]) -> Part:
    """What was done to the record, the last first."""
    asked = (
        select(AuditEntry.at, AuditEntry.summary, User.full_name)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(AuditEntry.subject_kind == "person", AuditEntry.subject_key.in_(keys))
        .order_by(AuditEntry.id.desc())
        .limit(LAST_ENTRIES)
    )
    return Part(
        key="log",
        title=_("Nhật ký thao tác trên hồ sơ"),
        purpose=_("Biết ai đã ghi, sửa gì, lúc nào"),
        source=_("Hệ thống ghi khi có người thao tác"),
        kept=AUDIT,
        columns=headings(("recorded_at", "act", "recorded_by")),
        rows=rows_of(asked, lambda row: (row.at, row.summary, row.full_name or _("hệ thống"))),
    )
