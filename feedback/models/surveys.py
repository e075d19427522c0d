"""Satisfaction surveys: one engine for SKM, SPKP/SPAK and the anonymous staff survey (reference 4)."""

import uuid
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import Horizon, Progress, SurveyKind, SurveyState, TokenSource
from feedback.models.cases import Case
from feedback.models.catalogue import Service, Weight, in_language
from kepegawaian.accounts.roles import Right
from kepegawaian.lib.dates import today
from kepegawaian.lib.models import Base
from kepegawaian.units.models import Unit, scope_paths


class SurveyQuerySet(models.QuerySet["Survey"]):
    def kept_by(self, user: Any) -> "SurveyQuerySet":
        """Those of the units that the person's role covers; of personnel the staff surveys alone."""
        return self.filter(_kept(user))

    def visible_to(self, user: Any) -> "SurveyQuerySet":
        """Everybody reads what was published."""
        return self.filter(Q(state=SurveyState.PUBLISHED) | _kept(user))

    def published(self) -> "SurveyQuerySet":
        return self.filter(state=SurveyState.PUBLISHED)

    def answerable(self) -> "SurveyQuerySet":
        on = today()
        return self.filter(state=SurveyState.OPEN, period_start__lte=on, period_end__gte=on)


def _kept(user: Any) -> Q:
    condition = Q(pk__in=[])
    for right, kinds in ((Right.MANAGE_SURVEYS, SurveyKind), (Right.MANAGE_STAFF_SURVEYS, [SurveyKind.STAFF])):
        paths = scope_paths(user, right)
        for path in [""] if paths is None else paths:
            condition |= Q(unit__path__startswith=path, kind__in=list(kinds))
    return condition


class Survey(Base):
    """One round: a unit, perhaps one service, a period. `population` is for the sample size of Krejcie-Morgan."""

    slug = models.SlugField(_("alamat"), max_length=80, unique=True)
    kind = models.CharField(_("jenis"), max_length=6, choices=SurveyKind, default=SurveyKind.SKM)
    title = models.CharField(_("judul"), max_length=150)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="surveys", verbose_name=_("unit"))
    service = models.ForeignKey(
        Service, models.PROTECT, null=True, blank=True, related_name="surveys", verbose_name=_("layanan")
    )
    period_start = models.DateField(_("mulai"))
    period_end = models.DateField(_("sampai"))
    population = models.PositiveIntegerField(_("jumlah pengguna layanan"), null=True, blank=True)
    state = models.CharField(_("keadaan"), max_length=10, choices=SurveyState, default=SurveyState.DRAFT)
    weight = models.CharField(_("bobot"), max_length=5, choices=Weight, default=Weight.EXACT)
    method = models.TextField(_("metode"), max_length=2000, blank=True)
    introduction = models.TextField(_("pengantar"), max_length=1000, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-period_start", "title"]
        verbose_name = _("survei")
        verbose_name_plural = _("survei")
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")),
                name="survey_ends_after_start",
                violation_error_message=_("Tanggal selesai harus sama dengan atau sesudah tanggal mulai."),
            ),
            models.CheckConstraint(condition=Q(state__in=SurveyState.values), name="survey_state_known"),
            models.CheckConstraint(
                condition=~Q(state=SurveyState.PUBLISHED) | Q(published_at__isnull=False),
                name="survey_published_when",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def status(self) -> SurveyState:
        return SurveyState(self.state)


class Question(Base):
    """An element, known by its slug, never by its number (reference 4.1: U8 and U9 differ between sources).

    `labels`: the words of the scale from the lowest value up, [[indonesian, english], ...].
    """

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="questions")
    slug = models.SlugField(_("unsur"), max_length=40)
    order = models.PositiveSmallIntegerField(_("urutan"))
    element_id = models.CharField(_("nama unsur (Indonesia)"), max_length=150)
    element_en = models.CharField(_("nama unsur (Inggris)"), max_length=150, blank=True)
    text_id = models.CharField(_("pertanyaan (Indonesia)"), max_length=300)
    text_en = models.CharField(_("pertanyaan (Inggris)"), max_length=300, blank=True)
    lowest = models.PositiveSmallIntegerField(_("nilai terendah"), default=1)
    highest = models.PositiveSmallIntegerField(_("nilai tertinggi"), default=4)
    labels = models.JSONField(_("kata-kata skala"), default=list, blank=True)

    class Meta:
        ordering = ["survey", "order"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "slug"], name="element_once_a_survey"),
            models.UniqueConstraint(fields=["survey", "order"], name="element_order_once"),
            models.CheckConstraint(condition=Q(highest__gt=F("lowest")), name="scale_goes_up"),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def element(self) -> str:
        return in_language(self.element_id, self.element_en)

    @property
    def text(self) -> str:
        return in_language(self.text_id, self.text_en)


