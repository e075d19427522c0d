"""Polls of a meeting (reference 5.3): a question, two to six options, one ballot a verified person."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.forums import VerifiedPerson
from feedback.models.meetings import Meeting
from feedback.rules.forums import LONGEST_OPTION, MOST_OPTIONS
from kepegawaian.lib.models import Base


class Poll(Base):
    """Its question and options never change. Closed, it takes no ballot and gives none back (migration 0013)."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="polls")
    question = models.CharField(_("pertanyaan"), max_length=300)
    opened_at = models.DateTimeField(default=timezone.now)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["meeting", "id"]
        verbose_name = _("jajak pendapat")
        verbose_name_plural = _("jajak pendapat")
        constraints = [
            models.CheckConstraint(condition=~Q(question=""), name="poll_asks_something"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="poll_closed_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.question


class PollOption(Base):
    poll = models.ForeignKey(Poll, models.PROTECT, related_name="options")
    order = models.PositiveSmallIntegerField()
    text = models.CharField(_("pilihan"), max_length=LONGEST_OPTION)

    class Meta:
        ordering = ["poll", "order"]
        constraints = [
            models.UniqueConstraint(fields=["poll", "order"], name="poll_option_order_once"),
            models.UniqueConstraint(fields=["poll", "text"], name="poll_option_once"),
            models.CheckConstraint(condition=Q(order__range=(1, MOST_OPTIONS)), name="poll_options_bounded"),
        ]

    def __str__(self) -> str:
        return self.text


class Ballot(Base):
    """What one person chose; another choice takes its place while the poll is open. Shown to nobody else."""

    poll = models.ForeignKey(Poll, models.PROTECT, related_name="+")
    person = models.ForeignKey(VerifiedPerson, models.PROTECT, related_name="+")
    option = models.ForeignKey(PollOption, models.PROTECT, related_name="ballots")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "person"], name="one_ballot_a_person")]

    def __str__(self) -> str:
        return f"{self.poll_id}"
