"""A plan begins: empty, or with the lines of an earlier one or of a colleague's example; a new version begins with
those of the agreed one, and that one holds until the new one is agreed."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from evaluations.enums import LIVE_PLANS, Approach, PlanState, ResultKind
from evaluations.models import (
    AppendixLine,
    BehaviourExpectation,
    Indicator,
    Participant,
    Plan,
    PlanResult,
)
from evaluations.notifications import plans as notifications
from evaluations.permissions import plans as permissions
from evaluations.permissions.common import is_person
from evaluations.selectors.plans import usable_templates, with_lines
from evaluations.services.common import locked_participant, locked_plan, refused, verb
from evaluations.services.plans_lines import with_target
from evaluations.services.plans_steps import move_plan, point_to
from evaluations.workflow import Action
from kepegawaian.audit import services as audit
from kepegawaian.lib.exceptions import ApplicationError, StateChanged, demand
from kepegawaian.lib.verbs import require_fields
from kepegawaian.units.models import Unit, UnitKind

Content = Mapping[str, Any]


class Origin(StrEnum):
    EMPTY = "empty"
    PLAN = "plan"
    TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class Source:
    """What the lines are copied from; `key` is that of the plan or the example."""

    origin: Origin = Origin.EMPTY
    key: uuid.UUID | None = None


NOTHING = Source()


@verb
def start(*, actor: Any, participant: Participant, source: Source = NOTHING, approach: str = "") -> Plan:
    """A draft for the post that the person holds now. One plan a post is in the making at a time."""
    participant = locked_participant(participant)
    demand(permissions.can_start(actor, participant))
    plan = begin(participant, approach)
    content = _content(participant, source)
    if content:
        write_content(plan, content)
    audit.record(
        "evaluations.plan_started",
        plan,
        actor=actor,
        data={"from": source.origin, "source": str(source.key or "")},
    )
    return plan


def begin(participant: Participant, approach: str = "") -> Plan:
    """The empty draft; the participant is locked."""
    posting = participant.postings.filter(valid_to=None).select_related("heads").first()
    if posting is None:
        raise refused(_("Jabatan Anda pada tahun ini belum tercatat."), rule="plan.posting")
    if posting.plans.filter(state__in=(*LIVE_PLANS, PlanState.AGREED)).exists():
        raise StateChanged(_("SKP untuk jabatan ini sudah ada."))
    plan = Plan.objects.create(
        participant=participant,
        posting=posting,
        approach=participant.cycle.approach or approach or Approach.QUANTITATIVE,
        leader_form=leads(posting.heads),
    )
    if participant.plan_id is None:
        point_to(participant, plan)
    return plan


def leads(unit: Unit | None) -> bool:
    """Heads of offices and of units that stand for themselves use the perspectives (reference 4)."""
    return unit is not None and (unit.kind != UnitKind.SECTION or bool(unit.function))


@verb
def change(*, actor: Any, plan: Plan, reason: str, version: int | None = None) -> Plan:
    """The next version as a draft of the employee's; the agreed one holds until both agree again."""
    plan = locked_plan(plan)
    demand(permissions.can_change(actor, plan))
    require_fields([("reason", reason.strip(), _("Tuliskan alasan perubahan SKP."))])
    if version is not None and version != plan.version:
        raise StateChanged(_("Isinya berubah sejak Anda membukanya. Baca lagi sebelum melanjutkan."))
    if plan.posting.plans.filter(state__in=LIVE_PLANS).exists():
        raise StateChanged(_("Versi baru SKP ini sudah sedang disusun."))
    move_plan(plan, Action.CHANGE, actor=actor, note=reason.strip())
    latest = Plan.objects.filter(posting=plan.posting_id).aggregate(last=Max("number"))["last"]
    new = Plan.objects.create(
        participant=plan.participant,
        posting=plan.posting,
        number=latest + 1,
        approach=plan.approach,
        leader_form=plan.leader_form,
        change_reason=reason.strip(),
    )
    write_content(new, content_of(plan, keep=True, links=True))
    audit.record(
        "evaluations.plan_version_begun", new, actor=actor, data={"of": str(plan.pk), "number": new.number}
    )
    if not is_person(actor, plan.participant.employee):
        notifications.tell(notifications.ChangeBegun, new, [plan.participant.employee.user])
    return new


