"""Loads files of facts: added, kept once, or retracted, never changed (`docs/coverage.md`).

A file is read whole before it is written, because a row may retract what another would overlap.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from hrtrain.core.text import search_key
from hrtrain.exchange.checks import CHECKS, Fact, overlaps
from hrtrain.exchange.layout import COMPLETIONS, Sheet
from hrtrain.exchange.load import CHUNK, Load, chunks, parts
from hrtrain.exchange.package import Package
from hrtrain.exchange.references import resolve
from hrtrain.exchange.rows import Reading, Row
from hrtrain.exchange.writing import insert
from hrtrain.training.rules import read_source, valid_through

Content = tuple[Any, ...]

# The column of each sheet about people that says something in words, which is counted nowhere.
WORDS = {"memberships": "position", "completions": "source", "exemptions": "reason"}


class Facts:
    """The loading of one such sheet."""

    def __init__(self, load: Load, sheet: Sheet) -> None:
        self.load, self.sheet = load, sheet
        self.table = load.table(sheet.table)
        self.counts = load.count(sheet)
        self.known: dict[Content, list[Fact]] = defaultdict(list)
        self.owners: set[int] = set()
        self.new: list[Fact] = []
        self.retracted: list[Fact] = []
        self.stored = [column.stored_as for column in sheet.content]
        self.anonymous: set[int] = set()
        self.standing: dict[int, int] = {}

    def run(self, package: Package) -> None:
        """Read the file, check it together with what is known, write what is new."""
        if self.sheet.name in WORDS and not self.load.is_empty("person"):
            people = self.load.table("person").c
            asked = select(people.id).where(people.anonymised_at.is_not(None))
            self.anonymous.update(self.load.connection.scalars(asked))
            merged = select(people.id, people.merged_into_id)
            asked_for = merged.where(people.merged_into_id.is_not(None))
            self.standing.update(self.load.connection.execute(asked_for).all())
        reading = Reading(self.sheet, self.load.complaints)
        for rows in chunks(reading.rows(package.rows(self.sheet, self.load.complaints))):
            self._take(resolve(self.load, self.sheet, rows))
        self.amend()
        if not self.new and not self.retracted:
            return
        self._check([fact for known in self.known.values() for fact in known])
        self._retract()
        for start in range(0, len(self.new), CHUNK):
            records = [self._record(fact) for fact in self.new[start : start + CHUNK]]
            insert(self.load, self.sheet.table, records)

    def amend(self) -> None:
        """What follows from the rows of the file beside themselves."""
        if self.sheet.name == "unit_parents" and self.new:
            # A circle may run through units the file does not name.
            owner = self.table.c[self.stored[0]]
            self.learn(self.load.connection.scalars(select(owner).distinct()))

    def _take(self, rows: list[Row]) -> None:
        if self.sheet is COMPLETIONS:
            self._compute_validity(rows)
        self.learn(row.values[0] for row in rows if row.values[0] in self.standing)
        for row in rows:
            if self._is_of_who_stands(row):
                row.values[0] = self.standing.get(row.values[0], row.values[0])
        self.learn(row.values[0] for row in rows)
        for row in rows:
            if row.values[0] in self.anonymous:
                self._leave_out_words(row)
            self._place(row)

    def _is_of_who_stands(self, row: Row) -> bool:
        """What is said of a merged record is said of who that is now: the facts were moved there.

        Not what was recorded of it before, nor what is known no longer.
        """
        recorded_at, retracted_at = row.values[-2:]
        if recorded_at is None:
            return True
        is_known = self._same(tuple(row.values[:-2]), recorded_at, retracted_at) is not None
        return retracted_at is None and not is_known

    def _leave_out_words(self, row: Row) -> None:
        """A package from before brings back no words of somebody made anonymous since."""
        if tuple(row.values[:-2]) not in self.known:
            place = self.sheet.index[WORDS[self.sheet.name]]
            is_source = self.sheet is COMPLETIONS
            row.values[place] = read_source(row.values[place])[0] if is_source else ""

    def _compute_validity(self, rows: list[Row]) -> None:
        """The last day a completion counts, where the row does not say it but the course does."""
        index = self.sheet.index
        course, done, last = index["course"], index["completed_on"], index["valid_through"]
        validity = self.load.validity_of(row.values[course] for row in rows)
        for row in rows:
            months = validity.get(row.values[course])
            if months and row.values[last] is None:
                row.values[last] = self._last_day(row, row.values[done], months)

    def _last_day(self, row: Row, completed_on: date, months: int) -> date | None:
        try:
            return valid_through(completed_on, months)
        except (ValueError, OverflowError):
            reason = f"counts {months} months, which is beyond the calendar"
            self.load.complaints.add(self.sheet.file, row.number, "completed_on", reason)
            return None

    def learn(self, owners: Iterable[int]) -> None:
        """Look up the facts already there of these people, units or programmes, once each."""
        if self.load.is_empty(self.sheet.table):
            return
        wanted = [owner for owner in set(owners) if owner not in self.owners]
        self.owners.update(wanted)
        columns = [self.table.c[name] for name in self.stored]
        columns += [self.table.c[name] for name in ("recorded_at", "retracted_at", "id")]
        for part in parts(wanted):
            for row in self.load.connection.execute(select(*columns).where(columns[0].in_(part))):
                content = tuple(row[:-3])
                self.known[content].append(Fact(0, content, row[-3], row[-2], row[-1]))

    def _place(self, row: Row) -> None:
        """Decide what the row is: a fact already there, the retraction of one, or a new one."""
        recorded_at, retracted_at = row.values[-2], row.values[-1]
        content = tuple(row.values[:-2])
        same = self._same(content, recorded_at, retracted_at)
        if same is None:
            recorded_at = recorded_at or self.load.now
            if retracted_at is not None and retracted_at < recorded_at:
                reason = "is before the row would be recorded, which is now; give recorded_at"
                self.load.complaints.add(self.sheet.file, row.number, "retracted_at", reason)
                return
            fact = Fact(row.number, content, recorded_at, retracted_at)
            self.known[content].append(fact)
            self.new.append(fact)
            self.counts.added += 1
        elif retracted_at is None or same.retracted_at == retracted_at:
            self.counts.unchanged += 1
        else:
            self._note_retraction(row, same, retracted_at)

    def _same(
        self, content: Content, recorded_at: datetime | None, retracted_at: datetime | None
    ) -> Fact | None:
        """The known fact a row repeats: equal in every column and, where given, recorded_at."""
        known = self.known.get(content, ())
        if recorded_at is not None:
            return next((fact for fact in known if fact.recorded_at == recorded_at), None)
        live = (fact for fact in known if fact.retracted_at is None)
        if retracted_at is None:
            return next(live, None)
        done = (fact for fact in known if fact.retracted_at == retracted_at)
        return next(done, None) or next(live, None)

    def _note_retraction(self, row: Row, same: Fact, retracted_at: datetime) -> None:
        if same.retracted_at is not None or retracted_at < same.recorded_at:
            before = same.retracted_at or same.recorded_at
            word = "retracted" if same.retracted_at else "recorded"
            reason = f"the same fact was {word} at {before.isoformat()}"
            self.load.complaints.add(self.sheet.file, row.number, "retracted_at", reason)
            return
        same.retracted_at = retracted_at
        if same.id:
            self.retracted.append(same)
            self.counts.retracted += 1

    def _check(self, facts: Sequence[Fact]) -> None:
        """What the facts of the file say together with those already there."""
        if self.sheet.apart:
            places = [self.sheet.index[name] for name in self.sheet.apart]
            days = [self.sheet.index[name] for name in ("valid_from", "valid_to")]
            for fact, other in overlaps(facts, places, (days[0], days[1])):
                self._complain(fact, "valid_from", f"shares days with {self._named(other)}")
        check = CHECKS.get(self.sheet.name)
        if check is None:
            return
        lives = self._lives(facts)
        for fact, column, reason in check(facts, self.sheet.index, lives):
            self._complain(fact, column, reason)

    def _complain(self, fact: Fact, column: str, reason: str) -> None:
        self.load.complaints.add(self.sheet.file, fact.number, column, reason)

    def _named(self, fact: Fact) -> str:
        if fact.number:
            return f"row {fact.number} while both are known"
        days = [fact.content[self.sheet.index[name]] for name in ("valid_from", "valid_to")]
        begin, end = (day.isoformat() if day else "…" for day in days)
        return f"what is known already for [{begin}, {end})"

    def _lives(self, facts: Sequence[Fact]) -> dict[int, tuple[date | None, date | None]]:
        places = [
            self.sheet.index[column.name]
            for column in self.sheet.content
            if column.references == "units"
        ]
        return self.load.life_of(fact.content[place] for fact in facts for place in places)

    def _record(self, fact: Fact) -> dict[str, Any]:
        record = dict(zip(self.stored, fact.content, strict=True))
        record["recorded_at"], record["retracted_at"] = fact.recorded_at, fact.retracted_at
        if self.sheet.name == "unit_names":
            record["search_key"] = search_key(record["name"])
        return record

    def _retract(self) -> None:
        if not self.retracted or not self.load.may_write:
            return
        statement = (
            update(self.table)
            .where(self.table.c.id == bindparam("_id"))
            .values(retracted_at=bindparam("_at"))
        )
        changes = [{"_id": fact.id, "_at": fact.retracted_at} for fact in self.retracted]
        self.load.connection.execute(statement, changes)
