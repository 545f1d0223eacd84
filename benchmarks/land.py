"""The real units of both eras as rows, and where in them the people of a made-up country live."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from benchmarks.bulk import Filling, Values
from hrtrain.core.text import search_key
from hrtrain.exchange.real_units import Rows, all_provinces, unit_rows
from hrtrain.units.models import Unit, UnitCode, UnitName, UnitParent, UnitSuccession

ROOT = "vn"
RECORDED = "2020-01-01 00:00:00.000000"
UNIT = "id key tier kind name short_name search_key starts_on ends_on"
NAME = "unit_id name short_name search_key starts_on ends_on recorded_at"
CODE = "unit_id scheme code starts_on ends_on recorded_at"
PARENT = "unit_id parent_id starts_on ends_on recorded_at"
SUCCESSION = "predecessor_id successor_id effective_on is_default recorded_at"
# How many of a thousand people work at each tier.
SHARE = {"central": 5, "province": 95, "district": 200, "commune": 700}


@dataclass(frozen=True)
class Land:
    """The units by id: those before 1 July 2025, and what each became."""

    ids: Mapping[str, int]
    tiers: Mapping[str, list[int]]
    kin: Mapping[int, list[int]]
    becomes: Mapping[int, int]

    @cached_property
    def _tiers(self) -> list[str]:
        return [tier for tier, share in SHARE.items() for _each in range(share)]

    def place(self, dice: random.Random) -> int:
        """A unit of the old era somebody works at."""
        return dice.choice(self.tiers[dice.choice(self._tiers)])

    def neighbour(self, dice: random.Random, unit_id: int) -> int:
        """A unit of the same province."""
        return dice.choice(self.kin[unit_id])


def settle() -> tuple[Land, dict[str, Rows]]:
    """The country's units with their numbers, and the rows they are written from."""
    files = unit_rows(all_provinces(), root=ROOT)
    files["units"].insert(0, {"unit": ROOT, "name": "Cả nước", "short_name": "", "tier": "central",
                              "kind": "area", "valid_from": "", "valid_to": ""})  # fmt: skip
    ids = dict(zip((row["unit"] for row in files["units"]), count(1), strict=False))
    old = [row for row in files["units"] if row["unit"] == ROOT or row["valid_to"]]
    tiers: dict[str, list[int]] = {}
    families: dict[str, list[int]] = {}
    for row in old:
        tiers.setdefault(row["tier"], []).append(ids[row["unit"]])
        families.setdefault(_province(row["unit"]), []).append(ids[row["unit"]])
    kin = {unit: family for family in families.values() for unit in family}
    return Land(ids, tiers, kin, _becomes(files, ids)), files


def _province(key: str) -> str:
    return "-".join(key.split("-")[:2])


def _becomes(files: dict[str, Rows], ids: Mapping[str, int]) -> dict[int, int]:
    """The default successor; a district, which has none, goes where its first commune went."""
    defaults = {
        row["predecessor"]: row["successor"]
        for row in files["unit_successions"]
        if row["is_default"] == "1"
    }
    for row in files["unit_parents"]:
        if row["unit"] in defaults and row["parent"] != ROOT:
            defaults.setdefault(row["parent"], defaults[row["unit"]])
    return {ids[before]: ids[after] for before, after in defaults.items()}


def write(filling: Filling, land: Land, files: dict[str, Rows]) -> None:
    """Put the units with their names, codes, edges and successors into their tables."""
    later = {row["unit"]: row for row in files["unit_names"]}
    units = files["units"]
    filling.write(Unit, f"{UNIT} version", _units(units, land, later))
    filling.write(UnitName, NAME, _names(units, land, later))
    codes = ((land.ids[row["unit"]], row["scheme"], row["code"], *_life(row), RECORDED)
             for row in files["unit_codes"])  # fmt: skip
    filling.write(UnitCode, CODE, codes)
    edges = ((land.ids[row["unit"]], land.ids[row["parent"]], *_life(row), RECORDED)
             for row in files["unit_parents"])  # fmt: skip
    filling.write(UnitParent, PARENT, edges)
    became = ((land.ids[row["predecessor"]], land.ids[row["successor"]], row["effective_on"],
               int(row["is_default"]), RECORDED) for row in files["unit_successions"])  # fmt: skip
    filling.write(UnitSuccession, SUCCESSION, became)


def _life(row: Mapping[str, str]) -> tuple[str | None, str | None]:
    return row["valid_from"] or None, row["valid_to"] or None


def _units(units: Rows, land: Land, later: Mapping[str, dict[str, str]]) -> Iterator[Values]:
    for row in units:
        name = later.get(row["unit"], row)["name"]
        yield (land.ids[row["unit"]], row["unit"], row["tier"], row["kind"], name, "",
               search_key(name), *_life(row), 1)  # fmt: skip


def _names(units: Rows, land: Land, later: Mapping[str, dict[str, str]]) -> Iterator[Values]:
    for row in units:
        unit_id, name, (starts_on, ends_on) = land.ids[row["unit"]], row["name"], _life(row)
        renamed = later.get(row["unit"])
        until = renamed["valid_from"] if renamed else ends_on
        yield unit_id, name, "", search_key(name), starts_on, until, RECORDED
        if renamed:
            new = renamed["name"]
            yield unit_id, new, "", search_key(new), until, ends_on, RECORDED
