"""A year of performance management: periods and deadlines, who takes part, who assesses whom since when."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.indexes import OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from evaluations.enums import AssessorSource, CycleState, DeadlineKind, OrgResult, PeriodKind
from kepegawaian.accounts.roles import Right
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import headed_paths
from kepegawaian.lib.models import Base, Dated, DatedQuerySet
from kepegawaian.units.models import Unit, scope_paths


class Cycle(Base):
    """One SKP covers the year; periods hang under it (reference section 2). HR opens one a year."""

    year = models.PositiveSmallIntegerField(_("tahun"), unique=True, validators=[MinValueValidator(2022)])
    period_kind = models.CharField(
        _("evaluasi periodik"),
        max_length=8,
        choices=[(kind.value, kind.label) for kind in (PeriodKind.MONTH, PeriodKind.QUARTER)],
        default=PeriodKind.QUARTER,
    )
    approach = models.CharField(
        _("pendekatan SKP"),
        max_length=12,
        blank=True,
        help_text=_("Kosong: pegawai memilih kuantitatif atau kualitatif sendiri."),
    )
    population = models.JSONField(
        _("pegawai yang ikut"), default=dict, help_text=_("Saringan pegawai yang ikut, seperti saat dibuka.")
    )
    state = models.CharField(_("keadaan"), max_length=10, choices=CycleState, default=CycleState.PREPARING)
    opened_at = models.DateTimeField(_("dibuka"), null=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("dibuka oleh")
    )
    closed_at = models.DateTimeField(_("ditutup"), null=True)
    created_at = models.DateTimeField(_("dibuat pada"), default=timezone.now)

    class Meta:
        ordering = ["-year"]
        verbose_name = _("tahun kinerja")
        verbose_name_plural = _("tahun kinerja")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CycleState.values), name="cycle_state_known"),
            models.CheckConstraint(
                condition=Q(state=CycleState.PREPARING) | Q(opened_at__isnull=False), name="open_cycle_has_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.year)


class Period(Base):
    """A month, a quarter, or the year itself (`kind=year`, number 0): what is evaluated once a person."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="periods")
    kind = models.CharField(max_length=8, choices=PeriodKind)
    number = models.PositiveSmallIntegerField()
    start = models.DateField(_("mulai"))
    end = models.DateField(_("selesai"))
    opened_at = models.DateTimeField(null=True)
    feedback_closed_at = models.DateTimeField(
        null=True, help_text=_("Umpan balik anonim sudah ditampilkan; tidak ada yang ditambahkan lagi.")
    )
    feedback_threshold = models.PositiveSmallIntegerField(
        null=True, help_text=_("Paling sedikit pemberi umpan balik anonim, yang dijanjikan saat menulis.")
    )

    class Meta:
        ordering = ["end", "-number"]
        verbose_name = _("periode kinerja")
        verbose_name_plural = _("periode kinerja")
        constraints = [
            models.UniqueConstraint(fields=["cycle", "kind", "number"], name="one_period_of_a_number"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="period_ends_after_start"),
        ]

    def __str__(self) -> str:
        kind, year = PeriodKind(self.kind), self.start.year
        if kind == PeriodKind.MONTH:
            return date_format(self.start, "F Y")
        if kind == PeriodKind.QUARTER:
            return str(_("Triwulan %(n)s %(year)s")) % {"n": self.number, "year": year}
        return f"{kind.label} {year}"


