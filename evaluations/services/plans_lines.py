"""What an SKP says, line by line: saved while it is typed, each line against what its writer had seen.

A page sends with each line the `mark` of the content it showed. Where the line has changed since in another tab,
it is left as it is and comes back as a clash with the other text; every other line is saved. So two tabs lose
nothing, and a line that was not touched is not written.
"""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluations.enums import Appendix, Approach, Aspect, PlanState, ResultKind, Value
from evaluations.models import AppendixLine, BehaviourExpectation, Indicator, Plan, PlanResult
from evaluations.permissions import plans as permissions
from evaluations.rules.sources import LOCAL_POLICY
from evaluations.selectors.plans import hang_lines, superior_results
from evaluations.services.common import locked_plan, refused, verb
from kepegawaian.audit import services as audit
from kepegawaian.lib.exceptions import ApplicationError, StateChanged, demand

RESULT, INDICATOR, EXPECTATION, APPENDIX = "result", "indicator", "expectation", "appendix"
FIELDS: Mapping[str, tuple[str, ...]] = {
    RESULT: ("text", "intervenes", "intervened_text", "assigned_by", "perspective"),
    INDICATOR: ("aspect", "text", "target"),
    EXPECTATION: ("text",),
    APPENDIX: ("text",),
}
MOST_RESULTS, MOST_INDICATORS = 30, 12
_GONE = _("Baris ini sudah dihapus. Muat ulang halaman.")
Key = tuple[str, str]
"""(kind, id): the id of a result or an indicator, the value of an expectation, the kind of an appendix."""
Values = dict[str, str]


@dataclass(frozen=True, slots=True)
class LineChange:
    key: Key
    values: Mapping[str, str]
    seen: str | None = None
    """The mark of what the writer had read; None for writers who do not say."""


@dataclass(slots=True)
class Saved:
    marks: dict[Key, str] = field(default_factory=dict)
    """Of every line that was sent, as it is now."""
    changed: list[Key] = field(default_factory=list)
    clashes: dict[Key, Values] = field(default_factory=dict)
    """Lines that somebody else changed meanwhile: what they say now."""


def mark(values: Mapping[str, str]) -> str:
    text = "\x1f".join(values[name] for name in sorted(values))
    return hashlib.blake2s(text.encode(), digest_size=8).hexdigest()


def tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


