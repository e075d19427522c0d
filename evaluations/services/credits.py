"""The verbs of *angka kredit* (PermenPANRB 1/2023, PerBKN 3/2023): convert, enter, take back."""

import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from evaluations.enums import ApprovalState, CreditKind, EvaluationState, Jenjang, PeriodKind, Predikat
from evaluations.links_follow_up import credits_url
from evaluations.models import CreditAppointment, CreditApproval, CreditEntry, Evaluation
from evaluations.notifications import follow_up as notices
from evaluations.notifications.common import performance_office
from evaluations.papers.kinds import OF_CREDITS
from evaluations.permissions import follow_up as permissions
from evaluations.rules import credits as rules
from evaluations.rules import functional
from evaluations.rules.sources import Citation, NoRuleError
from evaluations.selectors import credits as selectors
from evaluations.services.common import locked_evaluation, refused, verb
from evaluations.services.papers import order_credit_paper, revoke, revoke_credit_papers
from kepegawaian.audit.services import record
from kepegawaian.employees.models import Employee
from kepegawaian.lib.exceptions import StateChanged, demand
from kepegawaian.lib.verbs import require_fields
from kepegawaian.work.services import close_item, open_item

JENJANG_ITEM = "evaluations.jenjang"
TABLE = Citation("PerBKN 3/2023")
OBJECTION = "Putusan keberatan (PP 30/2019 Pasal 59)"
NEW_ENTRY = "Diganti: angka kreditnya bertambah"
"""Data of the ledger and of the page of a QR code, not texts of a page."""


# --- Conversion -----------------------------------------------------------------------------------
def follow_result(evaluation: Evaluation, *, replaced: Evaluation | None, actor: Any) -> None:
    """Runs with each result that comes to count: a year is converted, an altered result converted anew."""
    employee = locked_employee(evaluation.participant.employee)
    if replaced is not None:
        _convert_anew(employee, evaluation, replaced, actor)
    if evaluation.period.kind == PeriodKind.YEAR:
        _convert(employee, evaluation, evaluation.period.start, evaluation.period.end, actor)


def _convert_anew(employee: Employee, evaluation: Evaluation, replaced: Evaluation, actor: Any) -> None:
    """The same months in the same *jenjang* by the result that an objection gave."""
    standing = CreditEntry.objects.filter(evaluation=replaced, kind=CreditKind.CONVERSION, reversed_by=None)
    for entry in list(standing.order_by("id")):
        _reverse(entry, source=OBJECTION, actor=actor)
        months = tuple(range(entry.first.month, entry.last.month + 1))
        piece = functional.Piece(Jenjang(entry.jenjang), entry.golongan, months, entry.first.year)
        _write(employee, evaluation, piece, actor)


@verb
def convert(
    *, actor: Any, evaluation: Evaluation, first: datetime.date | None = None, last: datetime.date | None = None
) -> list[CreditEntry]:
    """Points for the months first..last that have none yet, by a final evaluation: a part of the year by that of
    a month or quarter, or a year again after its points were taken back. `first` may lie before the period."""
    evaluation = locked_evaluation(evaluation)
    employee = locked_employee(evaluation.participant.employee)
    demand(permissions.can_enter_credits(actor, employee))
    if evaluation.state != EvaluationState.FINAL:
        raise StateChanged(_("Hanya evaluasi final yang dikonversi menjadi angka kredit."))
    period = evaluation.period
    begin, end = first or period.start, last or period.end
    year = period.cycle.year
    if not datetime.date(year, 1, 1) <= begin <= end <= period.end:
        message = _("Bulan yang dikonversi berada di tahun evaluasi dan tidak melewati akhir periodenya.")
        raise refused(message, rule="credit_months", citation=TABLE, field="first")
    made = _convert(employee, evaluation, begin, end, actor)
    if not made:
        message = _("Tidak ada bulan penuh jabatan fungsional yang belum dikonversi pada masa itu.")
        raise refused(message, rule="no_months_left", citation=TABLE, field="first")
    return made


def _convert(
    employee: Employee, evaluation: Evaluation, first: datetime.date, last: datetime.date, actor: Any
) -> list[CreditEntry]:
    found = selectors.spans_of(employee)
    left = evaluation.participant.left_on
    last = min(last, left) if left else last
    if any(span.jenjang is None and _touches(span, first, last) for span in found):
        _ask_jenjang(employee)
    issued = selectors.issued_months(employee, first.year)
    parts = functional.pieces(found, first, last, issued=issued)
    return [entry for piece in parts if (entry := _write(employee, evaluation, piece, actor))]


