"""Forms of sealed reports: sealing and restating. What is sealed cannot be edited, so no more."""

from wtforms import StringField, TextAreaField

from hrtrain.core.forms import Form, OnceField, at_most, cleaned, required, stripped
from hrtrain.core.language import lazy_gettext as _l


class SealForm(Form):
    """A new sealed report."""

    key = OnceField("seal")
    title = StringField(_l("Tên báo cáo"), [required(), at_most(250)], filters=[cleaned])
    note = TextAreaField(_l("Ghi chú"), [at_most(2000)], filters=[stripped])


class RestateForm(Form):
    """A new version of a sealed report."""

    key = OnceField("seal")
    note = TextAreaField(_l("Vì sao lập lại"), [required(), at_most(2000)], filters=[stripped])
