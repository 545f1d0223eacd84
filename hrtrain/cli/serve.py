"""`flask serve`: the site and its worker as one command that Ctrl-C stops whole."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import flask_migrate
from flask.cli import with_appcontext

from hrtrain.cli.demo import load as load_demo
from hrtrain.core.config import ROOT
from hrtrain.core.db import db

BIN = Path(sys.executable).parent


@click.command("serve")
@click.option("--port", default=8000, show_default=True, help="Port on 127.0.0.1.")
@click.option("--threads", default=8, show_default=True, help="Threads of the web worker.")
@click.option("--demo", is_flag=True, help="Load the demo data first and print its users.")
@click.pass_context
@with_appcontext
def serve(context: click.Context, port: int, threads: int, demo: bool) -> None:
    """Migrate, then start the web server and the job worker until Ctrl-C."""
    flask_migrate.upgrade()
    if demo:
        context.invoke(load_demo)
    # What was read above holds SQLite's write lock until its transaction ends.
    db.session.remove()
    address = f"http://127.0.0.1:{port}"
    environ = {**os.environ, "BASE_URL": os.environ.get("BASE_URL", address)}
    web: list[Path | str] = [
        *(BIN / "gunicorn", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"),
        *("--threads", str(threads), "--no-control-socket", "--log-level", "warning", "app:app"),
    ]
    worker: list[Path | str] = [BIN / "flask", "jobs", "run"]
    click.echo(f"\nhrtrain: {address}   (Ctrl-C stops it)")
    raise SystemExit(run_together([web, worker], environ))


def run_together(commands: list[list[Path | str]], environ: dict[str, str]) -> int:
    """Run the commands until one ends or somebody asks to stop; then stop them all."""
    stop = {signal.SIGINT: 0, signal.SIGTERM: 0}
    children = [subprocess.Popen(command, cwd=ROOT, env=environ) for command in commands]  # noqa: S603
    asked: list[int] = []
    for number in stop:
        signal.signal(number, lambda received, _frame: asked.append(received))
    while not asked and all(child.poll() is None for child in children):
        time.sleep(0.2)
    for child in children:
        child.terminate()
    codes = [child.wait(20) for child in children]
    return 0 if asked else next((code for code in codes if code), 1)
