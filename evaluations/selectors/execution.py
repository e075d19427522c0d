"""Progress and evidence of a person as pages show them: by result and indicator of the agreed plan."""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluations.enums import DeadlineKind
from evaluations.models import Evidence, Indicator, Participant, Period, Plan, PlanResult, Progress
from evaluations.rules import texts
from evaluations.rules.sources import Sentence
from evaluations.selectors.periods import due_rows, is_late
from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.together import attach, read_together
from kepegawaian.units.models import Indicator as UnitNumber


@dataclass(slots=True)
class Reported:
    """Progress of one indicator in one period; `hint` where the text is that of an earlier period."""

    period: Period
    row: Progress
    late: bool
    evidence: list[Evidence]
    hint: Sentence | None = None


@dataclass(slots=True)
class Line:
    indicator: Indicator
    reported: list[Reported] = field(default_factory=list)
    earlier: str = ""


@dataclass(slots=True)
class Part:
    result: PlanResult
    lines: list[Line]


def plan_lines(plan: Plan) -> list[PlanResult]:
    """Results with their indicators, in one statement."""
    return _hung(*read_together(*_line_reads(plan)))


def _line_reads(plan: Plan) -> tuple[QuerySet[PlanResult], QuerySet[Indicator]]:
    rows = PlanResult.objects.filter(plan=plan).select_related("intervenes").order_by("-kind", "number")
    return rows, Indicator.objects.filter(result__plan=plan).order_by("number")


def _hung(results: list[PlanResult], indicators: list[Indicator]) -> list[PlanResult]:
    attach(results, "indicators", indicators)
    return results


def progress_of(
    participant: Participant, plan: Plan, shown: Sequence[Period], earlier: Sequence[Period] = ()
) -> list[Part]:
    """Of the periods `shown`; texts of the `earlier` ones only serve the hint that a text was copied. One
    statement."""
    reported = Progress.objects.filter(participant=participant, period__in=[*shown, *earlier])
    live = Evidence.objects.filter(progress__in=reported, removed_at=None).select_related("file").order_by("id")
    *lines, rows, evidence, days = read_together(
        *_line_reads(plan), reported, live, due_rows(shown, DeadlineKind.PROGRESS)
    )
    attach(rows, "evidence", evidence)
    by_line: dict[uuid.UUID, dict[Any, Progress]] = defaultdict(dict)
    for row in rows:
        by_line[row.indicator][row.period_id] = row
    due = dict(days)
    return [
        Part(result, [_line(one, by_line[one.origin], shown, earlier, due) for one in result.indicators.all()])
        for result in _hung(*lines)
    ]


def _line(
    indicator: Indicator,
    rows: dict[Any, Progress],
    shown: Sequence[Period],
    earlier: Sequence[Period],
    due: dict[Any, datetime.date],
) -> Line:
    before = [(period.pk, rows[period.pk].text) for period in earlier if period.pk in rows]
    line = Line(indicator, earlier=before[-1][1] if before else "")
    for period in shown:
        row = rows.get(period.pk)
        if row is None:
            continue
        copy = texts.copied(row.text, before)
        late = is_late(timezone.localdate(row.written_at), due.get(period.pk))
        evidence = list(row.evidence.all())
        line.reported.append(Reported(period, row, late, evidence, copy.sentence if copy else None))
        before.append((period.pk, row.text))
    return line


CITIZENS: dict[str, Text] = {
    "feedback.ikm": _("Indeks kepuasan masyarakat"),
    "feedback.rating": _("Penilaian warga atas penanganan pengaduan"),
    "feedback.in_time": _("Pengaduan dijawab tepat waktu (%)"),
    "feedback.answer_days": _("Hari sampai pengaduan dijawab"),
    "feedback.spkp": _("Persepsi kualitas pelayanan"),
    "feedback.spak": _("Persepsi antikorupsi"),
}
"""Keys that features write into the indicators of units, and what they are called beside a person's evaluation."""


def unit_numbers(participant: Participant) -> list[tuple[Text, UnitNumber]]:
    """What citizens say of the person's unit, or of the nearest one above that has numbers: the newest of each."""
    return newest_numbers(list(numbers_along(participant)))


def numbers_along(participant: Participant) -> QuerySet[UnitNumber]:
    steps = [participant.path[:end] for end in range(5, len(participant.path) + 1, 5)]
    rows = UnitNumber.objects.filter(unit__path__in=steps, key__in=CITIZENS).select_related("unit")
    return rows.order_by("-unit__depth", "-period_end", "key")[:40]


def newest_numbers(found: list[UnitNumber]) -> list[tuple[Text, UnitNumber]]:
    newest: dict[str, UnitNumber] = {}
    for row in found:
        if row.unit_id == found[0].unit_id:
            newest.setdefault(row.key, row)
    return [(CITIZENS[key], row) for key, row in newest.items()]
