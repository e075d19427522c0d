"""Messages of the citizens' pages themselves; those about a case are in `notifications`."""

from feedback.notifications import CATEGORY
from kepegawaian.notifications.base import Notification


class OpenLink(Notification):
    """The way into one's own report for an hour."""

    kind = "feedback.open_link"
    category = CATEGORY
