"""What citizens may complain about, how long offices have, and what a government decides for itself."""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from feedback.enums import FILED_KINDS, CaseKind, Phase
from feedback.validators import is_point
from kepegawaian.lib.models import Base, Dated, DatedQuerySet
from kepegawaian.lib.prepared import Prepared
from kepegawaian.units.models import Unit

LIMIT_PERCENT = MaxValueValidator(100)
FILED = [(kind.value, kind.label) for kind in FILED_KINDS]


def in_language(indonesian: str, english: str) -> str:
    return english if english and (get_language() or "").startswith("en") else indonesian


class ServiceQuerySet(models.QuerySet["Service"]):
    def active(self) -> "ServiceQuerySet":
        return self.filter(active=True, unit__closed_on=None)


class Service(Base):
    """A public service of a unit: its page with the six public components of the service standard, and what
    Open311 calls a service. `code` is its address and `service_code`."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="public_services", verbose_name=_("unit"))
    code = models.SlugField(_("kode"), max_length=60, unique=True)
    name_id = models.CharField(_("nama (Indonesia)"), max_length=150)
    name_en = models.CharField(_("nama (Inggris)"), max_length=150, blank=True)
    group = models.CharField(_("kelompok (Indonesia)"), max_length=80, blank=True)
    group_en = models.CharField(_("kelompok (Inggris)"), max_length=80, blank=True)
    description = models.TextField(_("keterangan"), max_length=1000, blank=True)
    keywords = models.CharField(_("kata kunci, dipisahkan koma"), max_length=300, blank=True)
    requirements = models.TextField(_("persyaratan"), blank=True)
    procedure = models.TextField(_("sistem, mekanisme, dan prosedur"), blank=True)
    duration = models.CharField(_("jangka waktu"), max_length=200, blank=True)
    cost = models.CharField(_("biaya atau tarif"), max_length=200, blank=True)
    product = models.CharField(_("produk pelayanan"), max_length=300, blank=True)
    complaints = models.TextField(_("penanganan pengaduan"), blank=True)
    location_needed = models.BooleanField(_("memerlukan lokasi"), default=False)
    suggested_kind = models.CharField(_("jenis laporan yang disarankan"), max_length=14, choices=FILED, blank=True)
    active = models.BooleanField(_("dibuka untuk warga"), default=True)
    order = models.PositiveSmallIntegerField(_("urutan"), default=100)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        ordering = ["order", "name_id"]
        verbose_name = _("layanan")
        verbose_name_plural = _("layanan")
        indexes = [models.Index(fields=["unit", "active"], name="service_of_unit")]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the active language."""
        return in_language(self.name_id, self.name_en)

    @property
    def group_name(self) -> str:
        """In the active language; empty for a service in no group."""
        return in_language(self.group, self.group_en)

    @property
    def keyword_list(self) -> list[str]:
        return [word.strip() for word in self.keywords.split(",") if word.strip()]


