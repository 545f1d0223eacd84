"""How alike two Vietnamese names are: by what a list leaves out, swaps or mistypes. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from hrtrain.core.text import search_key, strip_honorifics
from hrtrain.people.duplicates.given_names import COMMON

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_CONSONANTS = frozenset("bcdđghklmnpqrstvx")
# What is heard alike in some region or other, and so is written the one for the other.
_SOUNDS = (
    *(("ngh", "ng"), ("gh", "g"), ("gi", "d"), ("tr", "ch"), ("ph", "f")),
    *(("r", "d"), ("x", "s"), ("k", "c"), ("l", "n")),
)
# So common in the middle that they say nothing of who it is.
_PLAIN_MIDDLES = frozenset({"van", "thi", "a", "y"})


class Damage(StrEnum):
    """How a name differs from another that is the same underneath."""

    UNMARKED = "unmarked_name"
    REORDERED = "reordered_name"
    SHORTER = "shorter_name"
    INITIALS = "initials"
    MARKS = "other_marks"
    SLIP = "name_slip"
    GIVEN_MARKS = "other_marks_of_given_name"
    GIVEN_SLIP = "slip_in_given_name"
    OTHER_GIVEN = "other_given_name"
    OTHER_MIDDLE = "other_middle_name"


# The less, the likelier that it is one name; two such pieces of damage are added up.
WEIGHTS = {
    Damage.UNMARKED: 10,
    Damage.REORDERED: 0,
    Damage.MARKS: 25,
    Damage.SHORTER: 20,
    Damage.INITIALS: 20,
    Damage.SLIP: 30,
    Damage.GIVEN_MARKS: 45,
    Damage.GIVEN_SLIP: 50,
    Damage.OTHER_GIVEN: 80,
    Damage.OTHER_MIDDLE: 90,
}
Damages = tuple[Damage, ...]


@dataclass(frozen=True, slots=True)
class Name:
    """A name's words in lower case: letter by letter with the tone last, and without marks."""

    words: tuple[str, ...]
    folded: tuple[str, ...]

    @property
    def is_marked(self) -> bool:
        """Whether it bears any mark: a name typed without them says nothing of them."""
        return self.words != self.folded

    @property
    def is_distinctive(self) -> bool:
        """Whether it has a middle name, and another than Văn or Thị."""
        return len(self.folded) > 2 and not _PLAIN_MIDDLES.issuperset(self.folded[1:-1])

    def turned(self) -> Iterator["Name"]:
        """The name with its last word first, and with its first word last."""
        for at in (-1, 1):
            yield Name((*self.words[at:], *self.words[:at]), (*self.folded[at:], *self.folded[:at]))


@lru_cache(maxsize=100_000)
def read_name(full_name: str) -> Name:
    """The name without titles; hòa is hoà, Mỹ is Mĩ, H'Hen is H’Hen and H' Hen."""
    bare = strip_honorifics(full_name)[0].casefold()
    bare = re.sub(r"\s*['’ʼ‘`]\s*", "", bare)
    words = tuple(_written(word) for word in re.split(r"[\s.\-]+", bare) if word)
    return Name(words, tuple(search_key(word) for word in words))


@lru_cache(maxsize=20_000)
def _written(word: str) -> str:
    """The word with its tone at the end, and a final y as i where both are written."""
    marks = unicodedata.normalize("NFD", word)
    tone = "".join(letter for letter in marks if letter in _TONES)
    letters = unicodedata.normalize("NFC", "".join(one for one in marks if one not in _TONES))
    if len(letters) > 1 and letters[-1] == "y":
        before = letters[-2]
        if before in _CONSONANTS or (before == "u" and letters.startswith("qu")):
            letters = letters[:-1] + "i"
    return letters + tone


_COMMON = frozenset(map(_written, COMMON))


@lru_cache(maxsize=20_000)
def sound_of(word: str) -> str:
    """A folded word with what is often confused written one way: Trinh is Chinh, Xuân is Suân."""
    for written, heard in _SOUNDS:
        if word.startswith(written) and len(word) > len(written):
            return heard + word[len(written) :]
    return word