def _touches(span: functional.Span, first: datetime.date, last: datetime.date) -> bool:
    return span.first <= last and (span.last is None or first <= span.last)


def _write(employee: Employee, evaluation: Evaluation, piece: functional.Piece, actor: Any) -> CreditEntry | None:
    """None for months before points came from the *predikat*."""
    predikat = Predikat(evaluation.predikat)
    try:
        found = rules.convert(piece.jenjang, predikat, months=len(piece.months), on=piece.end)
    except NoRuleError:
        return None
    before = CreditEntry.objects.filter(evaluation=evaluation, start=piece.start, kind=CreditKind.CONVERSION)
    entry = CreditEntry.objects.create(
        employee=employee,
        kind=CreditKind.CONVERSION,
        jenjang=piece.jenjang,
        golongan=piece.golongan,
        evaluation=evaluation,
        predikat=predikat,
        start=piece.start,
        end=piece.end,
        months=found.months,
        percent=Decimal(found.percent),
        coefficient=found.coefficient,
        value=found.value,
        source=str(found.citation),
        attempt=before.count() + 1,
        entered_by=actor,
    )
    _done(entry, "evaluations.credit_converted", actor)
    return entry


# --- Entries of HR --------------------------------------------------------------------------------
@verb
def enter_integrasi(
    *,
    actor: Any,
    employee: Employee,
    on: datetime.date,
    source: str,
    conventional: Decimal | None = None,
    value: Decimal | None = None,
) -> CreditEntry:
    """What an old total brings in, once a *jenjang*: from the conventional total less the base value of the
    *jenjang*, or the value that a decree names. `source`: that decree."""
    employee = locked_employee(employee)
    demand(permissions.can_enter_credits(actor, employee))
    require_fields([("source", source.strip(), _("Tuliskan dasar angka kredit ini."))])
    if (conventional is None) == (value is None):
        message = _("Isi salah satu: angka kredit konvensional, atau AK integrasi yang sudah ditetapkan.")
        raise refused(message, rule="one_amount", citation=TABLE, field="conventional")
    span = _span_on(employee, on)
    if conventional is not None and span.jenjang is not None:
        try:
            value = rules.integrasi(conventional, span.jenjang)
        except rules.CreditError as error:
            raise refused(str(error), rule="integrasi", citation=TABLE, field="conventional") from error
    return _enter(employee, CreditKind.INTEGRASI, span, on=on, value=value or Decimal(0), source=source, by=actor)


@verb
def grant_education(*, actor: Any, employee: Employee, on: datetime.date, source: str) -> CreditEntry:
    """For a new and higher degree, as the rule proposes it; `source`: diploma and the decree that adds it."""
    employee = locked_employee(employee)
    demand(permissions.can_enter_credits(actor, employee))
    require_fields([("source", source.strip(), _("Tuliskan dasar angka kredit ini."))])
    span = _span_on(employee, on)
    value = rules.education_bonus(span.jenjang) if span.jenjang is not None else Decimal(0)
    return _enter(employee, CreditKind.EDUCATION, span, on=on, value=value, source=source, by=actor)


def _enter(
    employee: Employee,
    kind: CreditKind,
    span: functional.Span,
    *,
    on: datetime.date,
    value: Decimal,
    source: str,
    by: Any,
) -> CreditEntry:
    if value <= 0:
        raise refused(_("Angka kredit lebih dari nol."), rule="positive_credit", citation=TABLE, field="value")
    said = {"start": on, "end": on, "value": rules.stored(value), "source": source.strip()[:200]}
    earlier = CreditEntry.objects.filter(employee=employee, kind=kind, jenjang=span.jenjang or "")
    standing = earlier.filter(reversed_by=None)
    if (same := standing.filter(**said).first()) is not None:
        return same  # the form was sent twice
    if kind == CreditKind.INTEGRASI and standing.exists():
        message = _("AK integrasi jenjang ini sudah ada dan hanya dimasukkan satu kali. Koreksi dahulu baris itu.")
        raise refused(message, rule="one_integration", citation=TABLE)
    entry = CreditEntry.objects.create(
        employee=employee,
        kind=kind,
        jenjang=span.jenjang or "",
        golongan=span.golongan,
        attempt=earlier.count() + 1,
        entered_by=by,
        **said,
    )
    _done(entry, "evaluations.credit_entered", by)
    return entry