class ServiceHours(Base):
    """When a service, or a whole unit, receives people: one row an interval of a weekday or of one date."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="service_hours", verbose_name=_("unit"))
    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="hours", verbose_name=_("layanan")
    )
    weekday = models.PositiveSmallIntegerField(_("hari tiap minggu"), choices=WEEKDAYS, null=True, blank=True)
    date = models.DateField(_("tanggal khusus"), null=True, blank=True)
    opens = models.TimeField(_("buka"), null=True, blank=True)
    closes = models.TimeField(_("tutup"), null=True, blank=True)
    note = models.CharField(_("catatan"), max_length=120, blank=True)

    class Meta:
        ordering = ["unit", "date", "weekday", "opens"]
        verbose_name = _("jam pelayanan")
        verbose_name_plural = _("jam pelayanan")
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__isnull=False, date=None, weekday__lte=6)
                | Q(weekday=None, date__isnull=False),
                name="hours_weekday_or_date",
                violation_error_message=_("Isi hari dalam minggu atau satu tanggal, salah satu."),
            ),
            models.CheckConstraint(
                condition=Q(opens=None, closes=None, date__isnull=False) | Q(closes__gt=models.F("opens")),
                name="hours_close_after_opening",
                violation_error_message=_("Jam tutup harus sesudah jam buka."),
            ),
        ]

    def __str__(self) -> str:
        day = date_format(self.date, "j M Y") if self.date else self.get_weekday_display()
        if not (self.opens and self.closes):
            return gettext("%(day)s: tutup") % {"day": day}
        return f"{day} {self.opens:%H:%M}–{self.closes:%H:%M}"


class AttributeType(models.TextChoices):
    """Data types of GeoReport v2 (reference 2.2)."""

    STRING = "string", _("Teks satu baris")
    NUMBER = "number", _("Angka")
    DATETIME = "datetime", _("Tanggal dan waktu")
    TEXT = "text", _("Teks panjang")
    SINGLE = "singlevaluelist", _("Pilihan tunggal")
    MULTI = "multivaluelist", _("Pilihan ganda")


class ServiceAttribute(Base):
    """What a service asks besides the text. `variable` False only shows its text. `values`: [[key, name], ...]."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="attributes", verbose_name=_("layanan"))
    code = models.SlugField(_("kode"), max_length=40)
    variable = models.BooleanField(_("meminta isian"), default=True)
    datatype = models.CharField(
        _("jenis isian"), max_length=16, choices=AttributeType, default=AttributeType.STRING
    )
    required = models.BooleanField(_("wajib"), default=False)
    datatype_description = models.CharField(_("cara mengisi"), max_length=200, blank=True)
    order = models.PositiveSmallIntegerField(_("urutan"), default=1)
    description = models.CharField(_("pertanyaan"), max_length=300)
    values = models.JSONField(_("pilihan"), default=list, blank=True)

    class Meta:
        ordering = ["service", "order"]
        verbose_name = _("isian layanan")
        verbose_name_plural = _("isian layanan")
        constraints = [
            models.UniqueConstraint(fields=["service", "code"], name="attribute_code_once"),
            models.UniqueConstraint(fields=["service", "order"], name="attribute_order_once"),
            models.CheckConstraint(condition=Q(order__gte=1), name="attribute_order_from_one"),
        ]

    def __str__(self) -> str:
        return self.code


