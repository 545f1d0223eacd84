"""Questions about sealed reports: which there are, what one says, whether it can be counted again.

Nothing here writes. `frozen` counts what is about to be sealed, `reproduced` what was.
"""

import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from hrtrain.core import clock
from hrtrain.core.db import db
from hrtrain.core.errors import Refusal
from hrtrain.core.language import gettext as _
from hrtrain.coverage.asked import Plans, read_plans
from hrtrain.coverage.models import Programme
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.seals.causes import Cause, Known, Moved, cause_of, moved
from hrtrain.coverage.seals.counting import Count, figures_of
from hrtrain.coverage.seals.facts import (
    Facts,
    Place,
    SealedRules,
    Sought,
    Tried,
    read_day,
    read_rules,
)
from hrtrain.coverage.seals.models import Seal
from hrtrain.coverage.seals.reading import facts_of, rules_to_seal
from hrtrain.coverage.spans import RULE_VERSION
from hrtrain.people.models import Person

CHUNK = 500


@dataclass(frozen=True)
class Frozen:
    """What is to be sealed: the plan, the bytes, packed, and the hash of the facts they rest on.

    Whoever keeps it has no hashing and packing left to do while others wait to write.
    """

    programme: Programme
    sought: Sought
    unit_id: int | None
    known_at: datetime
    rules: SealedRules
    packed: bytes
    sha256: str
    inputs_hash: str


def frozen(programme: Programme, sought: Sought, known_at: datetime) -> Frozen:
    """The figures as known at the instant, counted in two ways that must agree.

    Refused: a day to come, a programme that wants nothing, an unknown unit, and figures on which
    the count from the facts and the pages' do not agree.
    """
    plans = read_plans(programme.key)
    _refuse_unless_sealable(sought, plans)
    unit_id = plans.unit_id(sought.unit) if sought.unit else None
    rules = rules_to_seal(programme, plans, known_at)
    count = Count(sought, rules, facts_of(sought, [rules], known_at))
    _refuse_unless_agreed(count, plans, known_at)
    content = count.content
    return Frozen(
        programme=programme,
        sought=sought,
        unit_id=unit_id,
        known_at=known_at,
        rules=rules,
        packed=zlib.compress(content),
        sha256=hashlib.sha256(content).hexdigest(),
        inputs_hash=count.inputs_hash,
    )


def _refuse_unless_sealable(sought: Sought, plans: Plans) -> None:
    if sought.as_of > clock.today():
        raise Refusal(_("Chỉ chốt được số liệu của những ngày đã đến."), where="as_of")
    if not plans.targets_of(sought.programme, None):
        raise Refusal(_("Chương trình này không đặt chỉ tiêu nên không có số liệu để chốt."))


def _refuse_unless_agreed(count: Count, plans: Plans, known_at: datetime) -> None:
    sought = count.sought
    for by in ("group", "unit"):
        question = Question(
            sought.programme,
            sought.as_of,
            sought.unit,
            by="unit" if by == "unit" else "group",
            known_at=known_at,
        )
        shown = [{"by": by, **figures_of(one)} for one in standings(question, plans=plans)]
        if shown != [row for row in count.figures if row["by"] == by]:
            raise Refusal(
                _(
                    "Hai cách đếm không cho cùng một con số nên chưa chốt được. "
                    "Hãy thử lại; nếu vẫn vậy, hãy báo quản trị viên."
                )
            )


