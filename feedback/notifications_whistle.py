"""The one message of the protected channel; it names no report and no number of them."""

from feedback.notifications import CATEGORY
from kepegawaian.notifications.base import Notification


class WhistleWaiting(Notification):
    kind = "feedback.whistle_waiting"
    category = CATEGORY
