"""A complaint, request or wish; who reported it, in a table of its own; and every step it took."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.enums import OPEN_STATES, WITH_ADMIN, CaseKind, CaseState, Channel, Party, Phase
from feedback.models.catalogue import Service
from kepegawaian.accounts.roles import Right
from kepegawaian.documents.files import PICTURES
from kepegawaian.documents.models import StoredFile
from kepegawaian.lib.models import Base
from kepegawaian.lib.prepared import Prepared
from kepegawaian.units.models import Unit, scope_paths
from kepegawaian.units.registry import ties_of

# Both columns are generated and indexed by PostgreSQL (migration 0002) and unknown to the model, so that no list
# of cases reads them.
_MATCHES = "feedback_case.{column} @@ websearch_to_tsquery('indonesian', %s)"
_RANK = "ts_rank(feedback_case.{column}, websearch_to_tsquery('indonesian', %s))"
_OPEN = Q(state__in=[state.value for state in OPEN_STATES])
_DONE = (CaseState.ANSWERED, CaseState.CLOSED)


def _below(paths: list[str], relation: str) -> Q:
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{relation}__in": Unit.objects.filter(path__startswith=path).values("pk")})
    return condition


class CaseQuerySet(models.QuerySet["Case"]):
    def public(self) -> "CaseQuerySet":
        """What anybody may list, search and open. A constraint keeps secret, held and spam out of it."""
        return self.exclude(published_at=None)

    def answered(self) -> "CaseQuerySet":
        """Public, with an official answer that stands. A word in between (`first_answered_at`) is none, and what
        the reporter objected to is dealt with again."""
        return self.public().filter(state__in=_DONE, answered_at__isnull=False)

    def open(self) -> "CaseQuerySet":
        return self.filter(_OPEN)

    def visible_to(self, user: Any) -> "CaseQuerySet":
        """One's own, and the cases of one's roles that are not about oneself or one's unit."""
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return self.none()
        own = Q(pk__in=Reporter.objects.filter(user_id=user.pk).values("case_id"))
        return self.filter(own | _handled(user) if _may_handle(user) else own)

    def handled_by(self, user: Any) -> "CaseQuerySet":
        """Without one's own: what the role shows."""
        return self.filter(_handled(user)) if _may_handle(user) else self.none()

    def matching(self, words: str) -> "CaseQuerySet":
        """By the stems of words in title, text and place as they were written: for officers."""
        return self._matching("search", words)

    def public_matching(self, words: str) -> "CaseQuerySet":
        """By what is published alone, so that nobody can search out what was redacted. Implies `public()`."""
        return self.public()._matching("public_search", words)

    def _matching(self, column: str, words: str) -> "CaseQuerySet":
        found = RawSQL(_MATCHES.format(column=column), [words], output_field=models.BooleanField())  # noqa: S611
        rank = RawSQL(_RANK.format(column=column), [words], output_field=models.FloatField())  # noqa: S611
        return self.filter(found).annotate(rank=rank)


def _may_handle(user: Any) -> bool:
    rights = (Right.HANDLE_COMPLAINTS, Right.ANSWER_COMPLAINTS, Right.VIEW_COMPLAINTS)
    return any(scope_paths(user, right) != [] for right in rights)


def _handled(user: Any) -> Q:
    """What the person's roles show (rights in docs/feedback.md). A condition and no list of ids, so that a desk
    reads its index and not a million cases."""
    admin, liaison, viewer = (
        scope_paths(user, right)
        for right in (Right.HANDLE_COMPLAINTS, Right.ANSWER_COMPLAINTS, Right.VIEW_COMPLAINTS)
    )
    if admin is None:
        return _apart(user)
    screened = Q(held=False) & ~Q(state=CaseState.SPAM)
    answered = Q(holder_unit__isnull=False) if liaison is None else _below(liaison, "holder_unit")
    seen = Q() if viewer is None else _below(viewer, "holder_unit") | _below(viewer, "unit")
    condition = _below(admin, "unit") | (answered & screened) | (seen & screened & Q(secret=False))
    return condition & _apart(user)


