"""Make a programme of a preset: its groups, targets and requirements become data, free to edit."""

from collections.abc import Mapping

from sqlalchemy import select

from hrtrain.accounts.actions import record
from hrtrain.accounts.models import User
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.coverage.models import Programme, RequirementOption, Target
from hrtrain.coverage.presets import Preset, PresetTarget
from hrtrain.people.models import CadreGroup
from hrtrain.training.models import Course
from hrtrain.units.models import Unit


def adopt(
    preset: Preset,
    *,
    key: str = "",
    authority_unit: Unit | None = None,
    scope_unit: Unit | None = None,
    courses: Mapping[str, Course],
    by: User | None,
) -> Programme:
    """Create the programme with its targets, and its requirements for the courses chosen.

    ``courses`` gives the course of each item; none at all leaves the requirements for later
    (nothing is asked until then). Refused: a key already taken, and a course chosen for some
    items but not for others, because an item left out would quietly weaken the requirement.
    """
    programme = _programme(preset, key or preset.key, authority_unit)
    for wanted in preset.targets:
        group = _group(wanted)
        db.session.add(_target(programme, group, wanted, scope_unit))
        if courses:
            db.session.add_all(_requirement(programme, group, wanted, courses))
    db.session.flush()
    record(by, "programme.add", ("programme", programme.key), preset.title, preset=preset.key)
    return programme


def _programme(preset: Preset, key: str, authority_unit: Unit | None) -> Programme:
    if db.session.scalar(select(Programme.id).where(Programme.key == key)):
        raise Refusal(_("Đã có chương trình mang mã %(key)s.", key=key), where="key")
    programme = Programme(
        key=key,
        title=preset.title,
        document_no=preset.document_no,
        issued_on=preset.issued_on,
        authority_unit_id=authority_unit.id if authority_unit else None,
        starts_on=preset.starts_on,
        ends_on=preset.ends_on,
    )
    db.session.add(programme)
    db.session.flush()
    return programme


def _group(wanted: PresetTarget) -> CadreGroup:
    group = db.session.scalar(select(CadreGroup).where(CadreGroup.key == wanted.group))
    if group is None:
        group = CadreGroup(key=wanted.group, name=wanted.group_name, name_en=wanted.group_name_en)
        db.session.add(group)
        db.session.flush()
    return group


def _target(
    programme: Programme, group: CadreGroup, wanted: PresetTarget, scope_unit: Unit | None
) -> Target:
    return Target(
        programme_id=programme.id,
        group_id=group.id,
        percent=wanted.percent,
        deadline=wanted.deadline,
        origin=wanted.origin,
        scope_unit_id=scope_unit.id if scope_unit else None,
        tiers=" ".join(wanted.tiers),
    )


def _requirement(
    programme: Programme, group: CadreGroup, wanted: PresetTarget, courses: Mapping[str, Course]
) -> list[RequirementOption]:
    left_out = [item.name for item in wanted.items if item.item not in courses]
    if left_out:
        raise Refusal(
            _("Chưa chọn khóa học cho điều kiện “%(item)s”.", item=left_out[0]), where="courses"
        )
    return [
        RequirementOption(
            programme_id=programme.id,
            group_id=group.id,
            item=item.name,
            course_id=courses[item.item].id,
        )
        for item in wanted.items
    ]
