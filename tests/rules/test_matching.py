"""Rows of a list and the known people they mean: exactly one, or a reason why not."""

import pytest

from hrtrain.people.rosters.types import Entry
from hrtrain.training import words
from hrtrain.training.matching import KnownPerson, Match, Miss, match_people

AN = KnownPerson("an", "le van an", "1985-05-12", "hash-an")
BINH_1980 = KnownPerson("binh-1980", "le thi binh", "1980")
BINH_1981 = KnownPerson("binh-1981", "le thi binh", "1981-02")
NO_BIRTH = KnownPerson("chi", "vo chi")
KNOWN = (AN, BINH_1980, BINH_1981, NO_BIRTH)


def match(name: str, birth_date: str = "", national_id_hash: str = "") -> Match:
    entry = Entry("A", 2, name, birth_date=birth_date, national_id_hash=national_id_hash)
    return match_people([entry], KNOWN)[0]


@pytest.mark.parametrize(
    ("name", "birth_date", "card", "key"),
    [
        ("Lê Văn An", "1985-05-12", "", "an"),
        ("Lê Văn Ân", "1985", "", "an"),
        ("Lê Văn An", "", "", "an"),
        ("Tên Đã Đổi", "", "hash-an", "an"),
        ("Lê Thị Bình", "1981-02-03", "", "binh-1981"),
        ("Võ Chí", "1990-01-01", "", "chi"),
    ],
)
def test_row_means_the_one_it_can_mean(name: str, birth_date: str, card: str, key: str) -> None:
    assert match(name, birth_date, card).person_key == key


@pytest.mark.parametrize(
    ("name", "birth_date", "card", "miss"),
    [
        ("Lê Văn An", "1985-05-13", "", Miss.UNKNOWN),
        ("Lê Văn An", "1985-05-12", "another card", Miss.UNKNOWN),
        ("Người Lạ", "", "", Miss.UNKNOWN),
        ("Lê Thị Bình", "", "", Miss.SEVERAL),
    ],
)
def test_row_is_never_given_to_somebody_it_may_not_mean(
    name: str, birth_date: str, card: str, miss: Miss
) -> None:
    found = match(name, birth_date, card)
    assert (found.person_key, found.miss) == ("", miss)


def test_second_row_of_the_same_person_is_named() -> None:
    rows = [Entry("A", 2, "Lê Văn An"), Entry("A", 3, "LÊ VĂN AN")]
    assert [found.miss for found in match_people(rows, KNOWN)] == [None, Miss.TWICE]


def test_every_reason_has_its_words() -> None:
    assert set(words.MISSES) == set(Miss)
