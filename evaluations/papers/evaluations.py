"""*Evaluasi periodik* with feedback, *Evaluasi Kinerja Pegawai*, and *Dokumen Evaluasi Kinerja Pegawai*.

Feedback comes from `feedback_shown` alone, so that a document shows nobody whom a page would hide.
"""

from collections import defaultdict
from typing import Any

from django.utils.translation import gettext as _

from evaluations.enums import EvaluationState, OrgResult, Predikat, Rating, ResultKind, Value
from evaluations.models import Evaluation, Plan, Progress, ResultMark, ValueNote
from evaluations.papers import people, plans
from evaluations.papers.units import curve_of, organisation_of
from evaluations.selectors.feedback import Shown, feedback_shown
from evaluations.selectors.line import superior_over
from evaluations.selectors.periods import parts_of
from kepegawaian.lib.dates import today
from kepegawaian.lib.ui.formatting import long_day, moment

SIGNED = (EvaluationState.FINAL, EvaluationState.REPLACED)


def load(pk: Any) -> Evaluation:
    related = (
        "participant__employee__current_unit",
        "participant__assessor__current_unit",
        "participant__unit",
        "participant__cycle",
        "period__cycle",
        "assessor__current_unit",
        "replaces__objection__decider__current_unit",
    )
    return Evaluation.objects.select_related(*related).get(pk=pk)


def periodic_data(evaluation: Evaluation) -> dict[str, Any]:
    """The plan with what was done and what was said about it; no rating."""
    return _form(evaluation, _("Evaluasi periodik dan umpan balik kinerja"))


def evaluation_data(evaluation: Evaluation) -> dict[str, Any]:
    """The same with the unit's result, its curve, both ratings and the *predikat*."""
    organisation = organisation_of(evaluation.participant, evaluation.period)
    return {
        **_form(evaluation, _("Evaluasi kinerja pegawai")),
        "organisation": str(OrgResult(organisation.result).label) if organisation else "",
        "organisation_unit": str(organisation.unit) if organisation else "",
        "curve": curve_of(organisation) if organisation else [],
        "counted": long_day(today()),
        "results_rating": _label(Rating, evaluation.results_rating),
        "results_reason": _reason(evaluation, "results_reason"),
        "behaviour_rating": _label(Rating, evaluation.behaviour_rating),
        "behaviour_reason": _reason(evaluation, "behaviour_reason"),
        "decision": decision_text(evaluation),
        "predikat": _label(Predikat, evaluation.predikat),
    }


def document_data(evaluation: Evaluation) -> dict[str, Any]:
    """The five boxes, then receipt and signatures."""
    participant = evaluation.participant
    employee, assessor = _both(evaluation)
    superior = people.person(superior_over(evaluation))
    organisation = organisation_of(participant, evaluation.period)
    received = evaluation.received_at
    return {
        **people.base(_("Dokumen evaluasi kinerja pegawai"), at=_signed_at(evaluation)),
        "period": people.period_text(evaluation.period),
        "boxes": [
            {"title": _("Pegawai yang dinilai"), **employee},
            {"title": _("Pejabat penilai kinerja"), **assessor},
            {"title": _("Atasan pejabat penilai kinerja"), **superior},
        ],
        "organisation": str(OrgResult(organisation.result).label) if organisation else "",
        "predikat": _label(Predikat, evaluation.predikat),
        "note": f"{evaluation.recommendation}\n{decision_text(evaluation)}".strip(),
        "received": moment(received) if received else "",
        "signatures": [
            people.signature(_("Pegawai yang dinilai"), employee, received, _("Diterima secara elektronik")),
            _approval(evaluation, assessor, evaluation.signed_at),
        ],
    }


def decision_text(evaluation: Evaluation) -> str:
    """Who decided on the objection, when and why; empty for what the assessor signed himself."""
    objection = evaluation.ruling
    if objection is None:
        return ""
    who = objection.decider.full_name if objection.decider else ""
    words = _("Ditetapkan atas keberatan oleh %(who)s pada %(day)s: %(reason)s")
    facts = {"who": f"{who}, {objection.capacity}" if objection.capacity else who}
    return words % {**facts, "day": long_day(objection.decided_at), "reason": objection.decision_reason}


def _reason(evaluation: Evaluation, field: str) -> str:
    """After an objection the reason for the earlier rating is marked as such; the decision has its own."""
    text: str = getattr(evaluation, field)
    return _("Alasan penilaian semula: %(reason)s") % {"reason": text} if evaluation.keeps(field) else text


