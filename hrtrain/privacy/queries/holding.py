"""What is held of a person, in parts: the data, what for, on what basis, from whom, for how long.

The page, the copy a person takes away and the command read the same parts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hrtrain.people.models import Person
from hrtrain.privacy.queries import held_person, held_records
from hrtrain.privacy.queries.parts import Part
from hrtrain.privacy.queries.rules import Rule, retention_rules


@dataclass(frozen=True)
class Holding:
    """Everything held of a person and the records merged into it."""

    people: tuple[Person, ...]
    parts: list[Part]
    rules: dict[str, Rule]

    @property
    def person(self) -> Person:
        """Whose data they are."""
        return self.people[0]

    def kept_words(self, part: Part) -> str:
        """How long the part is kept, in words."""
        return self.rules[part.kept].words


def holding_of(people: Sequence[Person]) -> Holding:
    """All parts, empty ones too, so that nobody must guess what is not held."""
    ids = [person.id for person in people]
    parts = [
        held_person.identity(people),
        held_person.contact(people),
        held_person.memberships(ids),
        held_records.sessions(ids),
        held_records.completions(ids),
        held_records.standings(people),
        held_records.exemptions(ids),
        held_records.certificates(ids),
        held_records.account(ids),
        held_records.rosters(),
        held_records.requests(ids),
        held_person.entries([person.key for person in people]),
    ]
    return Holding(tuple(people), parts, retention_rules())
