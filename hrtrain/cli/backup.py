"""`flask backup` and `flask restore`."""

import click

commands: list[click.Command] = []
