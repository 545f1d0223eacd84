"""What single cells of a roster say: birth dates, phones, identity numbers. Pure.

Each reader gives the value, or the code of the complaint, and never guesses between two readings.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hrtrain.core.sheet import Cell
from hrtrain.core.text import clean_text, search_key
from hrtrain.people.rosters.types import Code, Warn

EARLIEST_YEAR = 1900
_BLANKS = frozenset({"", "-", "--", "–", "—", ".", "..", "...", "…", "/", "0.0", "nan", "null"})
_EXCEL_EPOCH = date(1899, 12, 30)
_GENDER_WORDS = {
    **dict.fromkeys(("nam", "nam giới", "male", "m", "trai", "ông"), "male"),
    **dict.fromkeys(("nữ", "nu", "nữ giới", "female", "f", "gái", "bà"), "female"),
}
_TICKS = frozenset(["x", "×", "✓", "✔", "v", "1", "có"])
_DAY = re.compile(r"(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTH = re.compile(r"(?:tháng )?(\d{1,2})\s*(?:[/.\-]|năm)\s*(\d{4})")
_IN_WORDS = re.compile(r"(?:ngày )?(\d{1,2}) tháng (\d{1,2}) năm (\d{4})")
_MIDNIGHT = re.compile(r"[ T]0?0:00(:00(\.0+)?)?$")
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(rf"{_ATOM}(\.{_ATOM})*@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{{2,}}")
_SEPARATORS = re.compile(r"[\s.\-']")
_IDENTITY = re.compile(r"[0-9]{8,12}")
_PHONE_WRITTEN = re.compile(r"[+(]?[0-9\s.\-()']+")
_PHONE = re.compile(r"0[1-9][0-9]{8}")
_NOT_DIGITS = re.compile(r"\D")
_TOTAL = re.compile(
    r"(?:tổng cộng|tổng số|cộng\b|(?:ấn định )?danh sách (?:này )?(?:có|gồm)\b)"
    r"|(?:tong cong|tong so|cong)\s*(?::|\d|$)",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"(nguoi lap|lap bieu|nguoi tong hop|thu truong|ky ten|\(?ky,|\(?ky va|xac nhan|"
    r"(kt|tm|tl|tuq|q)\s*\.|noi nhan|.*, ngay .* thang .* nam \d*)"
)

# Mobile numbers of eleven digits became ten in 2018 (Decision 2036/QĐ-BTTTT of 2017).
_RENUMBERED = """
0120:070 0121:079 0122:077 0126:076 0128:078 0123:083 0124:084 0125:085 0127:081 0129:082 0162:032
0163:033 0164:034 0165:035 0166:036 0167:037 0168:038 0169:039 0186:056 0188:058 0199:059"""
_NEW_PREFIXES = {pair[:4]: pair[5:] for pair in _RENUMBERED.split()}


@dataclass(frozen=True)
class Birth:
    """A birth date as exactly as it is known: ``date`` is ISO text cut to the precision."""

    date: str = ""
    precision: str = ""


def shown(cell: Cell) -> str:
    """The cell as its reader would see it: a whole number without a decimal point."""
    if isinstance(cell, bool) or cell is None:
        return "" if cell is None else str(cell)
    if isinstance(cell, float | int):
        return str(int(cell)) if cell == int(cell) else str(cell)
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    return clean_text(cell)


def text_of(cell: Cell) -> str:
    """The cell's text; empty for blanks and for the dashes people write in their place."""
    text = shown(cell)
    return "" if text.lower() in _BLANKS else text


def is_tick(cell: Cell) -> bool:
    """Whether the cell holds a mark such as x."""
    return text_of(cell).lower() in _TICKS


def read_gender(cell: Cell) -> str | Code:
    """``male``, ``female``, "" for a blank."""
    text = text_of(cell).lower().rstrip(".")
    return _GENDER_WORDS.get(text, Code.BAD_GENDER) if text else ""


def read_birth(cell: Cell, today: date) -> Birth | Code:
    """A birth date: a date, a year, a month of a year, an Excel serial; day first, always."""
    if isinstance(cell, date):
        return _whole_day(cell, today)
    text = _MIDNIGHT.sub("", text_of(cell)).lower()
    if not text:
        return Birth()
    if text.isdecimal() and text.isascii():
        return _from_digits(text, today)
    if found := _MONTH.fullmatch(text):
        return _month(int(found[1]), int(found[2]), today)
    if found := _ISO.fullmatch(text):
        return _day(int(found[3]), int(found[2]), int(found[1]), today)
    if found := _DAY.fullmatch(text) or _IN_WORDS.fullmatch(text):
        return _day(int(found[1]), int(found[2]), _full_year(found[3], today), today)
    return Code.BAD_BIRTH_DATE


