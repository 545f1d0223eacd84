"""Names for the demo's people: own lists, as offices of each province would have them.

Names of minorities are whole: they do not fall into family, middle and given name.
"""

import json
from pathlib import Path
from random import Random
from typing import Any

_LISTS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "data" / "names.json").read_text("utf-8")
)


class Namer:
    """Gives names; the same random numbers give the same names."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.left: dict[str, list[str]] = {}

    def name(self, gender: str, province: str) -> str:
        """A name for somebody of a province; whole names are given out once each."""
        lists = _LISTS["whole"][province]
        if self.random.random() < lists["share"]:
            left = self.left.setdefault(f"{province} {gender}", list(lists[gender]))
            if left:
                return left.pop(0)
        words = _LISTS[gender]
        parts = (_LISTS["family"], words["middle"], words["given"])
        return " ".join(self.random.choice(part) for part in parts)
