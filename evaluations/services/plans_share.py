"""Examples for colleagues: the lines of an agreed plan without what ties them to a person or a year."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from evaluations.models import Plan, PlanTemplate
from evaluations.permissions import plans as permissions
from evaluations.services.common import locked_plan, verb
from evaluations.services.plans_start import content_of
from kepegawaian.audit import services as audit
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.verbs import require_fields
from kepegawaian.units.models import Unit, UnitKind


@verb
def share(*, actor: Any, plan: Plan, title: str) -> PlanTemplate:
    """For everybody of the same office."""
    plan = locked_plan(plan)
    demand(permissions.can_share(actor, plan))
    require_fields([("title", title.strip(), _("Beri judul agar rekan mengenalinya."))])
    participant = plan.participant
    template = PlanTemplate.objects.create(
        title=title.strip()[:150],
        position=plan.posting.position,
        approach=plan.approach,
        content=content_of(plan),
        shared_by=participant.employee,
        path=office_path(participant.path),
    )
    audit.record("evaluations.plan_shared", plan, actor=actor, data={"template": str(template.pk)})
    return template


@verb
def unshare(*, actor: Any, template: PlanTemplate) -> None:
    """No longer offered; drafts that began with it keep their lines."""
    row = PlanTemplate.objects.select_for_update(of=("self",)).select_related("shared_by").get(pk=template.pk)
    demand(permissions.can_unshare(actor, row))
    if row.withdrawn_at is None:
        row.withdrawn_at = timezone.now()
        row.save(update_fields=["withdrawn_at"])


def office_path(path: str) -> str:
    """Of the office above the unit, or of the unit itself where there is none."""
    prefixes = [path[:length] for length in range(Unit.steplen, len(path) + 1, Unit.steplen)]
    rows = Unit.objects.filter(path__in=prefixes, kind=UnitKind.OFFICE).order_by("-path")
    return rows.values_list("path", flat=True).first() or path