class Lines:
    """All lines of a plan as plain values; one statement, none where the plan came with its lines."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        if "results" not in getattr(plan, "_prefetched_objects_cache", {}):
            hang_lines(plan)
        self.results = {str(row.pk): row for row in plan.results.all()}
        self.indicators = {str(one.pk): one for row in plan.results.all() for one in row.indicators.all()}
        self.expectations = {row.value: row.text for row in plan.expectations.all()}
        self.appendix: dict[str, list[str]] = {}
        for row in plan.appendix.all():
            self.appendix.setdefault(row.kind, []).append(row.text)

    def values(self, key: Key) -> Values | None:
        """None where there is no such line (any more)."""
        kind, name = key
        if kind == RESULT and (result := self.results.get(name)):
            return {**_plain(result, kind), "intervenes": str(result.intervenes_id or "")}
        if kind == INDICATOR and (indicator := self.indicators.get(name)):
            return _plain(indicator, kind)
        if kind == EXPECTATION and name in Value.values:
            return {"text": self.expectations.get(name, "")}
        if kind == APPENDIX and name in Appendix.values:
            return {"text": "\n".join(self.appendix.get(name, []))}
        return None


def _plain(row: Any, kind: str) -> Values:
    return {name: getattr(row, name) for name in FIELDS[kind] if name != "intervenes"}


@verb
def save_lines(*, actor: Any, plan: Plan, changes: Iterable[LineChange]) -> Saved:
    """Write the lines that differ. The assessor may write special expectations while the plan waits for him."""
    plan = locked_plan(plan)
    changes = list(changes)
    _require_writer(actor, plan, changes)
    lines, saved = Lines(plan), Saved()
    for change in changes:
        _save(lines, change, saved)
    if saved.changed:
        _touch(plan, actor, {"lines": [":".join(key) for key in saved.changed]})
    return saved


def _require_writer(actor: Any, plan: Plan, changes: list[LineChange]) -> None:
    only_expectations = all(change.key[0] == EXPECTATION for change in changes)
    if plan.state == PlanState.SUBMITTED and only_expectations and permissions.can_answer(actor, plan):
        return
    demand(permissions.can_edit(actor, plan))


def _save(lines: Lines, change: LineChange, saved: Saved) -> None:
    now = lines.values(change.key)
    if now is None:
        saved.clashes[change.key] = {}
        return
    wanted = {name: tidy(change.values.get(name, now[name])) for name in now}
    if wanted == now:
        saved.marks[change.key] = mark(now)
        return
    if change.seen is not None and change.seen != mark(now):
        saved.clashes[change.key] = now
        saved.marks[change.key] = mark(now)
        return
    write = {RESULT: _write_result, INDICATOR: _write_indicator, EXPECTATION: _write_expectation}
    write.get(change.key[0], _write_appendix)(lines, change.key[1], wanted)
    saved.marks[change.key] = mark(wanted)
    saved.changed.append(change.key)


def _write_result(lines: Lines, name: str, wanted: Values) -> None:
    row = lines.results[name]
    above = wanted.pop("intervenes")
    if above != str(row.intervenes_id or ""):
        row.intervenes, row.serves = _above(lines.plan, above), None
    for column, value in wanted.items():
        setattr(row, column, value)
    row.save(update_fields=[*wanted, "intervenes", "serves"])
    wanted["intervenes"] = above


def _write_indicator(lines: Lines, name: str, wanted: Values) -> None:
    row = lines.indicators[name]
    if wanted["aspect"] not in ("", *Aspect.values):
        raise refused(_("Aspek ini tidak dikenal."), rule="plan.aspect", field="aspect")
    for column, value in wanted.items():
        setattr(row, column, value)
    row.save(update_fields=list(wanted))


def _write_expectation(lines: Lines, name: str, wanted: Values) -> None:
    rows = BehaviourExpectation.objects.filter(plan=lines.plan, value=name)
    if not wanted["text"]:
        rows.delete()
    elif not rows.update(text=wanted["text"]):
        BehaviourExpectation.objects.create(plan=lines.plan, value=name, text=wanted["text"])


def _write_appendix(lines: Lines, name: str, wanted: Values) -> None:
    """One item a line of the text."""
    AppendixLine.objects.filter(plan=lines.plan, kind=name).delete()
    wanted["text"] = "\n".join(line.strip() for line in wanted["text"].splitlines() if line.strip())
    items = wanted["text"].splitlines()
    AppendixLine.objects.bulk_create(
        AppendixLine(plan=lines.plan, kind=name, number=number, text=text[:1000])
        for number, text in enumerate(items, start=1)
    )


def _above(plan: Plan, key: str) -> PlanResult | None:
    """One of the superior's results; anything else is refused."""
    if not key:
        return None
    found = next((row for row in superior_results(plan.participant) if str(row.pk) == key), None)
    if found is None:
        raise refused(
            _("Pilih hasil kerja dari SKP atasan yang sudah diajukan atau disepakati."),
            rule="plan.intervenes",
            field="intervenes",
        )
    return found


def refuse_clashes(saved: Saved) -> None:
    """For writers of one line: raises StateChanged with what it says now, as no page can show both."""
    for now in saved.clashes.values():
        if not now:
            raise ApplicationError(_GONE, status=404)
        raise StateChanged(_("Baris ini baru saja diubah: “%(text)s”. Baca lagi.") % {"text": now["text"]})


# --- Lines come, go and change places ---------------------------------------------------------------
@verb
def add_result(*, actor: Any, plan: Plan, kind: str, values: Mapping[str, str]) -> PlanResult:
    plan = locked_plan(plan)
    demand(permissions.can_edit(actor, plan))
    row = new_result(plan, kind, values)
    _touch(plan, actor, {"added": str(row.pk)})
    return row


def new_result(plan: Plan, kind: str, values: Mapping[str, str], serves: Indicator | None = None) -> PlanResult:
    """The row, at the end of its block, and its first indicator where `indicator` or `target` is given. `serves`:
    an indicator of the superior's, known to be in force."""
    text = tidy(values.get("text", ""))
    if not text:
        raise refused(_("Tuliskan rencana hasil kerjanya."), rule="required", field="text")
    if plan.results.count() >= MOST_RESULTS:
        raise refused(_("Satu SKP memuat paling banyak 30 hasil kerja."), rule="plan.too_many", field="text")
    row = PlanResult.objects.create(
        plan=plan,
        origin=uuid.uuid4(),
        kind=ResultKind(kind),
        number=_next(plan.results.filter(kind=kind)),
        text=text,
        intervenes=serves.result if serves else _above(plan, values.get("intervenes", "")),
        serves=serves,
        intervened_text=tidy(values.get("intervened_text", "")),
        assigned_by=values.get("assigned_by", "").strip(),
        perspective=values.get("perspective", "").strip(),
    )
    if tidy(values.get("indicator", "")):
        new_indicator(row, {**values, "text": values["indicator"]})
    return row


@verb
def add_indicator(*, actor: Any, plan: Plan, result: uuid.UUID, values: Mapping[str, str]) -> Indicator:
    plan = locked_plan(plan)
    demand(permissions.can_edit(actor, plan))
    row = new_indicator(_line(plan.results.all(), result), values)
    _touch(plan, actor, {"added": str(row.pk)})
    return row


def new_indicator(result: PlanResult, values: Mapping[str, str]) -> Indicator:
    """At the end; it may be written later, but a plan with an empty one is not submitted."""
    text, aspect = tidy(values.get("text", "")), values.get("aspect", "")
    if aspect not in ("", *Aspect.values):
        raise refused(_("Aspek ini tidak dikenal."), rule="plan.aspect", field="aspect")
    if result.indicators.count() >= MOST_INDICATORS:
        raise refused(_("Satu hasil kerja memuat paling banyak 12 indikator."), rule="plan.too_many", field="text")
    return Indicator.objects.create(
        result=result,
        origin=uuid.uuid4(),
        number=_next(result.indicators.all()),
        aspect=aspect,
        text=text,
        target=values.get("target", "").strip()[:300],
    )


@verb
def remove_line(*, actor: Any, plan: Plan, line: uuid.UUID) -> None:
    """A result with its indicators, or an indicator. Gone already: nothing happens."""
    plan = locked_plan(plan)
    demand(permissions.can_edit(actor, plan))
    row = plan.results.filter(pk=line).first() or Indicator.objects.filter(result__plan=plan, pk=line).first()
    if row is None:
        return
    _touch(plan, actor, {"removed": str(line), "text": row.text})
    row.delete()


@verb
def move_line(*, actor: Any, plan: Plan, line: uuid.UUID, up: bool) -> None:
    """Change places with the neighbour; the first stays first and the last last."""
    plan = locked_plan(plan)
    demand(permissions.can_edit(actor, plan))
    row: Any = plan.results.filter(pk=line).first()
    siblings: list[Any]
    if row is not None:
        siblings = list(plan.results.filter(kind=row.kind).order_by("number"))
    else:
        row = _line(Indicator.objects.filter(result__plan=plan), line)
        siblings = list(row.result.indicators.order_by("number"))
    place = [one.pk for one in siblings].index(row.pk)
    other = place + (-1 if up else 1)
    if not 0 <= other < len(siblings):
        return
    first, second = siblings[place], siblings[other]
    first.number, second.number = second.number, first.number
    type(row).objects.bulk_update([first, second], ["number"])
    _touch(plan, actor, {"moved": str(line)})


@verb
def set_approach(*, actor: Any, plan: Plan, approach: str) -> Plan:
    """Quantitative or qualitative, as long as the cycle leaves it open. Targets join or stay with the text."""
    plan = locked_plan(plan)
    demand(permissions.can_edit(actor, plan))
    fixed = plan.participant.cycle.approach
    if fixed and fixed != approach:
        raise refused(
            _("Pendekatan SKP tahun ini ditetapkan: %(name)s.") % {"name": Approach(fixed).label},
            rule="plan.approach",
            citation=LOCAL_POLICY,
            field="approach",
        )
    if plan.approach != approach:
        plan.approach = Approach(approach)
        plan.save(update_fields=["approach"])
        if plan.approach == Approach.QUALITATIVE:
            for row in Indicator.objects.filter(result__plan=plan).exclude(target=""):
                row.text, row.target = with_target(row.text, row.target), ""
                row.save(update_fields=["text", "target"])
        _touch(plan, actor, {"approach": approach})
    return plan


def with_target(text: str, target: str) -> str:
    """The qualitative form has one text: the measure with the target inside (reference 4)."""
    return f"{text}, {target}" if target else text


@verb
def link_result(*, actor: Any, plan: Plan, result: uuid.UUID, above: str) -> PlanResult:
    """Say later which of the superior's results this one serves; allowed on an agreed plan, too."""
    plan = locked_plan(plan)
    demand(permissions.can_link(actor, plan))
    row: PlanResult = _line(plan.results.all(), result)
    if above != str(row.intervenes_id or ""):
        row.intervenes, row.serves = _above(plan, above), None
        row.save(update_fields=["intervenes", "serves"])
    audit.record("evaluations.plan_linked", plan, actor=actor, data={"line": str(row.pk), "to": above})
    return row


def _line(rows: Any, key: uuid.UUID) -> Any:
    row = rows.filter(pk=key).first()
    if row is None:
        raise ApplicationError(_GONE, status=404)
    return row


def _next(rows: Any) -> int:
    return (rows.aggregate(last=Max("number"))["last"] or 0) + 1


def _touch(plan: Plan, actor: Any, data: dict[str, Any]) -> None:
    plan.saved_at = timezone.now()
    plan.save(update_fields=["saved_at"])
    audit.record("evaluations.plan_edited", plan, actor=actor, data=data)
