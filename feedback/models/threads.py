"""What is said about a case: messages both ways, drafts of answers, watching, ratings, merging, identity."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import REFUSALS, AnswerState, Audience, Outcome, Party, Undecided
from feedback.models.cases import Case
from feedback.models.catalogue import RefusalGround
from kepegawaian.lib.models import Base
from kepegawaian.units.models import Unit


class CaseMessageQuerySet(models.QuerySet["CaseMessage"]):
    def public(self) -> "CaseMessageQuerySet":
        return self.filter(audience=Audience.PUBLIC, hidden_at=None).exclude(published_text="")

    def for_reporter(self) -> "CaseMessageQuerySet":
        return self.exclude(audience=Audience.INTERNAL)


class CaseMessage(Base):
    """`text` as written; everybody reads `published_text` alone, which was looked through for personal data."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="messages")
    party = models.CharField(max_length=10, choices=Party)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    audience = models.CharField(max_length=10, choices=Audience)
    text = models.TextField(max_length=8000)
    published_text = models.TextField(max_length=9000, blank=True)
    official = models.BooleanField(default=False, help_text=_("Jawaban resmi."))
    at = models.DateTimeField(default=timezone.now)
    hidden_at = models.DateTimeField(null=True)
    hidden_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    hidden_reason = models.CharField(max_length=300, blank=True)

    objects = CaseMessageQuerySet.as_manager()

    class Meta:
        ordering = ["case", "id"]
        indexes = [models.Index(fields=["case", "audience", "id"], name="message_of_case")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(party=Party.REPORTER) | Q(author=None), name="message_of_reporter_without_name"
            ),
            models.CheckConstraint(
                condition=Q(hidden_at=None) | ~Q(hidden_reason=""), name="hidden_message_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(audience=Audience.PUBLIC) | Q(published_text=""), name="only_public_messages_published"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}"


class CaseAnswer(Base):
    """A draft of the official answer, checked by a second person before it is published and frozen.

    `outcome`: what is decided on a request under UU 14/2008, with the reason and the article of the exception; of
    a refusal, whole or in part, with its ground (migration 0014; older ones have none).
    Migration 0012 keeps it from other reports, and no request is answered without.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="answers")
    state = models.CharField(max_length=10, choices=AnswerState, default=AnswerState.DRAFT)
    text = models.TextField(max_length=8000)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    drafted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField(default=timezone.now)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    note = models.CharField(_("catatan pemeriksa"), max_length=1000, blank=True)
    message = models.OneToOneField(CaseMessage, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(_("putusan"), max_length=14, choices=Outcome, blank=True)
    outcome_reason = models.TextField(_("alasan putusan"), max_length=2000, blank=True)
    outcome_basis = models.CharField(_("dasar pengecualian"), max_length=200, blank=True)
    refusal_ground = models.ForeignKey(RefusalGround, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["case", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="") | Q(outcome__in=Outcome.values), name="answer_outcome_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", Outcome.GRANTED]) | ~Q(outcome_reason=""),
                name="answer_outcome_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.REFUSED) | ~Q(outcome_basis=""), name="answer_refusal_has_article"
            ),
            models.CheckConstraint(
                condition=Q(refusal_ground=None) | Q(outcome__in=REFUSALS), name="answer_ground_of_refusal"
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=[AnswerState.DRAFT, AnswerState.CHECKING, AnswerState.RETURNED]),
                name="one_open_answer_a_case",
            ),
            models.CheckConstraint(
                condition=Q(checked_by=None) | ~Q(checked_by=F("drafted_by")), name="answer_second_eye_is_another"
            ),
            models.CheckConstraint(
                condition=~Q(state=AnswerState.PUBLISHED) | Q(message__isnull=False),
                name="published_answer_is_read",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.case_id}"

    @property
    def outcome_ground(self) -> str:
        """The code of its ground, as verbs and forms call it."""
        return self.refusal_ground.code if self.refusal_ground else ""


class Watch(Base):
    """An officer, or a signed-in citizen on a public case, who is told of what happens."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="watches")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user"], name="one_watch_a_person")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.case_id}"


class Mention(Base):
    """An officer who was called by an internal note."""

    message = models.ForeignKey(CaseMessage, models.CASCADE, related_name="mentions")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="one_mention_a_note")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.message_id}"