def compare_names(one: Name, other: Name) -> Damages | None:
    """What sets the two apart, the least that explains it; None: they are different names."""
    if not one.words or not other.words:
        return None
    if one.words == other.words:
        return ()
    if "".join(one.folded) == "".join(other.folded) and len(one.words) != len(other.words):
        return ()  # Ê Ban and Êban.
    is_marked = one.is_marked and other.is_marked
    found: list[Damages | None] = [_aligned(one, other, is_marked)]
    if found[0] is None or weight_of(found[0]) > WEIGHTS[Damage.SLIP]:
        found += _reordered(one, other, is_marked)
    alike = [damages for damages in found if damages is not None]
    return min(alike, key=lambda damages: (weight_of(damages), sorted(damages)), default=None)


def _reordered(one: Name, other: Name, is_marked: bool) -> Iterator[Damages]:
    """The damage when one of them has its given name first or its family name last."""
    if len(set(one.folded).intersection(other.folded)) < 2:
        return
    turned = [(one, order) for order in other.turned()]
    turned += [(order, other) for order in one.turned()]
    for pair in turned:
        damages = _aligned(*pair, is_marked)
        if damages is not None:
            yield (Damage.REORDERED, *damages)


def weight_of(damages: Damages) -> int:
    """How much is damaged; the same thing twice counts twice, but for what is a way of writing."""
    once = {Damage.UNMARKED, Damage.INITIALS, Damage.SHORTER}
    counted = [d for n, d in enumerate(damages) if d not in once or d not in damages[:n]]
    return sum(WEIGHTS[damage] for damage in counted)


def _aligned(one: Name, other: Name, is_marked: bool) -> Damages | None:
    """Family name on family name, given name on given name, the middle in order."""
    if min(len(one.words), len(other.words)) < 2:
        return None
    family = _word(one, other, 0, 0, is_marked)
    given = _given(one, other, is_marked)
    if family is None or given is None:
        return None
    middles = range(1, len(one.words) - 1), range(1, len(other.words) - 1)
    return (*family, *given, *_middle(one, other, middles, is_marked))


def _word(one: Name, other: Name, a: int, b: int, is_marked: bool) -> Damages | None:
    """The damage between two words, none of it given names; None: they are different words."""
    if one.words[a] == other.words[b]:
        return ()
    folded, other_folded = one.folded[a], other.folded[b]
    if folded == other_folded:
        return (Damage.MARKS if is_marked else Damage.UNMARKED,)
    if min(len(folded), len(other_folded)) == 1:
        return (Damage.INITIALS,) if folded[0] == other_folded[0] else None
    return (Damage.SLIP,) if _is_slip(folded, other_folded) else None


def _given(one: Name, other: Name, is_marked: bool) -> Damages | None:
    """The damage between given names: two that are both common are two names, not a slip."""
    damages = _word(one, other, -1, -1, is_marked)
    if not damages or damages == (Damage.UNMARKED,):
        return damages
    if damages == (Damage.INITIALS,):
        return None
    if {one.words[-1], other.words[-1]} <= _COMMON:
        return (Damage.OTHER_GIVEN,)
    return (Damage.GIVEN_MARKS if damages == (Damage.MARKS,) else Damage.GIVEN_SLIP,)


def _middle(
    one: Name, other: Name, middles: tuple[Sequence[int], Sequence[int]], is_marked: bool
) -> Damages:
    """The least damage between what stands in the middle; one side may leave words out."""
    mine, theirs = middles
    if len(mine) > len(theirs):
        return _middle(other, one, (theirs, mine), is_marked)
    if not mine:
        return (Damage.SHORTER,) if theirs else ()
    best: Damages = (Damage.OTHER_MIDDLE,)
    for skipped in range(len(theirs) - len(mine) + 1):
        damages = _word(one, other, mine[0], theirs[skipped], is_marked)
        if damages is not None:
            rest = _middle(one, other, (mine[1:], theirs[skipped + 1 :]), is_marked)
            left_out = (Damage.SHORTER,) if skipped else ()
            best = min(best, (*left_out, *damages, *rest), key=weight_of)
    return best


def _is_slip(one: str, other: str) -> bool:
    if sound_of(one) == sound_of(other):
        return True
    return max(len(one), len(other)) >= 3 and is_one_slip(one, other)


def is_one_slip(one: str, other: str) -> bool:
    """One letter more, less or another, or two neighbours changed places."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1:
        return False
    pairs = zip(one, other, strict=False)
    start = next((n for n, (a, b) in enumerate(pairs) if a != b), len(one))
    if len(one) < len(other):
        return one[start:] == other[start + 1 :]
    if one[start + 1 :] == other[start + 1 :]:
        return True
    swapped = one[start : start + 2] == other[start : start + 2][::-1]
    return swapped and one[start + 2 :] == other[start + 2 :]
