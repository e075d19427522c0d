"""Who is told what about evaluations and objections; the words are in templates/evaluations/email/.

No rating goes into a message: mail leaves the house, results stay in it.
"""

from typing import Any

from evaluations.links_ratings import evaluation_url, objection_url
from evaluations.models import Evaluation, Objection
from evaluations.notifications.common import CATEGORY
from kepegawaian.notifications.base import Notification
from kepegawaian.notifications.services import Letter


class Signed(Notification):
    """To the person: the evaluation is final and can be read."""

    kind = "evaluations.signed"
    category = CATEGORY


class Objected(Notification):
    """To the superior of the assessor, who decides."""

    kind = "evaluations.objected"
    category = CATEGORY


class ObjectionKnown(Notification):
    """To the assessor: somebody objects to what he signed, and he will be heard."""

    kind = "evaluations.objection_known"
    category = CATEGORY


class ObjectionWithdrawn(Notification):
    """To the superior and the assessor."""

    kind = "evaluations.objection_withdrawn"
    category = CATEGORY


class ObjectionDecided(Notification):
    """To the person and the assessor."""

    kind = "evaluations.objection_decided"
    category = CATEGORY


def _facts(evaluation: Evaluation, **more: Any) -> dict[str, Any]:
    return {"name": evaluation.participant.employee.full_name, "period": str(evaluation.period), **more}


def signed(evaluation: Evaluation) -> Letter:
    by = evaluation.assessor.full_name if evaluation.assessor else ""
    to = [evaluation.participant.employee.user]
    return Letter(Signed, to, str(evaluation.pk), _facts(evaluation, by=by), evaluation_url(evaluation))


def objected(objection: Objection) -> list[Letter]:
    evaluation = objection.evaluation
    facts, url = _facts(evaluation, due=objection.due_on), objection_url(evaluation)
    decider = [objection.decider.user] if objection.decider else []
    assessor = [evaluation.assessor.user] if evaluation.assessor else []
    key = f"{objection.pk}:{objection.decider_id}"
    return [
        Letter(Objected, decider, key, facts, url),
        Letter(ObjectionKnown, assessor, str(objection.pk), facts, url),
    ]


def withdrawn(objection: Objection) -> Letter:
    evaluation = objection.evaluation
    people = [person.user for person in (objection.decider, evaluation.assessor) if person]
    return Letter(ObjectionWithdrawn, people, str(objection.pk), _facts(evaluation), objection_url(evaluation))


def decided(objection: Objection, *, changed: bool) -> Letter:
    evaluation = objection.evaluation
    people = [evaluation.participant.employee.user, evaluation.assessor.user if evaluation.assessor else None]
    facts = _facts(evaluation, changed=changed)
    return Letter(ObjectionDecided, people, str(objection.pk), facts, objection_url(evaluation))
