"""The demo's people: who they are, where they worked from when to when, in which cadre group."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from hrtrain.core.text import search_key
from hrtrain.exchange.demo import organisations as org
from hrtrain.exchange.demo.clocks import as_known
from hrtrain.exchange.demo.names import Namer

MERGER = date(2025, 7, 1)
PRESS_MERGER = date(2025, 3, 1)
TODAY = date(2026, 11, 22)
_LONG_AGO, _MIDWAY, _LATELY = date(2022, 1, 1), date(2024, 6, 1), date(2025, 6, 1)
HR, IC, PRESS, SPO = "hr_officer", "ic_manager", "press_external_info", "spo_key_official"
JOURNALIST, HR_PRESS = "journalist", "hr_press_manager"
_STAFF = ("Chuyên viên", "Chuyên viên", "Chuyên viên chính", "Phó Trưởng phòng", "Trưởng phòng")
_POSITIONS = {
    HR: _STAFF,
    IC: _STAFF,
    PRESS: ("Phóng viên", "Phóng viên", "Biên tập viên", "Biên dịch viên", "Phó Trưởng ban"),
    SPO: ("Ủy viên Thường vụ", "Phó Chủ tịch", "Trưởng ban", "Phó Trưởng ban", "Chủ tịch"),
    JOURNALIST: ("Phóng viên", "Nhà báo", "Biên tập viên", "Phó Trưởng ban"),
    HR_PRESS: _STAFF,
}
_POLICE = ("Cán bộ", "Cán bộ", "Phó Đội trưởng", "Đội trưởng", "Phó Trưởng phòng")


@dataclass(frozen=True)
class Stint:
    """Somebody at a unit in a group, for a period."""

    unit: str
    group: str
    position: str
    starts_on: date
    ends_on: date | None


@dataclass
class Somebody:
    """A person of the demo and the stints, in order."""

    key: str
    full_name: str
    gender: str
    birth_date: str
    province: str
    number: int
    stints: list[Stint] = field(default_factory=list)
    double_of: "Somebody | None" = None

    def at(self, day: date) -> Stint | None:
        """The stint that holds the day."""
        return next(
            (s for s in self.stints if s.starts_on <= day and (not s.ends_on or day < s.ends_on)),
            None,
        )


@dataclass(frozen=True)
class Post:
    """How many people of a group a unit of today has, and the units they came from."""

    unit: str
    group: str
    count: int
    came_from: tuple[str, ...]
    province: str


def _posts() -> list[Post]:
    """The offices with the number of their people; named in `organisations`."""
    offices = org.demo_map().offices
    counts = (
        (org.TAY_NINH, HR, (("tn-ca", 14), ("tn-stp", 9), ("tn-sdttg", 11), ("tn-ubnd", 5))),
        (org.TAY_NINH, IC, (("tn-svhttdl", 20),)),
        (org.TAY_NINH, PRESS, (("tn-bpttt", 34),)),
        (org.TAY_NINH, SPO, (("tn-mttq", 12), ("tn-doan", 9), ("tn-lhpn", 10), ("tn-hnd", 9),
                             ("tn-ldld", 9))),
        (org.CAN_THO, HR, (("ct-ca", 14),)),
        (org.CAN_THO, IC, (("ct-svhttdl", 12),)),
        (org.CAN_THO, PRESS, (("ct-bpttt", 14),)),
        (org.CAN_THO, SPO, (("ct-mttq", 8), ("ct-lhpn", 7))),
        (org.CAO_BANG, JOURNALIST, (("cb-bao", 20),)),
        (org.CAO_BANG, HR_PRESS, (("cb-ca", 10), ("cb-svhttdl", 9), ("cb-ubnd", 3))),
        (org.QUANG_NINH, IC, (("qn-svhttdl", 8),)),
    )  # fmt: skip
    return [
        Post(unit, group, count, offices[unit].came_from, province)
        for province, group, units in counts
        for unit, count in units
    ]


def _commune_posts() -> list[Post]:
    places = org.demo_map()
    posts = []
    for province, communes in places.communes.items():
        for commune in communes:
            home = places.home_district[commune]
            before = "mc-pvhtt" if home == org.MONG_CAI else f"pvhtt-{home}"
            unit = f"vhxh-{commune}"
            posts.append(Post(unit, HR, 2, (before,), province))
            posts.append(Post(unit, IC, 1, (before,), province))
            if f"mttq-{commune}" in places.offices:
                posts.append(Post(f"mttq-{commune}", SPO, 2, (), province))
    return posts


class Staffing:
    """Fills the posts with people, each with a history up to today."""

    def __init__(self, random: Random) -> None:
        self.random, self.namer = random, Namer(random)
        self.people: list[Somebody] = []

    def run(self) -> list[Somebody]:
        """Everybody, those who left included."""
        for post in [*_posts(), *_commune_posts()]:
            for _place in range(post.count):
                self._fill(post)
            if post.count >= 8:
                self._add_leaver(post)
        self._add_namesakes()
        self._add_doubles()
        return self.people

    def _somebody(self, province: str) -> Somebody:
        number = len(self.people) + 1
        gender = self.random.choice(("male", "female"))
        name = self.namer.name(gender, province)
        born = date(1967, 1, 1) + timedelta(days=self.random.randrange(33 * 365))
        kept = self.random.choices((10, 7, 4), (80, 8, 12))[0]
        birth = born.isoformat()[:kept]
        person = Somebody(f"demo-{number:04}", name, gender, birth, province, number)
        self.people.append(person)
        return person

    def _day(self, first: date, last: date) -> date:
        """A day of ``[first, last)``, the first of a month: so appointments take effect."""
        day = first + timedelta(days=self.random.randrange((last - first).days))
        return max(first, day.replace(day=1))

    def _position(self, unit: str, group: str) -> str:
        return self.random.choice(_POLICE if unit.endswith("-ca") else _POSITIONS[group])

    def _fill(self, post: Post) -> None:
        person = self._somebody(post.province)
        position = self._position(post.unit, post.group)
        # The press office's list is complete, so that one target is met without a doubt.
        late = date(2026, 3, 1) if post.group == PRESS else TODAY
        if self.random.random() < 0.14 or (not post.came_from and _is_new(post.unit)):
            first = self._day(MERGER, late)
            person.stints = [Stint(post.unit, post.group, position, first, None)]
        elif not post.came_from:
            first = self._day(_LONG_AGO, _LATELY)
            person.stints = [Stint(post.unit, post.group, position, first, None)]
        else:
            self._come(person, post, position)

    def _come(self, person: Somebody, post: Post, position: str) -> None:
        """Somebody who was there before 1 July 2025 and moved with the office."""
        before = self.random.choice(post.came_from)
        first = self._day(_LONG_AGO, _LATELY)
        earlier = Stint(before, post.group, position, first, MERGER)
        person.stints = [earlier, Stint(post.unit, post.group, position, MERGER, None)]
        if before.endswith("-svhttdl") and first < _MIDWAY:
            # The department of information and communications was merged first.
            department = before.replace("svhttdl", "stttt")
            person.stints[0:1] = [
                Stint(department, post.group, position, first, PRESS_MERGER),
                Stint(before, post.group, position, PRESS_MERGER, MERGER),
            ]

    def _add_leaver(self, post: Post) -> None:
        """Somebody who left after the merger, and somebody who left before it."""
        person = self._somebody(post.province)
        self._come_or_stay(person, post)
        last = person.stints[-1]
        gone = self._day(date(2025, 10, 1), date(2026, 10, 1))
        left = Stint(last.unit, last.group, last.position, last.starts_on, gone)
        person.stints[-1] = left
        if post.came_from:
            person = self._somebody(post.province)
            unit, first = self.random.choice(post.came_from), self._day(_LONG_AGO, _MIDWAY)
            gone = self._day(_MIDWAY + timedelta(days=32), MERGER)
            position = self._position(unit, post.group)
            person.stints = [Stint(unit, post.group, position, first, gone)]

    def _come_or_stay(self, person: Somebody, post: Post) -> None:
        position = self._position(post.unit, post.group)
        if post.came_from:
            self._come(person, post, position)
        else:
            first = self._day(_LONG_AGO, _LATELY)
            person.stints = [Stint(post.unit, post.group, position, first, None)]

    def _add_namesakes(self) -> None:
        """People of one name in one office: told apart by birth date only."""
        for first, second in ((2, 5), (41, 44), (62, 70)):
            one, other = self.people[first], self.people[second]
            other.full_name, other.gender = one.full_name, one.gender
            if other.birth_date[:4] == one.birth_date[:4]:
                other.birth_date = "1979-08-15"

    def _add_doubles(self) -> None:
        """People whom another office's list names once more, as lists do."""
        first_list = date(2026, 9, 1)
        for place, written in ((11, _without_middle), (18, _given_name_first), (29, str.upper)):
            known = self.people[place]
            number = len(self.people) + 1
            birth = known.birth_date if place == 18 else known.birth_date[:4]
            double = Somebody(
                f"demo-{number:04}", written(known.full_name), "", birth, known.province, number
            )
            double.double_of = known
            last = known.stints[-1]
            double.stints = [Stint(last.unit, last.group, "", first_list, None)]
            self.people.append(double)


