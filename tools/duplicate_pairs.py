"""Makes the labelled pairs of tests/files/duplicates anew.

Made-up people of made-up units are written down twice by made-up clerks, who leave out, shorten,
swap and mistype; who is who is known because the script made them. It knows nothing of the matcher.
Rows made by hand (column ``made``) are kept as they stand.
"""

import csv
import json
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from random import Random

FOLDER = Path(__file__).parents[1] / "tests" / "files" / "duplicates"
SEED, PEOPLE, EACH = 20261122, 4000, 260
COLUMNS = ("name", "birth", "gender", "phone", "email", "national_id", "unit")

# Families, middle and given names by how common they are: a few cover most people.
NAMES = json.loads((FOLDER / "names.json").read_text("utf-8"))


@dataclass(frozen=True)
class Record:
    """What a list says of somebody."""

    name: str
    birth: str
    gender: str
    phone: str
    email: str
    national_id: str
    unit: str


@dataclass(frozen=True)
class Pair:
    """Two records, why they were made, and whether they are of one person."""

    kind: str
    is_same: bool
    one: Record
    other: Record


def main() -> None:
    """Write pairs.csv: the rows made by hand as they stand, then those of this script."""
    path = FOLDER / "pairs.csv"
    by_hand = [row for row in _rows(path) if row["made"] == "hand"]
    made = [_row(pair) for pair in pairs(Random(SEED))]
    rows = [{**row, "pair": n} for n, row in enumerate([*by_hand, *made], 1)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{len(by_hand)} by hand, {len(made)} by the script")


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _row(pair: Pair) -> dict[str, object]:
    sides = {"a": asdict(pair.one), "b": asdict(pair.other)}
    values = {f"{name}_{side}": sides[side][name] for side in "ab" for name in COLUMNS}
    return {
        "pair": 0,
        "made": "script",
        "kind": pair.kind,
        "same": "yes" if pair.is_same else "no",
        **values,
    }


def pairs(dice: Random) -> list[Pair]:
    """As many of one person as of two, those of two chosen among people who share something."""
    units = [
        row["unit"] for row in _rows(FOLDER / "units.csv") if row["unit"] not in ("VN", "P1", "P2")
    ]
    people = [_somebody(dice, units) for _ in range(PEOPLE)]
    clerk = Clerk(dice, units)
    same = [
        Pair("twice", is_same=True, one=clerk.note(who), other=clerk.note(who, is_careless=True))
        for who in dice.sample(people, EACH)
    ]
    alike = dice.sample(sorted(_alike(people)), EACH - 60)
    two = [
        Pair("alike", False, clerk.note(people[a]), clerk.note(people[b], True)) for a, b in alike
    ]
    relatives = [
        *_relatives(dice, people, _twin, "twins", 30),
        *_relatives(dice, people, _child, "child", 15),
    ]
    relatives += _relatives(dice, people, _namesake, "namesake", 15)
    two += [Pair(kind, False, clerk.note(a), clerk.note(b, True)) for kind, a, b in relatives]
    return [*same, *two]


def _alike(people: list[Record]) -> Iterator[tuple[int, int]]:
    """Pairs that a look through a list would stop at: a name and a year, or a day of birth."""
    for key in (_name_and_year, _name_and_unit, _day_and_family):
        found: dict[tuple[str, ...], list[int]] = {}
        for place, who in enumerate(people):
            found.setdefault(key(who), []).append(place)
        for places in found.values():
            yield from list(combinations(places, 2))[:2]


def _name_and_year(who: Record) -> tuple[str, ...]:
    return _bare(who.name), who.birth[:4]


def _name_and_unit(who: Record) -> tuple[str, ...]:
    return _bare(who.name), who.unit


def _day_and_family(who: Record) -> tuple[str, ...]:
    return who.name.split()[0], who.birth


def _somebody(dice: Random, units: list[str]) -> Record:
    gender = dice.choice(("male", "female"))
    if dice.random() < 0.06:
        name = dice.choice(NAMES["whole"])
    else:
        parts = (NAMES["family"], NAMES["middle"][gender])
        name = " ".join([*(_weighted(dice, part) for part in parts), _given(dice, gender)])
    born = date(1965, 1, 1) + timedelta(days=dice.randrange(36 * 365))
    phone = "0" + dice.choice("35789") + "".join(dice.choices("0123456789", k=8))
    mail = f"{_bare(name).replace(' ', '')[-8:]}{dice.randrange(100)}@example.gov.vn"
    born_where, is_woman = f"0{dice.randrange(10, 96)}", int(gender == "female")
    number = f"{born_where}{is_woman}{born.year % 100:02}{dice.randrange(10**6):06}"
    return Record(name, born.isoformat(), gender, phone, mail, number, dice.choice(units))


def _weighted(dice: Random, words: dict[str, int]) -> str:
    return dice.choices(list(words), list(words.values()))[0]


def _given(dice: Random, gender: str) -> str:
    return str(dice.choice(NAMES["given"][gender].split()))


def _relatives(
    dice: Random,
    people: list[Record],
    other: Callable[[Random, Record], Record],
    kind: str,
    count: int,
) -> list[tuple[str, Record, Record]]:
    return [(kind, who, other(dice, who)) for who in dice.sample(people, count)]


def _twin(dice: Random, who: Record) -> Record:
    """Born the same day, the given name another; often in the same commune."""
    given = _given(dice, who.gender)
    while given == who.name.split()[-1]:
        given = _given(dice, who.gender)
    name = " ".join([*who.name.split()[:-1], given])
    stranger = _somebody(dice, [who.unit, who.unit, "X2"])
    return replace(stranger, name=name, birth=who.birth, gender=who.gender)


def _child(dice: Random, who: Record) -> Record:
    """A generation younger, the same family name, sometimes the same telephone."""
    words = who.name.split()
    child = _somebody(dice, [who.unit])
    name = " ".join([words[0], *child.name.split()[1:]])
    year = min(2004, int(who.birth[:4]) + dice.randrange(20, 32))
    birth = f"{year}-{child.birth[5:7]}-{min(28, int(child.birth[8:])):02}"
    return replace(
        child, name=name, birth=birth, phone=who.phone if dice.random() < 0.4 else child.phone
    )


def _namesake(dice: Random, who: Record) -> Record:
    """The same name in the same unit, born some years before or after."""
    other = _somebody(dice, [who.unit])
    year = int(who.birth[:4]) + dice.choice((-7, -4, -2, 2, 3, 5, 9))
    return replace(
        other,
        name=who.name,
        gender=who.gender,
        birth=f"{year}{other.birth[4:8]}{min(28, int(other.birth[8:])):02}",
    )


class Clerk:
    """Writes people down as offices do."""

    def __init__(self, dice: Random, units: list[str]) -> None:
        self.dice, self.units = dice, units
        rows = _rows(FOLDER / "units.csv")
        self.near = {
            row["unit"]: [n for n in (row["parent"], row["successor"]) if n] for row in rows
        }

    def note(self, who: Record, is_careless: bool = False) -> Record:
        """What is written: something is mostly missing; a careless clerk changes something too."""
        noted = Record(
            who.name,
            self._birth(who.birth),
            *(
                value if self._happens(share) else ""
                for value, share in (
                    (who.gender, 0.8),
                    (who.phone, 0.6),
                    (who.email, 0.35),
                    (who.national_id, 0.45),
                    (who.unit, 0.97),
                )
            ),
        )
        return self._careless(noted) if is_careless else noted

    def _happens(self, share: float) -> bool:
        return self.dice.random() < share

    def _birth(self, birth: str) -> str:
        chance = self.dice.random()
        return (
            birth
            if chance < 0.74
            else birth[:4]
            if chance < 0.92
            else birth[:7]
            if chance < 0.94
            else ""
        )

    def _careless(self, who: Record) -> Record:
        name = who.name
        for share, change in (
            (0.25, self._tones),
            (0.06, self._slip),
            (0.07, self._mark),
            (0.12, self._shorter),
            (0.04, self._initials),
            (0.05, self._given_first),
            (0.12, _unmarked),
            (0.10, str.upper),
            (0.06, self._title),
            (0.08, _decomposed),
        ):
            if self._happens(share):
                name = change(name)
        return replace(
            who,
            name=name,
            birth=self._mistyped(who.birth),
            phone=self._digits("0", 10) if who.phone and self._happens(0.2) else who.phone,
            national_id=self._digits("1", 9)
            if who.national_id and self._happens(0.06)
            else who.national_id,
            unit=self._elsewhere(who.unit) if who.unit and self._happens(0.25) else who.unit,
        )

    def _tones(self, name: str) -> str:
        for written, other in NAMES["other_way"].items():
            name = name.replace(written, other)
        return name

    def _slip(self, name: str) -> str:
        words = name.split()
        place = self.dice.randrange(len(words))
        word = words[place]
        at = self.dice.randrange(len(word))
        words[place] = (
            word[:at] + word[at + 1 :] if len(word) > 3 else word + self.dice.choice("nhg")
        )
        return " ".join(words)

    def _mark(self, name: str) -> str:
        words = name.split()
        place = self.dice.randrange(len(words))
        words[place] = (
            _unmarked(words[place])
            if self._happens(0.5)
            else words[place].replace("ễ", "ể").replace("ũ", "ủ").replace("ị", "i")
        )
        return " ".join(words)

    def _shorter(self, name: str) -> str:
        words = name.split()
        return " ".join([words[0], *words[2:]]) if len(words) > 2 else name

    def _initials(self, name: str) -> str:
        *rest, given = name.split()
        return " ".join([*(f"{word[0]}." for word in rest), given])

    def _given_first(self, name: str) -> str:
        *rest, given = name.split()
        return " ".join([given, *rest])

    def _title(self, name: str) -> str:
        return f"{self.dice.choice(('Đ/c', 'Ông', 'Bà', 'ThS.', 'TS.'))} {name}"

    def _mistyped(self, birth: str) -> str:
        if len(birth) != 10:
            return birth
        year, month, day = birth.split("-")
        chance = self.dice.random()
        if chance < 0.05 and int(day) <= 12:
            return f"{year}-{day}-{month}"
        if chance < 0.09:
            return f"{year}-{month}-{self.dice.randrange(1, 29):02}"
        if chance < 0.12:
            return f"{int(year) + self.dice.choice((-1, 1, 10))}-{month}-{day}"
        return f"{year}-01-01" if chance < 0.16 else birth

    def _digits(self, first: str, count: int) -> str:
        return first + "".join(self.dice.choices("0123456789", k=count - 1))

    def _elsewhere(self, unit: str) -> str:
        near = self.near.get(unit)
        return (
            self.dice.choice(near) if near and self._happens(0.6) else self.dice.choice(self.units)
        )


def _bare(name: str) -> str:
    return _unmarked(name).lower()


def _unmarked(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _decomposed(name: str) -> str:
    return unicodedata.normalize("NFD", name)


if __name__ == "__main__":
    main()
