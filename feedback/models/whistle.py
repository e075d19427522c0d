"""The whistleblowing channel (reference 1.9): its own tables and rights, no link from or to complaints.

Keys are random, not ordered by time, times are dates, no account is ever stored for the reporter, and the general
trail records nothing: who read or did what is in `WhistleRead` and `WhistleStep` alone.
"""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import WhistleOutcome, WhistleState
from feedback.rules.whistle import name_tokens
from kepegawaian.accounts.roles import Right
from kepegawaian.documents.models import StoredFile
from kepegawaian.lib.dates import today
from kepegawaian.units.models import Unit, scope_paths
from kepegawaian.units.registry import ties_of


class Untraceable(models.Model):
    """A random key says nothing about when the row was written, as a UUIDv7 would to the millisecond."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


def may_read_reports(user: Any) -> bool:
    """The role over the whole government: a unit's own inspector would be too near."""
    paths = scope_paths(user, Right.HANDLE_WHISTLE)
    return paths is None or any(len(path) == Unit.steplen for path in paths)


class WhistleReportQuerySet(models.QuerySet["WhistleReport"]):
    def visible_to(self, user: Any) -> "WhistleReportQuerySet":
        """The special unit alone, and of it nobody who is accused or belongs to an accused unit."""
        if not may_read_reports(user):
            return self.none()
        named = Q(user_id=user.pk)
        if tokens := name_tokens(user.name):
            part = Q(name_tokens__contained_by=tokens, name_tokens__len__gte=2)
            named |= part | Q(name_tokens__contains=tokens)
        if chain := ties_of(user):
            named |= Q(unit__path__in=chain)
        rows = self.exclude(pk__in=WhistleParty.objects.filter(named).values("report_id"))
        return rows.exclude(unit__path__in=chain) if chain else rows

    def marked(self) -> "WhistleReportQuerySet":
        """With `waiting`: the reporter wrote last, so the office is to read and answer."""
        answered = WhistleMessage.objects.filter(
            report=OuterRef("report"), internal=False, author__isnull=False, sequence__gt=OuterRef("sequence")
        )
        last = WhistleMessage.objects.filter(report=OuterRef("pk"), author=None).exclude(Exists(answered))
        return self.annotate(waiting=Exists(last))


class WhistleReport(Untraceable):
    """Accepted only with the accused, the act and first evidence (SE MenPANRB 8/2012); 4W1H.

    `held`: it came without proof of work, or as a machine would send it; whoever verifies it is told so.
    """

    number = models.CharField(_("nomor laporan"), max_length=15, unique=True)
    pin_digest = models.CharField(max_length=64, editable=False)
    filing_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)
    state = models.CharField(_("keadaan"), max_length=12, choices=WhistleState, default=WhistleState.RECEIVED)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit"))
    what = models.TextField(_("apa yang terjadi"), max_length=8000)
    when = models.CharField(_("kapan"), max_length=300, blank=True)
    where = models.CharField(_("di mana"), max_length=300, blank=True)
    how = models.TextField(_("bagaimana"), max_length=4000, blank=True)
    evidence = models.TextField(_("bukti awal"), max_length=4000)
    held = models.BooleanField(default=False)
    outcome = models.CharField(_("hasil"), max_length=15, choices=WhistleOutcome, blank=True)
    agency = models.CharField(_("diteruskan kepada"), max_length=200, blank=True)
    received_on = models.DateField(default=today)
    due_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = WhistleReportQuerySet.as_manager()

    class Meta:
        ordering = ["-received_on", "number"]
        verbose_name = _("laporan pelanggaran")
        verbose_name_plural = _("laporan pelanggaran")
        indexes = [models.Index(fields=["state", "due_on"], name="whistle_desk")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=WhistleState.values), name="whistle_state_known"),
            models.CheckConstraint(
                condition=~Q(pin_digest="") & ~Q(what="") & ~Q(evidence=""), name="whistle_is_complete"
            ),
            models.CheckConstraint(
                condition=Q(state=WhistleState.CLOSED, closed_on__isnull=False, outcome__in=WhistleOutcome.values)
                | (~Q(state=WhistleState.CLOSED) & Q(outcome="")),
                name="whistle_closed_has_outcome",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class WhistleParty(Untraceable):
    """Whom a report accuses. `name_tokens`: an officer of that name sees nothing of it, whether or not somebody
    has found out yet that it is he. Never changed or taken back."""

    report = models.ForeignKey(WhistleReport, models.PROTECT, related_name="parties")
    name = models.CharField(_("nama"), max_length=150)
    position = models.CharField(_("jabatan"), max_length=150, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    name_tokens = ArrayField(models.CharField(max_length=50), default=list, editable=False)

    def __str__(self) -> str:
        return f"{self.report_id}"


class WhistleStep(Untraceable):
    """The log, append-only. No actor: the reporter."""

    report = models.ForeignKey(WhistleReport, models.PROTECT, related_name="steps")
    version = models.PositiveIntegerField()
    action = models.CharField(max_length=12)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    from_state = models.CharField(max_length=12, choices=WhistleState, blank=True)
    to_state = models.CharField(max_length=12, choices=WhistleState)
    reason = models.TextField(max_length=2000, blank=True)
    on = models.DateField(default=today)

    class Meta:
        ordering = ["report", "version"]
        constraints = [models.UniqueConstraint(fields=["report", "version"], name="one_whistle_step_a_version")]

    def __str__(self) -> str:
        return f"{self.to_state} {self.report_id}"


class WhistleMessage(Untraceable):
    """The mailbox behind number and PIN. No author: the reporter."""

    report = models.ForeignKey(WhistleReport, models.PROTECT, related_name="messages")
    sequence = models.PositiveIntegerField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    internal = models.BooleanField(default=False)
    text = models.TextField(max_length=8000)
    on = models.DateField(default=today)

    class Meta:
        ordering = ["report", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["report", "sequence"], name="one_whistle_message_a_place"),
            models.CheckConstraint(
                condition=Q(internal=False) | Q(author__isnull=False), name="whistle_note_has_author"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}"


class WhistleFile(Untraceable):
    report = models.ForeignKey(WhistleReport, models.PROTECT, related_name="files")
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    from_reporter = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.report_id}"


class WhistleRead(Untraceable):
    """Append-only: every opening of a report by an officer."""

    class What(models.TextChoices):
        REPORT = "report", _("Laporan")
        FILE = "file", _("Berkas")
        LOG = "log", _("Daftar pembaca")

    report = models.ForeignKey(WhistleReport, models.PROTECT, related_name="reads")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    what = models.CharField(max_length=20, choices=What, default=What.REPORT)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.reader_id} {self.report_id}"