def _without_middle(name: str) -> str:
    words = name.split()
    return f"{words[0]} {words[-1]}"


def _given_name_first(name: str) -> str:
    *rest, given = name.split()
    return " ".join([given, *rest])


def _is_new(unit: str) -> bool:
    return org.demo_map().offices[unit].valid_from != ""


def people_rows(people: list[Somebody]) -> list[dict[str, str]]:
    """The rows of people.csv; numbers and addresses lead to nobody, a few birth dates lack."""
    return [
        {
            "person": person.key,
            "full_name": person.full_name,
            "gender": person.gender,
            "birth_date": "" if person.number % 45 == 11 else person.birth_date,
            "position": person.stints[-1].position,
            "phone": _phone(person.double_of or person),
            "email": _address(person) if person.number % 4 and not person.double_of else "",
            "national_id": _national_id(person)
            if person.number % 5 and not person.double_of
            else "",
        }
        for person in people
    ]


def _phone(person: Somebody) -> str:
    return f"0900{person.number:06}" if person.number % 7 else ""


def _address(person: Somebody) -> str:
    words = search_key(person.full_name).replace("'", "").split()
    return f"{words[-1]}.{words[0]}{person.number}@demo.example"


def _national_id(person: Somebody) -> str:
    """Twelve digits that agree with gender and year; the rest is a running number."""
    year = int(person.birth_date[:4])
    century = (0 if year < 2000 else 2) + (person.gender == "female")
    return f"{person.province[-2:]:0>3}{century}{year % 100:02}{person.number:06}"


def membership_rows(people: list[Somebody]) -> list[dict[str, str]]:
    """The rows of memberships.csv, as known from when they were recorded.

    What was open until the merger was first recorded as open, and restated when the merger was
    decided: as known then, the old office goes on.
    """
    return [
        row
        for person in people
        for stint in person.stints
        for row in as_known(_membership(person, stint))
    ]


def _membership(person: Somebody, stint: Stint) -> dict[str, str]:
    return {
        "person": person.key,
        "group": stint.group,
        "unit": stint.unit,
        "position": stint.position,
        "valid_from": stint.starts_on.isoformat(),
        "valid_to": stint.ends_on.isoformat() if stint.ends_on else "",
    }
