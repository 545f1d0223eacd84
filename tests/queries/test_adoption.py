"""A programme made of a preset has the plan's targets and the chosen courses."""

import pytest
from sqlalchemy import select

from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.coverage.adoption import adopt
from hrtrain.coverage.models import RequirementOption, Target
from hrtrain.coverage.presets import Preset, find_preset, presets
from hrtrain.people.models import CadreGroup
from tests import makers

pytestmark = pytest.mark.usefixtures("app")


def preset(key: str) -> Preset:
    found = find_preset(key)
    assert found is not None
    return found


def test_cao_bang_asks_two_things_of_its_second_group() -> None:
    courses = {"tap_huan": makers.course(), "tai_lieu": makers.course(kind="material")}
    adopt(preset("cao_bang_2018"), courses=courses, by=None)
    asked = select(CadreGroup.key, RequirementOption.item).join(
        CadreGroup, CadreGroup.id == RequirementOption.group_id
    )
    assert {tuple(row) for row in db.session.execute(asked)} == {
        ("journalist", "Tập huấn"),
        ("hr_press_manager", "Tập huấn"),
        ("hr_press_manager", "Trang bị tài liệu"),
    }


def test_not_stated_stays_empty() -> None:
    adopt(preset("soc_trang_2024"), courses={}, by=None)
    targets = db.session.scalars(select(Target)).all()
    assert {(t.percent, t.deadline, t.origin) for t in targets} == {(None, None, "not_stated")}


def test_every_preset_can_be_adopted_beside_the_others() -> None:
    unit = makers.unit()
    for plan in presets():
        made = adopt(plan, authority_unit=unit, scope_unit=unit, courses={}, by=None)
        assert made.key == plan.key
    assert len(db.session.scalars(select(CadreGroup)).all()) == 6


def test_item_without_course_is_named() -> None:
    with pytest.raises(Refusal, match="Trang bị tài liệu"):
        adopt(preset("cao_bang_2018"), courses={"tap_huan": makers.course()}, by=None)


def test_same_plan_twice_is_refused() -> None:
    adopt(preset("can_tho_2024"), courses={}, by=None)
    with pytest.raises(Refusal, match="can_tho_2024"):
        adopt(preset("can_tho_2024"), courses={}, by=None)