def _apart(user: Any) -> Q:
    """Not naming the person, not accusing his unit, and not for examination of it."""
    accused, about_own = Q(user_id=user.pk), Q()
    if chain := ties_of(user):
        own_units = Unit.objects.filter(path__in=chain).values("pk")
        accused |= Q(unit__in=own_units)
        about_own = ~Q(kind=CaseKind.SUPERVISION) | Q(unit=None) | ~Q(unit__in=own_units)
    barred = CaseParty.objects.filter(accused, withdrawn_at=None).values("case_id")
    return ~Q(pk__in=barred) & about_own


class Case(Base):
    """`text` is what was written and stays with the officers; `published_*` is what everybody may read.

    `unit` is whom it is about, `holder_unit` and `officer` hold it now. `held`: waits for the manual review of
    filings without proof of work; nobody but the admin sees it. `due_on` and `due_phase` mirror the clock that
    runs out first (`CaseClock`). `filing_digest`: of the key that a form carried, so that sending it twice files
    once.
    """

    number = models.CharField(_("nomor laporan"), max_length=15, unique=True)
    kind = models.CharField(_("jenis"), max_length=14, choices=CaseKind, default=CaseKind.SERVICE)
    state = models.CharField(_("keadaan"), max_length=22, choices=CaseState, default=CaseState.NEW)
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("layanan")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="cases_about", verbose_name=_("unit")
    )
    holder_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="cases_held")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="cases_held")
    title = models.CharField(_("judul"), max_length=150)
    text = models.TextField(_("isi laporan"), max_length=8000)
    published_title = models.CharField(max_length=150, blank=True)
    published_text = models.TextField(max_length=9000, blank=True)
    published_at = models.DateTimeField(null=True)
    anonymous = models.BooleanField(_("anonim"), default=False)
    secret = models.BooleanField(_("rahasia"), default=False)
    held = models.BooleanField(default=False)
    place = models.CharField(_("tempat"), max_length=300, blank=True)
    lat = models.DecimalField(_("lintang"), max_digits=9, decimal_places=6, null=True, blank=True)
    long = models.DecimalField(_("bujur"), max_digits=9, decimal_places=6, null=True, blank=True)
    attributes = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    channel = models.CharField(_("saluran"), max_length=10, choices=Channel, default=Channel.WEB)
    client = models.ForeignKey("feedback.ApiClient", models.PROTECT, null=True, related_name="cases")
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    pin_digest = models.CharField(max_length=64, blank=True, editable=False)
    filing_digest = models.CharField(max_length=64, null=True, unique=True, editable=False)
    received_at = models.DateTimeField(_("diterima"), default=timezone.now)
    received_on = models.DateField(_("hari ke-0"))
    verified_at = models.DateTimeField(null=True)
    first_answered_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    reopened_at = models.DateTimeField(null=True)
    updated_at = models.DateTimeField(default=timezone.now)
    due_on = models.DateField(_("batas waktu"), null=True)
    due_phase = models.CharField(max_length=10, choices=Phase, blank=True)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="duplicates")
    split_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    outside = models.CharField(_("instansi tujuan"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("laporan warga")
        verbose_name_plural = _("laporan warga")
        indexes = [
            models.Index(fields=["due_on", "id"], condition=_OPEN, name="case_desk"),
            models.Index(fields=["holder_unit", "due_on", "id"], condition=_OPEN, name="case_desk_unit"),
            models.Index(fields=["officer", "due_on", "id"], condition=_OPEN, name="case_desk_officer"),
            models.Index(
                fields=["due_on", "id"],
                condition=Q(state__in=[state.value for state in WITH_ADMIN]),
                name="case_desk_admin",
            ),
            models.Index(fields=["state", "-id"], name="case_by_state"),
            models.Index(
                fields=["-published_at", "-id"], condition=Q(published_at__isnull=False), name="case_feed"
            ),
            models.Index(
                fields=["unit", "-published_at"], condition=Q(published_at__isnull=False), name="case_feed_unit"
            ),
            models.Index(
                fields=["-answered_at", "-id"],
                condition=Q(published_at__isnull=False, answered_at__isnull=False),
                name="case_answered",
            ),
            models.Index(
                fields=["service", "-received_at"], condition=Q(published_at__isnull=False), name="case_open311"
            ),
            models.Index(
                fields=["-received_at"], condition=Q(published_at__isnull=False), name="case_open311_dates"
            ),
            models.Index(fields=["received_on", "kind", "unit"], name="case_statistics"),
            GinIndex(
                OpClass(F("published_title"), "gin_trgm_ops"),
                condition=Q(published_at__isnull=False),
                name="case_similar",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=CaseKind.values), name="case_kind_known"),
            models.CheckConstraint(condition=Q(state__in=CaseState.values), name="case_state_known"),
            models.CheckConstraint(
                condition=Q(published_at=None) | (Q(secret=False, held=False) & ~Q(state=CaseState.SPAM)),
                name="case_secret_never_public",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | ~Q(published_text=""), name="case_public_has_text"
            ),
            models.CheckConstraint(
                condition=Q(lat=None, long=None) | Q(lat__range=(-90, 90), long__range=(-180, 180)),
                name="case_point_on_earth",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[CaseState.ASSIGNED, CaseState.IN_PROCESS, CaseState.ANSWERED])
                | Q(holder_unit__isnull=False),
                name="case_with_unit_has_unit",
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.DUPLICATE, merged_into__isnull=False)
                | (~Q(state=CaseState.DUPLICATE) & Q(merged_into=None)),
                name="case_duplicate_has_main",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="case_not_its_own_duplicate"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @cached_property
    def accused(self) -> "list[CaseParty]":
        """Whom it accuses now, with account and unit; asked for once, however many rights are checked."""
        return _ACCUSED.all(case=self.pk)

    @property
    def first(self) -> "Case":
        """What it was split from, in the end: that one has the PIN, which opens all its parts."""
        row = self
        while row.split_from is not None:
            row = row.split_from
        return row

    @property
    def is_public(self) -> bool:
        return self.published_at is not None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class Reporter(Base):
    """Who filed a case. Nothing leads from the case here, so that no list joins it by accident; every read of it
    by an officer goes through `services.identity.reveal`, which asks and records. No row: nothing is known."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    name = models.CharField(_("nama"), max_length=150, blank=True)
    email = models.EmailField(_("surel"), blank=True)
    phone = models.CharField(_("telepon"), max_length=30, blank=True)
    address = models.CharField(_("alamat"), max_length=300, blank=True)
    sealed_nik = models.TextField(blank=True, editable=False)
    language = models.CharField(max_length=5, default="id")
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "case"], name="reporter_user")]

    def __str__(self) -> str:
        return f"{self.case_id}"


class CaseParty(Base):
    """Whom a case accuses: a person (with the account, where the number was found) or a unit. Those named, and
    the people of a named unit, neither see nor handle it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="parties")
    name = models.CharField(_("nama"), max_length=150, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["user", "case"], name="party_user")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") | Q(user__isnull=False) | Q(unit__isnull=False), name="party_names_somebody"
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}"


