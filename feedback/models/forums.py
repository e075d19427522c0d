"""Public forums (reference 5): a process with phases, proposals, one support a verified person, answers that
freeze, and results that lead back."""

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import (
    CommentState,
    FlagReason,
    NoticeLevel,
    PhaseKind,
    ProcessKind,
    Progress,
    ProposalOrigin,
    ProposalState,
    Verdict,
)
from kepegawaian.accounts.roles import Right
from kepegawaian.lib.models import Base
from kepegawaian.units.models import Unit, scope_paths


class VerifiedPerson(Base):
    """Who may vote: one account with a confirmed e-mail, one person. Where a forum asks for more, an officer has
    seen the NIK, of which only a keyed hash is kept. Revoked: takes part in no forum any more."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="verified_person", verbose_name=_("akun")
    )
    nik_digest = models.CharField(_("sidik NIK"), max_length=64, unique=True, null=True, editable=False)
    area = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("wilayah tinggal")
    )
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("diperiksa oleh")
    )
    verified_at = models.DateTimeField(_("diperiksa pada"), default=timezone.now)
    revoked_at = models.DateTimeField(_("dicabut"), null=True)
    revoked_reason = models.CharField(_("alasan pencabutan"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("warga terverifikasi")
        verbose_name_plural = _("warga terverifikasi")
        constraints = [
            models.CheckConstraint(condition=~Q(user=F("verified_by")), name="nobody_verifies_himself"),
            models.CheckConstraint(
                condition=Q(nik_digest=None, verified_by=None, area=None)
                | Q(nik_digest__isnull=False, verified_by__isnull=False),
                name="nik_was_seen_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | ~Q(revoked_reason=""), name="revoked_person_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}"


class ProcessQuerySet(models.QuerySet["Process"]):
    def published(self) -> "ProcessQuerySet":
        return self.exclude(published_at=None)

    def visible_to(self, user: Any) -> "ProcessQuerySet":
        """Published ones for everybody; drafts for the organisers of their unit."""
        paths = scope_paths(user, Right.MANAGE_FORUMS)
        if paths is None:
            return self
        condition = Q(published_at__isnull=False)
        for path in paths:
            condition |= Q(unit__path__startswith=path)
        return self.filter(condition)


class Process(Base):
    """Open from `starts_on` to `ends_on`; whether it is to come, open or finished follows from the dates."""

    class Voters(models.TextChoices):
        EMAIL = "email", _("Warga dengan surel terkonfirmasi")
        NIK = "nik", _("Warga yang NIK-nya sudah diperiksa petugas")

    slug = models.SlugField(_("alamat"), max_length=80, unique=True)
    kind = models.CharField(_("jenis"), max_length=10, choices=ProcessKind, default=ProcessKind.GENERAL)
    title = models.CharField(_("judul"), max_length=150)
    summary = models.CharField(_("ringkasan"), max_length=300)
    text = models.TextField(_("penjelasan"), max_length=8000, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="forums", verbose_name=_("penyelenggara"))
    area = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("wilayah peserta")
    )
    goal = models.CharField(_("tujuan"), max_length=300, blank=True)
    audience = models.CharField(_("peserta"), max_length=300, blank=True)
    starts_on = models.DateField(_("mulai"))
    ends_on = models.DateField(_("sampai"))
    pre_moderation = models.BooleanField(_("diperiksa sebelum tampil"), default=False)
    slow_seconds = models.PositiveIntegerField(_("jarak antarkomentar (detik)"), default=30)
    proposals_each = models.PositiveSmallIntegerField(_("usulan paling banyak per orang"), default=5)
    supports_each = models.PositiveSmallIntegerField(_("dukungan paling banyak per orang"), default=5)
    voters = models.CharField(_("yang boleh mendukung"), max_length=5, choices=Voters, default=Voters.EMAIL)
    supports_wanted = models.PositiveIntegerField(_("ambang dukungan"), default=0)
    edit_minutes = models.PositiveIntegerField(_("usulan dapat diubah selama (menit)"), default=60)
    counts_hidden = models.BooleanField(_("jumlah dukungan disembunyikan sampai tahap ditutup"), default=False)
    tie_rule = models.CharField(
        _("bila dukungan sama"), max_length=200, default="Usulan yang masuk lebih dahulu didahulukan."
    )
    published_at = models.DateTimeField(_("diumumkan pada"), null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("dibuat oleh"),
    )
    copied_from = models.ForeignKey(
        "self", models.SET_NULL, null=True, editable=False, related_name="+", verbose_name=_("disalin dari")
    )

    objects = ProcessQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on", "title"]
        verbose_name = _("forum")
        verbose_name_plural = _("forum")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="process_ends_after_start",
                violation_error_message=_("Tanggal selesai harus sama dengan atau sesudah tanggal mulai."),
            ),
            models.CheckConstraint(
                condition=Q(area=None) | Q(voters="nik"),
                name="area_needs_seen_nik",
                violation_error_message=_("Wilayah peserta hanya dapat diperiksa bila NIK pendukung diperiksa."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProcessPhase(Base):
    """What may be done when: proposing, supporting and commenting are open only while a phase allows them."""

    process = models.ForeignKey(Process, models.CASCADE, related_name="phases")
    kind = models.CharField(_("tahap"), max_length=14, choices=PhaseKind)
    title = models.CharField(_("judul"), max_length=120)
    text = models.TextField(_("penjelasan"), max_length=2000, blank=True)
    order = models.PositiveSmallIntegerField(_("urutan"))
    starts_on = models.DateField(_("mulai"))
    ends_on = models.DateField(_("sampai"))
    proposals = models.BooleanField(_("menerima usulan"), default=False)
    supports = models.BooleanField(_("menerima dukungan"), default=False)
    comments = models.BooleanField(_("menerima komentar"), default=True)

    class Meta:
        ordering = ["process", "order"]
        constraints = [
            models.UniqueConstraint(fields=["process", "order"], name="phase_order_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="phase_ends_after_start"),
        ]

    def __str__(self) -> str:
        return self.title


class ProposalQuerySet(models.QuerySet["Proposal"]):
    def shown(self) -> "ProposalQuerySet":
        return self.filter(state__in=(ProposalState.OPEN, ProposalState.MERGED))


class Proposal(Base):
    """`number` counts within the process. `supports` is kept by a trigger on `Support` alone."""

    process = models.ForeignKey(Process, models.PROTECT, related_name="proposals", verbose_name=_("forum"))
    number = models.PositiveIntegerField(_("nomor"))
    origin = models.CharField(_("pengusul"), max_length=8, choices=ProposalOrigin, default=ProposalOrigin.CITIZEN)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("pengusul")
    )
    group_name = models.CharField(_("nama kelompok atau kantor"), max_length=150, blank=True)
    meeting = models.ForeignKey(
        "feedback.Meeting", models.PROTECT, null=True, related_name="proposals", verbose_name=_("pertemuan")
    )
    title = models.CharField(_("judul"), max_length=150)
    text = models.TextField(_("isi usulan"), max_length=5000)
    location = models.CharField(_("lokasi"), max_length=300, blank=True)
    volume = models.CharField(_("volume dan satuan"), max_length=80, blank=True)
    state = models.CharField(_("keadaan"), max_length=10, choices=ProposalState, default=ProposalState.OPEN)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="merged", verbose_name=_("digabung ke")
    )
    supports = models.PositiveIntegerField(_("jumlah dukungan"), default=0, editable=False)
    feasible = models.BooleanField(_("layak menurut kantor"), null=True)
    office_note = models.TextField(_("catatan kantor"), max_length=2000, blank=True)
    estimate = models.DecimalField(
        _("perkiraan biaya (Rp)"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    version = models.PositiveIntegerField(_("versi"), default=1)
    created_at = models.DateTimeField(_("dibuat pada"), default=timezone.now)
    updated_at = models.DateTimeField(_("diubah pada"), default=timezone.now)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        ordering = ["process", "number"]
        verbose_name = _("usulan")
        verbose_name_plural = _("usulan")
        indexes = [models.Index(fields=["process", "-supports", "number"], name="proposal_ranking")]
        constraints = [
            models.UniqueConstraint(fields=["process", "number"], name="proposal_number_once"),
            models.CheckConstraint(
                condition=Q(state=ProposalState.MERGED, merged_into__isnull=False)
                | Q(state=ProposalState.HIDDEN)
                | (~Q(state=ProposalState.MERGED) & Q(merged_into=None)),
                name="merged_proposal_has_main",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class ProposalVersion(Base):
    """Append-only: how a proposal read, from version to version."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=150)
    text = models.TextField(max_length=5000)
    fingerprint = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["proposal", "version"]
        constraints = [models.UniqueConstraint(fields=["proposal", "version"], name="proposal_version_once")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.version}"


