"""Forms of certificates: fields and messages."""

from datetime import date
from typing import Any, ClassVar, cast

from flask_wtf.file import FileField
from wtforms import StringField, TextAreaField
from wtforms.validators import Regexp, ValidationError

from hrtrain.certificates import words
from hrtrain.certificates.actions.changing import CORRECTABLE
from hrtrain.certificates.content import Content
from hrtrain.certificates.models import CertificateSeries
from hrtrain.certificates.rules import Revocation, SeriesDetails
from hrtrain.core.forms import (
    DayField,
    Form,
    OnceField,
    RadioField,
    SelectField,
    VersionField,
    at_most,
    cleaned,
    required,
    stripped,
)
from hrtrain.core.language import lazy_gettext as _l
from hrtrain.training.rules import read_birth_day


class IssueForm(Form):
    """Issuing for a session; the series have their choices handed in."""

    series = SelectField(_l("Loạt giấy"), [required()])


class SeriesForm(Form):
    """A series of certificates; ``unit`` is looked up."""

    key = OnceField("series")
    unit = StringField(
        _l("Đơn vị cấp"),
        [required(), at_most(400)],
        filters=[cleaned],
        render_kw={"autocomplete": "off"},
    )
    notation = StringField(
        _l("Ký hiệu"),
        [
            required(),
            at_most(40),
            Regexp(r"^[^\s/]+$", message=_l("Ký hiệu viết liền, không có dấu cách và dấu /.")),
        ],
        filters=[cleaned],
        description=_l("Phần sau “GCN-” của số giấy, ví dụ SVHTTDL cho số 05/GCN-SVHTTDL."),
    )
    superior_name = StringField(_l("Cơ quan chủ quản"), [at_most(250)], filters=[cleaned])
    issuer_name = StringField(_l("Cơ quan cấp"), [required(), at_most(250)], filters=[cleaned])
    place = StringField(
        _l("Địa danh"),
        [required(), at_most(120)],
        filters=[cleaned],
        description=_l("Ghi trước ngày cấp, ví dụ: Tây Ninh, ngày 05 tháng 01 năm 2026."),
    )
    signing_authority = TextAreaField(
        _l("Quyền hạn, chức vụ của người ký"),
        [required(), at_most(250)],
        filters=[stripped],
        description=_l("Mỗi dòng một phần, ví dụ KT. GIÁM ĐỐC rồi PHÓ GIÁM ĐỐC."),
    )
    signatory = StringField(
        _l("Họ tên người ký"),
        [required(), at_most(200)],
        filters=[cleaned],
        description=_l("Không ghi học hàm, học vị (Nghị định 30/2020/NĐ-CP)."),
    )
    basis = StringField(
        _l("Căn cứ in trên giấy"),
        [at_most(300)],
        filters=[cleaned],
        description=_l("Ví dụ: Thực hiện Kế hoạch số 175/KH-UBND ngày 17/01/2023."),
    )
    layout = SelectField(_l("Mẫu trình bày"), choices=list(words.LAYOUTS.items()))
    issuer_name_en = StringField(_l("Cơ quan cấp (tiếng Anh)"), [at_most(250)], filters=[cleaned])
    signing_authority_en = TextAreaField(
        _l("Quyền hạn, chức vụ (tiếng Anh)"), [at_most(250)], filters=[stripped]
    )
    version = VersionField()

    NAMES = (
        "notation", "superior_name", "issuer_name", "place", "signing_authority", "signatory",
        "basis", "layout", "issuer_name_en", "signing_authority_en",
    )  # fmt: skip

    @classmethod
    def values_of(cls, series: CertificateSeries) -> dict[str, Any]:
        """The series as the form shows it."""
        shown = {name: getattr(series, name) for name in (*cls.NAMES, "version")}
        return {**shown, "unit": series.unit.typed}

    def details(self) -> SeriesDetails:
        """What was entered."""
        return SeriesDetails(**{name: self[name].data or "" for name in self.NAMES})


class RevokeForm(Form):
    """A decision to revoke a certificate."""

    reason = TextAreaField(_l("Lý do thu hồi"), [required(), at_most(2000)], filters=[stripped])
    document_no = StringField(
        _l("Số quyết định thu hồi"), [required(), at_most(120)], filters=[cleaned]
    )
    revoked_on = DayField(_l("Ngày thu hồi"), [required()])
    effect = RadioField(
        _l("Kết quả hoàn thành của người học"),
        choices=[
            ("from_day", _l("Hết giá trị từ ngày thu hồi; trước ngày đó vẫn tính")),
            ("void", _l("Coi như chưa từng hoàn thành")),
        ],
        default="from_day",
    )

    def details(self) -> Revocation:
        """The decision."""
        return Revocation(
            reason=self.reason.data,
            document_no=self.document_no.data,
            revoked_on=cast(date, self.revoked_on.data),
            is_void=self.effect.data == "void",
        )


class CorrectForm(Form):
    """What the issuer got wrong on a certificate; the series have their choices handed in."""

    full_name = StringField(_l("Họ và tên"), [required(), at_most(200)], filters=[cleaned])
    honorific = SelectField(
        _l("Xưng hô"), choices=[("Ông", "Ông"), ("Bà", "Bà"), ("Ông/Bà", "Ông/Bà")]
    )
    birth_date = StringField(
        _l("Ngày sinh"),
        [at_most(10)],
        filters=[cleaned],
        description=_l("Ngày/tháng/năm, tháng/năm hoặc năm."),
    )
    position = StringField(_l("Chức vụ lúc học"), [at_most(200)], filters=[cleaned])
    unit = StringField(_l("Đơn vị lúc học"), [at_most(250)], filters=[cleaned])
    series = SelectField(_l("Loạt giấy của giấy mới"), [required()])
    reason = TextAreaField(_l("Sai sót là gì"), [required(), at_most(2000)], filters=[stripped])

    @staticmethod
    def values_of(content: Content) -> dict[str, Any]:
        """The face as the form shows it."""
        shown = {name: getattr(content, name) for name in CORRECTABLE}
        return {**shown, "birth_date": "/".join(reversed(content.birth_date.split("-")))}

    def validate_birth_date(self, field: Any) -> None:
        """Refuse what is no date."""
        if field.data and read_birth_day(field.data) is None:
            raise ValidationError(str(_l("Hãy ghi ngày/tháng/năm, tháng/năm hoặc năm sinh.")))

    def details(self) -> dict[str, str]:
        """The corrected fields."""
        entered = {name: self[name].data or "" for name in CORRECTABLE}
        birth = read_birth_day(entered["birth_date"])
        return {**entered, "birth_date": birth.text if birth else ""}


class Asked:
    """Marks a field as asked for, though only the view can say whether it may stay empty."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: Any, field: Any) -> None:
        """Everything passes."""


class CheckForm(Form):
    """The public check: a code, or a file."""

    code = StringField(_l("Mã kiểm tra"), [Asked(), at_most(80)], filters=[stripped])
    file = FileField(_l("Tệp PDF của giấy chứng nhận"), [Asked()])
