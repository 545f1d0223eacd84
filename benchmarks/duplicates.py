"""Duplicates: how well pairs are told on the labelled sets, and what finding them costs.

Run: .venv/bin/python -m benchmarks.duplicates [--people 100000] [--engine sqlite]
The labelled pairs are those of tests/files/duplicates; other seeds make sets nobody has looked at.
Makes its own databases and removes them.
"""

import argparse
import random
import resource
import sys
import time

from flask import Flask
from sqlalchemy import insert, select

from benchmarks.ground import ENGINES, built
from hrtrain.cli.people import look_at_all
from hrtrain.core.db import db
from hrtrain.core.text import search_key, sort_key
from hrtrain.people.duplicates.queries import state_counts
from hrtrain.people.duplicates.rules import Level
from hrtrain.people.identity import new_access_code
from hrtrain.people.models import Membership, Person
from tests.rules.labelled_pairs import FOLDER, figures, judged, rows

sys.path.append(str(FOLDER.parents[2] / "tools"))
OTHER_SEEDS = range(1, 7)
DOUBLES = 0.01
"""The share of people written down a second time, so that there is something to find."""


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("--people", type=int, default=100_000)
    asked.add_argument("--engine", choices=ENGINES, action="append")
    given = asked.parse_args()
    tell_quality()
    for engine in given.engine or ENGINES:
        with built(engine, given.people) as app:
            tell_cost(app, engine)


def tell_quality() -> None:
    """Precision and recall at each level, and on sets made by other seeds."""
    labelled = list(judged(rows()))
    print(f"{len(labelled)} labelled pairs, {sum(one.is_same for one in labelled)} of one person")
    for level in (Level.POSSIBLE, Level.LIKELY, Level.NEAR_SURE):
        precision, recall = figures(labelled, level)
        print(f"  {level} and above: precision {precision:.3f}, recall {recall:.3f}")
    import_module = __import__("duplicate_pairs")
    for seed in OTHER_SEEDS:
        made = [import_module._row(one) for one in import_module.pairs(random.Random(seed))]
        precision, recall = figures(list(judged(made)))
        print(f"  seed {seed}: precision {precision:.3f}, recall {recall:.3f}")


def tell_cost(app: Flask, engine: str) -> None:
    """A first look at everybody, and one after a few changed."""
    with app.app_context():
        written_twice()
        began = time.perf_counter()
        looked = look_at_all()
        seconds = time.perf_counter() - began
        found = state_counts()
        began = time.perf_counter()
        changed = change_some(100)
        look_at_all()
        again = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{engine}: {looked} people in {seconds:.1f} s, pairs {found}, {memory:.0f} MB at most")
    print(f"{engine}: {changed} people changed, looked at in {again:.2f} s")


def written_twice() -> None:
    """Some people once more, without a middle name or a full birth date, at the same unit."""
    dice = random.Random(1)
    ids = db.session.scalars(select(Person.id)).all()
    for id_ in dice.sample(ids, int(len(ids) * DOUBLES)):
        person = db.session.get_one(Person, id_)
        words = person.full_name.split()
        name = " ".join([words[0], *words[2:]]) if len(words) > 2 else person.full_name
        double = Person(
            key=f"{person.key}-again",
            full_name=name,
            sort_key=sort_key(name),
            search_key=search_key(name),
            birth_date=person.birth_date,
            birth_precision=person.birth_precision,
            access_code=new_access_code(),
        )
        db.session.add(double)
        db.session.flush()
        asked = select(Membership).filter_by(person_id=id_, retracted_at=None).limit(1)
        for row in db.session.scalars(asked):
            kept = ("group_id", "unit_id", "position", "starts_on", "ends_on")
            values = {name: getattr(row, name) for name in kept}
            db.session.execute(insert(Membership), {"person_id": double.id, **values})
    db.session.commit()


def change_some(count: int) -> int:
    """The last so many people are given another version, as an import would."""
    people = db.session.scalars(select(Person).order_by(Person.id.desc()).limit(count)).all()
    for person in people:
        person.version += 1
    db.session.commit()
    return len(people)


if __name__ == "__main__":
    main()
