"""Commands for the operator: thin doors like views, a module a group."""

from flask import Flask

from hrtrain.cli import (
    backup,
    certificates,
    coverage,
    data,
    demo,
    derived,
    forecast,
    headcounts,
    jobs,
    people,
    privacy,
    reorganise,
    roster,
    seals,
    serve,
    user,
)

GROUPS = (
    data,
    roster,
    reorganise,
    coverage,
    certificates,
    headcounts,
    user,
    people,
    privacy,
    demo,
    jobs,
)


def set_up(app: Flask) -> None:
    """Hang the commands on ``flask``."""
    coverage.group.add_command(forecast.command)
    for module in GROUPS:
        app.cli.add_command(module.group)
    app.cli.add_command(serve.serve)
    for command in backup.commands:
        app.cli.add_command(command)
    for command in (*derived.commands, *seals.commands):
        coverage.group.add_command(command)