_ACCUSED: Prepared[CaseParty] = Prepared(
    lambda slot: CaseParty.objects.filter(case=slot("case"), withdrawn_at=None).select_related("user", "unit")
)


class CaseStep(Base):
    """The log, append-only: who did what, from where to where, and what it did to the deadline.

    `actor` is empty for the reporter, always: the log is read by officers who may not know who he is.
    `for_reporter`: an officer did it in the reporter's name at the desk or on the phone.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="steps")
    version = models.PositiveIntegerField()
    action = models.CharField(max_length=12)
    party = models.CharField(max_length=10, choices=Party)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    for_reporter = models.BooleanField(default=False)
    from_state = models.CharField(max_length=22, choices=CaseState, blank=True)
    to_state = models.CharField(max_length=22, choices=CaseState)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    public_text = models.TextField(blank=True, max_length=4000)
    note = models.TextField(blank=True, max_length=4000)
    due_before = models.DateField(null=True)
    due_after = models.DateField(null=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["case", "version"]
        constraints = [
            models.UniqueConstraint(fields=["case", "version"], name="one_step_a_version"),
            models.CheckConstraint(
                condition=~Q(party=Party.REPORTER) | Q(actor=None) | Q(for_reporter=True),
                name="step_of_reporter_without_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.case_id}"


class CaseClock(Base):
    """One limit that runs or ran. While paused `due_on` is empty. `set_aside`: the limit of another unit or kind
    took its place, or the reporter cancelled or another report took the case in; what was breached by then stays
    breached, and nothing else is said of it."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="clocks")
    phase = models.CharField(max_length=10, choices=Phase)
    started_on = models.DateField()
    days = models.PositiveSmallIntegerField()
    calendar_days = models.BooleanField(default=False)
    source = models.CharField(max_length=300)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    remind_on = models.DateField(null=True)
    remind_again_on = models.DateField(null=True)
    reminded = models.PositiveSmallIntegerField(default=0)
    escalate_on = models.DateField(null=True)
    escalated = models.PositiveSmallIntegerField(default=0)
    reporter_told = models.BooleanField(default=False)
    stopped_on = models.DateField(null=True)
    met = models.BooleanField(null=True)
    set_aside = models.BooleanField(default=False)

    class Meta:
        ordering = ["case", "started_on", "id"]
        indexes = [
            models.Index(fields=["due_on", "phase"], condition=Q(stopped_on=None), name="clock_due"),
            models.Index(fields=["remind_on"], condition=Q(stopped_on=None, reminded=0), name="clock_remind"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "phase"], condition=Q(stopped_on=None), name="one_running_clock_a_phase"
            ),
            models.CheckConstraint(
                condition=Q(stopped_on=None, met=None) | Q(stopped_on__isnull=False, met__isnull=False),
                name="stopped_clock_is_judged",
            ),
            models.CheckConstraint(
                condition=Q(set_aside=False) | Q(stopped_on__isnull=False), name="set_aside_clock_has_stopped"
            ),
            models.CheckConstraint(condition=Q(reminded__lte=2, escalated__lte=2), name="clock_steps_bounded"),
        ]

    def __str__(self) -> str:
        return f"{self.phase} {self.due_on}"

    @property
    def verdict(self) -> Promise:
        if self.stopped_on is None:
            return _("berjalan")
        if not self.met:
            return _("terlambat")
        return _("dihentikan") if self.set_aside else _("tepat waktu")


