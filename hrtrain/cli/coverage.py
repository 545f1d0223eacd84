"""`flask coverage`: the figures, one question by options or many by a file of JSON lines."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import click
from flask.cli import AppGroup, with_appcontext

from hrtrain.cli.refusing import refusing
from hrtrain.core.db import one_snapshot
from hrtrain.core.errors import Refusal
from hrtrain.coverage.asked import Plans, read_plans
from hrtrain.coverage.queries import Question, standings
from hrtrain.coverage.rules import Standing

FIELDS = ("programme", "as_of", "unit", "group", "by", "known_at")
# What UTF-8, and PostgreSQL, cannot hold: a byte that was no UTF-8 is read as a lone surrogate.
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")
Answer = dict[str, Any]


def _options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Answer in JSON."),
        click.option(
            "--batch", type=click.Path(), help="A file of questions, one a line; - for stdin."
        ),
        click.option("--known-at", help="As known at this instant (now)."),
        click.option("--by", type=click.Choice(["group", "unit"]), help="A row a group, or unit."),
        click.option("--group", help="Code of a cadre group (all)."),
        click.option("--unit", help="Key of a unit (each target's scope)."),
        click.option("--as-of", help="The day asked about, YYYY-MM-DD."),
        click.option("--programme", help="Code of the programme."),
    ):
        command = option(command)
    return command


@click.group("coverage", cls=AppGroup, invoke_without_command=True)
@_options
@click.pass_context
@with_appcontext
@refusing()
def group(context: click.Context, /, batch: str | None, as_json: bool, **asked: Any) -> None:
    """Say who is trained and who is not: figures by group or unit, as of a day."""
    if context.invoked_subcommand is not None:
        return
    if batch is not None:
        if any(asked.values()):
            raise click.UsageError("--batch takes its questions from the file only.")
        with click.open_file(batch, encoding="utf-8-sig", errors="surrogateescape") as lines:
            raise SystemExit(_answer_lines(lines))
    for name in ("programme", "as_of"):
        if not asked[name]:
            raise click.UsageError(f"--{name.replace('_', '-')} is needed.")
    _answer_one(asked, as_json=as_json)


def _answer_one(asked: Mapping[str, Any], *, as_json: bool) -> None:
    try:
        with one_snapshot():
            question = read_question(asked)
            rows = standings(question)
    except Refusal as refusal:
        click.echo(f"Refused: {refusal}", err=True)
        raise SystemExit(1) from None
    if as_json:
        click.echo(json.dumps(_answer(asked, rows), ensure_ascii=False))
    else:
        click.echo("\n".join(_table(question, rows)))


def _answer_lines(lines: Iterable[str]) -> int:
    """Answer every line in order, from one snapshot of the data; 1 when a line was refused."""
    refused = 0
    with one_snapshot():
        plans = read_plans()
        for number, line in _numbered(lines):
            answer = _answer_line(number, line, plans)
            refused += "error" in answer
            click.echo(json.dumps(answer, ensure_ascii=False))
    return 1 if refused else 0


def _numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The lines with their numbers; blank ones at the very end ask nothing."""
    waiting: list[tuple[int, str]] = []
    for number, line in enumerate(lines, 1):
        waiting.append((number, line))
        if line.strip():
            yield from waiting
            waiting.clear()


def _answer_line(number: int, line: str, plans: Plans) -> Answer:
    try:
        asked = _read_line(line)
        return _answer(asked, standings(read_question(asked), plans=plans))
    except Refusal as refusal:
        return {"line": number, "error": str(refusal)}


def _read_line(line: str) -> dict[str, Any]:
    if _NO_TEXT.search(line):
        raise Refusal("the line is not UTF-8 text")
    try:
        asked = json.loads(line)
    except (ValueError, RecursionError):
        raise Refusal("the line is not JSON") from None
    if not isinstance(asked, dict):
        raise Refusal("the line is no JSON object")
    for name, value in asked.items():
        if name not in FIELDS:
            raise Refusal(f"there is no such field: {name!a}")
        if not isinstance(value, str | None):
            raise Refusal(f"a text is needed, not {value!r}", where=name)
    for name in ("programme", "as_of"):
        if not asked.get(name):
            raise Refusal(f"{name} is missing")
    return {name: asked.get(name) for name in FIELDS}


def read_question(asked: Mapping[str, Any]) -> Question:
    """The question as typed; a day, instant or way of counting that is none is refused."""
    for name, value in asked.items():
        if value and _NO_TEXT.search(value):
            raise Refusal("there are characters in it that are no text", where=name)
    by = asked["by"] or "group"
    if by not in ("group", "unit"):
        raise Refusal(f"group or unit is needed, not {by}", where="by")
    return Question(
        programme=asked["programme"],
        as_of=read_day(asked["as_of"], "as_of"),
        unit=asked["unit"] or None,
        group=asked["group"] or None,
        by="unit" if by == "unit" else "group",
        known_at=_instant(asked["known_at"]) if asked["known_at"] else None,
    )


def read_day(text: str, where: str) -> date:
    """An ISO 8601 day; refused when it is none."""
    try:
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Refusal(f"{text} is no day (YYYY-MM-DD)", where=where)


def _instant(text: str) -> datetime:
    """An ISO 8601 instant; without a zone it is UTC."""
    try:
        instant = datetime.fromisoformat(text)
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refusal(f"{text} is no instant (ISO 8601)", where="known_at") from None


def _answer(asked: Mapping[str, Any], rows: Iterable[Standing]) -> Answer:
    return {
        "programme": asked["programme"],
        "unit": asked["unit"] or None,
        "as_of": asked["as_of"],
        "known_at": asked["known_at"] or None,
        "rows": [row_of(standing) for standing in rows],
    }


def row_of(standing: Standing) -> Answer:
    """A row as the contract has it."""
    return {
        "group": standing.group,
        "unit": standing.unit,
        "in_scope": standing.in_scope,
        "exempt": standing.exempt,
        "in_grace": standing.in_grace,
        "trained": standing.trained,
        "untrained": standing.untrained,
        "required": standing.required,
        "rate": standing.rate,
        "unnamed": standing.unnamed,
        "strict_rate": standing.strict_rate,
        "target": standing.percent,
        "met": standing.met,
        "shortfall": standing.shortfall,
        "status": standing.status.value,
    }


HEADINGS = ("group", "unit", "trained", "required", "rate", "unnamed", "strict", "target", "status")


def _table(question: Question, rows: Iterable[Standing]) -> list[str]:
    """The figures as columns of text, under a sentence that says what they are."""
    where = f" in {question.unit}" if question.unit else ""
    cells = [HEADINGS, *(_cells(standing) for standing in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]
    return [f"Coverage of {question.programme}{where} on {question.as_of}.", "", *lines]


def _cells(standing: Standing) -> tuple[str, ...]:
    percent = "-" if standing.percent is None else f"{standing.percent} %"
    return (
        standing.group,
        standing.unit or "-",
        str(standing.trained),
        str(standing.required),
        standing.rate or "-",
        str(standing.unnamed),
        standing.strict_rate or "-",
        percent,
        standing.status.value,
    )
