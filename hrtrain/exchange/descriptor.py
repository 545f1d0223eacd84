"""`datapackage.json`: the package described as a Frictionless tabular data package."""

import json
from typing import Any

from hrtrain.exchange import layout
from hrtrain.exchange.layout import SHEETS, Column, Sheet

_TYPES = {layout.DAY: "date", layout.INSTANT: "datetime", layout.WHOLE: "integer"}


def exported_columns(sheet: Sheet) -> list[Column]:
    """The columns an export writes: national IDs come in but never go out."""
    return [column for column in sheet.columns if column.is_exported]


def descriptor() -> str:
    """The text of `datapackage.json`; the same for every package."""
    package = {
        "profile": "tabular-data-package",
        "name": "hrtrain",
        "title": "hrtrain data package",
        "resources": [_resource(sheet) for sheet in SHEETS],
    }
    return json.dumps(package, ensure_ascii=False, indent=2) + "\n"


def _resource(sheet: Sheet) -> dict[str, Any]:
    columns = exported_columns(sheet)
    schema: dict[str, Any] = {
        "fields": [_field(column) for column in columns],
        "missingValues": [""],
    }
    if not sheet.is_fact:
        schema["primaryKey"] = list(sheet.identity)
    keys = [_foreign_key(column) for column in columns if column.references]
    if keys:
        schema["foreignKeys"] = keys
    return {
        "name": sheet.name,
        "path": sheet.file,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {"name": column.name, "type": _TYPES.get(column.kind, "string")}
    if column.kind == layout.FLAG:
        described |= {"type": "boolean", "trueValues": ["1"], "falseValues": ["0"]}
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.kind == layout.CHOICE:
        constraints["enum"] = list(column.choices)
    if column.kind == layout.WHOLE:
        constraints |= {"minimum": column.low, "maximum": column.high}
    if column.length:
        constraints["maxLength"] = column.length
    if constraints:
        described["constraints"] = constraints
    return described


def _foreign_key(column: Column) -> dict[str, Any]:
    sheet = next(sheet for sheet in SHEETS if sheet.name == column.references)
    return {
        "fields": column.name,
        "reference": {"resource": sheet.name, "fields": sheet.identity[0]},
    }
