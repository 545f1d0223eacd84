"""The form by which somebody decides a pair."""

from wtforms import HiddenField, StringField
from wtforms.validators import AnyOf

from hrtrain.core.forms import Form, VersionField, at_most, cleaned
from hrtrain.core.language import lazy_gettext as _l


class DecideForm(Form):
    """Two people, asked later, or open again; with a reason where somebody gives one."""

    version = VersionField()
    state = HiddenField("", [AnyOf(["apart", "later", "open"])])
    reason = StringField(_l("Căn cứ"), [at_most(500)], filters=[cleaned])
