"""The worked cases of the meaning of coverage (`docs/coverage.md`), asked as the command asks."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from hrtrain.core.db import db
from hrtrain.coverage.models import Programme, Target
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.rules import Standing, Status
from hrtrain.people.models import CadreGroup, Person
from hrtrain.training.models import Course
from hrtrain.units.models import Unit, UnitParent
from tests import makers

pytestmark = pytest.mark.usefixtures("app")


@dataclass
class World:
    """U1 and U2 below U0; one group, one item with one course, grace 0."""

    units: dict[str, Unit] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.units["U0"] = makers.unit("U0")
        for key in ("U1", "U2"):
            self.units[key] = makers.unit(key, under=self.units["U0"])
        self.group: CadreGroup = makers.group("g")
        self.course: Course = makers.course("c")
        self.programme: Programme = makers.programme("p", authority_unit_id=self.units["U0"].id)
        self.target: Target = makers.target(self.programme, self.group, 70)
        makers.requirement(self.programme, self.group, self.course)

    def member(self, unit: str = "U1", **more: object) -> Person:
        who = makers.person()
        makers.membership(who, self.group, self.units[unit], **more)
        return who

    def trained(self, unit: str = "U1", on: date = date(2021, 1, 1), **more: object) -> Person:
        who = self.member(unit)
        makers.completion(who, self.course, on, **more)
        return who

    def ask(self, unit: str, on: date, group: str = "g") -> Standing:
        db.session.flush()
        (standing,) = standings(Question("p", on, unit, group))
        return standing

    def figures(self, unit: str, on: date) -> tuple[int, int, int]:
        found = self.ask(unit, on)
        return found.trained, found.untrained, found.in_grace


@pytest.fixture
def world(app: object) -> World:
    return World()


def test_two_of_three_are_trained(world: World) -> None:
    world.trained(), world.trained(), world.member()
    for unit in ("U1", "U0"):
        assert world.figures(unit, date(2026, 1, 1)) == (2, 1, 0)
        assert world.ask(unit, date(2026, 1, 1)).rate == "66.7"


def test_the_last_valid_day_counts(world: World) -> None:
    world.trained(valid_through=date(2025, 12, 31))
    assert world.figures("U1", date(2025, 12, 31)) == (1, 0, 0)
    assert world.figures("U1", date(2026, 1, 1)) == (0, 1, 0)


def test_a_completion_counts_from_its_day(world: World) -> None:
    world.trained(on=date(2025, 5, 10))
    assert world.figures("U1", date(2025, 5, 9)) == (0, 1, 0)
    assert world.figures("U1", date(2025, 5, 10)) == (1, 0, 0)


def test_a_revocation_leaves_the_days_before_it(world: World) -> None:
    world.trained(revoked_from=date(2025, 7, 1))
    assert world.figures("U1", date(2025, 6, 30)) == (1, 0, 0)
    assert world.figures("U1", date(2025, 7, 1)) == (0, 1, 0)


def test_a_void_completion_never_counted(world: World) -> None:
    world.trained(is_void=True)
    assert world.figures("U1", date(2025, 6, 30)) == (0, 1, 0)


def test_who_moves_is_counted_where_they_are_on_the_day(world: World) -> None:
    who = world.member("U1", ends_on=date(2025, 4, 1))
    makers.membership(who, world.group, world.units["U2"], starts_on=date(2025, 4, 1))
    makers.completion(who, world.course, date(2021, 1, 1))
    before, after = date(2025, 3, 31), date(2025, 4, 1)
    assert [world.figures(unit, before) for unit in ("U0", "U1", "U2")] == [
        (1, 0, 0),
        (1, 0, 0),
        (0, 0, 0),
    ]
    assert [world.figures(unit, after) for unit in ("U0", "U1", "U2")] == [
        (1, 0, 0),
        (0, 0, 0),
        (1, 0, 0),
    ]


def test_the_last_day_of_membership_counts(world: World) -> None:
    who = world.member(ends_on=date(2025, 9, 1))
    makers.completion(who, world.course, date(2021, 1, 1))
    assert world.figures("U1", date(2025, 8, 31)) == (1, 0, 0)
    assert world.figures("U1", date(2025, 9, 1)) == (0, 0, 0)
    assert world.ask("U1", date(2025, 9, 1)).rate is None


def test_a_person_in_two_groups_is_counted_in_each(world: World) -> None:
    other = makers.group("h")
    makers.target(world.programme, other, 70)
    makers.requirement(world.programme, other, world.course)
    makers.membership(world.trained(), other, world.units["U2"])
    assert world.figures("U0", date(2025, 1, 1)) == (1, 0, 0)
    assert world.ask("U2", date(2025, 1, 1), "h").trained == 1


def test_grace_ends_on_the_due_day(world: World) -> None:
    world.target.grace_days = 90
    world.member(starts_on=date(2025, 6, 1))
    assert world.figures("U1", date(2025, 8, 29)) == (0, 0, 1)
    assert world.ask("U1", date(2025, 8, 29)).rate is None
    assert world.figures("U1", date(2025, 8, 30)) == (0, 1, 0)


@pytest.mark.parametrize(
    ("gap", "expected"), [(0, (0, 1, 0)), (1, (0, 0, 1))], ids=["without a gap", "one day"]
)
def test_grace_starts_again_only_after_a_gap(
    world: World, gap: int, expected: tuple[int, int, int]
) -> None:
    world.target.grace_days = 90
    renewed = date(2025, 7, 1)
    who = world.member(starts_on=date(2025, 1, 1), ends_on=renewed - timedelta(days=gap))
    makers.membership(who, world.group, world.units["U2"], starts_on=renewed)
    assert world.figures("U0", date(2025, 7, 15)) == expected


def test_an_exemption_ends_with_its_period(world: World) -> None:
    who = world.member()
    period = {"starts_on": date(2025, 5, 1), "ends_on": date(2025, 11, 1)}
    makers.exemption(who, world.programme, world.group, **period)
    assert world.figures("U1", date(2025, 10, 31)) == (0, 0, 0)
    assert world.ask("U1", date(2025, 10, 31)).exempt == 1
    assert world.figures("U1", date(2025, 11, 1)) == (0, 1, 0)


def test_nobody_is_lost_in_a_merger(world: World) -> None:
    world.trained("U1")
    on = date(2025, 7, 1)
    who = world.member("U2", ends_on=on)
    makers.membership(who, world.group, world.units["U1"], starts_on=on)
    edge = db.session.query(UnitParent).filter_by(unit_id=world.units["U2"].id).one()
    edge.ends_on = on
    before = [world.figures(unit, date(2025, 6, 30)) for unit in ("U0", "U1", "U2")]
    assert before == [(1, 1, 0), (1, 0, 0), (0, 1, 0)]
    assert [world.figures(unit, on) for unit in ("U0", "U1")] == [(1, 1, 0), (1, 1, 0)]


def test_every_item_is_needed(world: World) -> None:
    makers.requirement(world.programme, world.group, makers.course("second"), "second item")
    world.trained()
    assert world.figures("U1", date(2025, 1, 1)) == (0, 1, 0)


def test_a_course_accepts_completions_of_its_days_only(world: World) -> None:
    old = makers.course("old")
    bound = date(2025, 1, 1)
    makers.requirement(world.programme, world.group, old, accepts_to=bound)
    makers.completion(world.member(), old, date(2024, 12, 31))
    makers.completion(world.member(), old, bound)
    assert world.figures("U1", date(2025, 6, 1)) == (1, 1, 0)


def test_a_parent_counts_people_and_averages_nothing(world: World) -> None:
    world.trained("U1"), world.trained("U2"), world.member("U2"), world.member("U2")
    assert world.figures("U0", date(2025, 1, 1)) == (2, 2, 0)
    assert world.ask("U0", date(2025, 1, 1)).rate == "50.0"


def test_people_declared_but_not_named_keep_the_figure_from_green(world: World) -> None:
    makers.headcount(world.units["U1"], world.group, 30)
    for _each in range(10):
        world.trained()
    found = world.ask("U0", date(2025, 1, 1))
    assert (found.rate, found.strict_rate) == ("100.0", "33.3")
    assert found.status is Status.MET_NAMED_ONLY


def test_declared_people_alone_make_a_shortfall(world: World) -> None:
    makers.headcount(world.units["U1"], world.group, 5)
    found = world.ask("U0", date(2025, 1, 1))
    assert (found.rate, found.strict_rate, found.shortfall) == (None, "0.0", 4)
    assert found.status is Status.SHORT


def test_a_target_not_stated_has_counts_and_rate(world: World) -> None:
    world.target.percent = None
    world.trained()
    found = world.ask("U0", date(2025, 1, 1))
    assert (found.trained, found.rate, found.status) == (1, "100.0", Status.NOT_STATED)
    assert (found.met, found.shortfall) == (None, None)


def test_what_was_typed_in_later_was_not_known_before(world: World) -> None:
    recorded, who = datetime(2025, 6, 1, tzinfo=UTC), world.member()
    _have_been_known_since(datetime(2020, 1, 1, tzinfo=UTC))
    makers.completion(who, world.course, date(2025, 3, 1), recorded_at=recorded)
    asked = Question("p", date(2025, 4, 1), known_at=recorded)
    assert standings(asked)[0].trained == 1
    before = replace(asked, known_at=recorded - timedelta(microseconds=1))
    assert standings(before)[0].trained == 0


def _have_been_known_since(instant: datetime) -> None:
    """What was made so far was recorded long ago."""
    db.session.flush()
    for table in ("unit_parent", "requirement_option", "membership"):
        db.session.execute(db.metadata.tables[table].update().values(recorded_at=instant))
