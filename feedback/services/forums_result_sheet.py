"""Results of a forum from a sheet, and as one: read, compared, shown, and only then written.

A row belongs to the result of its code, else to the one of its title. An empty cell takes nothing away, and the
same sheet again changes nothing.
"""

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback import notifications_forums as notices
from feedback.enums import Progress, ProposalState
from feedback.models import Process, Proposal, Result, ResultUpdate
from feedback.permissions_forums import can_manage
from feedback.rules import result_sheet as sheet
from feedback.services.forums_answers import save_result, write_progress
from feedback.services.forums_common import locked, verb
from kepegawaian.audit.services import record
from kepegawaian.lib.exceptions import StateChanged, demand
from kepegawaian.units.models import Unit
from kepegawaian.work.sheets import harmless
from kepegawaian.work.verdicts import RowVerdict

Text = str | Promise


@dataclass
class Line:
    """A row of the sheet, and what it would do. `changes`: column, as it is, as it would be."""

    row: sheet.Row
    result: Result | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    parent: str = ""
    """The title of the result that it becomes a part of, which the sheet itself may bring."""
    progress: tuple[Progress, int, str] | None = None
    changes: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.row.text(sheet.TITLE) or (self.result.title if self.result else "")

    @property
    def verdict(self) -> RowVerdict:
        if self.row.issues:
            return RowVerdict.REFUSED
        if self.result is None:
            return RowVerdict.NEW
        return RowVerdict.CHANGED if self.changes else RowVerdict.UNCHANGED

    @property
    def writes(self) -> bool:
        return self.verdict in (RowVerdict.NEW, RowVerdict.CHANGED)


@dataclass
class Plan:
    lines: list[Line]

    def counted(self, verdict: RowVerdict) -> int:
        return sum(line.verdict == verdict for line in self.lines)

    @property
    def writes(self) -> bool:
        return any(line.writes for line in self.lines)

    @property
    def seal(self) -> str:
        """Says what was seen: another one when the results have changed since."""
        lines = self.lines
        seen = [[row.row.number, row.verdict, str(row.result and row.result.pk), row.changes] for row in lines]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


# --- Reading --------------------------------------------------------------------------------------
def plan_import(process: Process, content: bytes) -> Plan:
    """What the sheet would change. Raises UnreadableSheet."""
    rows = sheet.read_table(content)
    planner = _Planner(process, rows)
    return Plan([planner.line(row) for row in rows])


