"""Which unit a roster means: by key, by official code, by a name of the day. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from hrtrain.core.text import clean_text, search_key

_SHORT = {"ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "tp": "thanh pho"}


@dataclass(frozen=True)
class NamedUnit:
    """A unit alive on the day, with everything it may be called; ``label`` tells it from others."""

    id: int
    label: str
    names: tuple[str, ...]
    codes: tuple[str, ...]


def folded(name: str) -> str:
    """The form in which names of units and groups are compared: words without marks or signs."""
    words = re.sub(r"[^a-z0-9']+", " ", search_key(name).replace("&", " va ")).split()
    return " ".join(_SHORT.get(word, word) for word in words)


@dataclass
class Units:
    """The units rows may name. With ``placed`` everybody goes there, whatever a row says.

    Without any unit at all nothing can be matched, so nothing is complained about.
    """

    placed: int | None = None
    by_name: dict[str, dict[int, NamedUnit]] = field(default_factory=dict)

    @classmethod
    def of(cls, units: Iterable[NamedUnit]) -> "Units":
        """The units by all their names and codes."""
        found = cls()
        for unit in units:
            for name in {folded(name) for name in unit.names if name}:
                found.by_name.setdefault(name, {})[unit.id] = unit
            for code in unit.codes:
                found.by_name.setdefault(f"={code.lower()}", {})[unit.id] = unit
        return found

    def find(self, text: str) -> int | list[NamedUnit] | None:
        """The unit's id; None when there are no units to match; else the candidates, or none."""
        if self.placed is not None:
            return self.placed
        if not self.by_name:
            return None
        by_code = self.by_name.get(f"={clean_text(text).lower()}", {})
        candidates = by_code or self.by_name.get(folded(text), {})
        if len(candidates) == 1:
            return next(iter(candidates))
        return list(candidates.values())
