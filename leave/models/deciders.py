"""What regions decide differently: who decides what, and settings with their default."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from kepegawaian.lib.dates import today
from kepegawaian.lib.models import Base, Dated, DatedQuerySet
from kepegawaian.units.models import Unit
from leave.enums import DeciderKind, LeaveType, RankClass, StepKind


class DeciderRule(Base, Dated):
    """A row of the decider table: the most specific row in force wins (leave reference section 7)."""

    step = models.CharField(
        _("kotak formulir"),
        max_length=10,
        choices=[(kind.value, kind.label) for kind in (StepKind.OPINION, StepKind.DECISION)],
        default=StepKind.DECISION,
    )
    type = models.CharField(_("jenis cuti"), max_length=4, choices=LeaveType, blank=True)
    rank_class = models.CharField(_("golongan jabatan"), max_length=14, choices=RankClass, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit"))
    abroad = models.BooleanField(_("luar negeri"), null=True, blank=True)
    min_days = models.PositiveSmallIntegerField(_("lama paling sedikit (hari)"), default=0)
    max_days = models.PositiveSmallIntegerField(_("lama paling banyak (hari)"), null=True, blank=True)
    decider = models.CharField(_("pejabat"), max_length=14, choices=DeciderKind)
    decider_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kepala dari unit")
    )
    decree_number = models.CharField(_("nomor keputusan pelimpahan"), max_length=120, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["step", "type", "rank_class", "valid_from"]
        verbose_name = _("aturan pejabat pemutus")
        verbose_name_plural = _("aturan pejabat pemutus")

    def __str__(self) -> str:
        return f"{self.step} {self.type} {self.rank_class} {self.decider}"


class CarryMode(models.TextChoices):
    STRICT = "strict", _("Ketat: 24 hari hanya bila dua tahun penuh tidak dipakai")
    LENIENT = "lenient", _("Longgar: sisa N-2 dan N-1 masing-masing paling banyak 6 hari")


class LeaveSetting(Base):
    """The one row of settings; each default and its reason is in docs/leave-rules.md."""

    carry_n2_mode = models.CharField(
        _("pembacaan sisa N-2"), max_length=8, choices=CarryMode, default=CarryMode.STRICT
    )
    go_live_year = models.PositiveSmallIntegerField(_("tahun mulai dipakai"), default=2026)
    notice_days = models.PositiveSmallIntegerField(_("hari kerja sebelum mulai"), default=5)
    notice_refuses = models.BooleanField(_("tolak bila terlambat diajukan"), default=False)
    check_days = models.PositiveSmallIntegerField(_("batas pemeriksaan (hari kerja)"), default=1)
    opinion_days = models.PositiveSmallIntegerField(_("batas pertimbangan (hari kerja)"), default=2)
    decision_days = models.PositiveSmallIntegerField(_("batas keputusan (hari kerja)"), default=3)
    response_days = models.PositiveSmallIntegerField(_("batas jawaban pegawai (hari kerja)"), default=3)
    overlap_percent = models.PositiveSmallIntegerField(
        _("peringatan bila unit kosong lebih dari (%)"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    year_end_from_day = models.PositiveSmallIntegerField(_("akhir Desember mulai tanggal"), default=20)
    teacher_only_in_school_holiday = models.BooleanField(
        _("guru hanya saat libur sekolah"),
        default=False,
        help_text=_("Catat masa libur sekolah lebih dahulu: di luar masa itu permohonan guru ditolak."),
    )
    form_label = models.CharField(_("nama lampiran formulir"), max_length=60, default="Anak Lampiran 1.b")
    letter_number_template = models.CharField(
        _("pola nomor surat"), max_length=60, default="850/{sequence}/{unit}/{year}"
    )
    singleton = models.BooleanField(default=True, editable=False, unique=True)

    class Meta:
        verbose_name = _("pengaturan cuti")
        verbose_name_plural = _("pengaturan cuti")
        constraints = [models.CheckConstraint(condition=models.Q(singleton=True), name="one_leave_setting")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def clean(self) -> None:
        """Without any school holidays to come no teacher could file at all."""
        if self.teacher_only_in_school_holiday and not SchoolHoliday.objects.filter(end__gte=today()).exists():
            sentence = _("Belum ada masa libur sekolah mendatang yang dicatat.")
            raise ValidationError({"teacher_only_in_school_holiday": sentence})


class SchoolHoliday(Base):
    """Days on which the schools of the government are closed, as its education office orders them."""

    name = models.CharField(_("nama"), max_length=80)
    start = models.DateField(_("mulai tanggal"))
    end = models.DateField(_("sampai tanggal"))
    source = models.CharField(_("dasar"), max_length=120, blank=True)

    class Meta:
        ordering = ["start"]
        verbose_name = _("libur sekolah")
        verbose_name_plural = _("libur sekolah")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end__gte=models.F("start")),
                name="school_holiday_ends_after_start",
                violation_error_message=_("Tanggal selesai harus sama dengan atau sesudah tanggal mulai."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.start}"


class UnitLeaveSetting(Base):
    """What a unit decides for itself: the completeness check by HR before the superior's opinion."""

    unit = models.OneToOneField(Unit, models.PROTECT, related_name="leave_setting", verbose_name=_("unit"))
    hr_check = models.BooleanField(_("diperiksa pengelola kepegawaian lebih dahulu"), default=False)

    class Meta:
        verbose_name = _("pengaturan cuti unit")
        verbose_name_plural = _("pengaturan cuti unit")

    def __str__(self) -> str:
        return f"{self.unit_id}"
