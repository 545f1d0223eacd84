"""Duplicates found, and two records merged into one or taken apart again."""

import json
from collections.abc import Callable
from datetime import timedelta

import click
from flask.cli import AppGroup
from sqlalchemy import select

from hrtrain.cli.refusing import refusing
from hrtrain.core import clock
from hrtrain.core.acts.models import Act
from hrtrain.core.db import db, reading
from hrtrain.core.errors import Refusal
from hrtrain.merging.actions import merge, unmerge
from hrtrain.merging.queries import counts_of, named_clashes, sessions_of_both
from hrtrain.merging.rules import KIND, Choices
from hrtrain.people.duplicates.actions import look_at_some
from hrtrain.people.duplicates.queries import count_to_look_at, read_places, state_counts
from hrtrain.people.models import Person
from hrtrain.people.queries import find_person

group = AppGroup("people", help="Duplicates, merges.")
PAUSE = timedelta(seconds=10)
"""Between two looks for people new or changed: looking costs more the more people there are."""


@group.command("duplicates")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@refusing()
def duplicates(as_json: bool) -> None:
    """Compare the people new or changed since the last time; print how many pairs there are."""
    began, waiting = clock.now(), count_to_look_at()
    db.session.rollback()
    with click.progressbar(length=max(waiting, 1), label="People", hidden=waiting < 5000) as bar:
        looked = look_at_all(bar.update)
    found = state_counts()
    if as_json:
        click.echo(json.dumps({"looked_at": looked, "pairs": found}))
        return
    seconds = (clock.now() - began).total_seconds()
    click.echo(f"Looked at {looked} people in {seconds:.1f} s.")
    for what, count in sorted(found.items()):
        click.echo(f"{count} pairs {what.replace('_', ' ')}.")


@group.command("merge")
@click.argument("kept")
@click.argument("merged")
@click.option("--reason", default="", help="Why they are one person.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@refusing()
def merge_command(kept: str, merged: str, reason: str, dry_run: bool) -> None:
    """Merge the second record into the first; days that both have stay the first one's."""
    one, other = _person(kept), _person(merged)
    _tell(one, other)
    act = merge(one, other, Choices(reason=reason), by=None)
    if dry_run:
        db.session.rollback()
        click.echo("Nothing was done.")
        return
    db.session.commit()
    click.echo(f"Done; taken back by: flask people unmerge {act.key}")


@group.command("unmerge")
@click.argument("key")
@refusing()
def unmerge_command(key: str) -> None:
    """Take a merge back; both records hold again what they held."""
    act = db.session.scalar(select(Act).where(Act.key == key, Act.kind == KIND))
    if act is None:
        raise Refusal("is no merge", where=key)
    unmerge(act, by=None)
    db.session.commit()
    click.echo("They are two again.")


class Chore:
    """The worker's: compare the people new or changed, some at a time."""

    def __init__(self) -> None:
        self.next_at = clock.now()

    def __call__(self) -> None:
        """Compare some; those left over are looked at in the next round."""
        if clock.now() < self.next_at:
            return
        with reading():
            waiting = count_to_look_at()
            places = read_places() if waiting else None
            db.session.rollback()
        if places is None or not look_at_some(places):
            self.next_at = clock.now() + PAUSE
        db.session.commit()


def look_at_all(tell: Callable[[int], None] = lambda _count: None) -> int:
    """Compare everybody new or changed, each piece in its own transaction; how many they were."""
    places, total = read_places(), 0
    while count := look_at_some(places):
        db.session.commit()
        total += count
        tell(count)
    return total


def _person(key: str) -> Person:
    person = find_person(key)
    if person is None:
        raise Refusal("is nobody", where=key)
    return person


def _tell(kept: Person, merged: Person) -> None:
    counts = ", ".join(f"{count} {kind}" for kind, count in counts_of(merged).items())
    click.echo(f"{merged.full_name} ({merged.key}) -> {kept.full_name} ({kept.key}): {counts}")
    for clash in named_clashes(kept, merged):
        click.echo(f"Days that both have: {clash.group}, {clash.kept_unit} / {clash.merged_unit}")
    for session in sessions_of_both(kept, merged):
        click.echo(f"Both stay in the session {session.key}")
