"""Which unit a roster means: by key, by official code, by a name of the day. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from hrtrain.core.text import clean_text, search_key

_BEFORE_PLACE = re.compile(r"\s*[,;(]\s*|\s+[-–—]\s+|\s+thuộc\s+", re.IGNORECASE)
_KIND = re.compile(r"^(?:tinh|thanh pho|quan|huyen|thi xa|thi tran|dac khu|phuong|xa) ")
_SHORT = {"ubnd": "uy ban nhan dan", "hdnd": "hoi dong nhan dan", "tp": "thanh pho"}


@dataclass(frozen=True)
class NamedUnit:
    """A unit alive on the day, with everything it may be called; ``label`` tells it from others.

    ``above`` are the names of the units it lies below.
    """

    id: int
    label: str
    names: tuple[str, ...]
    codes: tuple[str, ...]
    above: tuple[str, ...] = ()


def folded(name: str) -> str:
    """The form in which names of units and groups are compared: words without marks or signs."""
    words = re.sub(r"[^a-z0-9']+", " ", search_key(name).replace("&", " va ")).split()
    return " ".join(_SHORT.get(word, word) for word in words)


def _bare(name: str) -> str:
    """The folded name of a place without what kind of place it is."""
    return _KIND.sub("", folded(name))


@dataclass
class Units:
    """The units rows may name. With ``placed`` everybody goes there, whatever a row says.

    ``by_text`` are texts that were matched before, and nothing else is then. Without any unit at
    all nothing can be matched, so nothing is complained about.
    """

    placed: int | None = None
    by_text: dict[str, int] | None = None
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
        if self.by_text is not None:
            return self.by_text.get(text, [])
        if not self.by_name:
            return None
        by_code = self.by_name.get(f"={clean_text(text).lower()}", {})
        candidates = by_code or self.by_name.get(folded(text), {}) or self._below(text)
        if len(candidates) == 1:
            return next(iter(candidates))
        return list(candidates.values())

    def _below(self, text: str) -> dict[int, NamedUnit]:
        """The units of a name followed by those it lies below: Phường Tân An, TP Cần Thơ."""
        for split in reversed(list(_BEFORE_PLACE.finditer(text))):
            named = self.by_name.get(folded(text[: split.start()]), {})
            places = {_bare(part) for part in _BEFORE_PLACE.split(text[split.end() :])} - {""}
            found = {
                unit.id: unit
                for unit in named.values()
                if places <= {_bare(name) for name in unit.above}
            }
            if found and places:
                return found
        return {}