class Rating(Base):
    """What the reporter thought of the handling, once a case; changeable until the case is old."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="rating")
    score = models.PositiveSmallIntegerField(_("nilai"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    text = models.TextField(_("alasan"), max_length=1000, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(score__range=(1, 5)), name="rating_from_one_to_five")]

    def __str__(self) -> str:
        return f"{self.score}"


class Merge(Base):
    """A case joined to another one. Both numbers stay valid, and it can be undone."""

    main = models.ForeignKey(Case, models.PROTECT, related_name="merges")
    duplicate = models.ForeignKey(Case, models.PROTECT, related_name="merged_as")
    reason = models.CharField(max_length=300, blank=True)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(default=timezone.now)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["duplicate"], condition=Q(undone_at=None), name="one_merge_in_force"),
            models.CheckConstraint(condition=~Q(main=F("duplicate")), name="merge_joins_two"),
        ]

    def __str__(self) -> str:
        return f"{self.duplicate_id} -> {self.main_id}"


class IdentityRelease(Base):
    """Somebody asked to know who an anonymous reporter is; somebody else decided, with the legal ground."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="releases")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    reason = models.TextField(_("alasan"), max_length=1000)
    basis = models.CharField(_("dasar hukum"), max_length=200)
    state = models.CharField(max_length=10, choices=Undecided, default=Undecided.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(_("pertimbangan keputusan"), max_length=1000, blank=True)
    valid_until = models.DateField(null=True)

    class Meta:
        ordering = ["case", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "asked_by"], condition=Q(state=Undecided.WAITING), name="one_open_identity_request"
            ),
            models.CheckConstraint(
                condition=Q(state=Undecided.WAITING, decided_by=None)
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by")) & ~Q(decision="")),
                name="identity_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state=Undecided.GRANTED) | Q(valid_until__isnull=False), name="identity_release_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.case_id}"


class ReadKind(models.TextChoices):
    SECRET = "secret", _("Laporan rahasia")
    IDENTITY = "identity", _("Identitas pelapor")
    FILE = "file", _("Berkas")


class ReadLog(Base):
    """Append-only: which officer read what of a protected case. Apart from the general trail, whose readers may
    not know that the case exists."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="reads")
    reader = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    what = models.CharField(max_length=10, choices=ReadKind)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["case", "-id"], name="reads_of_case")]

    def __str__(self) -> str:
        return f"{self.reader_id} {self.what}"


class Moderation(Base):
    """Append-only: what was hidden or refused, by whom and why. The old text is not kept, only its hash, so that
    personal data can be purged; the monthly count is public; the author may appeal."""

    class Act(models.TextChoices):
        HIDE = "hide", _("Disembunyikan")
        RESTORE = "restore", _("Ditampilkan kembali")
        REDACT = "redact", _("Data pribadi dihapus")
        REJECT = "reject", _("Tidak dapat diterima")
        SPAM = "spam", _("Bukan laporan")
        REFUSE = "refuse", _("Tidak diterbitkan")

    class Reason(models.TextChoices):
        PERSONAL = "personal", _("Memuat data pribadi")
        OFFENSIVE = "offensive", _("Menghina atau mengancam")
        SPAM = "spam", _("Iklan atau isi berulang")
        MISPLACED = "misplaced", _("Bukan kewenangan pemerintah daerah")
        UNCLEAR = "unclear", _("Tidak jelas dan tidak dapat dilengkapi")
        OTHER = "other", _("Alasan lain")

    subject_type = models.CharField(max_length=80)
    subject_id = models.UUIDField()
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=10, choices=Act)
    reason = models.CharField(max_length=10, choices=Reason)
    explanation = models.CharField(max_length=500, blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="moderation_subject"),
            models.Index(fields=["at", "reason"], name="moderation_month"),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.reason}"


class Appeal(Base):
    """The author of moderated content disagrees; somebody other than the moderator decides."""

    moderation = models.OneToOneField(Moderation, models.PROTECT, related_name="appeal")
    text = models.TextField(_("keberatan"), max_length=1000)
    at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=Undecided, default=Undecided.WAITING)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("keberatan")
        verbose_name_plural = _("keberatan")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=Undecided.WAITING) | (Q(decided_by__isnull=False) & ~Q(decision="")),
                name="appeal_decided_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.state} {self.moderation_id}"


def watchers(case: Case) -> models.QuerySet[Any, Any]:
    return Watch.objects.filter(case=case, user__is_active=True).select_related("user")
