"""`flask coverage rebuild` and `verify`: the derived tables made anew, or held to the facts."""

import json
import os

import click
from flask.cli import with_appcontext

from hrtrain.cli.coverage import read_day
from hrtrain.cli.refusing import refusing
from hrtrain.cli.upkeep import TOLD
from hrtrain.core import clock
from hrtrain.core.db import db, one_snapshot
from hrtrain.coverage.derived import rebuilding
from hrtrain.coverage.derived.standing import note_check
from hrtrain.coverage.derived.verifying import any_day, spot_check, verify
from hrtrain.people.models import Person


@click.command("rebuild")
@with_appcontext
@refusing()
def rebuild() -> None:
    """Make spans, ledger and closure anew from the facts."""
    began = clock.now()
    people = db.session.query(Person).count()
    with click.progressbar(length=max(people, 1), label="People", hidden=people < 10_000) as bar:
        rebuilding.rebuild(bar.update, os.cpu_count() or 1)
    db.session.commit()
    click.echo(f"Built for {people} people in {(clock.now() - began).total_seconds():.1f} s.")


@click.command("verify")
@click.option("--sample", is_flag=True, help="Some people and every cell of one day only.")
@click.option("--day", help="The day of --sample, YYYY-MM-DD (one by chance).")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@with_appcontext
@refusing()
def verify_command(sample: bool, day: str | None, as_json: bool) -> None:
    """Count anew from the facts and compare; exit 1 with the differences."""
    if day and not sample:
        raise click.UsageError("--day goes with --sample.")
    with one_snapshot():
        looked = spot_check(read_day(day, "--day") if day else any_day()) if sample else verify()
    note_check("\n".join(looked.differences[:TOLD]))
    db.session.commit()
    if as_json:
        told = {"people": looked.people, "cells": looked.cells, "differences": looked.differences}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"Compared {looked.people} people and {looked.cells} cells.")
    for difference in looked.differences:
        click.echo(difference, err=True)
    raise SystemExit(1 if looked.differences else 0)


commands = (rebuild, verify_command)
