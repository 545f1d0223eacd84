"""What a merge does with two people's days in groups and their details. Pure."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from hrtrain.core.period import Period

KIND = "merge"
"""Of the acts that merge people."""


class Side(StrEnum):
    """Which of the two records something is taken from."""

    KEPT = "kept"
    MERGED = "merged"


# What is chosen as one, and the columns it is stored in; those that show it come first.
COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "full_name": ("full_name", "sort_key", "search_key"),
        "birth": ("birth_date", "birth_precision"),
        "gender": ("gender",),
        "position": ("position",),
        "phone": ("phone",),
        "email": ("email",),
        "national_id": ("national_id_hash", "national_id_last4"),
    }
)


@dataclass(frozen=True)
class Choices:
    """What somebody decided: by detail, by group's id for days both have, and whose account stays.

    What is not decided is the kept record's; a detail it lacks is the other's.
    """

    fields: Mapping[str, Side] = field(default_factory=dict)
    holders: Mapping[int, Side] = field(default_factory=dict)
    account: Side = Side.KEPT
    reason: str = ""


@dataclass(frozen=True)
class Post:
    """A membership: some days in a group at a unit. ``id`` is that of its row."""

    id: int
    group_id: int
    unit_id: int
    position: str
    period: Period


@dataclass(frozen=True)
class PostPlan:
    """Which rows are retracted, and what is recorded of the kept person in their place."""

    retracted: frozenset[int]
    recorded: tuple[Post, ...]


@dataclass(frozen=True)
class Clash:
    """Days of a group that both records have."""

    group_id: int
    kept: Post
    merged: Post


def plan_posts(
    kept: Sequence[Post], merged: Sequence[Post], holders: Mapping[int, Side]
) -> PostPlan:
    """All of the merged go over to the kept; of days in a group that both have one side's stand."""
    retracted = {post.id for post in merged}
    recorded: list[Post] = []
    for post in merged:
        if holders.get(post.group_id) is Side.MERGED:
            recorded.append(post)
        else:
            recorded += _left_of(post, kept)
    for post in kept:
        if holders.get(post.group_id) is Side.MERGED:
            left = list(_left_of(post, merged))
            if left != [post]:
                retracted.add(post.id)
                recorded += left
    return PostPlan(frozenset(retracted), tuple(recorded))


def clashes(kept: Iterable[Post], merged: Collection[Post]) -> list[Clash]:
    """Where the two have the same day in a group; the same post on both sides is no clash."""
    return [
        Clash(mine.group_id, mine, theirs)
        for mine in kept
        for theirs in merged
        if mine.group_id == theirs.group_id
        and mine.period.overlaps(theirs.period)
        and replace(mine, id=0) != replace(theirs, id=0)
    ]


def side_of_field(name: str, values: Mapping[Side, str], choices: Choices) -> Side:
    """Whose detail the kept person has afterwards."""
    chosen = choices.fields.get(name)
    return chosen if chosen is not None else fuller(name, values)


def fuller(name: str, values: Mapping[Side, str]) -> Side:
    """The kept record's, unless it lacks it or knows less of a birth date."""
    mine, theirs = values[Side.KEPT], values[Side.MERGED]
    if name == "birth" and theirs.startswith(mine):
        return Side.MERGED if len(theirs) > len(mine) else Side.KEPT
    return Side.KEPT if mine or not theirs else Side.MERGED


def _left_of(post: Post, others: Iterable[Post]) -> Iterator[Post]:
    """The parts of the post on whose days none of the others is in its group."""
    days = [post.period]
    for other in others:
        if other.group_id == post.group_id:
            days = [part for period in days for part in without(period, other.period)]
    return (replace(post, period=period) for period in days)


def without(period: Period, other: Period) -> list[Period]:
    """The days of the period that the other has not: none, one part or two."""
    if not period.overlaps(other):
        return [period]
    parts = []
    if other.starts_on is not None:
        parts.append(Period(period.starts_on, other.starts_on))
    if other.ends_on is not None:
        parts.append(Period(other.ends_on, period.ends_on))
    return [part for part in parts if part.is_well_formed]
