"""The demo as a data package: built from a fixed seed, the same at every load."""

import csv
from pathlib import Path
from random import Random

from hrtrain.exchange.demo.clocks import as_known
from hrtrain.exchange.demo.organisations import demo_map
from hrtrain.exchange.demo.people import Staffing, membership_rows, people_rows
from hrtrain.exchange.demo.plans import headcount_rows, plan_rows
from hrtrain.exchange.demo.training import COURSES, Training

Rows = list[dict[str, str]]
SEED = 1079


def demo_rows() -> dict[str, Rows]:
    """Every file of the package."""
    random = Random(SEED)  # noqa: S311  (the same people every time)
    people = Staffing(random).run()
    training = Training(random, people)
    training.run()
    return {
        **_units(),
        **plan_rows(),
        "people": people_rows(people),
        "memberships": membership_rows(people),
        "courses": COURSES,
        "sessions": training.sessions,
        "enrolments": training.enrolments,
        "completions": training.completions,
        "exemptions": training.exemptions,
        "headcounts": [r for row in headcount_rows(people, random) for r in as_known(row)],
    }


def _units() -> dict[str, Rows]:
    """The units; where they lay and what code they had was known as it came about."""
    rows = dict(demo_map().rows)
    for name in ("unit_parents", "unit_codes", "unit_names"):
        rows[name] = [known for row in rows[name] for known in as_known(row)]
    return rows


def write_demo(folder: Path) -> Path:
    """Write the package's files to the folder."""
    for name, rows in demo_rows().items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder
