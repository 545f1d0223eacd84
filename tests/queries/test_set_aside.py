"""A person set aside is in no list, search, matching or picker any more. On both engines."""

from datetime import date

import pytest

from hrtrain.core.db import db
from hrtrain.people import matching
from hrtrain.people.models import Person
from hrtrain.people.queries import PersonFilter, person_page, possible_duplicates
from hrtrain.people.rosters.cells import Birth
from hrtrain.people.rules import PersonDetails
from hrtrain.training.queries.enrolments import people_named, people_of_keys, people_to_enrol
from hrtrain.units.scope import Scope
from tests import makers

EVERYTHING = Scope(everything=True)

pytestmark = pytest.mark.usefixtures("app")


def two() -> tuple[Person, Person]:
    """The same name and unit twice, the second set aside."""
    group, unit = makers.group(), makers.unit()
    here, aside = makers.person(), makers.person(national_id_hash="x")
    for who in (here, aside):
        makers.membership(who, group, unit)
    aside.is_set_aside = True
    db.session.commit()
    return here, aside


@pytest.mark.parametrize("few", [0, 4000])
@pytest.mark.parametrize("text", ["", "nguyen van an"])
def test_set_aside_person_is_in_no_list(
    few: int, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, _aside = two()
    monkeypatch.setattr(matching, "FEW", few)
    for on in (None, date(2025, 1, 1)):
        page = person_page(EVERYTHING, PersonFilter(text, on=on))
        assert [row.id for row in page.rows] == [here.id]
        assert page.total in (1, None)


def test_list_of_everybody_counts_no_set_aside_person() -> None:
    two()
    assert person_page(EVERYTHING, PersonFilter()).total == 1


def test_set_aside_person_is_neither_matched_nor_enrolled() -> None:
    here, aside = two()
    session = makers.training_session(makers.course(), makers.unit())
    details = PersonDetails(here.full_name, "", Birth("", ""), "", "", "", "")
    assert [row.id for row in possible_duplicates(details, "x", EVERYTHING)] == [here.id]
    assert people_of_keys([here.key, aside.key], None) == [here]
    assert people_named([here.search_key], ["x"], None) == [here]
    found = people_to_enrol(session, "nguyen van an", None)
    assert [one.person_key for one in found] == [here.key]
