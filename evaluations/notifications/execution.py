"""Who is told what about feedback; the words are in templates/evaluations/email/.

Nobody is told when anonymous feedback is given: the hour of a message would name its author. The person learns of
it once, when the period has closed.
"""

from evaluations.links_ratings import feedback_url, give_url
from evaluations.models import Feedback, FeedbackInvitation, Participant, Period
from evaluations.notifications.common import CATEGORY
from kepegawaian.notifications.base import Notification
from kepegawaian.notifications.services import Letter


class FeedbackAsked(Notification):
    """To whoever is asked for feedback."""

    kind = "evaluations.feedback_asked"
    category = CATEGORY


class FeedbackReceived(Notification):
    """To the person: somebody gave feedback under the own name."""

    kind = "evaluations.feedback_received"
    category = CATEGORY


class FeedbackPublished(Notification):
    """To the person: a period has closed and its anonymous feedback can be read."""

    kind = "evaluations.feedback_published"
    category = CATEGORY


def asked(invitation: FeedbackInvitation, participant: Participant, closes_on: object) -> Letter:
    facts = {
        "name": participant.employee.full_name,
        "question": invitation.question,
        "period": str(invitation.period),
        "due": closes_on,
    }
    to = [invitation.giver.user]
    return Letter(FeedbackAsked, to, str(invitation.pk), facts, give_url(participant))


def received(row: Feedback, participant: Participant) -> Letter:
    facts = {"by": row.giver.full_name if row.giver else "", "period": str(row.period)}
    return Letter(FeedbackReceived, [participant.employee.user], str(row.pk), facts, feedback_url(participant))


def published(participant: Participant, period: Period) -> Letter:
    key = f"{participant.pk}:{period.pk}"
    facts = {"period": str(period)}
    return Letter(FeedbackPublished, [participant.employee.user], key, facts, feedback_url(participant))
