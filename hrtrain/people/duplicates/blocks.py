"""By what two people are met at all, so that nobody is compared with everybody. Pure."""

from collections.abc import Iterator
from hashlib import blake2b

from hrtrain.people.duplicates.names import read_name, sound_of
from hrtrain.people.duplicates.places import Places
from hrtrain.people.duplicates.rules import Identity

MOST = 60
"""People under one key; of more the key says too little, and finer ones meet those worth it."""


def blocks_of(person: Identity, places: Places) -> set[int]:
    """Digests of everything the person shares with whom it should be compared."""
    return {_digest(text) for text in _keys(person, places)}


def _keys(person: Identity, places: Places) -> Iterator[str]:
    for kind in ("national_id_hash", "phone", "email"):
        if value := getattr(person, kind):
            yield f"{kind}|{value.casefold()}"
    words = [sound_of(word) for word in read_name(person.full_name).folded]
    if not words:
        return
    name, year = " ".join(sorted(words)), person.birth_date[:4]
    heads = sorted({places.head_of(unit) for unit in person.units})
    yield f"name|{name}"
    yield from (f"name unit|{name}|{head}" for head in heads)
    if year:
        yield f"name year|{name}|{year}"
        # Given name first or last, a middle name left out, a slip in one of the others.
        for word in {words[0], words[-1]}:
            yield from (f"word year unit|{word}|{year}|{head}" for head in heads)
    if len(person.birth_date) == len("1985-03-02"):
        day = "-".join(sorted(person.birth_date.split("-")[1:]))
        yield from (f"word birth|{word}|{year}|{day}" for word in {words[0], words[-1]})


def _digest(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), signed=True)
