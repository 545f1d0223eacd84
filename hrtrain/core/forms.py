"""The form every feature's forms extend: Vietnamese complaints, days, versions, once-keys.

A form that makes something carries a `OnceField`: the new object's key is drawn when the page is
shown, so a double click posts the same key twice and makes one object.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from unicodedata import normalize

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField
from wtforms import RadioField as PlainRadioField
from wtforms import SelectField as PlainSelectField
from wtforms import SelectMultipleField as PlainSelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, StopValidation, ValidationError
from wtforms.widgets import TextInput

from hrtrain.core.db import db, lock, new_key
from hrtrain.core.errors import Refusal, Stale
from hrtrain.core.language import gettext as _
from hrtrain.core.language import lazy_gettext as _l

# WTForms has no Vietnamese catalogue, and its English must go through ours.
SENTENCES = {
    "This field is required.": _l("Hãy điền mục này."),
    "Not a valid choice.": _l("Lựa chọn này không có trong danh sách."),
    "'%(value)s' is not a valid choice for this field.": _l(
        "“%(value)s” không có trong danh sách."
    ),
    "'%(value)s' are not valid choices for this field.": _l(
        "“%(value)s” không có trong danh sách."
    ),
    "Invalid Choice: could not coerce.": _l("Lựa chọn này không có trong danh sách."),
    "Invalid choice(s): one or more data inputs could not be coerced.": _l(
        "Lựa chọn này không có trong danh sách."
    ),
    "Not a valid integer value.": _l("Hãy ghi một số nguyên."),
    "Not a valid decimal value.": _l("Hãy ghi một số."),
    "Not a valid time value.": _l("Hãy ghi giờ theo dạng 07:30."),
    "Invalid email address.": _l("Địa chỉ thư điện tử không đúng."),
    "Invalid input.": _l("Nội dung không đúng dạng."),
    "Number must be at least %(min)s.": _l("Số phải từ %(min)s trở lên."),
    "Number must be at most %(max)s.": _l("Số không được quá %(max)s."),
    "Number must be between %(min)s and %(max)s.": _l("Số phải từ %(min)s đến %(max)s."),
    "Field must be equal to %(other_name)s.": _l("Hai lần ghi không giống nhau."),
    "Field must be at least %(min)d character long.": _l("Cần ít nhất %(min)d ký tự."),
    "Field must be at least %(min)d characters long.": _l("Cần ít nhất %(min)d ký tự."),
    "Field cannot be longer than %(max)d character.": _l("Không được dài quá %(max)d ký tự."),
    "Field cannot be longer than %(max)d characters.": _l("Không được dài quá %(max)d ký tự."),
    "Field must be exactly %(max)d characters long.": _l("Cần đúng %(max)d ký tự."),
    "Field must be between %(min)d and %(max)d characters long.": _l(
        "Cần từ %(min)d đến %(max)d ký tự."
    ),
}


class _Sentences:
    """What WTForms asks for its messages."""

    def gettext(self, message: str) -> str:
        # The filled-in values are put in by WTForms afterwards, so nothing is filled in here.
        found = SENTENCES.get(message)
        return str(found) if found is not None else message

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        return self.gettext(singular if number == 1 else plural)


class Form(FlaskForm):  # type: ignore[misc]
    """A posted form; ``csrf_token`` is checked with it."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """How WTForms treats it."""

        def get_translations(self, form: Any) -> _Sentences:
            """Our sentences in place of the library's."""
            return _Sentences()


class DayField(Field):  # type: ignore[misc]
    """A day written as dd/mm/yyyy; ``data`` is a date or None."""

    widget = TextInput()

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return self.data.strftime("%d/%m/%Y") if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; refuses what is no day of the calendar."""
        text = valuelist[0].strip() if valuelist else ""
        self.data = read_day(text) if text else None


_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
# At the calendar's own ends there is no day before or after, nor an instant in every zone.
YEARS = range(1900, 3000)


def read_day(text: str) -> date:
    """The day of ``4/5/2026`` (day first) or ``2026-05-04``; a ValueError names what is wrong."""
    if match := _DAY.fullmatch(text):
        day, month, year = (int(part) for part in match.groups())
    elif match := _ISO_DAY.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    else:
        raise ValueError(_("Hãy ghi ngày theo dạng ngày/tháng/năm, ví dụ 04/05/2026."))
    try:
        found = date(year, month, day)
    except ValueError:
        raise ValueError(_("Không có ngày %(day)s trong lịch.", day=text)) from None
    if found.year not in YEARS:
        raise ValueError(
            _("Năm phải từ %(first)s đến %(last)s.", first=YEARS.start, last=YEARS.stop - 1)
        )
    return found


def asked_day(text: str | None, otherwise: date) -> date:
    """The day of a page's address, ``otherwise`` when it names none; refused when it is none."""
    if not text or not text.strip():
        return otherwise
    try:
        return read_day(text.strip())
    except ValueError as error:
        raise Refusal(str(error)) from None