class _Planner:
    def __init__(self, process: Process, rows: list[sheet.Row]) -> None:
        results = process.results.select_related("owner_unit", "parent").prefetch_related("proposals", "meetings")
        self.by_code: dict[str, Result] = {}
        self.by_title: dict[str, list[Result]] = {}
        for result in results:
            self.by_code[str(result.pk)] = result
            self.by_title.setdefault(sheet.same_title(result.title), []).append(result)
        self.with_parts = {result.parent_id for result in self.by_code.values()}
        self.proposals = {row.number: row for row in process.proposals.filter(state=ProposalState.OPEN)}
        self.news = _last_news(process)
        self.units = _units(row.text(sheet.OWNER) for row in rows)
        self.twins = sheet.twins(rows)
        self.tops = {sheet.same_title(row.text(sheet.TITLE)) for row in rows if not row.text(sheet.PARENT)}
        self.tops |= {title for title, found in self.by_title.items() if any(not each.parent_id for each in found)}

    def line(self, row: sheet.Row) -> Line:
        line = Line(row)
        if row.number in self.twins:
            _wrong(row, sheet.TITLE, _("Sama dengan baris %(number)d.") % {"number": self.twins[row.number]})
        self._find(line)
        self._words(line)
        self._owner(line)
        self._due(line)
        self._parent(line)
        self._proposals(line)
        self._progress(line)
        return line

    def _find(self, line: Line) -> None:
        code, title = line.row.text(sheet.CODE).lower(), line.row.text(sheet.TITLE)
        if code:
            line.result = self.by_code.get(code)
            if line.result is None:
                _wrong(line.row, sheet.CODE, _("Tidak ada hasil dengan kode ini di forum ini."))
            return
        if not title:
            _wrong(line.row, sheet.TITLE, _("Isi judulnya."))
        found = self.by_title.get(sheet.same_title(title), [])
        if len(found) > 1:
            _wrong(line.row, sheet.TITLE, _("Beberapa hasil berjudul sama. Isi kolom KODE dari hasil ekspor."))
        line.result = found[0] if len(found) == 1 else None

    def _words(self, line: Line) -> None:
        for column, name in ((sheet.TITLE, "title"), (sheet.EXPLANATION, "text"), (sheet.NEWS, "")):
            text = line.row.text(column)
            if len(text) > sheet.LENGTHS[column]:
                limit = {"limit": sheet.LENGTHS[column]}
                _wrong(line.row, column, _("Lebih panjang dari %(limit)d huruf.") % limit)
            elif name and text:
                _set(line, column, name, text, getattr(line.result, name, ""), text)

    def _owner(self, line: Line) -> None:
        text = line.row.text(sheet.OWNER)
        was = line.result.owner_unit if line.result else None
        if not text:
            if was is None:
                _wrong(line.row, sheet.OWNER, _("Isi unit penanggung jawab."))
            return
        found = self.units.get(text.casefold(), [])
        if len(found) == 1:
            _set(line, sheet.OWNER, "owner_unit", found[0], was, found[0].name)
        else:
            missing = _("Unit ini tidak dikenal. Tulis nama atau kodenya.")
            _wrong(line.row, sheet.OWNER, _("Beberapa unit bernama ini. Tulis kodenya.") if found else missing)

    def _due(self, line: Line) -> None:
        found = _value(line.row, sheet.DUE, sheet.day)
        if found is not None:
            was = line.result.due_on if line.result else None
            _set(line, sheet.DUE, "due_on", found, was, f"{found:%d-%m-%Y}", f"{was:%d-%m-%Y}" if was else "")

    def _parent(self, line: Line) -> None:
        title = line.row.text(sheet.PARENT)
        if not title:
            return
        wanted, was = sheet.same_title(title), line.result.parent if line.result else None
        if was is not None and sheet.same_title(was.title) == wanted:
            return
        if wanted == sheet.same_title(line.title) or wanted not in self.tops:
            _wrong(line.row, sheet.PARENT, _("Pilih hasil utama lain dari forum ini."))
        elif line.result is not None and line.result.pk in self.with_parts:
            _wrong(line.row, sheet.PARENT, _("Hasil ini sendiri mempunyai bagian."))
        elif len(self.by_title.get(wanted, [])) > 1:
            _wrong(line.row, sheet.PARENT, _("Beberapa hasil berjudul sama. Pilih induknya di halaman hasil."))
        else:
            line.parent = wanted
            line.changes.append((sheet.PARENT, was.title if was else "", title))

    def _proposals(self, line: Line) -> None:
        chosen = _value(line.row, sheet.PROPOSALS, sheet.numbers)
        if not chosen:
            return
        linked = {row.number: row for row in line.result.proposals.all()} if line.result else {}
        missing = [number for number in chosen if number not in self.proposals and number not in linked]
        if missing:
            words = _("Tidak ada usulan terbuka bernomor %(numbers)s.")
            _wrong(line.row, sheet.PROPOSALS, words % {"numbers": ", ".join(map(str, missing))})
            return
        rows: list[Proposal] = [self.proposals.get(number) or linked[number] for number in chosen]
        _set(
            line, sheet.PROPOSALS, "proposals", rows, [linked[number] for number in sorted(linked)],
            ", ".join(map(str, chosen)), ", ".join(map(str, sorted(linked))),
        )  # fmt: skip

    def _progress(self, line: Line) -> None:
        said, share = _value(line.row, sheet.STATE, sheet.state), _value(line.row, sheet.PERCENT, sheet.percent)
        news = line.row.text(sheet.NEWS)
        was = Progress(line.result.state) if line.result else Progress.PLANNED
        at = line.result.percent if line.result else 0
        told = self.news.get(line.result.pk, "") if line.result else ""
        now, reached = sheet.progress(was, at, said, share)
        if (now, reached) == (was, at) and news in ("", told):
            return
        if (now is Progress.DONE) != (reached == 100):
            _wrong(line.row, sheet.PERCENT, _("Selesai berarti 100 persen, dan sebaliknya."))
        if now is Progress.DROPPED and not news:
            _wrong(line.row, sheet.NEWS, _("Tuliskan mengapa tidak dilanjutkan."))
        line.progress = now, reached, news
        if (now, reached) != (was, at):
            line.changes.append((sheet.PERCENT, f"{was.label} {at}%", f"{now.label} {reached}%"))
        if news not in ("", told):
            line.changes.append((sheet.NEWS, told, news))


def _wrong(row: sheet.Row, column: str, message: Text) -> None:
    row.issues.append(sheet.Issue(column, message))