class Deadline(Base):
    """A date of the cycle's own calendar. Nobody is locked out by it: what comes later is marked late."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="deadlines", verbose_name=_("tahun kinerja"))
    period = models.ForeignKey(
        Period, models.PROTECT, null=True, related_name="deadlines", verbose_name=_("periode")
    )
    kind = models.CharField(_("jenis"), max_length=16, choices=DeadlineKind)
    due_on = models.DateField(_("batas waktu"))

    class Meta:
        ordering = ["due_on"]
        verbose_name = _("batas waktu kinerja")
        verbose_name_plural = _("batas waktu kinerja")
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "period", "kind"], nulls_distinct=False, name="one_deadline_of_a_kind"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.due_on}"


class ReminderRun(Base):
    """A moment of a deadline (`before:7`, `at`, `after:3`) that was reminded; the row makes it happen once."""

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="reminders", verbose_name=_("batas waktu"))
    moment = models.CharField(_("saat"), max_length=12)
    on = models.DateField(_("tanggal"))
    ran_at = models.DateTimeField(_("dijalankan pada"), default=timezone.now)
    told = models.PositiveIntegerField(_("jumlah penerima"), default=0)

    class Meta:
        verbose_name = _("pengingat yang sudah jalan")
        verbose_name_plural = _("pengingat yang sudah jalan")
        constraints = [
            models.UniqueConstraint(fields=["deadline", "moment", "on"], name="one_reminder_of_a_moment")
        ]

    def __str__(self) -> str:
        return f"{self.moment} {self.on}"


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def visible_to(self, user: Any) -> "ParticipantQuerySet":
        """Oneself, whom one assesses or assessed, everybody below the units one heads, the scope of one's role."""
        if not getattr(user, "is_authenticated", False) or not user.is_active:
            return self.none()
        paths = scope_paths(user, Right.VIEW_PERFORMANCE)
        if paths is None:
            return self
        condition = Q(employee__user_id=user.pk) | Q(
            pk__in=AssessorAssignment.objects.filter(assessor__user_id=user.pk).values("participant_id")
        )
        for path in {*paths, *headed_paths(user)}:
            condition |= Q(path__startswith=path)
        return self.filter(condition)

    def assessed_by(self, user: Any) -> "ParticipantQuerySet":
        """The team: whose assessor `user` is now."""
        return self.filter(assessor__user_id=user.pk, left_on=None)

    def taking_part(self) -> "ParticipantQuerySet":
        return self.filter(excused_reason="", left_on=None)


