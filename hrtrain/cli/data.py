"""Data packages in and out."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from hrtrain.cli.refusing import refusing
from hrtrain.core.db import db, reading
from hrtrain.exchange.complaints import PackageRefused
from hrtrain.exchange.exporting import export_package
from hrtrain.exchange.importing import Progress, import_package
from hrtrain.exchange.load import Counts
from hrtrain.privacy.access_log import Access, write

group = AppGroup("data", help="Data packages in and out.")


@group.command("import")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check everything, keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def import_command(path: Path, dry_run: bool, as_json: bool) -> None:
    """Load a data package (folder or zip): all of it, or nothing."""
    secret_key = current_app.config["SETTINGS"].secret_key
    with refusing(), _answered(as_json):
        counts = import_package(path, secret_key=secret_key, progress=_progress())
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    if as_json:
        files = {name: asdict(count) for name, count in counts.items()}
        click.echo(json.dumps({"dry_run": dry_run, "refused": 0, "files": files}))
    else:
        click.echo(_said(counts, dry_run))


@group.command("export")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")
def export_command(path: Path, as_json: bool) -> None:
    """Write everything as a data package, to a folder or a .zip."""
    with refusing(), reading():
        # The package shows one moment: nothing may have been read before it begins.
        db.session.rollback()
        counts = export_package(path)
        db.session.rollback()
    with refusing():
        write([Access("cli.data_export", "export", shown_count=counts.get("people.csv") or None)])
    if as_json:
        click.echo(json.dumps({"path": str(path), "files": counts}))
    else:
        click.echo(f"Wrote {sum(counts.values())} rows of {len(counts)} files to {path}.")


@contextmanager
def _answered(as_json: bool) -> Iterator[None]:
    """With ``--json`` the complaints are an answer too, beside the sentences on stderr."""
    try:
        yield
    except PackageRefused as refused:
        if as_json:
            click.echo(json.dumps(refused.as_values(), ensure_ascii=False))
        raise


def _progress() -> Progress | None:
    """Names each file on a terminal; a program reading the output is spared."""
    if not sys.stderr.isatty():
        return None
    return lambda name: click.echo(f"{name} …", err=True)


def _said(counts: Mapping[str, Counts], dry_run: bool) -> str:
    rows = list(counts.values())
    added, changed = sum(c.added for c in rows), sum(c.changed for c in rows)
    retracted, unchanged = sum(c.retracted for c in rows), sum(c.unchanged for c in rows)
    kept = "Nothing was kept (dry run)." if dry_run else "Done."
    return (
        f"{added} rows added, {changed} changed, {retracted} retracted, "
        f"{unchanged} known already. {kept}"
    )