def _value(row: sheet.Row, column: str, parse: Any) -> Any:
    try:
        return parse(row.text(column))
    except sheet.WrongCell as error:
        _wrong(row, column, error.message)
        return None


def _set(line: Line, column: str, name: str, value: Any, was: Any, shown: str, before: str | None = None) -> None:
    if value != was:
        line.facts[name] = value
        old = before if before is not None else str(was or "")
        line.changes.append((column, old, shown))


def _last_news(process: Process) -> dict[Any, str]:
    rows = ResultUpdate.objects.filter(result__process=process).order_by("result_id", "-id").distinct("result_id")
    return dict(rows.values_list("result_id", "text"))


def _units(names: Iterable[str]) -> dict[str, list[Unit]]:
    """Open units by what the sheet calls them: code, name or short name; a code is nobody else's."""
    wanted = {name.casefold() for name in names if name}
    lower = {f"low_{name}": Lower(name) for name in ("code", "name", "short_name")}
    rows = Unit.objects.open().annotate(**lower)
    rows = rows.filter(Q(low_code__in=wanted) | Q(low_name__in=wanted) | Q(low_short_name__in=wanted))
    found: dict[str, list[Unit]] = {}
    for unit in rows:
        for name in {unit.low_name, unit.low_short_name} & wanted:
            found.setdefault(name, []).append(unit)
    coded = {unit.low_code: [unit] for unit in rows if unit.low_code in wanted}
    return found | coded


# --- Writing --------------------------------------------------------------------------------------
@verb
def import_results(*, actor: Any, process: Process, content: bytes, seal: str) -> Plan:
    """Write what the preview with this `seal` showed; rows with a mistake are left out. Participants hear of the
    whole import once. Raises StateChanged when it is no longer what was seen."""
    process = locked(Process, process.pk, "unit")
    demand(can_manage(actor, process))
    plan = plan_import(process, content)
    if plan.seal != seal:
        raise StateChanged(_("Hasil forum ini berubah sejak pratinjau dibuat. Periksa lagi pratinjaunya."))
    updates = []
    for line in sorted((line for line in plan.lines if line.writes), key=lambda line: bool(line.parent)):
        result = _written(actor, process, line)
        if line.progress is not None:
            now, reached, news = line.progress
            updates.append(write_progress(actor=actor, result=result, percent=reached, state=now, text=news))
    told = [update for update in updates if update is not None]
    if process.published_at and told:
        notices.tell_results(process, told)
    counts = {str(verdict): plan.counted(verdict) for verdict in RowVerdict}
    record("feedback.results_imported", process, actor=actor, data=counts)
    return plan


def _written(actor: Any, process: Process, line: Line) -> Result:
    result = line.result
    if result is not None and not (line.facts or line.parent):
        return locked(Result, result.pk, "process__unit")  # type: ignore[no-any-return]
    names = ("title", "text", "owner_unit", "due_on", "parent")
    facts: dict[str, Any] = {name: getattr(result, name) for name in names} if result else {}
    if result is not None:
        facts |= {"proposals": list(result.proposals.all()), "meetings": list(result.meetings.all())}
    facts |= line.facts
    if line.parent:
        tops = [row for row in process.results.filter(parent=None) if sheet.same_title(row.title) == line.parent]
        if not tops:
            raise StateChanged(_("Hasil utama “%(title)s” tidak ikut disimpan.") % {"title": line.parent})
        facts["parent"] = tops[0]
    return save_result(actor=actor, process=process, facts=facts, result=result)


# --- The sheet ------------------------------------------------------------------------------------
def export_results(process: Process) -> str:
    """All results of a forum as CSV; importing it again changes nothing."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";")
    writer.writerow(sheet.COLUMNS)
    news = _last_news(process)
    rows = process.results.select_related("owner_unit", "parent").prefetch_related("proposals")
    for result in rows:
        writer.writerow([harmless(cell) for cell in _cells(result, news)])
    return target.getvalue()


def _cells(result: Result, news: Mapping[Any, str]) -> list[str]:
    return [
        str(result.pk),
        result.title,
        result.text,
        result.owner_unit.code or result.owner_unit.name,
        f"{result.due_on:%d-%m-%Y}" if result.due_on else "",
        result.parent.title if result.parent else "",
        ", ".join(str(number) for number in sorted(row.number for row in result.proposals.all())),
        str(Progress(result.state).label),
        str(result.percent),
        news.get(result.pk, ""),
    ]
