"""The labelled pairs of tests/files/duplicates, as the matcher takes them."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from hrtrain.people.duplicates.blocks import blocks_of
from hrtrain.people.duplicates.places import Places
from hrtrain.people.duplicates.rules import Identity, Level, Verdict, compare

FOLDER = Path(__file__).parents[1] / "files" / "duplicates"
_UNITS = list(csv.DictReader((FOLDER / "units.csv").read_text("utf-8").splitlines()))
_NUMBERS = {row["unit"]: number for number, row in enumerate(_UNITS, 1)}
PLACES = Places(
    {_NUMBERS[row["unit"]]: [_NUMBERS[row["parent"]]] for row in _UNITS if row["parent"]},
    [(_NUMBERS[row["unit"]], _NUMBERS[row["successor"]]) for row in _UNITS if row["successor"]],
)


@dataclass(frozen=True)
class Judged:
    """A labelled pair and what the matcher says of it."""

    row: Mapping[str, str]
    verdict: Verdict
    is_met: bool

    @property
    def is_same(self) -> bool:
        return self.row["same"] == "yes"

    @property
    def is_proposed(self) -> bool:
        return self.is_met and self.verdict.is_proposed


def rows() -> list[dict[str, str]]:
    with (FOLDER / "pairs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def judged(pairs: Iterable[Mapping[str, str]]) -> Iterator[Judged]:
    for row in pairs:
        one, other = identity(row, "a", 1), identity(row, "b", 2)
        is_met = not blocks_of(one, PLACES).isdisjoint(blocks_of(other, PLACES))
        yield Judged(row, compare(one, other, PLACES), is_met)


def identity(row: Mapping[str, str], side: str, number: int) -> Identity:
    national_id, unit = row[f"national_id_{side}"], row[f"unit_{side}"]
    return Identity(
        id=number,
        full_name=row[f"name_{side}"],
        birth_date=row[f"birth_{side}"],
        gender=row[f"gender_{side}"],
        phone=row[f"phone_{side}"],
        email=row[f"email_{side}"],
        national_id_hash=sha256(national_id.encode()).hexdigest() if national_id else "",
        national_id_last4=national_id[-4:],
        units=frozenset({_NUMBERS[unit]} if unit else ()),
    )


def figures(pairs: Iterable[Judged], least: Level = Level.POSSIBLE) -> tuple[float, float]:
    """Precision and recall where pairs of this level and above are proposed."""
    levels = list(Level)[: list(Level).index(least) + 1]
    met = [(one.is_same, one.is_met and one.verdict.level in levels) for one in pairs]
    right = met.count((True, True))
    return right / max(1, right + met.count((False, True))), right / (
        right + met.count((True, False))
    )
