"""A self-test of SQLite at start-up: some versions answer a plain question wrongly.

SQLite up to 3.41.2, Debian 12's 3.40.1 among them, gives rows beyond the bound for ``course IN (…)
AND day <= ?`` once it has statistics, when an index ends with the day. With both bounds it does
not. Every question of ours that looks days up has both; here that is tried on the library in use.
"""

import sqlite3

PEOPLE, DAY = 20, 3
_ROWS = [(number % PEOPLE, number // PEOPLE % 2, number % 7) for number in range(2 * PEOPLE)]
OPEN, BOUNDED = "day <= ?", "day BETWEEN 0 AND ?"


def wrong_rows(bound: str) -> int:
    """How many rows beyond the day the bound gives; 0 is right."""
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE TABLE done (person NOT NULL, course NOT NULL, day NOT NULL)")
        connection.executemany("INSERT INTO done VALUES (?, ?, ?)", _ROWS)
        connection.execute("CREATE INDEX by_day ON done (person, course, day)")
        connection.execute("ANALYZE")
        asked = f"SELECT day FROM done WHERE person = ? AND course IN (0, 1) AND {bound}"  # noqa: S608
        found = (connection.execute(asked, (person, DAY)) for person in range(PEOPLE))
        return sum(day > DAY for rows in found for (day,) in rows)
    finally:
        connection.close()


def refuse_if_wrong() -> None:
    """Start nothing on an SQLite that would give wrong figures even so."""
    if wrong_rows(BOUNDED):
        raise SystemExit(
            f"This SQLite ({sqlite3.sqlite_version}) gives rows beyond a day's bound: figures "
            "would be wrong. Use another version, or PostgreSQL (DATABASE_URL)."
        )