@verb
def discard(*, actor: Any, plan: Plan) -> None:
    """A draft that nobody else has seen; its lines go with it."""
    plan = locked_plan(plan)
    demand(permissions.can_discard(actor, plan))
    participant = plan.participant
    audit.record("evaluations.plan_discarded", plan, actor=actor, data={"number": plan.number})
    if participant.plan_id == plan.pk:
        point_to(participant, None)
    plan.delete()


# --- Contents ---------------------------------------------------------------------------------------
def _content(participant: Participant, source: Source) -> Content | None:
    if source.origin == Origin.EMPTY:
        return None
    if source.key is not None and source.origin == Origin.TEMPLATE:
        template = usable_templates(participant).filter(pk=source.key).first()
        if template is not None:
            return dict(template.content)
    elif source.key is not None:
        own = Plan.objects.filter(pk=source.key, participant__employee_id=participant.employee_id)
        plan = with_lines(own).first()
        if plan is not None:
            now = participant.postings.filter(valid_to=None, pk=plan.posting_id).exists()
            return content_of(plan, keep=plan.participant_id == participant.pk, links=now)
    raise ApplicationError(_("SKP yang akan disalin tidak ditemukan."), status=404)


def content_of(plan: Plan, *, keep: bool = False, links: bool = False) -> Content:
    """The lines as plain data. `keep`: within one year, with their `origin`, by which progress finds them again.
    `links`: within one post, with what they serve of this superior; the words of another one's stay as text."""
    return {
        "results": [
            {
                "kind": row.kind,
                "text": row.text,
                "intervened_text": row.intervenes.text if row.intervenes and not links else row.intervened_text,
                "assigned_by": row.assigned_by if keep else "",
                "perspective": row.perspective,
                **({"origin": str(row.origin)} if keep else {}),
                **({"intervenes": row.intervenes_id, "serves": row.serves_id} if links else {}),
                "indicators": [
                    {
                        "aspect": one.aspect,
                        "text": one.text,
                        "target": one.target,
                        **({"origin": str(one.origin)} if keep else {}),
                    }
                    for one in row.indicators.all()
                ],
            }
            for row in plan.results.all()
        ],
        "expectations": {} if keep and not links else {row.value: row.text for row in plan.expectations.all()},
        "appendix": [{"kind": row.kind, "text": row.text} for row in plan.appendix.all()],
    }


def write_content(plan: Plan, content: Content) -> None:
    """All lines in four statements, in the approach and form of this plan."""
    numbers = dict.fromkeys(ResultKind.values, 0)
    results, indicators = [], []
    for given in content["results"]:
        numbers[given["kind"]] += 1
        result = _result(plan, given, numbers[given["kind"]])
        results.append(result)
        for number, one in enumerate(given["indicators"], start=1):
            indicators.append(_indicator(plan, result, one, number))
    PlanResult.objects.bulk_create(results)
    Indicator.objects.bulk_create(indicators)
    BehaviourExpectation.objects.bulk_create(
        BehaviourExpectation(plan=plan, value=value, text=text) for value, text in content["expectations"].items()
    )
    places: dict[str, int] = {}
    lines = []
    for one in content["appendix"]:
        places[one["kind"]] = places.get(one["kind"], 0) + 1
        lines.append(AppendixLine(plan=plan, kind=one["kind"], number=places[one["kind"]], text=one["text"]))
    AppendixLine.objects.bulk_create(lines)


def _result(plan: Plan, given: Mapping[str, Any], number: int) -> PlanResult:
    return PlanResult(
        plan=plan,
        origin=given.get("origin") or uuid.uuid4(),
        kind=given["kind"],
        number=number,
        text=given["text"],
        intervenes_id=given.get("intervenes"),
        serves_id=given.get("serves"),
        intervened_text="" if plan.leader_form else given["intervened_text"],
        assigned_by=given.get("assigned_by", ""),
        perspective=given["perspective"] if plan.leader_form else "",
    )


def _indicator(plan: Plan, result: PlanResult, given: Mapping[str, Any], number: int) -> Indicator:
    qualitative = plan.approach == Approach.QUALITATIVE
    return Indicator(
        result=result,
        origin=given.get("origin") or uuid.uuid4(),
        number=number,
        aspect=given["aspect"],
        text=with_target(given["text"], given["target"]) if qualitative else given["text"],
        target="" if qualitative else given["target"],
    )
