"""The grade beside a percentage: each gap's share against its limits; the worst gap decides. Pure.

`docs/trust.md` and the page ``/trust`` tell these rules from the one table below. A gap that grows
never betters a grade: each gap is judged alone, by its share, and no gap makes up for another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from hrtrain.coverage.rules import Standing, Status, shown_rate


class Gap(StrEnum):
    """What may be missing under a figure."""

    UNCONFIRMED = "unconfirmed"
    UNNAMED = "unnamed"
    SILENT = "silent"
    NO_EVIDENCE = "no_evidence"
    NO_BIRTH = "no_birth"
    NO_IDENTITY = "no_identity"


GRADES = ("A", "B", "C", "D")
LIMITS: dict[Gap, tuple[int, int, int]] = {
    Gap.UNCONFIRMED: (0, 10, 30),
    Gap.UNNAMED: (0, 10, 30),
    Gap.SILENT: (0, 10, 30),
    Gap.NO_EVIDENCE: (1, 10, 30),
    Gap.NO_BIRTH: (1, 5, 20),
    # The law lets nobody be made to give it (domain.md, 5): a figure may be good without it.
    Gap.NO_IDENTITY: (50, 100, 100),
}
"""Up to which percentage of those it is a share of a gap allows the grades A, B and C."""


@dataclass(frozen=True)
class Missing:
    """A gap: how many of how many; ``units`` where people stand in the place of units."""

    gap: Gap
    count: int
    of: int
    units: int = 0

    @property
    def share(self) -> str | None:
        """The share in percent as rates are shown; None of none."""
        return shown_rate(self.count, self.of)

    @property
    def grade(self) -> str:
        """What this gap alone allows."""
        return grade_for(self.gap, self.count, self.of)


def grade_for(gap: Gap, count: int, of: int) -> str:
    """The grade that so many of so many allow; a gap in nothing at all allows D only."""
    for grade, limit in zip(GRADES, LIMITS[gap], strict=False):
        if count == 0 or (of > 0 and count * 100 <= limit * of):
            return grade
    return GRADES[-1]


@dataclass(frozen=True)
class Trust:
    """A standing's gaps, all of them in the order of `Gap`, and what they come to.

    ``grade`` is None where there is no percentage to trust, or not all gaps are counted.
    """

    gaps: tuple[Missing, ...]
    grade: str | None

    @property
    def telling(self) -> Sequence[Missing]:
        """The gaps that there are, the gravest first."""
        return sorted((one for one in self.gaps if one.count), key=lambda one: one.grade)[::-1]

    @property
    def deciding(self) -> Sequence[Missing]:
        """The gaps that keep the grade from being better."""
        return [one for one in self.gaps if one.grade == self.grade and one.grade != GRADES[0]]


def worst(grades: Sequence[str]) -> str:
    """The worst of them; the best there is where there are none."""
    return max(grades, default=GRADES[0])


def trust_of(standing: Standing, silent: tuple[int, int] | None) -> Trust:
    """The trust in a standing; ``silent``: units never heard from, of how many in scope."""
    people, trained = standing.in_scope, standing.trained
    gaps = [Missing(Gap.UNNAMED, standing.unnamed, people + standing.unnamed)]
    doubts = standing.doubts
    if doubts is not None:
        units = standing.units_unconfirmed
        gaps.insert(0, Missing(Gap.UNCONFIRMED, doubts.unsure, people, units))
        gaps += [
            Missing(Gap.NO_EVIDENCE, doubts.no_evidence, trained),
            Missing(Gap.NO_BIRTH, doubts.no_birth, people),
            Missing(Gap.NO_IDENTITY, doubts.no_identity, people),
        ]
    if silent is not None:
        gaps.insert(2, Missing(Gap.SILENT, *silent))
    is_whole = doubts is not None and silent is not None
    has_rate = standing.status is not Status.NOTHING_ASKED
    grade = worst([one.grade for one in gaps]) if is_whole and has_rate else None
    return Trust(tuple(gaps), grade)
