"""The log of an evaluation, as what its assessor acts, and the items that wait for him and for the person."""

from typing import Any

from evaluations.enums import DeadlineKind
from evaluations.links_ratings import assess_url, evaluation_url
from evaluations.models import Evaluation, EvaluationStep
from evaluations.rules.clocks import DAY
from evaluations.rules.policy import DEFAULT
from evaluations.selectors.periods import due_on
from evaluations.workflow import Action
from kepegawaian.audit import services as audit
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.work.services import open_item

ITEM, ITEM_READ = "evaluations.assess", "evaluations.read"


def log(
    evaluation: Evaluation,
    action: Action,
    origin: str,
    *,
    actor: Any,
    note: str = "",
    capacity: str | None = None,
    **facts: Any,
) -> None:
    """A step of the log and an event of the trail; the caller saves the evaluation with its new version. The
    `capacity` is that of the assessor unless somebody else acts."""
    evaluation.version += 1
    EvaluationStep.objects.create(
        evaluation=evaluation,
        action=action,
        from_state=origin,
        to_state=evaluation.state,
        actor=actor,
        capacity=evaluation.capacity if capacity is None else capacity,
        note=note,
        version=evaluation.version,
    )
    data = {"states": [str(origin), str(evaluation.state)], "version": evaluation.version, **facts}
    audit.record(f"evaluations.evaluation_{action}", evaluation, actor=actor, data=data)


def wait_for(evaluation: Evaluation, assessor: Employee | None) -> None:
    open_item(
        kind=ITEM,
        subject=evaluation,
        holder=assessor.user if assessor else None,
        title=evaluation.participant.employee.full_name,
        url=assess_url(evaluation.participant_id, evaluation.period_id),
        due_on=due_on(evaluation.period, DeadlineKind.ASSESS),
        context={"line": str(evaluation.period)},
    )


def wait_to_be_read(evaluation: Evaluation) -> None:
    """In the inbox of the person until he says that he has read it: his days for an objection begin then.
    What is signed late leaves him as many days as the calendar does."""
    soon = today() + DEFAULT.step_days * DAY
    open_item(
        kind=ITEM_READ,
        subject=evaluation,
        holder=evaluation.participant.employee.user,
        title=str(evaluation.period),
        url=evaluation_url(evaluation),
        due_on=max(soon, due_on(evaluation.period, DeadlineKind.READ) or soon),
    )
