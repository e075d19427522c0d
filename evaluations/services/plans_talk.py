"""The dialogue about a plan: words beside a line, requests for change, and who settled them when."""

import datetime
import uuid
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from evaluations.models import Indicator, Plan, PlanComment
from evaluations.notifications import plans as notifications
from evaluations.permissions import plans as permissions
from evaluations.permissions.common import is_person
from evaluations.services.common import locked_plan, verb
from kepegawaian.audit import services as audit
from kepegawaian.lib.exceptions import ApplicationError, demand
from kepegawaian.lib.verbs import require_fields


@verb
def comment(
    *, actor: Any, plan: Plan, text: str, line: uuid.UUID | None = None, asks_change: bool = False
) -> PlanComment:
    """`line`: the `origin` of a result or an indicator, None for the plan as a whole. The other one is told."""
    plan = locked_plan(plan)
    demand(permissions.can_talk(actor, plan))
    require_fields([("text", text.strip(), _("Tuliskan tanggapannya."))])
    if line is not None and not _has_line(plan, line):
        raise ApplicationError(_("Baris ini sudah dihapus. Muat ulang halaman."), status=404)
    participant = plan.participant
    row = PlanComment.objects.create(
        participant=participant, plan=plan, line=line, text=text.strip(), asks_change=asks_change, author=actor
    )
    audit.record(
        "evaluations.plan_commented", plan, actor=actor, data={"comment": str(row.pk), "asks_change": asks_change}
    )
    own = is_person(actor, participant.employee)
    other = participant.assessor if own else participant.employee
    if other is not None:
        notifications.tell(notifications.Commented, plan, [other.user], occasion=row.pk, author=actor.name)
    return row


@verb
def settle(*, actor: Any, comment: PlanComment) -> PlanComment:
    """The point is done with, by doing or by words."""
    row = PlanComment.objects.select_for_update().get(pk=comment.pk)
    row.participant = comment.participant
    demand(permissions.can_settle(actor, row))
    row.settled_at, row.settled_by = timezone.now(), actor
    row.save(update_fields=["settled_at", "settled_by"])
    audit.record("evaluations.plan_settled", row.plan, actor=actor, data={"comment": str(row.pk)})
    return row


def settle_own(*, actor: Any, plan: Plan, at: datetime.datetime) -> None:
    """Who agrees with the plan has what he asked for; what the other one asked stays open."""
    asked = PlanComment.objects.filter(plan__posting=plan.posting_id, asks_change=True, settled_at=None)
    asked.filter(author=actor).update(settled_at=at, settled_by=actor)


def _has_line(plan: Plan, origin: uuid.UUID) -> bool:
    if plan.results.filter(origin=origin).exists():
        return True
    return Indicator.objects.filter(result__plan=plan, origin=origin).exists()
