"""Rules of the figures: rates, shortfall, status. Whole numbers only; a person's state is `states`.

The meaning is that of ``docs/coverage.md``: what is shown never flatters what was counted.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Status(StrEnum):
    """What a figure says about its target."""

    MET = "met"
    MET_NAMED_ONLY = "met_named_only"
    SHORT = "short"
    NOT_STATED = "not_stated"
    NOTHING_ASKED = "nothing_asked"


def shown_rate(numerator: int, denominator: int, percent: int | None = None) -> str | None:
    """A rate in percent with one decimal, half up; None when nobody is below the line.

    100.0 is shown only when all are counted above, 0.0 only when nobody is, and a rate short of
    the target's percentage is shown one tenth below it at most.
    """
    if denominator == 0:
        return None
    tenths = (2000 * numerator + denominator) // (2 * denominator)
    if numerator < denominator:
        tenths = min(tenths, 999)
    if numerator > 0:
        tenths = max(tenths, 1)
    if percent is not None and not reaches(numerator, denominator, percent):
        tenths = min(tenths, percent * 10 - 1)
    return f"{tenths // 10}.{tenths % 10}"


def reaches(numerator: int, denominator: int, percent: int) -> bool:
    """Whether the rate is at least the percentage, decided in whole numbers."""
    return numerator * 100 >= percent * denominator


def shortfall(trained: int, wanted: int, percent: int) -> int:
    """How many more people must be trained for the percentage of ``wanted`` (70 % of 13 is 10)."""
    return max(0, -(-percent * wanted // 100) - trained)


@dataclass(frozen=True)
class Doubts:
    """What a standing's people give reason to doubt (`trust`): a person may have several.

    ``unsure`` are at units that have not declared; ``no_evidence`` are counted as trained.
    """

    unsure: int = 0
    no_birth: int = 0
    no_identity: int = 0
    no_evidence: int = 0


@dataclass(frozen=True)
class Standing:
    """The figures of one target in one unit and below (or in the unit alone) on a day.

    ``unit`` is None where the target has no scope and none was asked. ``percent`` is None when
    the plan does not state one. ``units_unconfirmed`` counts the units that have members and no
    declared headcount. When ``is_asked`` is false every count is zero.
    """

    programme: str
    programme_title: str
    group: str
    group_name: str
    unit: str | None
    unit_name: str
    percent: int | None = None
    deadline: date | None = None
    origin: str = "stated"
    is_asked: bool = True
    in_scope: int = 0
    exempt: int = 0
    in_grace: int = 0
    trained: int = 0
    unnamed: int = 0
    units_unconfirmed: int = 0
    # None where they are not counted: live, and as known at an instant. No figure, so not compared.
    doubts: Doubts | None = field(default=None, compare=False)
    # The number of the unit below which it was counted (0: all), and the tiers that count.
    place: tuple[int, str] = field(default=(0, ""), compare=False)
    # Of figures by today's tree: which part of a target's people, whatever the unit (`restated`).
    part: str = ""

    @property
    def untrained(self) -> int:
        """The rest: neither exempt nor trained nor in grace."""
        return self.in_scope - self.exempt - self.in_grace - self.trained

    @property
    def required(self) -> int:
        """Those below the line: trained and untrained."""
        return self.trained + self.untrained

    @property
    def with_unnamed(self) -> int:
        """Those below the strict line: required, and declared but not named."""
        return self.required + self.unnamed

    @property
    def rate(self) -> str | None:
        """The shown rate among the named, ``75.0``; None for "—"."""
        return shown_rate(self.trained, self.required, self.percent)

    @property
    def strict_rate(self) -> str | None:
        """The shown rate with the unnamed below the line."""
        return shown_rate(self.trained, self.with_unnamed, self.percent)

    @property
    def is_confirmed(self) -> bool:
        """Whether every unit with members has declared its headcount."""
        return self.units_unconfirmed == 0

    @property
    def is_met_on_named(self) -> bool:
        """Whether the named people alone reach the target."""
        return (
            self.percent is not None
            and self.required > 0
            and reaches(self.trained, self.required, self.percent)
        )

    @property
    def status(self) -> Status:
        """What the figure says about the target."""
        if not self.is_asked or self.with_unnamed == 0:
            return Status.NOTHING_ASKED
        if self.percent is None:
            return Status.NOT_STATED
        if self.is_confirmed and reaches(self.trained, self.with_unnamed, self.percent):
            return Status.MET
        return Status.MET_NAMED_ONLY if self.is_met_on_named else Status.SHORT

    @property
    def met(self) -> bool | None:
        """True only for status ``met``; None where there is no answer."""
        if self.status in (Status.NOTHING_ASKED, Status.NOT_STATED):
            return None
        return self.status is Status.MET

    @property
    def shortfall(self) -> int | None:
        """People still to be trained; None without a percentage or when nothing is asked."""
        if self.percent is None or self.status is Status.NOTHING_ASKED:
            return None
        return shortfall(self.trained, self.with_unnamed, self.percent)
