"""Rows of whole numbers handed to a statement as one parameter, the same on both engines.

A statement with such a table is compiled once, whatever the number of rows.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

from sqlalchemy import (
    CTE,
    BindParameter,
    Integer,
    Select,
    String,
    Subquery,
    bindparam,
    select,
    text,
)

from hrtrain.core.db import db

P = ParamSpec("P")
R = TypeVar("R")

_ROWS = {
    "sqlite": "SELECT {columns} FROM json_each(:{name})",
    "postgresql": "SELECT {columns} FROM jsonb_array_elements(CAST(:{name} AS jsonb)) AS row(value)",  # noqa: E501
}
_COLUMN = {
    "sqlite": "json_extract(value, '$[{number}]') AS {column}",
    "postgresql": "CAST(value ->> {number} AS integer) AS {column}",
}


def table(name: str, *columns: str) -> Subquery:
    """A table of these columns whose rows come as the parameter of its name (`rows`)."""
    return _table(bindparam(name, type_=String()), columns)


def _table(given: BindParameter[str], columns: Sequence[str]) -> Subquery:
    dialect, name = db.engine.dialect.name, given.key
    told = [_COLUMN[dialect].format(number=n, column=column) for n, column in enumerate(columns)]
    statement = text(_ROWS[dialect].format(columns=", ".join(told), name=name)).bindparams(given)
    return statement.columns(**dict.fromkeys(columns, Integer)).subquery(name)


def materialized(name: str, *columns: str) -> CTE:
    """The same, made once a statement: what is joined to many rows is found by an index then.

    SQLite would read a table of `table` from its first row for every row it is joined to.
    """
    return select(table(name, *columns)).cte(f"every_{name}").prefix_with("MATERIALIZED")


def numbers(name: str, given: Iterable[int]) -> Select[int]:
    """These numbers as a select that brings its own parameter along: for `IN`, however many."""
    value = bindparam(name, rows((one,) for one in given), type_=String())
    return select(_table(value, ["number"]).c.number)


def rows(given: Iterable[Sequence[int]]) -> str:
    """The value of a table's parameter."""
    return json.dumps([list(row) for row in given])


def built_once(make: Callable[P, R]) -> Callable[P, R]:
    """Of a function that makes a statement: once for each engine, whose tables are its own."""
    made: dict[str, Callable[..., R]] = {}

    @wraps(make)
    def given(*args: P.args, **more: P.kwargs) -> R:
        of_engine = made.setdefault(db.engine.dialect.name, lru_cache(make))
        return of_engine(*args, **more)

    return given