class Pause(Base):
    """The clocks stand still while the reporter is asked (from `began_on` exclusive to `ended_on` inclusive)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="pauses")
    began_on = models.DateField()
    ended_on = models.DateField(null=True)
    question = models.TextField(blank=True, max_length=4000)

    class Meta:
        ordering = ["case", "began_on"]
        constraints = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_on=None), name="one_open_pause"),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("began_on")), name="pause_ends_after_beginning"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.began_on}"


class CaseFile(Base):
    """A file of a case. Photos may show people: everybody sees one only after an officer offered it and another
    one looked. `offered` is the version for everybody, the file itself or a copy with parts made unreadable."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="files")
    message = models.ForeignKey("feedback.CaseMessage", models.PROTECT, null=True, related_name="files")
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    party = models.CharField(max_length=10, choices=Party)
    offered = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    offered_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["case", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at=None)
                | (Q(offered__isnull=False, published_by__isnull=False) & ~Q(published_by=F("offered_by"))),
                name="file_second_eye_is_another",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id}"

    @property
    def is_photo(self) -> bool:
        return self.stored.mime in PICTURES

    @property
    def waits(self) -> bool:
        """Offered, and nobody has looked yet."""
        return self.offered_id is not None and self.published_at is None


class ReporterMail(Base):
    """A mail to a reporter without an account, or to one who stays anonymous: written in the transaction of the
    verb, sent by a worker. The address stays in `Reporter`; `sealed` (a PIN) is forgotten once it has left."""

    class State(models.TextChoices):
        PENDING = "pending", _("menunggu")
        SENDING = "sending", _("sedang dikirim")
        SENT = "sent", _("terkirim")
        FAILED = "failed", _("gagal")

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    key = models.CharField(max_length=120)
    context = models.JSONField(default=dict)
    sealed = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"], condition=Q(state__in=["pending", "sending"]), name="reporter_mail_waiting"
            )
        ]
        constraints = [models.UniqueConstraint(fields=["case", "kind", "key"], name="reporter_told_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"