def read_birth_parts(parts: Sequence[Cell], today: date) -> Birth | Code:
    """A birth date of three columns; a missing day, or day and month, lowers the precision."""
    return read_birth("/".join(text for text in map(text_of, parts) if text), today)


def _full_year(digits: str, today: date) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return 2000 + year if 2000 + year <= today.year - 14 else 1900 + year


def _from_digits(text: str, today: date) -> Birth | Code:
    number = int(text)
    if len(text) == 4 and EARLIEST_YEAR <= number <= today.year:
        return Birth(text, "year")
    if len(text) == 5:
        return _whole_day(_EXCEL_EPOCH + timedelta(days=number), today)
    if len(text) in (7, 8):
        packed = text.zfill(8)
        return _day(int(packed[:2]), int(packed[2:4]), int(packed[4:]), today)
    return Code.BAD_BIRTH_DATE


def _month(month: int, year: int, today: date) -> Birth | Code:
    if not 1 <= month <= 12 or isinstance(_day(1, month, year, today), Code):
        return Code.BAD_BIRTH_DATE
    return Birth(f"{year:04}-{month:02}", "month")


def _day(day: int, month: int, year: int, today: date) -> Birth | Code:
    try:
        return _whole_day(date(year, month, day), today)
    except ValueError:
        # A day that exists only the American way round is asked about, never swapped silently.
        swapped = month > 12 and day <= 12 and month <= 31
        return Code.AMBIGUOUS_BIRTH_DATE if swapped else Code.BAD_BIRTH_DATE


def _whole_day(day: date, today: date) -> Birth | Code:
    if day.year < EARLIEST_YEAR or day > today:
        return Code.BAD_BIRTH_DATE
    return Birth(day.isoformat(), "day")


def read_phone(cell: Cell) -> str | Code:
    """``0`` and nine digits, "" for a blank; old mobile numbers get their prefix of 2018."""
    text = text_of(cell)
    if not text:
        return ""
    if not _PHONE_WRITTEN.fullmatch(text):
        return Code.BAD_PHONE
    digits = _NOT_DIGITS.sub("", text)
    for prefix in ("0084", "84"):
        if digits.startswith(prefix) and len(digits) - len(prefix) in (9, 10):
            digits = "0" + digits[len(prefix) :].lstrip("0")
            break
    if len(digits) in (9, 10) and not digits.startswith("0"):
        digits = "0" + digits
    if len(digits) == 11 and digits[:4] in _NEW_PREFIXES:
        digits = _NEW_PREFIXES[digits[:4]] + digits[4:]
    return digits if _PHONE.fullmatch(digits) else Code.BAD_PHONE


def read_email(cell: Cell) -> str | Code:
    """An address in small letters, "" for a blank."""
    text = text_of(cell).lower()
    if not text:
        return ""
    return text if len(text) <= 200 and _EMAIL.fullmatch(text) else Code.BAD_EMAIL


def read_national_id(cell: Cell) -> tuple[str, list[Warn]] | Code:
    """Twelve digits of the identity card, or nine of the old one; zeros Excel took come back.

    Only a zero missing in written text is worth a warning; a number cell cannot hold one.
    """
    text = _SEPARATORS.sub("", text_of(cell))
    if not text:
        return "", []
    if not _IDENTITY.fullmatch(text):
        return Code.BAD_NATIONAL_ID
    is_number = isinstance(cell, float | int)
    if len(text) < 9 and not is_number:
        return Code.BAD_NATIONAL_ID
    length = 12 if len(text) > 9 else 9
    warnings = [Warn.ZERO_RESTORED] if len(text) < length and not is_number else []
    if length == 9:
        warnings.append(Warn.OLD_IDENTITY_NUMBER)
    return text.zfill(length), warnings


def disagrees(national_id: str, gender: str, birth_date: str) -> bool:
    """Whether the card's own century, gender and year deny what the row says."""
    if len(national_id) != 12:
        return False
    century_and_gender, year = int(national_id[3]), national_id[4:6]
    if gender and (century_and_gender % 2 == 1) != (gender == "female"):
        return True
    return bool(birth_date) and birth_date[:4] != f"{19 + century_and_gender // 2}{year}"


def is_total(text: str) -> bool:
    """Whether the text closes a list: a total is no person, though Tống Công Sơn is one."""
    return _TOTAL.match(text) is not None


def is_signature(text: str) -> bool:
    """Whether the text belongs to a signature block."""
    return _SIGNATURE.match(search_key(text)) is not None
