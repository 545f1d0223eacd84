"""The reasons for and against a pair and how sure it is, in the page's language."""

from collections.abc import Mapping
from typing import Any

from hrtrain.core.formats import birth
from hrtrain.core.language import lazy_gettext as _l
from hrtrain.people.duplicates.births import BirthMatch
from hrtrain.people.duplicates.names import Damage
from hrtrain.people.duplicates.places import PlaceMatch
from hrtrain.people.duplicates.rules import Level, Sign

LEVELS = {
    Level.NEAR_SURE: _l("Gần như chắc chắn"),
    Level.LIKELY: _l("Rất có thể"),
    Level.POSSIBLE: _l("Có thể"),
}
LEVEL_TONES = {Level.NEAR_SURE: "bad", Level.LIKELY: "warn", Level.POSSIBLE: "info"}
SENTENCES = {
    Sign.NAME: _l("Cùng họ tên"),
    Sign.OTHER_NAME: _l("Khác họ tên"),
    Sign.SAME_ID: _l("Cùng số định danh"),
    Sign.SAME_LAST4: _l("Khác số định danh, chỉ bốn số cuối giống nhau"),
    Sign.OTHER_ID: _l("Khác số định danh"),
    Sign.SAME_PHONE: _l("Cùng số điện thoại"),
    Sign.OTHER_PHONE: _l("Khác số điện thoại"),
    Sign.SAME_EMAIL: _l("Cùng địa chỉ thư điện tử"),
    Sign.OTHER_EMAIL: _l("Khác địa chỉ thư điện tử"),
    Sign.OTHER_GENDER: _l("Khác giới tính"),
    BirthMatch.SAME_DAY: _l("Cùng ngày sinh"),
    BirthMatch.SAME_MONTH: _l("Cùng tháng, năm sinh"),
    BirthMatch.SAME_YEAR: _l("Cùng năm sinh"),
    BirthMatch.SWAPPED: _l("Ngày và tháng sinh đảo cho nhau"),
    BirthMatch.SLIP: _l("Ngày sinh lệch một chữ số"),
    BirthMatch.OTHER_DAY: _l("Cùng tháng, năm sinh, khác ngày"),
    BirthMatch.DIFFERENT: _l("Khác ngày sinh"),
    PlaceMatch.SAME: _l("Cùng đơn vị"),
    PlaceMatch.LINEAGE: _l("Đơn vị này kế thừa đơn vị kia"),
    PlaceMatch.BELOW: _l("Đơn vị này trực thuộc đơn vị kia"),
    PlaceMatch.APART: _l("Khác đơn vị"),
}
DAMAGES = {
    Damage.UNMARKED: _l("một bên không có dấu"),
    Damage.REORDERED: _l("đảo thứ tự họ và tên"),
    Damage.SHORTER: _l("thiếu tên đệm"),
    Damage.INITIALS: _l("viết tắt"),
    Damage.MARKS: _l("khác dấu ở họ hoặc tên đệm"),
    Damage.SLIP: _l("lệch một chữ ở họ hoặc tên đệm"),
    Damage.GIVEN_MARKS: _l("khác dấu ở tên"),
    Damage.GIVEN_SLIP: _l("lệch một chữ ở tên"),
    Damage.OTHER_GIVEN: _l("tên gần giống nhưng đều là tên thường gặp"),
    Damage.OTHER_MIDDLE: _l("khác tên đệm"),
}


def sentence(reason: Mapping[str, Any]) -> str:
    """A stored reason in words, with what both say where the words alone do not tell."""
    code = reason["code"]
    said = str(SENTENCES.get(code, code))
    if damages := reason.get("damages"):
        said += ", " + ", ".join(str(DAMAGES.get(one, one)) for one in damages)
    if code in set(BirthMatch) and reason["one"] != reason["other"]:
        said += f" ({birth(reason['one'])} – {birth(reason['other'])})"
    return said


def in_favour(reasons: list[dict[str, Any]]) -> list[str]:
    """The sentences that speak for one person, the strongest first."""
    return [sentence(reason) for reason in reasons if reason["points"] > 0]


def against(reasons: list[dict[str, Any]]) -> list[str]:
    """The sentences that speak against it, the strongest first."""
    return [sentence(reason) for reason in reasons if reason["points"] <= 0]
