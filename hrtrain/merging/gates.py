"""The one way to a merge by its act's key: whoever keeps the person may see and undo it."""

from dataclasses import dataclass

from flask import abort
from sqlalchemy import select

from hrtrain.core.acts.models import Act
from hrtrain.core.db import db
from hrtrain.merging.rules import KIND
from hrtrain.people.gates import KEEPERS, reaches
from hrtrain.people.merges.models import PersonMerge
from hrtrain.people.merges.queries import standing_for
from hrtrain.people.models import Person


@dataclass(frozen=True)
class Merge:
    """An act that merged two records, and the records."""

    act: Act
    link: PersonMerge
    kept: Person
    merged: Person


def merge_or_404(key: str) -> Merge:
    """The merge, undone or not, when the record that stands for both is within the user's keep."""
    asked = select(Act, PersonMerge).join(PersonMerge, PersonMerge.act_id == Act.id)
    row = db.session.execute(asked.where(Act.key == key, Act.kind == KIND)).first()
    if row is None:
        abort(404)
    kept, merged = (db.session.get_one(Person, id_) for id_ in (row[1].kept_id, row[1].merged_id))
    if not reaches(standing_for(kept), *KEEPERS):
        abort(404)
    return Merge(row[0], row[1], kept, merged)
