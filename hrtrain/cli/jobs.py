"""The worker of bulk work."""

import signal
from threading import Event

import click
from flask.cli import AppGroup

from hrtrain.cli import people, upkeep
from hrtrain.cli.refusing import refusing
from hrtrain.core.jobs import worker

group = AppGroup("jobs", help="The worker of bulk work.")


@group.command("run")
@click.option("--once", is_flag=True, help="Do what waits, then end.")
@refusing()
def run(once: bool) -> None:
    """Work on jobs until asked to stop; several of these may run beside each other."""
    worker.looks_after(upkeep.look_after)
    worker.looks_after(people.Chore())
    if once:
        click.echo(f"{worker.run_waiting()} job(s) worked on.")
        return
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    worker.run_forever(stop)
