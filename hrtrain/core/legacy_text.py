"""Text of the days before Unicode: TCVN3 (ABC, .VnTime) and VNI, seen as Windows-1252.

Whether a column is such text is decided by counting Vietnamese syllables before and after
decoding; what already is Vietnamese is left alone. Nothing may be cleaned before: TCVN3 writes
ư as the soft hyphen, which every cleaner removes.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, overload

# So many cells of a column tell how it was written.
ENOUGH = 400

_TCVN3_CODES = "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ¡¢£¤¥¦§"
_TCVN3_LETTERS = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ"
_TCVN3 = str.maketrans(_TCVN3_CODES, _TCVN3_LETTERS)

# VNI writes the mark after the letter: a, then one of these.
_VNI_TONES = dict(zip("øûõùï", "\u0300\u0309\u0303\u0301\u0323", strict=True))
_VNI_CIRCUMFLEX: dict[str, str] = dict(
    zip("âàåãáä", ("", *"\u0300\u0309\u0303\u0301\u0323"), strict=True)
)
_VNI_BREVE: dict[str, str] = dict(
    zip("êèúüéë", ("", *"\u0300\u0309\u0303\u0301\u0323"), strict=True)
)
_VNI_SINGLE = dict(zip("ôöñæóòîíì", "ơưđỉĩịỵíì", strict=True))
_VNI_PAIR = re.compile("([aeouyôö])([øûõùï])|([aeo])([âàåãáä])|(a)([êèúüéë])", re.IGNORECASE)

_ONSET = "(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
_OPEN = (
    "[ou]?a[iouy]?|oe|eo|oeo|[iouyeê]|ia|iêu|yêu|iu|uya|u[êyaơâ]|uây|uyu|êu|âu|ây|"
    "oi|ôi|ơi|ui|uôi|ươi|ươu|ươ|ưi|ưu|ưa|[aâăôơư]"
)
_CLOSED = "(?:[ou]?[aăâ]|[ou]?[eê]|oo|[oôơ]|uô|ươ|ưa|[uưiy]|iê|yê|uyê|uy)"
_SYLLABLE = re.compile(f"{_ONSET}(?:{_OPEN}|{_CLOSED}(?:ng|nh|ch|[mnptc]))")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_TONED_CONSONANT = re.compile("[bcdđghklmnpqrstvx][\u0300\u0301\u0303\u0309\u0323]")
_WORD = re.compile(r"[^\W\d_]+")
_UNICODE = re.compile("[^\x00-ÿ‘’“”–—…]")


def from_tcvn3(text: str) -> str:
    """The text read as TCVN3, which has no capitals with tones: fonts of capitals drew them.

    Text otherwise in capitals is raised, and so is a first letter written with a tone.
    """
    decoded = _raised(text.translate(_TCVN3), text)
    return decoded if text[:1].isascii() else decoded[:1].upper() + decoded[1:]


def from_vni(text: str) -> str:
    """The text read as VNI."""
    parts, end = [], 0
    for pair in _VNI_PAIR.finditer(text):
        parts += [_vni_singles(text[end : pair.start()]), _vni_letter(pair)]
        end = pair.end()
    return unicodedata.normalize("NFC", "".join(parts) + _vni_singles(text[end:]))


def _vni_singles(text: str) -> str:
    return "".join(_like(_VNI_SINGLE.get(letter.lower(), letter), letter) for letter in text)


def _vni_letter(pair: re.Match[str]) -> str:
    toned, tone, round_, hat, open_, bow = (str(part or "") for part in pair.groups())
    if toned:
        return _vni_singles(toned) + _VNI_TONES[tone.lower()]
    if round_:
        return round_ + "\u0302" + _VNI_CIRCUMFLEX[hat.lower()]
    return open_ + "\u0306" + _VNI_BREVE[bow.lower()]


def _like(letter: str, pattern: str) -> str:
    return letter.upper() if pattern.isupper() else letter


def _raised(decoded: str, text: str) -> str:
    plain = [letter for letter in text if letter.isascii() and letter.isalpha()]
    return decoded.upper() if len(plain) > 1 and all(map(str.isupper, plain)) else decoded


@lru_cache(maxsize=20_000)
def _is_syllable(word: str) -> bool:
    marked = unicodedata.normalize("NFD", word.lower())
    bare = unicodedata.normalize("NFC", _TONES.sub("", marked))
    if len(_TONES.findall(marked)) > 1 or _TONED_CONSONANT.search(marked):
        return False
    return _SYLLABLE.fullmatch(bare) is not None


def _syllables(texts: Iterable[str]) -> int:
    """How many marked words are Vietnamese syllables, less those that are not."""
    words = (word for text in texts for word in text.split() if not word.isascii())
    return sum(1 if _is_whole_word(word) else -1 for word in words)


def _is_whole_word(word: str) -> bool:
    core = word.strip(".,;:()-/\"'")
    return bool(core) and _WORD.fullmatch(core) is not None and _is_syllable(core)


_ENCODINGS: dict[str, Callable[[str], str]] = {"tcvn3": from_tcvn3, "vni": from_vni}


def _may_be_legacy(text: str) -> bool:
    """Whether the text has marks, none of which single-byte fonts could not have written."""
    return not text.isascii() and _UNICODE.search(text) is None


def detect(texts: Iterable[str]) -> str:
    """``tcvn3``, ``vni``, or ``""`` when the column is Unicode (or decoding would not help)."""
    suspects = list(islice((text for text in texts if _may_be_legacy(text)), ENOUGH))
    scores = {"": _syllables(suspects)}
    for name, decoded in _ENCODINGS.items():
        scores[name] = _syllables(decoded(text) for text in suspects)
    return max(scores, key=lambda name: scores[name])


def decode(text: str, encoding: str) -> str:
    """The text out of the encoding; text with real Unicode in it is left alone."""
    return _ENCODINGS[encoding](text) if encoding and _may_be_legacy(text) else text


class Decoded(Sequence[list[Any]]):
    """Rows whose legacy columns are decoded as they are fetched."""

    def __init__(self, rows: Sequence[list[Any]], encodings: Sequence[str]) -> None:
        self._rows, self._encodings = rows, encodings

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, at: int) -> list[Any]: ...
    @overload
    def __getitem__(self, at: slice) -> "list[list[Any]]": ...
    def __getitem__(self, at: int | slice) -> "list[Any] | list[list[Any]]":
        if isinstance(at, slice):
            return [self._decoded(row) for row in self._rows[at]]
        return self._decoded(self._rows[at])

    def _decoded(self, row: list[Any]) -> list[Any]:
        return [
            decode(cell, encoding) if isinstance(cell, str) else cell
            for cell, encoding in zip(row, self._encodings, strict=False)
        ]


def decode_columns(
    rows: Sequence[list[Any]], fonts: Mapping[int, str] | None = None
) -> Sequence[list[Any]]:
    """The sheet with every legacy column decoded; the very same rows when there is none.

    ``fonts`` is what the file tells of columns' fonts: it settles what the letters leave open.
    """
    suspects, width = _suspects(rows)
    if not suspects:
        return rows
    told = fonts or {}
    found = [_encoding(suspects.get(at, []), told.get(at, "")) for at in range(width)]
    usual = Counter(name for name in found if name).most_common(1)
    if not usual:
        return rows
    # A heading alone may read well both ways; beside legacy columns it is legacy too.
    name, count = usual[0]
    return Decoded(rows, [one or (name if count > 1 else "") for one in found])


def _suspects(rows: Iterable[list[Any]]) -> tuple[dict[int, list[str]], int]:
    """Enough cells of each column that may be legacy text, and the width of the widest row."""
    suspects: dict[int, list[str]] = {}
    width = 0
    for row in rows:
        width = max(width, len(row))
        for at, cell in enumerate(row):
            if isinstance(cell, str) and not cell.isascii() and _may_be_legacy(cell):
                some = suspects.setdefault(at, [])
                if len(some) < ENOUGH:
                    some.append(cell)
    return suspects, width


def _encoding(suspects: list[str], font: str) -> str:
    """What the letters say; what the font says where it reads as well."""
    found = detect(suspects)
    if not font or not suspects or found == font:
        return found
    said = _syllables(_ENCODINGS[font](text) for text in suspects)
    best = _syllables(_ENCODINGS[found](text) if found else text for text in suspects)
    return font if said >= best else found
