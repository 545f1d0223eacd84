"""What a sealed count rests on, by keys and without tables: the question, the plan, the facts.

Facts are those known at one instant. What the product keeps no history of (names, tiers, a unit's
life, enrolments) is handed in with them, and a seal keeps it, so that it can be handed in again.
"""

from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple


@dataclass(frozen=True)
class Sought:
    """What is sealed: a programme's figures on a day, at a unit and below or everywhere."""

    programme: str
    as_of: date
    unit: str | None = None


@dataclass(frozen=True)
class Way:
    """A course that satisfies an item of a target; the periods are half-open."""

    item: str
    course: str
    starts_on: date | None = None
    ends_on: date | None = None
    accepts_from: date | None = None
    accepts_to: date | None = None


@dataclass(frozen=True)
class Goal:
    """A target as sealed, with all of it that the figures depend on."""

    group: str
    group_name: str = ""
    percent: int | None = None
    deadline: date | None = None
    origin: str = "stated"
    tiers: tuple[str, ...] = ()
    grace_days: int = 0
    scope: str | None = None
    starts_on: date | None = None
    ways: tuple[Way, ...] = ()

    def asks_as(self, other: "Goal | None") -> bool:
        """Whether both put every person into the same state, whatever percentage they want."""
        return other is not None and _asking(self) == _asking(other)


def _asking(goal: Goal) -> Goal:
    return replace(goal, group_name="", percent=None, deadline=None, origin="stated")


@dataclass(frozen=True)
class SealedRules:
    """A plan as sealed: its document and its targets, in the order of their groups."""

    title: str
    document_no: str
    goals: tuple[Goal, ...]

    def goal(self, group: str) -> Goal | None:
        """The target of the group."""
        return next((goal for goal in self.goals if goal.group == group), None)


def plain_rules(rules: SealedRules) -> dict[str, Any]:
    """The plan as JSON has it."""
    found: dict[str, Any] = plain(asdict(rules))
    return found


def read_rules(told: dict[str, Any]) -> SealedRules:
    """The plan back from JSON."""
    goals = tuple(
        Goal(
            **{
                **goal,
                "deadline": read_day(goal["deadline"]),
                "starts_on": read_day(goal["starts_on"]),
                "tiers": tuple(goal["tiers"]),
                "ways": tuple(_read_way(way) for way in goal["ways"]),
            }
        )
        for goal in told["goals"]
    )
    return SealedRules(told["title"], told["document_no"], goals)


def _read_way(told: dict[str, Any]) -> Way:
    days = ("starts_on", "ends_on", "accepts_from", "accepts_to")
    return Way(told["item"], told["course"], **{name: read_day(told[name]) for name in days})


def plain(value: Any) -> Any:
    """Days as ISO text, tuples as lists: what JSON can hold."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [plain(inner) for inner in value]
    return value.isoformat() if isinstance(value, date) else value


def read_day(text: str | None) -> date | None:
    """The day of an ISO text; none stays none."""
    return date.fromisoformat(text) if text else None


class Stint(NamedTuple):
    """A membership in the group at a unit."""

    unit: str
    starts_on: date
    ends_on: date | None = None


class Done(NamedTuple):
    """A completion, void ones too."""

    course: str
    completed_on: date
    valid_through: date | None = None
    revoked_from: date | None = None
    is_void: bool = False


class Leave(NamedTuple):
    """An exemption."""

    starts_on: date | None
    ends_on: date | None = None
    document: str = ""


class Tried(NamedTuple):
    """An enrolment in a session of a course; ``is_over``: on the day sealed."""

    course: str
    state: str
    is_over: bool


class Place(NamedTuple):
    """A unit: its name on the day sealed, its tier and its life."""

    name: str
    tier: str
    starts_on: date | None = None
    ends_on: date | None = None


Who = tuple[str, str]
"""A group and a person, by keys."""


@dataclass
class Facts:
    """The facts known at an instant, and beside them what has no history of its own."""

    places: dict[str, Place] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    stints: dict[Who, list[Stint]] = field(default_factory=dict)
    done: dict[str, list[Done]] = field(default_factory=dict)
    leaves: dict[Who, list[Leave]] = field(default_factory=dict)
    declared: dict[tuple[str, str], int] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    tried: dict[str, list[Tried]] = field(default_factory=dict)

    def path(self, unit: str) -> list[str]:
        """The unit and those above it, by the tree of the day; a circle ends."""
        path = [unit]
        while (above := self.parents.get(path[-1])) is not None and above not in path:
            path.append(above)
        return path
