"""Forms of accounts."""

from wtforms import BooleanField, EmailField, PasswordField, StringField
from wtforms.validators import EqualTo, Length, Optional, Regexp

from hrtrain.accounts.actions.users import UserDetails
from hrtrain.accounts.rules import LONGEST_PASSWORD, SHORTEST_PASSWORD
from hrtrain.core.forms import Form, SelectField, VersionField, at_most, cleaned, required
from hrtrain.core.language import lazy_gettext as _l

LANGUAGE_CHOICES = [("vi", "Tiếng Việt"), ("en", "English")]
_NEW_PASSWORD = {"autocomplete": "new-password"}


class SignInForm(Form):
    """User name and password."""

    username = StringField(
        _l("Tên đăng nhập"),
        [required(), at_most(120)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"},
    )
    password = PasswordField(
        _l("Mật khẩu"),
        [required(), at_most(LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )


class NewPasswordForm(Form):
    """A password, written twice."""

    password = PasswordField(
        _l("Mật khẩu mới"),
        [required(), Length(min=SHORTEST_PASSWORD, max=LONGEST_PASSWORD)],
        description=_l("Ít nhất 12 ký tự. Một câu ngắn dễ nhớ là mật khẩu tốt."),
        render_kw=_NEW_PASSWORD,
    )
    again = PasswordField(
        _l("Ghi lại mật khẩu mới"),
        [required(), EqualTo("password", _l("Hai lần ghi không giống nhau."))],
        render_kw=_NEW_PASSWORD,
    )


class ChangePasswordForm(NewPasswordForm):
    """The password of today, then the new one."""

    current = PasswordField(
        _l("Mật khẩu hiện nay"),
        [required(), at_most(LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )


class GrantForm(Form):
    """A role and the unit it is for; `unit` is a key, empty for everything."""

    role = SelectField(_l("Vai trò"), [required()])
    unit = StringField(
        _l("Cho đơn vị"),
        [Optional(), at_most(120)],
        filters=[cleaned],
        description=_l(
            "Gõ tên hoặc mã để tìm. Vai trò có hiệu lực cho đơn vị và mọi đơn vị bên dưới; "
            "để trống là toàn hệ thống."
        ),
    )


class _UserFields(Form):
    full_name = StringField(_l("Họ và tên"), [required(), at_most(200)], filters=[cleaned])
    email = EmailField(
        _l("Thư điện tử"),
        [Optional(), at_most(200), Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+$")],
        filters=[cleaned],
        render_kw={"autocomplete": "off"},
    )
    language = SelectField(_l("Ngôn ngữ"), choices=LANGUAGE_CHOICES, default="vi")


class NewUserForm(_UserFields, GrantForm):
    """A user with a first role; the password is chosen by the invited."""

    username = StringField(
        _l("Tên đăng nhập"),
        [required(), at_most(64)],
        description=_l("Chữ thường không dấu, số, dấu chấm, gạch nối, gạch dưới hoặc @."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )

    def details(self) -> UserDetails:
        """What was filled in of the user."""
        return UserDetails(self.full_name.data, self.email.data or "", self.language.data)


class UserForm(_UserFields):
    """An existing user."""

    is_disabled = BooleanField(
        _l("Khóa tài khoản"),
        description=_l("Người bị khóa không đăng nhập được và mất mọi phiên đang mở."),
    )
    version = VersionField()

    def details(self) -> UserDetails:
        """What was filled in of the user."""
        return UserDetails(
            self.full_name.data, self.email.data or "", self.language.data, self.is_disabled.data
        )
