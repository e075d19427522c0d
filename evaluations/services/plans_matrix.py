"""*Matriks pembagian peran dan hasil* (reference 4): a filled cell becomes a draft result of that person."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from evaluations.enums import EDITABLE, LIVE_PLANS, PlanState, ResultKind
from evaluations.models import Participant, Plan
from evaluations.notifications import plans as notifications
from evaluations.permissions.common import is_assessor
from evaluations.selectors.plans import indicators_in_force
from evaluations.services.common import locked_participant, refused, require_open, verb
from evaluations.services.plans_lines import new_result
from evaluations.services.plans_start import begin
from kepegawaian.audit import services as audit
from kepegawaian.lib.exceptions import demand


@dataclass(frozen=True, slots=True)
class Cell:
    """`indicator`: of a result of the superior's own; `text`: the role of this person in it."""

    participant: Participant
    indicator: uuid.UUID
    text: str


@verb
def fill_matrix(*, actor: Any, cells: Iterable[Cell]) -> int:
    """Each cell becomes a main result in that person's draft, which begins with it where there is none. A plan
    that is submitted or agreed is not touched: return it, or ask for a change. How many results were written."""
    by_person: dict[uuid.UUID, list[Cell]] = defaultdict(list)
    for cell in cells:
        if cell.text.strip():
            by_person[cell.participant.pk].append(cell)
    written = 0
    for key in sorted(by_person):
        written += _fill_row(actor, by_person[key])
    return written


def _fill_row(actor: Any, cells: list[Cell]) -> int:
    participant = locked_participant(cells[0].participant)
    demand(is_assessor(actor, participant))
    require_open(participant)
    offered = {row.pk: row for row in indicators_in_force(participant.assessor_id, participant.cycle_id)}
    if any(cell.indicator not in offered for cell in cells):
        raise refused(_("Hasil kerja Anda berubah. Muat ulang matriks."), rule="plan.intervenes")
    plan = _draft_of(participant)
    for cell in cells:
        new_result(plan, ResultKind.MAIN, {"text": cell.text}, serves=offered[cell.indicator])
    audit.record("evaluations.plan_matrix_filled", plan, actor=actor, data={"results": len(cells)})
    news = {"count": len(cells), "author": actor.name}
    notifications.tell(
        notifications.MatrixFilled, plan, [participant.employee.user], occasion=uuid.uuid4(), **news
    )
    return len(cells)


def _draft_of(participant: Participant) -> Plan:
    rows = Plan.objects.filter(participant=participant, posting__valid_to=None)
    plan = rows.filter(state__in=(*LIVE_PLANS, PlanState.AGREED)).order_by("-number").first()
    if plan is None:
        return begin(participant)
    if plan.state not in EDITABLE:
        raise refused(
            _("SKP %(name)s sudah diajukan atau disepakati, sehingga matriks tidak menambahinya.")
            % {"name": participant.employee.full_name},
            rule="plan.locked",
        )
    plan.participant = participant
    return plan