class _Pairs:
    """Choices come as pairs of value and label here, which WTForms takes as `SelectChoice` only."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **{**more, "choices": _choices_of(more.get("choices"))})

    @property
    def choices(self) -> list[SelectChoice] | None:
        """What may be chosen."""
        found: list[SelectChoice] | None = PlainSelectField.choices.fget(self)
        return found

    @choices.setter
    def choices(self, pairs: Iterable[tuple[Any, Any]] | None) -> None:
        PlainSelectField.choices.fset(self, _choices_of(pairs))


def _choices_of(pairs: Iterable[tuple[Any, Any]] | None) -> list[SelectChoice] | None:
    return None if pairs is None else [SelectChoice(*pair) for pair in pairs]


class SelectField(_Pairs, PlainSelectField):  # type: ignore[misc]
    """One choice out of a list that opens."""


class RadioField(_Pairs, PlainRadioField):  # type: ignore[misc]
    """One choice, each a round box to tick."""


class SelectMultipleField(_Pairs, PlainSelectMultipleField):  # type: ignore[misc]
    """Several choices."""


class VersionField(HiddenField):  # type: ignore[misc]
    """The version of the row the page showed."""

    def __init__(self, **more: Any) -> None:
        super().__init__("", **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; anything else counts as a version that never was."""
        text = valuelist[0] if valuelist else ""
        self.data = int(text) if text.isdigit() and len(text) < 10 else 0


def check_version(form: Any, row: Any) -> None:
    """Refuse (409) when the row changed since the form was shown; put a new version on it else.

    Call it before the row is changed: the row is read anew and locked, so that of two who
    send the same version at a time one is refused on PostgreSQL as well.
    """
    lock(row)
    if form.version.data != row.version:
        raise Stale(_("Có người khác vừa sửa mục này. Hãy xem lại bản mới rồi sửa tiếp."))
    row.version += 1


class OnceField(HiddenField):  # type: ignore[misc]
    """The key of the object to be made, drawn when the form is shown: ``OnceField("s")``."""

    def __init__(self, prefix: str, **more: Any) -> None:
        self.prefix = prefix
        super().__init__("", default=lambda: new_key(prefix), **more)

    def pre_validate(self, form: Any) -> None:
        """Refuse a key this form cannot have drawn."""
        if not re.fullmatch(rf"{re.escape(self.prefix)}-[0-9a-f]{{10}}", self.data or ""):
            raise StopValidation(_("Hãy mở lại trang rồi gửi lần nữa."))


def back_out(form: Any, refusal: Refusal) -> int:
    """Undo what the request did so far and show the refusal on the form; the answer's status.

    It stands at the field it names, else above the form.
    """
    db.session.rollback()
    if refusal.where in form:
        form[refusal.where].errors = [*form[refusal.where].errors, refusal.message]
    else:
        form.form_errors = [*form.form_errors, refusal.message]
    return refusal.status


class _Filled(InputRequired):  # type: ignore[misc]
    """Something was sent, and something is left of it once the filters took the spaces away."""

    def __call__(self, form: Any, field: Any) -> None:
        super().__call__(form, field)
        if isinstance(field.data, str) and not field.data.strip():
            raise StopValidation(str(self.message))


def required(message: Any = None) -> InputRequired:
    """The field must be filled in."""
    return _Filled(message or SENTENCES["This field is required."])


def at_most(characters: int) -> Length:
    """The text fits its column."""
    return Length(max=characters)


def not_before(other: str, message: Any) -> Callable[[Any, Any], None]:
    """The day does not lie before the form's other day; either may be empty."""

    def check(form: Any, field: Any) -> None:
        start = form[other].data
        if field.data and start and field.data < start:
            raise ValidationError(str(message))

    return check


def cleaned(text: Any) -> Any:
    """A WTForms filter: composed letters, spaces collapsed."""
    return " ".join(normalize("NFC", text).split()) if isinstance(text, str) else text


def stripped(text: Any) -> Any:
    """A WTForms filter: the text without outer spaces, its lines kept."""
    return text.strip() if isinstance(text, str) else text
