"""A small province: two units with trained and untrained people, and a programme that asks them."""

from dataclasses import dataclass
from datetime import date

from hrtrain.coverage.models import Programme, Target
from hrtrain.people.models import CadreGroup, Person
from hrtrain.training.models import Course
from hrtrain.units.models import Unit
from tests import makers

TRAINED_ON = date(2025, 5, 10)


@dataclass
class Province:
    """U0 over U1 (2 of 3 trained) and U2 (none of 1 trained); 70 % wanted of the group."""

    top: Unit
    left: Unit
    right: Unit
    other: Unit
    group: CadreGroup
    course: Course
    programme: Programme
    target: Target
    people: list[Person]


def province(percent: int | None = 70, **target: object) -> Province:
    """The province, and a foreign unit outside it."""
    top = makers.unit("u0", name="Tỉnh Tây Ninh")
    left = makers.unit("u1", under=top, name="Sở Văn hóa")
    right = makers.unit("u2", under=top, name="Báo Tây Ninh")
    other = makers.unit("v0", name="Tỉnh khác")
    group, course = makers.group("hr_officer", name="Cán bộ nhân quyền"), makers.course("qcn")
    plan = makers.programme("kh175", document_no="175/KH-UBND", authority_unit_id=top.id)
    wanted = makers.target(plan, group, percent, **target)
    makers.requirement(plan, group, course, "Tập huấn")
    people = [makers.person(name) for name in ("Đỗ Anh", "Trần Thị Ánh", "Lê Văn Ân", "Bùi Đạt")]
    for person, unit in zip(people, (left, left, left, right), strict=True):
        makers.membership(person, group, unit)
    for person in people[:2]:
        makers.completion(person, course, TRAINED_ON)
    return Province(top, left, right, other, group, course, plan, wanted, people)
