"""Vietnamese text: cleaning, search keys without marks, sort keys in Vietnamese order, names.

Decoding of TCVN3 and VNI is `core.legacy_text`'s, and comes before any cleaning here.
"""

import re
import unicodedata
from functools import lru_cache

_ETHS = str.maketrans({"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ"})
_ANY_ETH = frozenset("ÐƉðɖ")
_TO_D = str.maketrans({"đ": "d", "ð": "d", "ɖ": "d", "’": "'", "ʼ": "'", "‘": "'"})
_APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'"})

# The order of CLDR's `vi`: qualities of vowels are letters of their own, tones are not.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_KEYS = dict(
    zip(_ALPHABET, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg", strict=True),
)
_MARK_KEYS = dict(zip(" _-,;:.'\"()/&", "!\"#$%&'()*+,-", strict=True))
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_QUALITIES = "\u0302\u0306\u031b"
_BETWEEN_LEVELS = " "

_TITLE_WORDS = frozenset(
    {"ông", "bà", "đ/c", "đc", "đồngchí", "ts", "ths", "thạcsĩ", "thạcsỹ", "tiếnsĩ", "tiếnsỹ"}
    | {"pgs", "gs", "giáosư", "bs", "bácsĩ", "bácsỹ", "bscki", "bsckii", "cki"}
    | {"ckii", "cn", "cửnhân", "ks", "kỹsư", "ls", "luậtsư", "nhàbáo", "nsưt", "nsnd", "đạitá"}
    | {"thượngtá", "trungtá", "thiếutá", "đạiúy", "đạiuý", "thượngúy", "thượnguý", "trungúy"}
    | {"trunguý", "thiếuúy", "thiếuuý", "thiếutướng"}
)
_GENDERS = {"ông": "male", "bà": "female"}
_FIRST_WORDS = _TITLE_WORDS | frozenset(
    {"đồng", "th", "thạc", "tiến", "giáo", "bác", "cử", "kỹ", "luật", "nhà", "đại", "thượng"}
    | {"trung", "thiếu"}
)
# Ông is a family name too: Ông Ích Khiêm, Ông Thị Hoa, Ông Văn Huyên.
_TITLE_END = re.compile(r"[\s.:]")
_AFTER_FAMILY_NAME = re.compile(r"ông (?:thị \S.*|(?:ích|văn) \S+)", re.IGNORECASE)


def _is_invisible(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cf", "Cc") and not letter.isspace()


def clean_text(text: str) -> str:
    """The text in NFC, spaces collapsed, nothing invisible in it, Icelandic Ð read as Đ."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", text)
    if not composed.isprintable():
        composed = "".join(letter for letter in composed if not _is_invisible(letter))
    if not _ANY_ETH.isdisjoint(composed):
        composed = composed.translate(_ETHS)
    return " ".join(composed.split())


@lru_cache(maxsize=20_000)
def search_key(text: str) -> str:
    """The text folded for search: no marks, no case, đ as d, spaces collapsed."""
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFD", clean_text(text).casefold().translate(_TO_D))
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


@lru_cache(maxsize=2_000)
def _letter_key(letter: str) -> tuple[str, str]:
    """Where one lower-case letter stands, and its tone (``0`` for the letter, then the tone)."""
    marks = unicodedata.normalize("NFD", letter)
    tones = "".join(_TONES.get(mark, "") for mark in marks[1:])
    bare = marks[0] + "".join(mark for mark in marks[1:] if mark in _QUALITIES)
    key = _LETTER_KEYS.get(unicodedata.normalize("NFC", bare)) or _LETTER_KEYS.get(marks[0])
    if key is None:
        key = marks[0] if marks[0].isdigit() and marks[0].isascii() else _MARK_KEYS.get(letter, "h")
    return key, "0" + tones


@lru_cache(maxsize=20_000)
def _collation_key(text: str) -> str:
    """The place among texts: all letters first, then all tones, as ICU's `vi` compares."""
    keys = [_letter_key(letter) for letter in text]
    letters = "".join(key for key, _tone in keys)
    return letters + _BETWEEN_LEVELS + "".join(tone for _key, tone in keys).rstrip("0")


def sort_key(full_name: str) -> str:
    """The name's place in Vietnamese order: by given name (the last word), then the rest.

    Plain ASCII, compared byte by byte.
    """
    rest, _space, given = clean_text(full_name).lower().translate(_APOSTROPHES).rpartition(" ")
    return _BETWEEN_LEVELS.join((_collation_key(given), _collation_key(rest)))


def name_case(name: str) -> str:
    """The name with capitals where names have them, if it is all capitals or has none.

    ``H'HEN NIÊ`` becomes ``H'Hen Niê``; in a name of mixed case only words without a capital get
    one (TCVN3 had no Á: ``Võ Ngọc ánh``).
    """
    if len(name) > 1 and (name.isupper() or name.islower()):
        return re.sub(r"[^\W\d_]+", lambda word: word[0][0].upper() + word[0][1:].lower(), name)
    return " ".join(word[:1].upper() + word[1:] for word in name.split(" "))


def strip_honorifics(name: str) -> tuple[str, str, str]:
    """The clean name without titles, the titles taken off, and the gender they tell (or "")."""
    rest, titles, gender = clean_text(name).translate(_APOSTROPHES), "", ""
    while found := _leading_title(rest):
        gender = gender or _GENDERS.get(_title_word(found), "")
        titles, rest = f"{titles} {found}".strip(), rest[len(found) :].lstrip(" .:,-")
    return rest, titles, gender


def _title_word(text: str) -> str:
    return re.sub(r"[\s.:,]", "", text).lower()


def _leading_title(name: str) -> str:
    """The title the name begins with, as written; empty when it begins with a name."""
    if _TITLE_END.split(name, maxsplit=1)[0].lower() not in _FIRST_WORDS:
        return ""
    if _AFTER_FAMILY_NAME.fullmatch(name):
        return ""
    # A title ends at a dot or colon, or is a whole word or two: TS.Nguyễn, Bà: Lê, Thạc sĩ Trần.
    for pattern in (r"\S+ \S+?(?=[ .:])", r"[Tt][Hh]\.[Ss](?=[ .])", r"[^\s.:]+(?=[ .:])"):
        found = re.match(pattern, name)
        if found and _title_word(found[0]) in _TITLE_WORDS:
            return found[0]
    return ""
