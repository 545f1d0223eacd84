"""The demo's sealed report: sealed, then things became known, then restated with their causes.

What became known is done by the product's own acts; every step leaves alone what is there already.
"""

from datetime import date

from sqlalchemy import select

from hrtrain.accounts.models import User
from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.coverage.models import Programme
from hrtrain.coverage.seals.actions import restate, seal
from hrtrain.coverage.seals.facts import Sought
from hrtrain.coverage.seals.models import Seal
from hrtrain.coverage.seals.queries import content_of, find_seal, frozen
from hrtrain.exchange.demo import organisations as org
from hrtrain.exchange.demo.people import HR, IC
from hrtrain.exchange.demo.training import OUTSIDE
from hrtrain.people.actions import retract_membership, transfer_membership
from hrtrain.people.models import CadreGroup, Membership, Person
from hrtrain.training.actions.completions import record_completion
from hrtrain.training.models import Course
from hrtrain.training.rules import CompletionDetails
from hrtrain.units.models import Unit

FIRST, SECOND = "demo-quy-3-2026", "demo-quy-3-2026-lap-lai"
DAY = date(2026, 9, 30)
_SOUGHT = Sought("long_an_2023", DAY, org.TAY_NINH)


def seal_once(by: User) -> None:
    """Seal the third quarter of the province's plan."""
    if find_seal(FIRST) is None:
        programme = db.session.scalars(
            select(Programme).where(Programme.key == _SOUGHT.programme)
        ).one()
        ready = frozen(programme, _SOUGHT, clock.now())
        seal(FIRST, ready, title="Báo cáo quý III năm 2026", note="Nộp Ban Chỉ đạo", by=by)


def restate_once(by: User) -> None:
    """Let three things become known, and restate: beside the revocation, three more causes."""
    old = find_seal(FIRST)
    if old is None or find_seal(SECOND) is not None:
        return
    moved, mistaken = _hr_officers(old)
    _train_outside(old, by)
    there = db.session.scalars(select(Unit).where(Unit.key == mistaken[1])).one()
    placed = _membership(moved[0], HR)
    transfer_membership(placed, there, date(2026, 9, 15), placed.position, by=by)
    retract_membership(_membership(mistaken[0], HR), "Ghi nhầm người cùng tên", by=by)
    ready = frozen(old.programme, _SOUGHT, clock.now())
    note = "Cập nhật theo kết luận kiểm tra và báo cáo bổ sung của các đơn vị"
    restate(old, SECOND, ready, note=note, by=by)


def _hr_officers(old: Seal) -> tuple[tuple[str, str], tuple[str, str]]:
    """Two untrained officers of two communes, each with the office's key."""
    found: dict[str, str] = {}
    for one in content_of(old)["people"]:
        if one["group"] == HR and one["state"] == "untrained" and one["unit"][:5] == "vhxh-":
            found.setdefault(one["unit"], one["person"])
    first, second, *_others = sorted(found)
    return (found[first], first), (found[second], second)


def _membership(person: str, group: str) -> Membership:
    return db.session.scalars(
        select(Membership)
        .join(Person, Person.id == Membership.person_id)
        .join(CadreGroup, CadreGroup.id == Membership.group_id)
        .where(Person.key == person, CadreGroup.key == group)
        .where(Membership.ends_on.is_(None), Membership.retracted_at.is_(None))
    ).one()


def _train_outside(old: Seal, by: User) -> None:
    """Somebody had been trained elsewhere, whose document comes only now."""
    key = next(
        one["person"]
        for one in content_of(old)["people"]
        if one["group"] == IC and one["state"] == "untrained"
    )
    person = db.session.scalars(select(Person).where(Person.key == key)).one()
    course = db.session.scalars(select(Course).where(Course.key == OUTSIDE)).one()
    details = CompletionDetails(course.id, date(2026, 9, 10), "outside", "77/GCN-HVCTQG")
    record_completion(person, details, by=by, today=clock.today())
