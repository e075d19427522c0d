"""What the logs of a plan and of an evaluation have in common."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from kepegawaian.lib.models import Base


class LogStep(Base):
    """Who moved something, from where to where, why, when, and in which capacity. Append-only."""

    action = models.CharField(max_length=20)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    capacity = models.CharField(max_length=120, blank=True)
    note = models.TextField(blank=True)
    version = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True
        ordering = ["id"]
