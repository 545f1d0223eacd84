"""Viet Nam's administrative units before and after 1 July 2025, as rows of a data package.

The data lies in ``data/units`` (its README and notices beside it). Official codes were given out
again that day, so a unit's key carries the era: ``2024-80`` is Long An, ``2025-80`` Tây Ninh.
"""

import csv
from collections.abc import Collection, Mapping
from pathlib import Path

Rows = list[dict[str, str]]
_FOLDER = Path(__file__).parent / "data" / "units"
SCHEME = "gso"


def unit_rows(provinces: Collection[str], *, root: str = "") -> dict[str, Rows]:
    """The files of a package with these provinces (``2024-80``, ``2025-80``) and all below them.

    Codes, parents, names of later periods, and what became of each unit where both are chosen.
    Provinces come under ``root`` when it is given.
    """
    chosen = [row for row in _read("units") if _province_of(row["key"]) in provinces]
    keys = {row["key"] for row in chosen}
    return {
        "units": [_unit(row) for row in chosen],
        "unit_names": _later_names(keys),
        "unit_codes": [_code(row) for row in chosen],
        "unit_parents": [_parent(row, root) for row in chosen if row["parent_key"] or root],
        "unit_successions": _successions(keys),
    }


def all_provinces() -> list[str]:
    """The keys of the provinces of both eras."""
    return [row["key"] for row in _read("units") if row["kind"] == "province"]


def _read(name: str) -> Rows:
    with (_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _province_of(key: str) -> str:
    return "-".join(key.split("-")[:2])


def _life(row: Mapping[str, str]) -> dict[str, str]:
    return {"valid_from": row["valid_from"], "valid_to": row["valid_to"]}


def _unit(row: Mapping[str, str]) -> dict[str, str]:
    named = {"unit": row["key"], "name": row["name"], "short_name": ""}
    return {**named, "tier": row["kind"], "kind": "area", **_life(row)}


def _code(row: Mapping[str, str]) -> dict[str, str]:
    return {"unit": row["key"], "scheme": SCHEME, "code": row["code"], **_life(row)}


def _parent(row: Mapping[str, str], root: str) -> dict[str, str]:
    return {"unit": row["key"], "parent": row["parent_key"] or root, **_life(row)}


def _later_names(keys: Collection[str]) -> Rows:
    return [
        {
            "unit": row["key"],
            "name": row["name"],
            "short_name": "",
            "valid_from": row["effective_on"],
            "valid_to": "",
        }
        for row in _read("renames")
        if row["key"] in keys
    ]


def _successions(keys: Collection[str]) -> Rows:
    return [
        {
            "predecessor": row["predecessor_key"],
            "successor": row["successor_key"],
            "effective_on": row["effective_on"],
            "is_default": row["is_default"],
        }
        for row in _read("successions")
        if row["predecessor_key"] in keys and row["successor_key"] in keys
    ]
