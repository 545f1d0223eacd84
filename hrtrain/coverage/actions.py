"""What a programme manager does: programmes, targets, requirements, exemptions.

Requirements and exemptions are facts: they are recorded and retracted, and ending one retracts it
and records it anew with its end. Each act locks the programme's row, so that two of them wait.
"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core.db import db, lock
from hrtrain.core.errors import Refusal
from hrtrain.core.facts import restate, retract
from hrtrain.core.language import gettext as _
from hrtrain.core.period import Period
from hrtrain.coverage.models import Exemption, Programme, RequirementOption, Target
from hrtrain.coverage.plan import (
    ExemptionDetails,
    ItemDetails,
    Origin,
    ProgrammeDetails,
    TargetDetails,
    in_order,
)
from hrtrain.coverage.plan_queries import (
    exemptions_in_the_way,
    find_programme,
    find_target,
    groups_of_person,
    options_of,
)
from hrtrain.people.merges.actions import hold
from hrtrain.people.models import CadreGroup, Person
from hrtrain.training.models import Course


def create_programme(key: str, details: ProgrammeDetails, *, by: User | None) -> Programme:
    """A new programme; the one already made with this key, when a form is sent twice."""
    made = find_programme(key)
    if made is not None:
        return made
    programme = Programme(key=key)
    _write_programme(programme, details)
    db.session.add(programme)
    db.session.flush()
    said = _("Lập chương trình %(title)s", title=programme.title)
    _note(by, "programme.created", programme, said, details)
    return programme


def edit_programme(programme: Programme, details: ProgrammeDetails, *, by: User | None) -> None:
    """Write what the page edits over the programme, whose version the caller has checked."""
    _write_programme(programme, details)
    db.session.flush()
    said = _("Sửa chương trình %(title)s", title=programme.title)
    _note(by, "programme.edited", programme, said, details)


def _write_programme(programme: Programme, details: ProgrammeDetails) -> None:
    if not details.period.is_well_formed:
        raise Refusal(_("Ngày cuối của chương trình phải sau ngày đầu."), where="last_day")
    programme.title = details.title
    programme.document_no = details.document_no
    programme.issued_on = details.issued_on
    programme.authority_unit_id = details.authority_unit_id
    programme.starts_on, programme.ends_on = details.period.starts_on, details.period.ends_on


def add_target(
    programme: Programme, group: CadreGroup, details: TargetDetails, *, by: User | None
) -> Target:
    """What the programme wants of a group; refused when the group has a target in it already."""
    lock(programme)
    if find_target(programme, group.key) is not None:
        raise Refusal(
            _(
                "Nhóm “%(group)s” đã có chỉ tiêu trong chương trình này. Hãy sửa chỉ tiêu đó.",
                group=group.name,
            ),
            where="group",
        )
    target = Target(programme_id=programme.id, group_id=group.id)
    _write_target(target, details)
    db.session.add(target)
    db.session.flush()
    said = _("Thêm chỉ tiêu cho nhóm %(group)s", group=group.name)
    _note(by, "target.added", programme, said, details, group=group.key)
    return target


def edit_target(
    programme: Programme, target: Target, details: TargetDetails, *, by: User | None
) -> None:
    """Write what the page edits over the target, whose version the caller has checked."""
    _write_target(target, details)
    db.session.flush()
    said = _("Sửa chỉ tiêu của nhóm %(group)s", group=target.group.name)
    _note(by, "target.edited", programme, said, details, group=target.group.key)


def _write_target(target: Target, details: TargetDetails) -> None:
    _check_target(details)
    target.percent = details.percent
    target.deadline = details.deadline
    target.origin = details.origin.value
    target.scope_unit_id = details.scope_unit_id
    target.tiers = " ".join(in_order(details.tiers))
    target.grace_days = details.grace_days
    target.starts_on = details.starts_on


def _check_target(details: TargetDetails) -> None:
    if details.percent is not None and not 0 <= details.percent <= 100:
        raise Refusal(
            _("Tỷ lệ phải từ 0 đến 100, không thể là %(percent)s.", percent=details.percent),
            where="percent",
        )
    if details.origin is Origin.NOT_STATED and details.percent is not None:
        raise Refusal(
            _("Đã ghi tỷ lệ thì nguồn chỉ tiêu phải là kế hoạch nêu hoặc kế thừa."),
            where="origin",
        )
    if details.origin is not Origin.NOT_STATED and details.percent is None:
        raise Refusal(_("Hãy ghi tỷ lệ, hoặc chọn nguồn là kế hoạch không nêu."), where="percent")


def add_item(
    programme: Programme, group: CadreGroup, details: ItemDetails, *, by: User | None
) -> list[RequirementOption]:
    """Ask an item of a group, or give an item asked in the same period more alternatives."""
    lock(programme)
    if not details.period.is_well_formed or not details.accepts.is_well_formed:
        raise Refusal(_("Ngày cuối phải sau ngày đầu."), where="last_day")
    _check_alternatives(options_of(programme, group.id, details.item), details)
    rows = [_option(programme, group, details, course) for course in details.course_ids]
    db.session.add_all(rows)
    db.session.flush()
    said = _("Yêu cầu nhóm %(group)s: %(item)s", group=group.name, item=details.item)
    _note(by, "requirement.added", programme, said, details, group=group.key)
    return rows


def _option(
    programme: Programme, group: CadreGroup, details: ItemDetails, course_id: int
) -> RequirementOption:
    return RequirementOption(
        programme_id=programme.id,
        group_id=group.id,
        item=details.item,
        course_id=course_id,
        starts_on=details.period.starts_on,
        ends_on=details.period.ends_on,
        accepts_from=details.accepts.starts_on,
        accepts_to=details.accepts.ends_on,
    )


def _check_alternatives(known: list[RequirementOption], details: ItemDetails) -> None:
    """The rows of one item share its period, and name a course once."""
    if not known:
        return
    if Period(known[0].starts_on, known[0].ends_on) != details.period:
        raise Refusal(
            _(
                "Nội dung “%(item)s” đã được yêu cầu trong một thời gian khác. "
                "Hãy ghi đúng thời gian đó, hoặc đặt tên khác.",
                item=details.item,
            ),
            where="item",
        )
    doubled = {row.course_id for row in known} & set(details.course_ids)
    if doubled:
        course = db.session.get_one(Course, min(doubled))
        raise Refusal(
            _(
                "Khóa “%(course)s” đã có trong nội dung “%(item)s”.",
                course=course.name,
                item=details.item,
            ),
            where="courses",
        )


def end_item(programme: Programme, option: RequirementOption, ends_on: date, *, by: User) -> None:
    """The item is no longer asked from that day on; what was asked before stays asked."""
    lock(programme)
    rows = options_of(programme, option.group_id, option.item)
    if option.starts_on is not None and ends_on <= option.starts_on:
        raise Refusal(
            _("Nội dung này chỉ bắt đầu từ %(day)s.", day=option.starts_on.strftime("%d/%m/%Y")),
            where="last_day",
        )
    for row in rows:
        restate(row, ends_on=ends_on)
    said = _("Thôi yêu cầu %(item)s", item=option.item)
    _note(by, "requirement.ended", programme, said, None, ends_on=ends_on.isoformat())


def retract_options(programme: Programme, rows: Iterable[RequirementOption], *, by: User) -> None:
    """These courses were never meant to be asked; figures known earlier still know them."""
    lock(programme)
    rows = list(rows)
    for row in rows:
        retract(row)
    said = _("Rút yêu cầu %(item)s", item=rows[0].item if rows else "")
    _note(by, "requirement.retracted", programme, said, None, rows=[row.id for row in rows])


def exempt(
    programme: Programme, person: Person, details: ExemptionDetails, *, by: User
) -> Exemption:
    """The person is not asked for the period; refused where another exemption holds a day of it."""
    lock(programme)
    hold(person)
    if not details.period.is_well_formed:
        raise Refusal(_("Ngày cuối phải sau ngày đầu."), where="last_day")
    _check_exemption(programme, person, details)
    made = Exemption(
        person_id=details.person_id,
        programme_id=programme.id,
        group_id=details.group_id,
        starts_on=details.period.starts_on,
        ends_on=details.period.ends_on,
        reason=details.reason,
        approver=details.approver,
        document_no=details.document_no,
    )
    db.session.add(made)
    db.session.flush()
    said = _("Miễn cho %(name)s", name=person.full_name)
    _note(by, "exemption.added", programme, said, details, person=person.key)
    return made


def _check_exemption(programme: Programme, person: Person, details: ExemptionDetails) -> None:
    if details.group_id not in {group.id for group in groups_of_person(person.id)}:
        raise Refusal(_("%(name)s không thuộc nhóm này.", name=person.full_name), where="group")
    for other in exemptions_in_the_way(programme, details.person_id, details.group_id):
        if Period(other.starts_on, other.ends_on).overlaps(details.period):
            raise Refusal(
                _(
                    "%(name)s đã được miễn theo %(document)s trong thời gian này.",
                    name=person.full_name,
                    document=other.document_no or _("một văn bản khác"),
                ),
                where="starts_on",
            )


def retract_exemption(programme: Programme, exemption: Exemption, *, by: User) -> None:
    """The exemption was recorded by mistake; figures known earlier still know it."""
    lock(programme)
    retract(exemption)
    person = db.session.get_one(Person, exemption.person_id)
    said = _("Rút việc miễn cho %(name)s", name=person.full_name)
    _note(by, "exemption.retracted", programme, said, None, person=person.key)


def _note(
    by: User | None, act: str, programme: Programme, said: str, details: Any, **more: Any
) -> None:
    """Write the act into the audit log with what was entered, as plain values."""
    if details:
        more["entered"] = _plain(asdict(details))
    record(by, act, ("programme", programme.key), said, **more)


def _plain(value: Any) -> Any:
    """Days as ISO text and tuples as lists, for JSON."""
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value
