"""*Angka kredit* of a person: in which *jenjang* when, what was credited, how far it is to the next step."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from evaluations.enums import ApprovalState, CreditKind, EvaluationState, Jenjang, PeriodKind, Predikat
from evaluations.models import CreditAppointment, CreditApproval, CreditEntry, Evaluation
from evaluations.rules import credits as rules
from evaluations.rules import functional
from kepegawaian.employees.enums import HoldingKind, PositionKind, RankScheme
from kepegawaian.employees.models import Employee, PositionHolding, RankHolding
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.together import Together


def spans_of(employee: Employee) -> tuple[functional.Span, ...]:
    """One statement."""
    return _spans(*_SPANS.all(employee=employee.pk))


def span_reads(employee: Any) -> tuple[QuerySet[Any], ...]:
    held = PositionHolding.objects.standing().filter(employee=employee, kind=HoldingKind.DEFINITIVE)
    ranked = RankHolding.objects.standing().filter(employee=employee, scheme=RankScheme.PNS)
    return (
        held.select_related("position").order_by("valid_from"),
        ranked.order_by("valid_from"),
        CreditAppointment.objects.filter(employee=employee),
    )


def _spans(
    held: list[PositionHolding], ranked: list[RankHolding], appointed: list[CreditAppointment]
) -> tuple[functional.Span, ...]:
    posts = [
        functional.Post(
            row.valid_from,
            row.valid_to,
            row.position.kind == PositionKind.FUNCTIONAL,
            functional.jenjang_of(row.position.level, row.position.name),
        )
        for row in held
    ]
    ranks = [functional.Rank(row.valid_from, row.valid_to, row.golongan) for row in ranked]
    return functional.spans(
        posts, ranks, [functional.Entered(row.since, Jenjang(row.jenjang)) for row in appointed]
    )


def post_on(employee: Employee, on: datetime.date) -> PositionHolding | None:
    """The definitive post of that day, with its name and unit."""
    held = PositionHolding.objects.standing().filter(employee=employee, kind=HoldingKind.DEFINITIVE).in_force(on)
    found: PositionHolding | None = held.select_related("position", "unit").order_by("-valid_from", "-id").first()
    return found


def entries_of(employee: Any) -> QuerySet[CreditEntry]:
    """The ledger in its order."""
    return CreditEntry.objects.filter(employee=employee).order_by("id")


def has_conversion(employee: Employee) -> bool:
    """That stands: only then is there a sum to establish and to print."""
    return CreditEntry.objects.filter(employee=employee, kind=CreditKind.CONVERSION, reversed_by=None).exists()


def approval_of(employee: Employee) -> CreditApproval | None:
    """The last one asked for, unless newer points took its place: what was before that one is over too."""
    rows = CreditApproval.objects.select_related("approver__user", "approver__current_unit", "asked_by")
    found = rows.filter(employee=employee).order_by("id").last()
    return found if found is not None and found.state != ApprovalState.SUPERSEDED else None


_SPANS = Together(lambda slot: span_reads(slot("employee")))
_STANDING = Together(
    lambda slot: (
        *span_reads(slot("employee")),
        entries_of(slot("employee")).select_related("evaluation__period", "entered_by", "reverses", "reversed_by"),
    )
)


def issued_months(employee: Employee, year: int) -> frozenset[int]:
    """Months of the year whose conversion stands."""
    rows = CreditEntry.objects.filter(
        employee=employee, kind=CreditKind.CONVERSION, reversed_by=None, start__year=year
    )
    return frozenset(month for row in rows for month in range(row.first.month, row.last.month + 1))


@dataclass(frozen=True, slots=True)
class CreditStanding:
    """`missing_jenjang`: a functional post whose *jenjang* nobody has said; `problem`: why there is no gap."""

    employee: Employee
    on: datetime.date
    span: functional.Span | None
    entries: Sequence[CreditEntry]
    counted: Sequence[CreditEntry]
    total: Decimal
    rank: rules.Gap | None = None
    jenjang: rules.Gap | None = None
    problem: Text = ""

    @property
    def functional(self) -> bool:
        return self.span is not None

    @property
    def missing_jenjang(self) -> bool:
        return self.span is not None and self.span.jenjang is None

    @property
    def balance(self) -> Decimal:
        """Of all movements, whatever *jenjang* they were earned in."""
        return sum((entry.value for entry in self.entries), Decimal(0))


def standing_of(employee: Employee, *, on: datetime.date | None = None) -> CreditStanding:
    """One statement. Each entry comes with what reverses it."""
    *known, entries = _STANDING.all(employee=employee.pk)
    return standing_from(employee, known, entries, on=on or today())


def standing_from(
    employee: Employee, known: Sequence[list[Any]], entries: Sequence[CreditEntry], *, on: datetime.date
) -> CreditStanding:
    """`known`: what `span_reads` gave."""
    found = _spans(*known)
    span = _at(found, on)
    posts = [post for post in functional.appointments(found) if post.since <= on]
    rows = [rules.Entry(entry.last, entry.value, CreditKind(entry.kind)) for entry in entries]
    total = rules.running_total(rows, posts)
    counted = [entry for entry in entries if posts and entry.last >= _jenjang_since(posts)]
    if span is None or span.jenjang is None:
        return CreditStanding(employee, on, span, entries, counted, total)
    try:
        gaps = rules.standing(span.jenjang, span.golongan, total, on=on)
    except rules.CreditError as error:
        return CreditStanding(employee, on, span, entries, counted, total, problem=str(error))
    return CreditStanding(employee, on, span, entries, counted, total, gaps.rank, gaps.jenjang)


def _at(found: Sequence[functional.Span], on: datetime.date) -> functional.Span | None:
    return next((span for span in found if span.first <= on and (span.last is None or on <= span.last)), None)


def _jenjang_since(posts: Sequence[rules.Appointment]) -> datetime.date:
    """When the present *jenjang* began: what is older counts no more."""
    last, since = posts[-1], posts[-1].since
    for post in reversed(posts):
        if post.jenjang is not last.jenjang:
            break
        since = post.since
    return since


def convertible(employee: Employee) -> list[Evaluation]:
    """Final evaluations in force that have a *predikat*, the newest first, since points come from it at all."""
    first = min(table.effective_from.year for table in rules.TABLES)
    rows = Evaluation.objects.filter(
        participant__employee=employee,
        state=EvaluationState.FINAL,
        period__cycle__year__gte=first,
        predikat__in=Predikat.values,
    )
    return list(rows.select_related("period__cycle", "participant").order_by("-period__end", "-id"))


def unconverted_years(employee: Employee) -> list[Evaluation]:
    """Whole years, the oldest first, for when the *jenjang* was said late."""
    return [row for row in reversed(convertible(employee)) if row.period.kind == PeriodKind.YEAR]
