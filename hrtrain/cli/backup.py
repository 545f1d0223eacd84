"""`flask backup` and `flask restore`."""

import json
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from hrtrain.cli.refusing import refusing
from hrtrain.core.config import Settings
from hrtrain.core.db import db, reading
from hrtrain.exchange.backup import back_up
from hrtrain.exchange.restore import restore, restore_key


@click.command("backup")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@with_appcontext
def backup_command(path: Path, as_json: bool) -> None:
    """Write a consistent copy of everything to a zip, checked by restoring it."""
    with refusing(), reading():
        # The copy is of one moment: nothing may have been read before it begins.
        db.session.rollback()
        counts = back_up(path, _settings())
        db.session.rollback()
    size = path.stat().st_size
    _say(f"Wrote {path}: {sum(counts.values())} rows, {size} bytes, checked.", counts, as_json)


@click.command("restore")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Lose what the database holds now.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
@with_appcontext
def restore_command(path: Path, replace: bool, as_json: bool) -> None:
    """Bring a backup back into a migrated database, an empty one unless --replace is said."""
    with refusing():
        counts = restore(path, _settings(), may_replace=replace)
        db.session.commit()
        warning = restore_key(path, _settings())
    if warning:
        click.echo(warning, err=True)
    _say(f"Restored {sum(counts.values())} rows from {path}.", counts, as_json)


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _say(sentence: str, counts: dict[str, int], as_json: bool) -> None:
    click.echo(json.dumps({"rows": counts}) if as_json else sentence)


commands = [backup_command, restore_command]
