"""`flask roster check`, `import` and `undo`: rosters read, complained about, taken in and back."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from hrtrain.cli.refusing import refusing
from hrtrain.core import clock
from hrtrain.core.db import db, reading
from hrtrain.core.errors import Refusal
from hrtrain.core.period import holds
from hrtrain.core.spreadsheet import read_spreadsheet
from hrtrain.people.identity import national_id_hash
from hrtrain.people.queries import find_group
from hrtrain.people.rosters.actions import apply_rows, begin_act
from hrtrain.people.rosters.answer import answer
from hrtrain.people.rosters.check import Check, check
from hrtrain.people.rosters.queries import Terms
from hrtrain.people.rosters.refused import refused_rows, rows_complained_about
from hrtrain.people.rosters.undoing import (
    Stay,
    TakenBack,
    find_act,
    stays,
    taken_back,
    undo_roster,
)
from hrtrain.people.rosters.words import sentence, stay_words
from hrtrain.units.queries import find_unit

group = AppGroup("roster", help="Roster spreadsheets, checked and imported.")
Command = Callable[..., Any]


def _asked(command: Command) -> Command:
    """The arguments both commands take."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Answer in JSON."),
        click.option(
            "--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Members from (today)."
        ),
        click.option("--group", "group_key", default="", help="Code of the cadre group of all."),
        click.option("--unit", "unit_key", default="", help="Key of the unit everybody is at."),
        click.argument("file", type=click.Path(path_type=Path)),
    ):
        command = option(command)
    return command


@group.command("check")
@_asked
@refusing()
def check_command(file: Path, unit_key: str, group_key: str, day: Any, as_json: bool) -> None:
    """Say what importing a roster would do; write nothing."""
    with reading():
        checked, _terms = _check(file, unit_key, group_key, day.date() if day else None)
        db.session.rollback()
    _say(file, checked, as_json=as_json)


@group.command("import")
@_asked
@click.option(
    "--skip-refused",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Take the good rows; write the others, with reasons, to this spreadsheet.",
)
@refusing()
def import_command(
    file: Path,
    unit_key: str,
    group_key: str,
    day: Any,
    as_json: bool,
    skip_refused: Path | None,
) -> None:
    """Take a roster in: all of it, or with --skip-refused its good rows."""
    checked, terms = _check(file, unit_key, group_key, day.date() if day else None)
    fault = _fault(checked, skip_refused)
    if not fault:
        _write_refused(checked, skip_refused)
        act_key = _apply(file.name, checked, terms)
        db.session.commit()
    _say(file, checked, as_json=as_json)
    if not fault and act_key and not as_json:
        click.echo(f"To take it back: flask roster undo {act_key}")
    if fault:
        click.echo(fault, err=True)
        raise SystemExit(1)


def _apply(file_name: str, checked: Check, terms: Terms) -> str:
    """Take the rows in; the key of the act, by which all of it can be undone."""
    if not any(row.match != "unchanged" for row in checked.plan.rows):
        return ""
    source = ("roster", file_name)
    act = begin_act(source, file_name, by=None)
    apply_rows(checked.plan.rows, terms.starts_on, source, by=None, act=act)
    return act.key


@group.command("undo")
@click.argument("key")
@click.option("--dry-run", is_flag=True, help="Only say what would be taken back.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@refusing()
def undo_command(key: str, dry_run: bool, as_json: bool) -> None:
    """Take back what an import did; KEY is the roster's, or what the import printed."""
    act = find_act(key)
    if act is None:
        raise Refusal(f"there is no imported roster {key!r}", where="KEY")
    back, staying = taken_back(act), stays(act)
    if not dry_run:
        undo_roster(act, by=None)
        db.session.commit()
    _say_undone(key, back, staying, as_json=as_json)


def _say_undone(key: str, back: TakenBack, staying: list[Stay], *, as_json: bool) -> None:
    if as_json:
        told = [{"person": one.key, "reasons": list(one.reasons)} for one in staying]
        click.echo(json.dumps({"roster": key, **asdict(back), "staying": told}))
        return
    for one in staying:
        click.echo(f"{one.full_name} ({one.key}) stays: {'; '.join(map(stay_words, one.reasons))}")
    counts = ", ".join(f"{count} {name}" for name, count in asdict(back).items())
    click.echo(f"{key}: {counts}; {len(staying)} people stay.")


def _check(file: Path, unit_key: str, group_key: str, day: date | None) -> tuple[Check, Terms]:
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Refusal(error.strerror or "it cannot be read", where=str(file)) from None
    # The file is read before any transaction begins.
    sheets = read_spreadsheet(content, file.name)
    terms = _terms(unit_key, group_key, day or clock.today())
    secret_key = current_app.config["SETTINGS"].secret_key

    def sealed(digits: str) -> str:
        return national_id_hash(digits, secret_key)

    return check(sheets, file.name, terms, sealed), terms


def _terms(unit_key: str, group_key: str, day: date) -> Terms:
    unit = find_unit(unit_key) if unit_key else None
    cadre_group = find_group(group_key) if group_key else None
    if unit_key and unit is None:
        raise Refusal(f"there is no unit {unit_key!r}", where="--unit")
    if unit is not None and not holds(unit.starts_on, unit.ends_on, day):
        raise Refusal(f"{unit.name} ({unit_key}) does not stand on {day}", where="--unit")
    if group_key and cadre_group is None:
        raise Refusal(f"there is no cadre group {group_key!r}", where="--group")
    return Terms(
        starts_on=day,
        today=clock.today(),
        unit_id=unit.id if unit else None,
        group_id=cadre_group.id if cadre_group else None,
    )


def _fault(checked: Check, skip_refused: Path | None) -> str:
    """Why nothing is imported; empty when something may be."""
    refused = checked.summary["refused"]
    if refused and skip_refused is None:
        return f"Nothing was imported: {refused} rows are refused (see --skip-refused)."
    if any(row.unit_id is None for row in checked.plan.rows):
        return "Nothing was imported: there are no units yet, so name one with --unit."
    if any(not row.group_ids and row.match == "new" for row in checked.plan.rows):
        return "Nothing was imported: rows without a cadre group, so name one with --group."
    return ""


def _write_refused(checked: Check, path: Path | None) -> None:
    if path is None or not checked.complaints:
        return
    content = refused_rows(rows_complained_about(checked.readings, checked.complaints))
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Refusal(error.strerror or "it cannot be written", where=str(path)) from None


def _say(file: Path, checked: Check, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(answer(file.name, checked), ensure_ascii=False))
        return
    for one in checked.complaints:
        value = f" {one.value!r}" if one.value and one.column != "national_id" else ""
        click.echo(f"{one.sheet} row {one.row}, {one.column}{value}: {sentence(one)}")
    counts = ", ".join(f"{count} {name}" for name, count in checked.summary.items())
    click.echo(f"{file.name}: {counts}.")
