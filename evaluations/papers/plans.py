"""SKP and its three appendices."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from evaluations.enums import Appendix, Approach, PlanState, ResultKind, Value
from evaluations.models import Plan, PlanResult
from evaluations.papers import people
from evaluations.rules.behaviour import guides_on
from evaluations.selectors.plans import with_lines

AGREED = (PlanState.AGREED, PlanState.SUPERSEDED)


def load(pk: Any) -> Plan:
    """With all its lines."""
    return with_lines(Plan.objects.filter(pk=pk)).get()


def plan_data(plan: Plan) -> dict[str, Any]:
    return {
        **_head(plan, _("Sasaran kinerja pegawai")),
        "groups": [_group(plan, kind) for kind in ResultKind],
        "values": values_of(plan),
        "with_progress": False,
    }


def appendix_data(plan: Plan) -> dict[str, Any]:
    lines = list(plan.appendix.all())
    return {
        **_head(plan, _("Lampiran sasaran kinerja pegawai")),
        "lists": [
            {"title": str(kind.label), "lines": [line.text for line in lines if line.kind == kind]}
            for kind in Appendix
        ],
    }


def _head(plan: Plan, title: str) -> dict[str, Any]:
    agreed = plan.agreed_at
    employee, assessor = identities(plan)
    return {
        **people.base(title, at=agreed),
        **form_of(plan),
        "period": people.year_text(plan.participant),
        "employee": employee,
        "assessor": assessor,
        "signatures": [
            people.signature(
                _("Pegawai yang dinilai"), employee, plan.submitted_at, _("Diajukan secara elektronik")
            ),
            people.signature(_("Pejabat penilai kinerja"), assessor, agreed, _("Disetujui secara elektronik")),
        ],
    }


def identities(plan: Plan) -> tuple[people.Block, people.Block]:
    """Of both as agreed; of today while nothing is agreed."""
    participant = plan.participant
    said = plan.identity if plan.agreed_at else {}
    posting = plan.posting
    employee = people.person(participant.employee, position=posting.position, unit=str(posting.unit or ""))
    employee = people.kept(said["employee"], participant.employee) if said.get("employee") else employee
    return employee, people.kept(said.get("assessor", {}), participant.assessor)


def form_of(plan: Plan) -> dict[str, Any]:
    leader = plan.leader_form
    group = _("Pejabat pimpinan tinggi dan pimpinan unit kerja mandiri")
    others = _("Pejabat administrasi dan pejabat fungsional")
    return {
        "approach": str(Approach(plan.approach).label).upper(),
        "quantitative": plan.approach == Approach.QUANTITATIVE,
        "leader_form": leader,
        "post_group": (group if leader else others).upper(),
        "version": plan.number,
    }


def _group(plan: Plan, kind: ResultKind) -> dict[str, Any]:
    rows = [row for row in plan.results.all() if row.kind == kind]
    return {"label": str(kind.label).upper(), "rows": [result_row(row) for row in rows]}


def result_row(row: PlanResult) -> dict[str, Any]:
    return {
        "number": row.number,
        "intervened": row.intervened_text or (row.intervenes.text if row.intervenes else ""),
        "text": row.text,
        "perspective": row.perspective,
        "indicators": [
            {
                "aspect": str(line.get_aspect_display()),
                "text": line.text,
                "target": line.target,
                "origin": str(line.origin),
                "progress": [],
            }
            for line in row.indicators.all()
        ],
        "feedback": [],
    }


def values_of(plan: Plan) -> list[dict[str, Any]]:
    """The seven values with their guides and what the leader expects in particular."""
    special = {row.value: row.text for row in plan.expectations.all()}
    guides = guides_on(timezone.localdate(plan.agreed_at) if plan.agreed_at else None).guides
    return [
        {
            "label": str(value.label),
            "guides": [str(guide) for guide in guides[value]],
            "expectation": special.get(value, ""),
            "feedback": [],
        }
        for value in Value
    ]
