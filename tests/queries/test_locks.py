"""A row read again to be held keeps what was changed before."""

import pytest

from hrtrain.core.db import db, lock
from tests import makers


@pytest.mark.usefixtures("app")
def test_locking_a_row_keeps_a_change_not_written_yet() -> None:
    unit = makers.unit(name="Sở cũ")
    db.session.commit()
    unit.name, unit.version = "Sở mới", 2
    lock(unit)
    assert (unit.name, unit.version) == ("Sở mới", 2)
