"""A plan's entries as they are kept: lists of plain values."""

from collections.abc import Iterable
from typing import Any

from hrtrain.reorganising.models import Reorganisation
from hrtrain.reorganising.rules import Does, Entry, digest_of


def entries_of(plan: Reorganisation) -> list[Entry]:
    """The entries in their order."""
    return [Entry(line, Does(does), *rest) for line, does, *rest in plan.plan]


def keep_entries(plan: Reorganisation, entries: Iterable[Entry]) -> None:
    """These are the plan's entries from now on."""
    kept = list(entries)
    plan.plan = [_plain(entry) for entry in kept]
    plan.digest = digest_of(plan.effective_on, kept)


def _plain(entry: Entry) -> list[Any]:
    values = [entry.line, entry.does.value, *entry[2:]]
    # Most lines of a great plan say no more than who becomes what.
    while values and values[-1] == "":
        values.pop()
    return values
