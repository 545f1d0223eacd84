"""How alike two birth dates are, each cut to its precision (``1985``, ``1985-03``). Pure."""

from enum import StrEnum

from hrtrain.people.duplicates.names import is_one_slip

_FULL = len("1985-03-02")


class BirthMatch(StrEnum):
    """The best that can be said of two birth dates."""

    SAME_DAY = "same_birth_date"
    SAME_MONTH = "same_birth_month"
    SAME_YEAR = "same_birth_year"
    SWAPPED = "birth_swapped"
    SLIP = "birth_slip"
    OTHER_DAY = "other_day_of_birth"
    DIFFERENT = "other_birth"
    UNKNOWN = "no_birth"


def compare_births(one: str, other: str) -> BirthMatch:
    """What both say, as far as the less precise goes.

    The first of January stands for a bare year in many lists, and is taken for no more than that.
    """
    if not one or not other:
        return BirthMatch.UNKNOWN
    if one[:4] == other[:4] and (_is_bare_year(one) or _is_bare_year(other)):
        return BirthMatch.SAME_YEAR
    if len(one) == len(other) == _FULL:
        return _of_days(one, other)
    least = min(len(one), len(other))
    if one[:least] != other[:least]:
        return BirthMatch.DIFFERENT
    return BirthMatch.SAME_MONTH if least > len("1985") else BirthMatch.SAME_YEAR


def _is_bare_year(birth: str) -> bool:
    return len(birth) == len("1985") or birth.endswith("-01-01")


def _of_days(one: str, other: str) -> BirthMatch:
    if one == other:
        return BirthMatch.SAME_DAY
    if one == f"{other[:4]}-{other[8:]}-{other[5:7]}":
        return BirthMatch.SWAPPED
    if is_one_slip(_digits(one), _digits(other)):
        return BirthMatch.SLIP
    return BirthMatch.OTHER_DAY if one[:7] == other[:7] else BirthMatch.DIFFERENT


def _digits(birth: str) -> str:
    return birth.replace("-", "")