@lru_cache(maxsize=4)
def _parsed(_sha256: str, key: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(_seal_of(key).content)
    return content


def _seal_of(key: str) -> Seal:
    return db.session.scalars(select(Seal).where(Seal.key == key)).one()


def content_of(seal: Seal) -> dict[str, Any]:
    """What the seal says; not to be changed by whoever reads it."""
    return _parsed(seal.content_sha256, seal.key)


def anonymous_in(seal: Seal) -> dict[str, str]:
    """What those of the seal's people are called who were made anonymous since, by their keys."""
    asked = select(Person.key, Person.full_name).where(Person.anonymised_at.is_not(None))
    sealed = {one["person"] for one in content_of(seal)["people"]}
    return {row.key: row.full_name for row in db.session.execute(asked) if row.key in sealed}


def shown_content(seal: Seal) -> dict[str, Any]:
    """What the seal says, for eyes: of whom was made anonymous since neither name nor words."""
    content, anonymous = content_of(seal), anonymous_in(seal)
    people = [
        _without_words(one, anonymous[one["person"]]) if one["person"] in anonymous else one
        for one in content["people"]
    ]
    return {**content, "people": people}


def _without_words(one: dict[str, Any], name: str) -> dict[str, Any]:
    words = {"exempt_by": ""} if "exempt_by" in one else {}
    return {**one, **words, "name": name}


def sought_of(seal: Seal) -> Sought:
    """What the seal was asked."""
    return Sought(seal.programme.key, seal.as_of, seal.unit.key if seal.unit else None)


def reproduced(seal: Seal) -> Count:
    """The seal counted again, from the facts known at its instant, by its own rules.

    What the product keeps no history of is taken as the seal kept it: names, tiers and lives of
    units, enrolments. Its ``content`` must be the seal's, byte for byte.
    """
    sought, rules = sought_of(seal), read_rules(seal.rules)
    facts = facts_of(sought, [rules], seal.known_at)
    kept = _as_kept(facts, json.loads(seal.content))
    return Count(sought, rules, kept, seal.rule_version)


def _as_kept(facts: Facts, content: dict[str, Any]) -> Facts:
    kept = {one["person"]: one for one in content["people"]}
    return replace(
        facts,
        places={unit: _place(*told) for unit, told in content["places"].items()},
        names=facts.names | {person: one["name"] for person, one in kept.items()},
        tried=_tried(content["people"]),
    )


def _tried(people: Iterable[dict[str, Any]]) -> dict[str, list[Tried]]:
    """By person: somebody in several groups has a row in each, with what mattered to it."""
    found: dict[str, Counter[Tried]] = {}
    for one in people:
        here = Counter(Tried(*tried) for tried in one.get("tried", ()))
        found[one["person"]] = found.get(one["person"], Counter()) | here
    return {person: list(tried.elements()) for person, tried in found.items()}


def _place(name: str, tier: str, starts_on: str | None, ends_on: str | None) -> Place:
    return Place(name, tier, read_day(starts_on), read_day(ends_on))


def first_difference(seal: Seal, count: Count) -> str:
    """Where a seal and its reproduction first differ; empty when they are the same bytes."""
    sealed, counted = seal.content, count.content
    if sealed == counted:
        return "" if seal.inputs_hash == count.inputs_hash else "inputs_hash"
    found = _differing(json.loads(sealed), json.loads(counted), "") or "bytes"
    if seal.rule_version != RULE_VERSION:
        found += f" (sealed by rule version {seal.rule_version}, counted by {RULE_VERSION})"
    return found


# Who and what differs says more than the sums that differ with it.
_FIRST = ("people", "units")


def _differing(old: Any, new: Any, place: str) -> str:
    if type(old) is type(new) is dict:
        for name in sorted(old.keys() | new.keys(), key=lambda name: (name not in _FIRST, name)):
            if found := _differing(old.get(name), new.get(name), f"{place}.{name}".lstrip(".")):
                return found
        return ""
    if type(old) is type(new) is list and place in ("people", "units", "figures"):
        return _differing(_by_name(old, place), _by_name(new, place), place)
    return "" if old == new else f"{place}: {_short(old)} / {_short(new)}"


def _by_name(rows: list[dict[str, Any]], place: str) -> dict[str, Any]:
    names = {"people": ("group", "person"), "units": ("group", "unit")}
    return {
        " ".join(str(row[name]) for name in names.get(place, ("by", "group", "unit"))): row
        for row in rows
    }


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)[:200]


@dataclass(frozen=True)
class Difference:
    """A person whose figure differs between two seals, and why."""

    moved: Moved
    cause: Cause


def differences(old: Seal, new: Seal) -> list[Difference]:
    """Everybody whose figure differs between two seals of one question, each with one cause."""
    found = moved(shown_content(old), shown_content(new))
    people = sorted({one.person for one in found})
    causes: dict[tuple[str, str], Cause] = {}
    for chunk in _chunks(people):
        there, here = _known(old, new, chunk)
        chosen = set(chunk)
        for one in found:
            if one.person in chosen:
                who = (one.group, one.person)
                causes[who] = cause_of(sought_of(old), there, here, who)
    return [Difference(one, causes[one.group, one.person]) for one in found]


def _chunks(people: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(people)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _known(old: Seal, new: Seal, people: list[str]) -> tuple[Known, Known]:
    """What both counts knew of these people, in the tree as both sealed it."""
    rules = [read_rules(one.rules) for one in (old, new)]
    told = []
    for seal, plan in zip((old, new), rules, strict=True):
        facts = facts_of(sought_of(seal), rules, seal.known_at, people)
        facts.places |= {u: _place(*place) for u, place in content_of(seal)["places"].items()}
        told.append(Known(plan, facts))
    return told[0], told[1]


def seals_of(programme: Programme, reached: Select[int] | None) -> list[Seal]:
    """The programme's seals within reach, the newest first."""
    asked = select(Seal).where(Seal.programme_id == programme.id)
    if reached is not None:
        asked = asked.where(Seal.unit_id.in_(reached))
    return list(db.session.scalars(asked.options(*_LOADED).order_by(Seal.id.desc())))


def all_seals() -> list[Seal]:
    """Every seal, the oldest first."""
    return list(db.session.scalars(select(Seal).options(*_LOADED).order_by(Seal.id)))


_LOADED = (joinedload(Seal.unit), joinedload(Seal.made_by), joinedload(Seal.programme))


def find_seal(key: str) -> Seal | None:
    """The seal of this key, whoever asks."""
    return db.session.scalar(select(Seal).where(Seal.key == key).options(*_LOADED))


def replacing(seal: Seal) -> Seal | None:
    """The restatement of the seal, if there is one."""
    return db.session.scalar(select(Seal).where(Seal.replaces_id == seal.id))


def replaced_by(seal: Seal) -> Seal | None:
    """The seal that this one restates, if it does."""
    return db.session.get(Seal, seal.replaces_id) if seal.replaces_id else None


def versions_of(seal: Seal) -> list[Seal]:
    """The seal with all it restates and all that restate it, the first version first."""
    line = [seal]
    while (before := replaced_by(line[0])) is not None:
        line.insert(0, before)
    while (after := replacing(line[-1])) is not None:
        line.append(after)
    return line


def ids_of(keys: Iterable[str]) -> dict[str, int]:
    """The ids of the people of these keys that are still there."""
    rows = db.session.execute(select(Person.key, Person.id).where(Person.key.in_(list(keys))))
    return {row.key: row.id for row in rows}