class Support(Base):
    """One vote a verified person. Taken back, the row goes; who supported what is shown to nobody."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="+")
    person = models.ForeignKey(VerifiedPerson, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    """Of the proposal, when the vote was given: what has changed since is said to the person alone."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "person"], name="one_support_a_person")]
        indexes = [models.Index(fields=["person"], name="supports_of_person")]

    def __str__(self) -> str:
        return f"{self.proposal_id}"


class OfficialAnswer(Base):
    """The government's answer to a proposal; once published it is frozen by the database. "Still evaluating" is an
    answer of its own, so that the final one can follow without a change of the first."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="answers", verbose_name=_("usulan"))
    verdict = models.CharField(_("keputusan"), max_length=10, choices=Verdict)
    reason = models.TextField(_("alasan"), max_length=4000)
    cost = models.DecimalField(_("biaya (Rp)"), max_digits=16, decimal_places=2, null=True, blank=True)
    period = models.CharField(_("waktu pelaksanaan"), max_length=120, blank=True)
    private_note = models.TextField(_("catatan internal"), max_length=2000, blank=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("disusun oleh")
    )
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("diumumkan oleh")
    )
    published_at = models.DateTimeField(_("diumumkan pada"), null=True)

    class Meta:
        verbose_name = _("jawaban resmi")
        verbose_name_plural = _("jawaban resmi")
        ordering = ["proposal", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(verdict=Verdict.EVALUATING), name="one_interim_answer"
            ),
            models.UniqueConstraint(
                fields=["proposal"], condition=~Q(verdict=Verdict.EVALUATING), name="one_final_answer"
            ),
            models.UniqueConstraint(fields=["proposal"], condition=Q(published_at=None), name="one_draft_answer"),
            models.CheckConstraint(condition=~Q(reason=""), name="official_answer_has_reason"),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(published_by__isnull=False), name="official_answer_has_author"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verdict} {self.proposal_id}"


class CommentQuerySet(models.QuerySet["Comment"]):
    def shown(self) -> "CommentQuerySet":
        return self.filter(state=CommentState.SHOWN)


class Comment(Base):
    """On a process, or on one of its proposals; answers to comments are one level deep."""

    process = models.ForeignKey(Process, models.PROTECT, related_name="comments")
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, related_name="comments")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    official = models.BooleanField(default=False)
    text = models.TextField(_("komentar"), max_length=2000)
    state = models.CharField(max_length=10, choices=CommentState, default=CommentState.SHOWN)
    flags = models.PositiveIntegerField(default=0, editable=False)
    at = models.DateTimeField(default=timezone.now)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("komentar")
        verbose_name_plural = _("komentar")
        indexes = [
            models.Index(fields=["process", "proposal", "id"], name="comments_of_subject"),
            models.Index(fields=["author", "-id"], name="comments_of_author"),
        ]

    def __str__(self) -> str:
        return f"{self.author_id} {self.at}"


class Flag(Base):
    """A citizen finds a comment or proposal wrong; enough of them hide it until a moderator looks."""

    comment = models.ForeignKey(Comment, models.PROTECT, null=True, related_name="raised")
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, related_name="raised")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.CharField(_("alasan"), max_length=10, choices=FlagReason)
    text = models.CharField(_("penjelasan"), max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)
    dismissed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["comment", "by"], name="one_flag_a_comment"),
            models.UniqueConstraint(fields=["proposal", "by"], name="one_flag_a_proposal"),
            models.CheckConstraint(
                condition=Q(comment__isnull=False, proposal=None) | Q(comment=None, proposal__isnull=False),
                name="flag_has_one_subject",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class Follow(Base):
    """How much of a process a person wants to hear."""

    process = models.ForeignKey(Process, models.CASCADE, related_name="follows")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    level = models.CharField(_("pemberitahuan"), max_length=6, choices=NoticeLevel, default=NoticeLevel.DIGEST)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["process", "user"], name="one_follow_a_person")]

    def __str__(self) -> str:
        return f"{self.level}"


class Result(Base):
    """What became of it (accountability), with a parent for programmes of several parts."""

    process = models.ForeignKey(Process, models.PROTECT, related_name="results", verbose_name=_("forum"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("bagian dari")
    )
    title = models.CharField(_("judul"), max_length=150)
    text = models.TextField(_("penjelasan"), max_length=4000, blank=True)
    state = models.CharField(_("keadaan"), max_length=8, choices=Progress, default=Progress.PLANNED)
    percent = models.PositiveSmallIntegerField(_("kemajuan (%)"), default=0)
    owner_unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("penanggung jawab"))
    due_on = models.DateField(_("paling lambat"), null=True, blank=True)
    proposals = models.ManyToManyField(Proposal, related_name="results", blank=True)
    meetings = models.ManyToManyField("feedback.Meeting", related_name="results", blank=True)

    class Meta:
        ordering = ["process", "id"]
        verbose_name = _("hasil")
        verbose_name_plural = _("hasil")
        constraints = [models.CheckConstraint(condition=Q(percent__lte=100), name="result_percent_of_hundred")]

    def __str__(self) -> str:
        return self.title


class ResultUpdate(Base):
    """Append-only: how far it was on a day."""

    result = models.ForeignKey(Result, models.PROTECT, related_name="updates")
    percent = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=Progress)
    text = models.TextField(max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["result", "id"]

    def __str__(self) -> str:
        return f"{self.percent}"