def _span_on(employee: Employee, on: datetime.date) -> functional.Span:
    """The functional service on that day, its *jenjang* known."""
    found = selectors.spans_of(employee)
    span = next((row for row in found if _touches(row, on, on)), None)
    if span is None:
        message = _("Pada tanggal itu pegawai ini tidak memegang jabatan fungsional.")
        raise refused(message, rule="not_functional", citation=TABLE, field="on")
    if span.jenjang is None:
        message = _("Jenjang jabatan fungsionalnya belum diketahui. Isi jenjangnya dahulu.")
        raise refused(message, rule="jenjang_unknown", citation=TABLE, field="on")
    return span


# --- Taking back ----------------------------------------------------------------------------------
@verb
def reverse(*, actor: Any, entry: CreditEntry, reason: str) -> CreditEntry:
    """Take an entry back by one of the opposite sign; both stay in the ledger."""
    employee = locked_employee(entry.employee)
    demand(permissions.can_enter_credits(actor, employee))
    require_fields([("reason", reason.strip(), _("Tuliskan alasan koreksi."))])
    entry = CreditEntry.objects.get(pk=entry.pk)
    if entry.kind == CreditKind.CORRECTION:
        message = _("Baris koreksi tidak dikoreksi lagi; masukkan angka yang benar.")
        raise refused(message, rule="no_correction_of_correction", citation=TABLE)
    if CreditEntry.objects.filter(reverses=entry).exists():
        raise StateChanged(_("Angka kredit ini sudah dikoreksi."))
    return _reverse(entry, source=reason.strip(), actor=actor)


def _reverse(entry: CreditEntry, *, source: str, actor: Any) -> CreditEntry:
    row = CreditEntry.objects.create(
        employee_id=entry.employee_id,
        kind=CreditKind.CORRECTION,
        jenjang=entry.jenjang,
        golongan=entry.golongan,
        evaluation_id=entry.evaluation_id,
        predikat=entry.predikat,
        start=entry.start,
        end=entry.end,
        months=entry.months,
        value=-entry.value,
        source=source[:200],
        reverses=entry,
        entered_by=actor,
    )
    revoke_credit_papers(entry, reason=source, actor=actor)
    _done(row, "evaluations.credit_reversed", actor)
    return row


# --- Jenjang --------------------------------------------------------------------------------------
@verb
def set_jenjang(
    *, actor: Any, employee: Employee, jenjang: str, since: datetime.date, source: str
) -> CreditAppointment:
    """Say the *jenjang* of a functional post that its name does not; years that waited for it are converted."""
    employee = locked_employee(employee)
    demand(permissions.can_enter_credits(actor, employee))
    require_fields([("source", source.strip(), _("Tuliskan keputusan pengangkatannya."))])
    if not any(_touches(span, since, since) for span in selectors.spans_of(employee)):
        message = _("Pada tanggal itu pegawai ini tidak memegang jabatan fungsional.")
        raise refused(message, rule="not_functional", citation=TABLE, field="since")
    row = CreditAppointment.objects.create(
        employee=employee,
        jenjang=Jenjang(jenjang),
        since=since,
        source=source.strip()[:200],
        entered_by=actor,
    )
    data = {"jenjang": jenjang, "since": since, "source": row.source}
    record("evaluations.jenjang_entered", employee, actor=actor, data=data)
    close_item(kind=JENJANG_ITEM, subject=employee, by=actor)
    for evaluation in selectors.unconverted_years(employee):
        _convert(employee, evaluation, evaluation.period.start, evaluation.period.end, actor)
    return row


def _ask_jenjang(employee: Employee) -> None:
    """HR says it; the portal does not guess."""
    office = performance_office()
    open_item(
        kind=JENJANG_ITEM,
        subject=employee,
        holder=office[0] if office else None,
        title=employee.full_name,
        url=credits_url(employee),
        context={"line": employee.current_position},
    )


def locked_employee(employee: Employee) -> Employee:
    """Points of one person are written one after the other."""
    return (
        Employee.objects.select_related("user", "current_unit").select_for_update(of=("self",)).get(pk=employee.pk)
    )


def _done(entry: CreditEntry, what: str, actor: Any) -> None:
    data = {"value": entry.value, "kind": entry.kind, "jenjang": entry.jenjang, "source": entry.source}
    record(what, entry, actor=actor, data=data)
    notices.tell(
        notices.CreditsChanged,
        [entry.employee],
        key=entry.pk,
        url=credits_url(entry.employee),
        value=entry.value,
        what=CreditKind(entry.kind),
    )
    established = CreditApproval.objects.filter(employee=entry.employee_id, state=ApprovalState.APPROVED)
    established.update(state=ApprovalState.SUPERSEDED)
    revoke(OF_CREDITS, entry.employee_id, reason=NEW_ENTRY, actor=actor)
    order_credit_paper(entry, actor=actor)