class LimitRule(Base, Dated):
    """How long a phase may take. The most specific row in force on the day of receipt holds: the nearest unit
    upwards first, then the kind (reference 1.2: offices differ, so limits are settings with their source)."""

    phase = models.CharField(_("tahap"), max_length=10, choices=Phase)
    kind = models.CharField(_("jenis laporan"), max_length=14, choices=CaseKind, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit"))
    days = models.PositiveSmallIntegerField(_("hari"), validators=[MinValueValidator(1)])
    calendar_days = models.BooleanField(_("hari kalender, bukan hari kerja"), default=False)
    source = models.CharField(_("dasar"), max_length=300)

    objects = DatedQuerySet.as_manager()

    class Meta:
        ordering = ["phase", "kind", "valid_from"]
        verbose_name = _("batas waktu")
        verbose_name_plural = _("batas waktu")
        constraints = [
            models.UniqueConstraint(
                fields=["phase", "kind", "unit", "valid_from"], nulls_distinct=False, name="one_limit_a_date"
            ),
            models.CheckConstraint(condition=Q(days__gte=1, days__lte=366), name="limit_within_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.phase} {self.kind} {self.days}"


class RefusalGround(Base):
    """Why a request for public information may be refused, as far as the portal knows the law; statistics count by
    it. `unverified`: nobody has compared it with the text of the law yet (reference, marks)."""

    code = models.SlugField(_("kode"), max_length=40, unique=True)
    name = models.CharField(_("dasar penolakan"), max_length=200)
    source = models.CharField(_("dasar hukum"), max_length=300)
    unverified = models.BooleanField(_("belum diverifikasi"), default=True)
    active = models.BooleanField(_("dapat dipilih"), default=True)
    order = models.PositiveSmallIntegerField(_("urutan"), default=100)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("dasar penolakan")
        verbose_name_plural = _("dasar penolakan")

    def __str__(self) -> str:
        source = f"{self.source}, {_('belum diverifikasi')}" if self.unverified else self.source
        return f"{self.name} ({source})"


class ResponseTemplate(Base):
    """A text that officers start from; of a unit and all below it, or everybody's."""

    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit"))
    kind = models.CharField(_("jenis laporan"), max_length=14, choices=CaseKind, blank=True)
    title = models.CharField(_("judul"), max_length=120)
    text = models.TextField(_("isi"), max_length=4000)
    active = models.BooleanField(_("dipakai"), default=True)

    class Meta:
        ordering = ["title"]
        verbose_name = _("templat jawaban")
        verbose_name_plural = _("templat jawaban")

    def __str__(self) -> str:
        return self.title


class Weight(models.TextChoices):
    EXACT = "1/9", _("1/9 tepat")
    ROUNDED = "0.11", _("0,11 seperti lembar kerja lama")


class FeedbackSetting(Base):
    """The one row of settings; each default and its reason is in docs/feedback.md."""

    hours_from = models.TimeField(_("jam layanan mulai"), default="08:00")
    hours_to = models.TimeField(_("jam layanan selesai"), default="16:00")
    hours_count = models.BooleanField(_("di luar jam layanan dihitung hari kerja berikutnya"), default=True)
    joint_leave_counts = models.BooleanField(_("cuti bersama dihitung hari kerja"), default=False)
    second_eye = models.BooleanField(_("jawaban diperiksa orang kedua"), default=True)
    reopen_days = models.PositiveSmallIntegerField(_("boleh dibuka kembali sekali dalam (hari)"), default=14)
    escalate_days = models.PositiveSmallIntegerField(_("naik ke pimpinan sesudah lewat (hari kerja)"), default=3)
    split_identity = models.BooleanField(_("pejabat penghubung tidak melihat identitas pelapor"), default=False)
    release_days = models.PositiveSmallIntegerField(_("identitas terbuka selama (hari)"), default=7)
    complaints_an_hour = models.PositiveSmallIntegerField(_("laporan per jam per jaringan"), default=5)
    complaints_a_day = models.PositiveSmallIntegerField(_("laporan per hari per jaringan"), default=20)
    replies_an_hour = models.PositiveSmallIntegerField(_("balasan per jam per jaringan"), default=30)
    work_cost = models.PositiveIntegerField(_("beban bukti kerja"), default=1000)
    work_cost_busy = models.PositiveIntegerField(_("beban bukti kerja bila ramai"), default=20000)
    seconds_to_fill = models.PositiveSmallIntegerField(_("paling cepat mengisi formulir (detik)"), default=3)
    ombudsman_text = models.TextField(_("keterangan jalur Ombudsman"), blank=True)
    commission_text = models.TextField(_("keterangan jalur Komisi Informasi"), blank=True)
    map_tiles = models.CharField(
        _("alamat ubin peta sendiri"),
        max_length=200,
        blank=True,
        help_text=_(
            "Jalur di portal ini, misalnya /peta/{z}/{x}/{y}.png. Kosong: titik tampil sebagai tautan saja."
        ),
    )
    map_centre = models.CharField(
        _("titik tengah peta"),
        max_length=40,
        blank=True,
        validators=[is_point],
        help_text=_(
            "Di sinilah peta terbuka bagi pelapor, misalnya -10.1772, 123.6070. Kosong: seluruh Indonesia."
        ),
    )
    flags_to_hide = models.PositiveSmallIntegerField(_("laporan warga sampai disembunyikan"), default=3)
    survey_weight = models.CharField(_("bobot IKM"), max_length=5, choices=Weight, default=Weight.EXACT)
    smallest_cell = models.PositiveSmallIntegerField(
        _("angka terkecil yang ditampilkan"), default=5, validators=[MinValueValidator(2)]
    )
    smallest_group = models.PositiveSmallIntegerField(
        _("kelompok terkecil survei pegawai"), default=10, validators=[MinValueValidator(5)]
    )
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("diubah oleh"),
    )
    whistle_check_days = models.PositiveSmallIntegerField(
        _("WBS: laporan diverifikasi dalam (hari kalender)"), default=14, validators=[MinValueValidator(1)]
    )
    whistle_days = models.PositiveSmallIntegerField(
        _("WBS: pemeriksaan selesai dalam (hari kerja)"), default=60, validators=[MinValueValidator(1)]
    )
    singleton = models.BooleanField(default=True, editable=False, unique=True)

    class Meta:
        verbose_name = _("pengaturan layanan publik")
        verbose_name_plural = _("pengaturan layanan publik")
        constraints = [models.CheckConstraint(condition=Q(singleton=True), name="one_feedback_setting")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


_SETTING: Prepared[FeedbackSetting] = Prepared(lambda slot: FeedbackSetting.objects.order_by("pk")[:1])


def current_setting() -> FeedbackSetting:
    """The row, or its defaults where none was saved yet (with times as times, not as the default's text)."""
    found = _SETTING.first()
    if found is not None:
        return found
    row = FeedbackSetting()
    for name in ("hours_from", "hours_to"):
        field: Any = row._meta.get_field(name)
        setattr(row, name, field.to_python(getattr(row, name)))
    return row
