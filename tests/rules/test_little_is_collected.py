"""No column, no field and no roster heading takes what the office has no business to know."""

import re

import pytest

from hrtrain import factory
from hrtrain.core.db import Base
from hrtrain.core.text import search_key
from hrtrain.people.forms import PersonForm
from hrtrain.people.rosters.header import field_of
from hrtrain.people.rosters.types import FIELDS

# Sensitive data (Decree 356/2025/NĐ-CP): origin, belief, party, health, wealth, where somebody is.
NEVER = re.compile(
    r"ethnic|religio|party|faith|health|biometric|criminal|conviction|bank|portrait|photo|selfie"
    r"|gps|latitude|id_card|card_image|dan_toc|ton_giao|dang_vien"
)
HEADINGS = (
    "Dân tộc|Tôn giáo|Đảng viên|Ngày vào Đảng|Là Đảng viên|Thành phần gia đình|Sức khỏe"
    "|Nhóm máu|Ảnh|Ảnh CCCD|Số tài khoản|Ngân hàng|Tiền án|Quê quán"
)


def test_no_table_has_a_column_for_sensitive_data() -> None:
    tables = Base.metadata.sorted_tables
    assert factory.DOORS, "the factory knows every feature, and so every table"
    columns = [f"{t.name}.{c.name}" for t in tables for c in t.columns]
    assert len(columns) > 100
    assert not [name for name in columns if NEVER.search(name)]


def test_national_id_is_kept_as_hash_and_four_digits_only() -> None:
    person = Base.metadata.tables["person"]
    kept = {column.name for column in person.columns if "national" in column.name}
    assert kept == {"national_id_hash", "national_id_last4"}
    assert person.c.national_id_last4.type.length == 4  # type: ignore[attr-defined]


def test_no_form_and_no_roster_field_asks_for_sensitive_data() -> None:
    fields = [name for name in vars(PersonForm) if not name.startswith("_")]
    assert not [name for name in (*fields, *FIELDS) if NEVER.search(name)]


@pytest.mark.parametrize("heading", HEADINGS.split("|"))
def test_roster_column_of_sensitive_data_is_not_read(heading: str) -> None:
    assert field_of(heading) == "", search_key(heading)
