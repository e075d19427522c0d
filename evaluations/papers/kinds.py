"""The list of documents: of what, from which template, who may read it, when it counts as signed."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from evaluations.enums import CreditKind, EvaluationState, PlanState
from evaluations.models import CreditEntry, Evaluation, OrganisationResult, Plan, current_setting
from evaluations.papers import credits, evaluations, people, plans, units
from evaluations.permissions.follow_up import can_view_credits
from evaluations.permissions.ratings import can_set_organisation, can_view_unit
from kepegawaian.employees.models import Employee
from kepegawaian.employees.reporting import office_of
from kepegawaian.lib.exceptions import Text
from kepegawaian.units.models import Unit

EVALUATIONS, CREDITS = "evaluation_number_template", "pak_number_template"
"""Settings that hold the patterns of numbers."""
Facts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Paper:
    """`find(user, pk)`: the subject, where that person may see it. `signed`: whether it is issued with a number,
    else only a draft is drawn. `facts`: all that the public page of its QR code tells."""

    code: str
    label: Text
    template: str
    find: Callable[[Any, uuid.UUID], Any]
    load: Callable[[Any], Any]
    data: Callable[[Any], dict[str, Any]]
    signed: Callable[[Any], object]
    unit: Callable[[Any], Unit | None]
    facts: Callable[[Any], Facts]
    person: Callable[[Any], Employee | None]
    mark: str
    """After the number in its pattern: documents of each kind are counted by themselves."""
    series: str = EVALUATIONS

    @property
    def kind(self) -> str:
        return f"evaluations.{self.code}"

    @property
    def number(self) -> str:
        """The pattern as the office has set it: "800/{sequence}-SKP/EK/{unit}/{year}"."""
        pattern: str = getattr(current_setting(), self.series)
        return pattern.replace("{sequence}", "{sequence}-" + self.mark)

    @property
    def subject_type(self) -> str:
        """Of its own for each, so that who may read a document is not who may read attachments."""
        return f"evaluations.paper_{self.code}"


# --- Who sees what --------------------------------------------------------------------------------
def _plan(user: Any, pk: uuid.UUID) -> Plan | None:
    return Plan.objects.visible_to(user).filter(pk=pk).first()


def _evaluation(user: Any, pk: uuid.UUID) -> Evaluation | None:
    return Evaluation.objects.visible_to(user).filter(pk=pk).first()


def _organisation(user: Any, pk: uuid.UUID) -> OrganisationResult | None:
    """The readers of the page of the pattern: leaders of the unit and above, whose role covers it, who sets it."""
    row = OrganisationResult.objects.select_related("unit", "period").filter(pk=pk).first()
    if row is None:
        return None
    return row if can_view_unit(user, row.unit) or can_set_organisation(user, row.unit, row.period) else None


def _entry(user: Any, pk: uuid.UUID) -> CreditEntry | None:
    return CreditEntry.objects.visible_to(user).filter(pk=pk, kind=CreditKind.CONVERSION).first()


def _employee(user: Any, pk: uuid.UUID) -> Employee | None:
    person = Employee.objects.filter(pk=pk).first()
    return person if person is not None and can_view_credits(user, person) else None


# --- What the verification page tells ----------------------------------------------------------------
def _plan_facts(plan: Plan) -> Facts:
    employee, assessor = plans.identities(plan)
    return {
        "Nama": employee["name"],
        "Unit kerja": employee["unit"],
        "Tahun": str(plan.participant.cycle.year),
        "Disepakati oleh": assessor["name"],
    }


def _evaluation_facts(evaluation: Evaluation) -> Facts:
    """No rating: a paper found on the street tells nobody how its owner was judged."""
    participant, ruling = evaluation.participant, evaluation.ruling
    decided = {"Ditetapkan atas keberatan oleh": ruling.decider.full_name} if ruling and ruling.decider else {}
    return {
        "Nama": participant.employee.full_name,
        "Unit kerja": str(evaluation.post.unit or ""),
        "Periode": people.period_text(evaluation.period),
        "Pejabat penilai": evaluation.assessor.full_name if evaluation.assessor else "",
        **decided,
    }


def _organisation_facts(result: OrganisationResult) -> Facts:
    return {
        "Unit": str(result.unit),
        "Periode": people.period_text(result.period),
        "Ditetapkan oleh": str(result.set_by),
    }


def _sum_facts(employee: Employee) -> Facts:
    approval = credits.established(employee)
    approver = approval.approver if approval else None
    return {**_credit_facts(employee), **({"Ditetapkan oleh": approver.full_name} if approver else {})}


def _entry_facts(entry: CreditEntry) -> Facts:
    return {**_credit_facts(entry.employee), "Periode": people.days_text(entry.first, entry.last)}


def _credit_facts(employee: Employee) -> Facts:
    return {"Nama": employee.full_name, "Unit kerja": str(employee.current_unit or "")}


# --- The list -------------------------------------------------------------------------------------
def _plan_paper(code: str, mark: str, label: Text, template: str, data: Callable[[Plan], dict[str, Any]]) -> Paper:
    return Paper(
        code,
        label,
        template,
        find=_plan,
        load=plans.load,
        data=data,
        signed=lambda plan: plan.state in (PlanState.AGREED, PlanState.SUPERSEDED),
        unit=lambda plan: _office(plan.posting.unit or plan.participant.unit),
        facts=_plan_facts,
        person=lambda plan: plan.participant.employee,
        mark=mark,
    )


def _evaluation_paper(
    code: str, mark: str, label: Text, template: str, data: Callable[[Evaluation], dict[str, Any]]
) -> Paper:
    return Paper(
        code,
        label,
        template,
        find=_evaluation,
        load=evaluations.load,
        data=data,
        signed=lambda evaluation: evaluation.state == EvaluationState.FINAL,
        unit=lambda evaluation: _office(evaluation.post.unit),
        facts=_evaluation_facts,
        person=lambda evaluation: evaluation.participant.employee,
        mark=mark,
    )


def _credit_paper(
    code: str, mark: str, label: Text, template: str, data: Callable[[Employee], dict[str, Any]]
) -> Paper:
    return Paper(
        code,
        label,
        template,
        find=_employee,
        load=credits.load_employee,
        data=data,
        signed=credits.established,
        unit=lambda employee: _office(employee.current_unit),
        facts=_sum_facts,
        person=lambda employee: employee,
        mark=mark,
        series=CREDITS,
    )


def _stands(entry: CreditEntry) -> bool:
    return entry.kind == CreditKind.CONVERSION and not hasattr(entry, "reversed_by")


def _office(unit: Unit | None) -> Unit | None:
    """Numbers are counted by office."""
    return office_of(unit) if unit is not None else None


_EVALUATION_FORM = "evaluations/pdf/evaluation.typ"
PLAN = _plan_paper("plan", "SKP", _("SKP"), "evaluations/pdf/plan.typ", plans.plan_data)
APPENDIX = _plan_paper("appendix", "LSKP", _("Lampiran SKP"), "evaluations/pdf/appendix.typ", plans.appendix_data)
PERIODIC = _evaluation_paper(
    "periodic", "EP", _("Evaluasi periodik dan umpan balik"), _EVALUATION_FORM, evaluations.periodic_data
)
EVALUATION = _evaluation_paper(
    "evaluation", "EKP", _("Evaluasi kinerja pegawai"), _EVALUATION_FORM, evaluations.evaluation_data
)
DOCUMENT = _evaluation_paper(
    "document",
    "DEK",
    _("Dokumen evaluasi kinerja pegawai"),
    "evaluations/pdf/document.typ",
    evaluations.document_data,
)
DISTRIBUTION = Paper(
    "distribution",
    _("Penetapan predikat organisasi dan pola distribusi"),
    "evaluations/pdf/distribution.typ",
    find=_organisation,
    load=units.load,
    data=units.distribution_data,
    signed=lambda result: True,
    unit=lambda result: _office(result.unit),
    facts=_organisation_facts,
    person=lambda result: None,
    mark="PD",
)
CONVERSION = Paper(
    "conversion",
    _("Konversi predikat kinerja ke angka kredit"),
    "evaluations/pdf/conversion.typ",
    find=_entry,
    load=credits.load_entry,
    data=credits.conversion_data,
    signed=_stands,
    unit=lambda entry: _office(entry.employee.current_unit),
    facts=_entry_facts,
    person=lambda entry: entry.employee,
    mark="KAK",
    series=CREDITS,
)
ACCUMULATION = _credit_paper(
    "accumulation",
    "AAK",
    _("Akumulasi angka kredit"),
    "evaluations/pdf/accumulation.typ",
    credits.accumulation_data,
)
PAK = _credit_paper("pak", "PAK", _("Penetapan angka kredit (PAK)"), "evaluations/pdf/pak.typ", credits.pak_data)
PAPERS = {
    paper.code: paper
    for paper in (
        PLAN,
        APPENDIX,
        PERIODIC,
        EVALUATION,
        DOCUMENT,
        DISTRIBUTION,
        CONVERSION,
        ACCUMULATION,
        PAK,
    )
}
OF_PLAN = (PLAN, APPENDIX)
OF_EVALUATION = (PERIODIC, EVALUATION, DOCUMENT)
OF_RECEIPT = (EVALUATION, DOCUMENT)
OF_CREDITS = (ACCUMULATION, PAK)