class Timeless(models.Model):
    """A key that, unlike our usual one, does not tell the millisecond, which the log of requests knows too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True


class SurveyToken(Timeless):
    """The right to answer once. Nothing says whose it is, and an answer names only its token."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    source = models.CharField(max_length=8, choices=TokenSource)
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    group = models.CharField(max_length=60, blank=True)
    expires_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.source} {self.survey_id}"


class SurveyInvitation(Base):
    """That the reporter of a case is asked about its service, once each time it was answered (`answered_at`) and
    closed: asking in vain for it to be reopened begins nothing new. It knows the token until somebody has answered
    with it; after that nothing leads from the answer to the case (a trigger watches over it)."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField()
    token = models.OneToOneField(SurveyToken, models.PROTECT, null=True, related_name="+")
    sealed = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "answered_at"], name="one_invitation_a_closing"),
            models.CheckConstraint(
                condition=Q(token=None, sealed="") | (Q(token__isnull=False) & ~Q(sealed="")),
                name="invitation_forgets_all",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}"


class SurveyAnswer(Timeless):
    """`values`: {slug of the element: value}; an element left out is missing. No person, no time of day."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="answers")
    token = models.OneToOneField(SurveyToken, models.PROTECT, related_name="answer")
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    on = models.DateField(default=today)
    slot = models.CharField(_("waktu"), max_length=5, blank=True)
    sex = models.CharField(_("jenis kelamin"), max_length=1, blank=True)
    education = models.CharField(_("pendidikan"), max_length=10, blank=True)
    occupation = models.CharField(_("pekerjaan"), max_length=12, blank=True)
    group = models.CharField(max_length=60, blank=True)
    values = models.JSONField(default=dict)
    comment = models.TextField(_("saran"), max_length=1000, blank=True)

    class Meta:
        indexes = [models.Index(fields=["survey", "on"], name="answers_of_survey")]

    def __str__(self) -> str:
        return f"{self.survey_id} {self.on}"


class FollowUpPlan(Base):
    """What a unit does about a low element: activity, until when, who, and what became of it."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="plans")
    element = models.SlugField(_("unsur"), max_length=40)
    activity = models.TextField(_("kegiatan"), max_length=1000)
    horizon = models.CharField(_("jangka"), max_length=6, choices=Horizon, default=Horizon.SHORT)
    year = models.PositiveSmallIntegerField(_("tahun"))
    quarter = models.PositiveSmallIntegerField(_("triwulan"), validators=[MinValueValidator(1)])
    due_on = models.DateField(_("paling lambat"))
    owner_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("unit penanggung jawab"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("penanggung jawab")
    )
    state = models.CharField(_("keadaan"), max_length=8, choices=Progress, default=Progress.PLANNED)
    progress = models.TextField(_("kemajuan"), max_length=2000, blank=True)
    done_on = models.DateField(_("selesai"), null=True, blank=True)

    class Meta:
        ordering = ["survey", "due_on"]
        verbose_name = _("rencana tindak lanjut")
        verbose_name_plural = _("rencana tindak lanjut")
        constraints = [
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="plan_quarter_of_four"),
            models.CheckConstraint(
                condition=Q(state=Progress.DONE, done_on__isnull=False)
                | (~Q(state=Progress.DONE) & Q(done_on=None)),
                name="plan_done_when_done",
            ),
        ]

    def __str__(self) -> str:
        return self.activity[:60]

    @property
    def status(self) -> Progress:
        return Progress(self.state)