def _approval(evaluation: Evaluation, assessor: people.Block, at: Any) -> people.Block:
    """By the assessor; of a decision by who took it, since the assessor never agreed to that result."""
    objection = evaluation.ruling
    if objection is None:
        return people.signature(_("Pejabat penilai kinerja"), assessor, at, _("Disetujui secara elektronik"))
    decider = people.person(objection.decider)
    return people.signature(_("Pemutus keberatan"), decider, at, _("Ditetapkan atas keberatan secara elektronik"))


def _form(evaluation: Evaluation, title: str) -> dict[str, Any]:
    employee, assessor = _both(evaluation)
    plan = plans.load(evaluation.plan_id) if evaluation.plan_id else None
    parts = parts_of(evaluation.period)
    shown = feedback_shown(evaluation.participant, parts)
    signed = _signed_at(evaluation)
    return {
        **people.base(title, at=signed),
        **(plans.form_of(plan) if plan else {"approach": "", "quantitative": True, "leader_form": False}),
        "period": people.period_text(evaluation.period),
        "employee": employee,
        "assessor": assessor,
        "groups": _groups(evaluation, plan, parts, shown) if plan else [],
        "values": _values(evaluation, plan, shown) if plan else [],
        "general": _said(shown, value="", result=""),
        "with_progress": True,
        "signatures": [_approval(evaluation, assessor, signed)],
    }


def _signed_at(evaluation: Evaluation) -> Any:
    return evaluation.signed_at if evaluation.state in SIGNED else None


def _both(evaluation: Evaluation) -> tuple[people.Block, people.Block]:
    participant = evaluation.participant
    employee = people.person(participant.employee, position=participant.position, unit=str(participant.unit or ""))
    assessor = evaluation.assessor or participant.assessor
    return employee, people.person(assessor, position=evaluation.capacity)


def _groups(evaluation: Evaluation, plan: Plan, parts: list[Any], shown: Shown) -> list[dict[str, Any]]:
    done = _progress(evaluation, parts)
    marks = {row.result: row for row in ResultMark.objects.filter(evaluation=evaluation)}
    groups = []
    for kind in ResultKind:
        rows = []
        for result in (row for row in plan.results.all() if row.kind == kind):
            drawn = plans.result_row(result)
            for line in drawn["indicators"]:
                line["progress"] = done.get(line["origin"], [])
            mark = marks.get(result.origin)
            own = [[_("Pejabat penilai"), mark.feedback]] if mark and mark.feedback else []
            drawn["feedback"] = own + _said(shown, result=result.text)
            rows.append(drawn)
        groups.append({"label": str(kind.label).upper(), "rows": rows})
    return groups


def _progress(evaluation: Evaluation, parts: list[Any]) -> dict[str, list[str]]:
    """By indicator; a year shows each part, with its name."""
    found: dict[str, list[str]] = defaultdict(list)
    rows = Progress.objects.filter(participant=evaluation.participant, period__in=parts).select_related("period")
    for row in rows.order_by("period__start"):
        lead = f"{row.period}: " if len(parts) > 1 else ""
        percent = f" ({row.percent}%)" if row.percent is not None else ""
        found[str(row.indicator)].append(f"{lead}{row.text}{percent}")
    return found


def _values(evaluation: Evaluation, plan: Plan, shown: Shown) -> list[dict[str, Any]]:
    notes = {row.value: row.text for row in ValueNote.objects.filter(evaluation=evaluation)}
    drawn = plans.values_of(plan)
    for value, row in zip(Value, drawn, strict=True):
        own = [[_("Pejabat penilai"), notes[value]]] if notes.get(value) else []
        row["feedback"] = own + _said(shown, value=value)
    return drawn


def _said(shown: Shown, *, value: str = "", result: str = "") -> list[list[str]]:
    """(who, text) about one value, one result, or the whole; of groups only how many they are."""
    rows = []
    for batch in (*shown.named, *shown.anonymous):
        relation = str(batch.relation.label) if batch.relation else _("Rekan kerja dan bawahan")
        group = _("%(relation)s (%(n)s orang)") % {"relation": relation, "n": batch.givers}
        for said in batch.said:
            if (said.value, said.result) == (value, result):
                rows.append([f"{relation}, {said.giver}" if said.giver else group, said.text])
    return rows


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value else ""