class Participant(Base):
    """A person in a cycle. `unit`, `path`, `position` mirror the posting in force, `assessor` the assignment in
    force and `plan` the SKP that counts now, so that lists of 50,000 people read one table."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="participants", verbose_name=_("tahun kinerja"))
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="performance", verbose_name=_("pegawai"))
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", verbose_name=_("unit"))
    path = models.CharField(_("letak unit"), max_length=255, blank=True)
    position = models.CharField(_("jabatan"), max_length=200, blank=True)
    heads = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Unit yang dipimpinnya."),
        verbose_name=_("memimpin unit"),
    )
    assessor = models.ForeignKey(
        Employee, models.PROTECT, null=True, related_name="assesses", verbose_name=_("pejabat penilai kinerja")
    )
    plan = models.ForeignKey(
        "evaluations.Plan", models.PROTECT, null=True, related_name="+", verbose_name=_("SKP")
    )
    excused_reason = models.CharField(_("alasan tidak ikut"), max_length=200, blank=True)
    joined_on = models.DateField(_("ikut sejak"))
    left_on = models.DateField(_("berhenti ikut"), null=True)
    version = models.PositiveIntegerField(_("versi"), default=1)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("peserta penilaian kinerja")
        verbose_name_plural = _("peserta penilaian kinerja")
        indexes = [
            models.Index(F("cycle"), OpClass(F("path"), "text_pattern_ops"), F("id"), name="participant_path"),
            models.Index(fields=["assessor", "cycle"], name="participant_assessor"),
            models.Index(fields=["employee", "-cycle"], name="participant_employee"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "employee"], name="one_part_a_person_and_year"),
            models.CheckConstraint(
                condition=Q(assessor=None) | ~Q(assessor=F("employee")),
                name="nobody_assesses_himself",
                violation_error_message=_("Tidak seorang pun menilai dirinya sendiri."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.cycle_id}"


class Posting(Base, Dated):
    """A position that the person held during the cycle. A transfer gives a second one, and a second SKP
    (reference section 2); both are kept."""

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="postings")
    number = models.PositiveSmallIntegerField(default=1)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    position = models.CharField(max_length=200, blank=True)
    position_kind = models.CharField(max_length=12, blank=True)
    rank = models.CharField(_("pangkat/gol. ruang"), max_length=60, blank=True)
    heads = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["valid_to"], condition=Q(valid_to__isnull=False), name="posting_ended")]
        constraints = [
            models.UniqueConstraint(fields=["participant", "number"], name="one_posting_of_a_number"),
            models.UniqueConstraint(
                fields=["participant"], condition=Q(valid_to=None), name="one_open_posting_a_person"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.valid_from}"


class AssessorAssignment(Base, Dated):
    """Who assesses the person from a date on. Proposed from the reporting line; HR and the employee correct it."""

    participant = models.ForeignKey(
        Participant, models.PROTECT, related_name="assignments", verbose_name=_("peserta")
    )
    assessor = models.ForeignKey(
        Employee, models.PROTECT, related_name="+", verbose_name=_("pejabat penilai kinerja")
    )
    capacity = models.CharField(
        _("kedudukan"), max_length=120, blank=True, help_text=_("Jabatan: definitif, Plt., Plh.")
    )
    source = models.CharField(_("asal"), max_length=10, choices=AssessorSource)
    reason = models.CharField(_("alasan"), max_length=500, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("ditetapkan oleh")
    )
    at = models.DateTimeField(_("ditetapkan pada"), default=timezone.now)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("penetapan pejabat penilai")
        verbose_name_plural = _("penetapan pejabat penilai")
        ordering = ["-valid_from", "-id"]
        indexes = [models.Index(fields=["assessor", "participant"], name="assignment_assessor")]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"], condition=Q(valid_to=None), name="one_assessor_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="assessor_ends_after_beginning"
            ),
            models.CheckConstraint(
                condition=Q(source=AssessorSource.PROPOSED) | ~Q(reason=""), name="changed_assessor_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessor_id} {self.valid_from}"


class OrganisationResult(Base):
    """*Capaian kinerja organisasi* of a unit in a period, set by the leader one level up (reference section 9).

    `distribution_reason` is what the leader wrote where the pattern of ratings differs from the guide."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="organisation_results")
    period = models.ForeignKey(Period, models.PROTECT, related_name="organisation_results")
    result = models.CharField(_("capaian organisasi"), max_length=20, choices=OrgResult)
    reason = models.TextField(_("dasar penetapan"), max_length=2000)
    distribution_reason = models.TextField(_("alasan pola distribusi"), max_length=2000, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("capaian kinerja organisasi")
        verbose_name_plural = _("capaian kinerja organisasi")
        constraints = [
            models.UniqueConstraint(fields=["unit", "period"], name="one_result_a_unit_and_period"),
            models.CheckConstraint(condition=Q(result__in=OrgResult.values), name="org_result_known"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.result}"


class EvaluationSetting(Base):
    """The one row of settings; each default and its reason is in docs/performance-evaluation.md."""

    plan_days = models.PositiveSmallIntegerField(
        _("SKP disepakati paling lambat tanggal (Januari)"), default=31, validators=[MaxValueValidator(31)]
    )
    period_days = models.PositiveSmallIntegerField(_("evaluasi periodik (hari sesudah periode)"), default=10)
    year_days = models.PositiveSmallIntegerField(_("evaluasi tahunan (hari sesudah tahun)"), default=10)
    objection_days = models.PositiveSmallIntegerField(_("keberatan (hari sejak diterima)"), default=14)
    objection_target_days = models.PositiveSmallIntegerField(_("target putusan keberatan (hari)"), default=14)
    feedback_anonymous = models.BooleanField(_("umpan balik rekan dan bawahan anonim"), default=True)
    feedback_threshold = models.PositiveSmallIntegerField(
        _("paling sedikit pemberi umpan balik anonim"), default=3, validators=[MinValueValidator(2)]
    )
    tiny_unit = models.PositiveSmallIntegerField(_("unit kecil: tanpa pola distribusi sampai (orang)"), default=3)
    remind_before = models.CharField(_("ingatkan sebelum (hari)"), max_length=40, default="14, 3")
    remind_after = models.CharField(_("ingatkan sesudah (hari)"), max_length=40, default="1, 7")
    quiet_from = models.PositiveSmallIntegerField(
        _("jam tenang mulai"), default=19, validators=[MaxValueValidator(23)]
    )
    quiet_to = models.PositiveSmallIntegerField(
        _("jam tenang sampai"), default=7, validators=[MaxValueValidator(23)]
    )
    perspectives = models.TextField(
        _("perspektif JPT"),
        default="Penerima Layanan\nProses Bisnis\nPenguatan Internal\nAnggaran",
        help_text=_("Satu per baris."),
    )
    credit_down = models.BooleanField(_("angka kredit dibulatkan ke bawah pada cetakan"), default=False)
    pak_number_template = models.CharField(
        _("pola nomor PAK"), max_length=60, default="800/{sequence}/PAK/{unit}/{year}"
    )
    evaluation_number_template = models.CharField(
        _("pola nomor dokumen evaluasi"), max_length=60, default="800/{sequence}/EK/{unit}/{year}"
    )
    singleton = models.BooleanField(default=True, editable=False, unique=True)

    class Meta:
        verbose_name = _("pengaturan kinerja")
        verbose_name_plural = _("pengaturan kinerja")
        constraints = [models.CheckConstraint(condition=Q(singleton=True), name="one_evaluation_setting")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


def current_setting() -> EvaluationSetting:
    """The one row, or the defaults while nobody has saved it."""
    return EvaluationSetting.objects.first() or EvaluationSetting()
