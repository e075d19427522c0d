"""Messages about what waits; the words are in templates/work/email/."""

from kepegawaian.notifications.base import Notification

CATEGORY = "work"


class ItemDue(Notification):
    """To the holder of an item whose date has come."""

    kind = "work.due"
    category = CATEGORY
