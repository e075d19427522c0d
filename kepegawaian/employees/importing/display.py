"""Rows of a preview as the page writes them: in the reader's language, restricted values masked."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from kepegawaian.employees.importing import registry
from kepegawaian.employees.importing.issues import render
from kepegawaian.employees.importing.layouts import Layout, normalised
from kepegawaian.employees.models.imports import ImportBatch, ImportRow
from kepegawaian.employees.person import masked
from kepegawaian.employees.rules import Level
from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.ui import formatting
from kepegawaian.work.verdicts import RowVerdict

SUMMARY = ("status", "golongan", "position", "unit")
"""What is said of a person who is new, in this order."""
TONES = {Level.ERROR: ("danger", "x-circle"), Level.WARNING: ("wait", "exclamation-triangle")}


@dataclass(frozen=True, slots=True)
class Change:
    label: Text
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Remark:
    column: str
    value: str
    text: str
    tone: str
    icon: str


@dataclass(slots=True)
class ShownRow:
    number: int
    outcome: RowVerdict
    name: str
    key: str
    employee_id: Any
    changes: list[Change] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def shown(batch: ImportBatch, rows: Iterable[ImportRow]) -> list[ShownRow]:
    layout = registry.layout(batch.layout)
    return [_row(row, layout) for row in rows] if layout else []


def _row(row: ImportRow, layout: type[Layout]) -> ShownRow:
    employee = row.employee
    name = row.values.get("name") or (employee.full_name if employee else "")
    out = ShownRow(row.number, row.outcome, name, str(row.values.get(layout.shown[0], "")), row.employee_id)
    out.changes = [_change(entry, layout) for entry in row.difference]
    if row.outcome == RowVerdict.NEW and not row.difference:
        out.changes = list(_summary(row.values, layout))
    out.remarks = [_remark(issue, layout) for issue in row.issues]
    return out


def _change(entry: Mapping[str, Any], layout: type[Layout]) -> Change:
    name = entry["field"]
    return Change(
        layout.fields.get(name, name), said(name, entry["old"], layout), said(name, entry["new"], layout)
    )


def said(name: str, value: Any, layout: type[Layout]) -> str:
    """A value in words: dates written out, codes by their label, restricted ones masked."""
    if value in (None, ""):
        return ""
    if name in layout.restricted:
        return masked(name, str(value))
    if isinstance(value, bool):
        return gettext("ya") if value else gettext("tidak")
    choices = layout.choices.get(name)
    if choices is not None and value in choices.values:
        return str(choices(value).label)
    if name == "nip":
        return formatting.nip(value)
    return _dated(str(value))


def _dated(text: str) -> str:
    if len(text) == 10 and text[4] == text[7] == "-":
        try:
            return formatting.day(datetime.date.fromisoformat(text), weekday=False)
        except ValueError:
            return text
    return text


def _summary(values: Mapping[str, Any], layout: type[Layout]) -> Iterable[Change]:
    for name in SUMMARY:
        value = values.get("rank", {}).get("golongan") if name == "golongan" else values.get(name)
        value = value or values.get("derived", {}).get(name)
        if isinstance(value, dict):
            value = value.get("name")
        if value:
            yield Change(layout.fields.get(name, name), "", said(name, value, layout))


def _remark(issue: Mapping[str, Any], layout: type[Layout]) -> Remark:
    tone, icon = TONES[Level(issue["level"])]
    return Remark(issue["column"], _hidden(issue, layout), render(issue["message"], issue["params"]), tone, icon)


def _hidden(issue: Mapping[str, Any], layout: type[Layout]) -> str:
    """The value of a restricted column, masked: known by its header, whatever the sheet calls it."""
    for column in layout.columns:
        if column.key in layout.restricted and normalised(issue["column"]) in map(normalised, column.names):
            return masked(column.key, issue["value"])
    return str(issue["value"])
