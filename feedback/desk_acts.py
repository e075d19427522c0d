"""What an officer may do with a case: one table of acts, each with its form, its verb and its words.

`may` asks for the side on which the person stands, `now` for the state of the case. The verbs ask both again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback import forms_desk_acts as forms
from feedback import forms_desk_moderation as moderation
from feedback import forms_desk_requests as requests
from feedback import permissions
from feedback.enums import WITH_UNIT, AnswerState, CaseKind, CaseState, Party, Undecided
from feedback.models import Case, CaseAnswer, IdentityRelease, InformationObjection, current_setting
from feedback.permissions import Reporting
from feedback.rules.personal import cleaned, find_personal, preview
from feedback.services import cases
from feedback.workflow import Action, move
from kepegawaian.lib.access import ALLOWED, Answer, Denied
from kepegawaian.lib.exceptions import StateChanged
from kepegawaian.lib.prepared import Prepared, Slots

Text = str | Promise
NEXT, CASE, WORDS, PEOPLE, REPORTER = "next", "case", "words", "people", "reporter"
GROUPS: Mapping[str, Text] = {
    NEXT: _("Langkah berikutnya"),
    WORDS: _("Tulis"),
    CASE: _("Ubah laporan"),
    PEOPLE: _("Orang dan identitas"),
    REPORTER: _("Atas nama pelapor"),
}
_OPEN_ANSWERS = (AnswerState.DRAFT, AnswerState.CHECKING, AnswerState.RETURNED)


def _open_answer(slot: Slots) -> QuerySet[CaseAnswer]:
    rows = CaseAnswer.objects.filter(case=slot("case"), state__in=_OPEN_ANSWERS)
    return rows.select_related("drafted_by", "checked_by").order_by("id")[:1]


_DRAFT: Prepared[CaseAnswer] = Prepared(_open_answer)


class Seat:
    """Where one person stands on one case; each question is asked once a page."""

    def __init__(self, user: Any, case: Case) -> None:
        self.user, self.case = user, case
        self.seen = ""
        self.target: Any = None
        """The message, file or objection that the act is about, where it is about one."""

    @cached_property
    def handling(self) -> Answer:
        return permissions.can_handle(self.user, self.case)

    @cached_property
    def answering(self) -> Answer:
        return permissions.can_answer(self.user, self.case)

    @cached_property
    def leading(self) -> Answer:
        if self.handling or self.answering:
            return self.handling or self.answering
        return permissions.can_reassign(self.user, self.case)

    @property
    def office(self) -> Answer:
        """Admin or liaison; the refusal is the liaison's."""
        return self.handling if self.handling else self.answering

    @cached_property
    def sides(self) -> set[Party]:
        found = {Party.ADMIN: self.handling, Party.LIAISON: self.answering, Party.LEADER: self.leading}
        return {party for party, answer in found.items() if answer}

    @cached_property
    def draft(self) -> CaseAnswer | None:
        if self.case.state != CaseState.IN_PROCESS:
            return None
        return _DRAFT.first(case=self.case.pk)

    @cached_property
    def unchecked(self) -> bool:
        return goes_without_check(self.case)

    @cached_property
    def masked_draft(self) -> str:
        """What everybody would read of the draft, where that is not all of it."""
        if self.draft is None or (self.case.secret and not self.joined):
            return ""
        shown = preview(self.draft.text)
        return shown if shown != self.draft.text else ""

    @cached_property
    def joined(self) -> int:
        """Reports joined into this secret one, whose reporters read its answer too (reference 1.10)."""
        return self.case.duplicates.count() if self.case.secret else 0

    @property
    def mark(self) -> str:
        """Tells two states of the draft apart, which the version of the case does not."""
        return f"{self.draft.pk}:{self.draft.drafted_at.isoformat()}" if self.draft is not None else ""

    @cached_property
    def releases(self) -> list[IdentityRelease]:
        """Only who is anonymous can be asked for."""
        if not self.case.anonymous:
            return []
        rows = IdentityRelease.objects.filter(case=self.case)
        return list(rows.select_related("asked_by", "decided_by", "case__unit"))

    @cached_property
    def deciding(self) -> IdentityRelease | None:
        """The request that this person may decide."""
        waiting = (row for row in self.releases if row.state == Undecided.WAITING)
        return next((row for row in waiting if permissions.can_decide_identity(self.user, row)), None)

    @cached_property
    def identity(self) -> Answer:
        return permissions.can_see_identity(self.user, self.case, self.releases)

    def moves(self, action: Action) -> bool:
        """The table has such a step from this state for one of the person's sides."""
        row = move(self.case.state, action)
        return row is not None and bool(self.sides & set(row.by)) and not self.case.held

    def reports(self, action: Action) -> bool:
        row = move(self.case.state, action)
        return row is not None and Party.REPORTER in row.by and not self.case.held

    @cached_property
    def objection(self) -> InformationObjection | None:
        return cases.objection_of(self.case)

    @property
    def objects(self) -> bool:
        """The reporter may; of a request for information once, and also when nobody answered in time."""
        if self.case.kind != CaseKind.REQUEST:
            return self.reports(Action.OBJECT)
        return cases.can_object(self.case, self.objection)

    @property
    def by(self) -> Reporting:
        return Reporting(officer=self.user)


Run = Callable[[Seat, Any], Any]


@dataclass(frozen=True, slots=True)
class Act:
    name: str
    label: Text
    icon: str
    may: Callable[[Seat], Answer]
    now: Callable[[Seat], bool]
    run: Run
    """Gets the seat and the valid form."""
    told: Text
    form: type[forms.SeatForm] = forms.NothingForm
    group: str = NEXT
    hint: Text = ""
    """The consequence, said beside the button."""
    button: Text = ""
    danger: bool = False
    lock: bool = True
    checked: bool = True
    """Whether a case that changed in between stops it."""
    second: Callable[[Seat], Answer] = lambda _seat: ALLOWED
    """Refuses who acted before, where somebody else has to look; said on the page of the act."""

    @property
    def words(self) -> Text:
        return self.button or self.label

    @property
    def at_once(self) -> bool:
        """One click, without a page of its own."""
        return self.form is forms.NothingForm and not self.danger


def _admin(seat: Seat) -> Answer:
    return seat.handling


def _unit(seat: Seat) -> Answer:
    return seat.answering


def _appealed(seat: Seat) -> Answer:
    """An admin, or a leader where no other one may decide on what waits."""
    return seat.handling or cases.can_decide_some_appeal(seat.user, seat.case)


def _office(seat: Seat) -> Answer:
    return seat.office


def _lead(seat: Seat) -> Answer:
    return seat.leading


def _anybody(seat: Seat) -> Answer:
    return permissions.can_open_desk(seat.user)


def _decider(seat: Seat) -> Answer:
    return ALLOWED if seat.deciding is not None else permissions.NOT_DECIDER


def _checker(seat: Seat) -> Answer:
    return permissions.can_check(seat.user, seat.case, seat.draft) if seat.draft is not None else seat.leading


def _moves(action: Action) -> Callable[[Seat], bool]:
    return lambda seat: seat.moves(action)


def _reports(action: Action) -> Callable[[Seat], bool]:
    return lambda seat: seat.reports(action)


def _open(seat: Seat) -> bool:
    return seat.case.is_open and not seat.case.held


def _convertible(seat: Seat) -> bool:
    return seat.case.state in cases.BEFORE_THE_ANSWER and not seat.case.held


def _drafts(seat: Seat) -> bool:
    return seat.draft is not None and seat.draft.state == AnswerState.DRAFT


# --- Verbs that need more than the form ------------------------------------------------------------
def _drafted(form: Any) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "template"}


def _save_draft(seat: Seat, form: Any) -> Any:
    if seat.seen != seat.mark:
        raise StateChanged(_("Konsep ini baru saja diubah orang lain. Teksnya ada di bawah; padukan lalu simpan."))
    row = cases.draft_answer(actor=seat.user, case=seat.case, **_drafted(form))
    if form.data.get("then") != "submit" or looks_first(seat.case, row.text):
        return row
    return cases.submit_answer(actor=seat.user, case=seat.case)


def _about(verb: Callable[..., Any], name: str) -> Run:
    """A verb that takes what the act is about as its keyword `name`."""
    return lambda seat, form: verb(actor=seat.user, **{name: seat.target}, **form.cleaned_data)


def _decide(seat: Seat, form: Any) -> Any:
    if seat.deciding is None:
        raise StateChanged(_("Permintaan ini sudah diputus."))
    return cases.decide_release(actor=seat.user, release=seat.deciding, **form.cleaned_data)


def _undo(seat: Seat, form: Any) -> Any:
    verb = cases.unmerge if seat.case.state == CaseState.DUPLICATE else cases.undo
    return verb(actor=seat.user, case=seat.case, **form.cleaned_data)


def _note(seat: Seat, form: Any) -> Any:
    return cases.note(actor=seat.user, case=seat.case, text=form.cleaned_data["text"], mentions=form.called())


def _message(seat: Seat, form: Any) -> Any:
    data = form.cleaned_data
    words = {name: data[name] for name in ("text", "audience", "files")}
    return cases.message(actor=seat.user, case=seat.case, keep=data.get("keep", ()), **words)


def _redact(seat: Seat, form: Any) -> Any:
    data = {name: form.cleaned_data[name] for name in ("title", "text", "reason")}
    return cases.redact(actor=seat.user, case=seat.case, **data)


def _split(seat: Seat, form: Any) -> Any:
    return cases.split(actor=seat.user, case=seat.case, parts=form.parts())


def _plain(verb: Callable[..., Any]) -> Run:
    """The fields of the form are the keywords of the verb."""
    return lambda seat, form: verb(actor=seat.user, case=seat.case, **form.cleaned_data)


def _converted(*, law: bool) -> Run:
    return lambda seat, form: cases.convert(actor=seat.user, case=seat.case, law=law, **form.cleaned_data)


def _spoken(verb: Callable[..., Any], name: str = "") -> Run:
    """In the reporter's name; `name` is what the verb calls his words."""

    def run(seat: Seat, form: Any) -> Any:
        data = dict(form.cleaned_data)
        if name:
            data[name] = data.pop("text")
        return verb(by=seat.by, case=seat.case, **data)

    return run


_STEPS = (
    Act("buka", _("Mulai verifikasi"), "clipboard-document-check", _admin, _moves(Action.OPEN),
        _plain(cases.open_case), _("Verifikasi dimulai.")),
    Act("tinjau", _("Tinjau kiriman"), "shield-exclamation", _admin, lambda seat: seat.case.held,
        _plain(cases.decide_review), _("Kiriman sudah diputus."), forms.ReviewForm),
    Act("teruskan", _("Teruskan ke unit"), "paper-airplane", _admin, _moves(Action.ASSIGN),
        _plain(cases.assign), _("Laporan diteruskan; pelapor diberi tahu."), forms.AssignForm,
        hint=_("Laporan terbit tanpa data pribadi, kecuali rahasia.")),
    Act("tanya", _("Minta dilengkapi"), "question-mark-circle", _admin, _moves(Action.ASK),
        lambda seat, form: cases.ask(
            actor=seat.user, case=seat.case, question=form.cleaned_data["question"]),
        _("Pertanyaan dikirim kepada pelapor."), forms.AskForm,
        hint=_("Batas waktu kantor berhenti sampai pelapor menjawab.")),
    Act("luar", _("Teruskan ke instansi lain"), "arrow-top-right-on-square", _admin, _moves(Action.REFER),
        _plain(cases.refer_outside), _("Pelapor diberi tahu instansi yang berwenang."), forms.ReferForm),
    Act("gabung", _("Gabung dengan laporan lain"), "document-duplicate", _admin, _moves(Action.MERGE),
        _plain(cases.merge), _("Laporan digabung."), forms.MergeForm, lock=False,
        hint=_("Dapat dipisahkan lagi.")),
    Act("pisah", _("Pisah menjadi beberapa"), "queue-list", _admin,
        lambda seat: seat.case.state == CaseState.VERIFYING and bool(seat.handling),
        _split, _("Laporan dipisah."), forms.SplitForm,
        hint=_("Hari penerimaan dan pilihan pelapor ikut ke bagian baru.")),
    Act("tolak", _("Tidak dapat diterima"), "x-circle", _admin, _moves(Action.REJECT),
        _plain(cases.reject), _("Laporan ditutup; pelapor membaca alasannya."), forms.RejectForm, danger=True),
    Act("bukan-laporan", _("Bukan laporan"), "no-symbol", _admin, _moves(Action.SPAM),
        _plain(cases.mark_spam), _("Ditandai bukan laporan."), danger=True,
        hint=_("Hilang dari halaman publik. Dapat dibatalkan.")),
    Act("batalkan", _("Batalkan keputusan"), "arrow-uturn-left", _admin, _moves(Action.UNDO),
        _undo, _("Laporan kembali ke verifikasi."), forms.ReasonForm),
    Act("terima", _("Terima laporan"), "check", _unit, _moves(Action.ACCEPT),
        _plain(cases.accept), _("Anda memegang laporan ini.")),
    Act("kembalikan", _("Bukan wewenang unit ini"), "arrow-uturn-left", _unit, _moves(Action.RETURN),
        _plain(cases.return_case), _("Dikembalikan kepada admin pengaduan."), forms.ReasonForm),
    Act("konsep", _("Susun jawaban"), "pencil-square", _unit,
        lambda seat: seat.case.state == CaseState.IN_PROCESS and (
            seat.draft is None or seat.draft.state != AnswerState.CHECKING),
        _save_draft, _("Konsep jawaban disimpan."), requests.DraftForm, button=_("Simpan konsep")),
    Act("ajukan", _("Minta pemeriksa kedua"), "eye", _unit,
        lambda seat: _drafts(seat) and not seat.unchecked,
        _plain(cases.submit_answer), _("Jawaban menunggu pemeriksa kedua.")),
    Act("terbitkan", _("Terbitkan jawaban"), "check-badge", _unit,
        lambda seat: _drafts(seat) and seat.unchecked,
        _plain(cases.submit_answer), _("Jawaban terbit; pelapor diberi tahu."), forms.PublishForm),
    Act("periksa", _("Periksa jawaban"), "check-badge", _checker,
        lambda seat: seat.draft is not None and seat.draft.state == AnswerState.CHECKING,
        _plain(cases.check_answer), _("Pemeriksaan dicatat."), forms.CheckForm),
    Act("lanjutkan", _("Buka kembali"), "arrow-path", _office,
        lambda seat: seat.moves(Action.RESUME) and seat.case.holder_unit_id is not None,
        lambda seat, form: cases.resume(actor=seat.user, case=seat.case, note=form.cleaned_data["reason"]),
        _("Laporan dibuka kembali."), forms.OptionalReasonForm),
    Act("tetap-selesai", _("Tetap selesai"), "x-circle", _admin, _moves(Action.KEEP_CLOSED),
        _plain(cases.keep_closed), _("Pelapor membaca alasannya."), forms.ReasonForm),
    Act("tetap-digabung", _("Tetap digabung"), "document-duplicate", _admin,
        lambda seat: cases.is_contested(seat.case),
        _plain(cases.keep_joined), _("Pelapor membaca alasannya."), forms.ReasonForm,
        second=lambda seat: cases.can_keep_joined(seat.user, seat.case)),
    Act("alihkan", _("Alihkan ke unit lain"), "arrow-right", _lead, _moves(Action.REROUTE),
        _plain(cases.reroute), _("Laporan dialihkan."), forms.RerouteForm, CASE),
    Act("ganti-petugas", _("Ganti petugas"), "user-plus", _lead,
        lambda seat: seat.case.state in WITH_UNIT,
        _plain(cases.reassign), _("Petugas diganti."), forms.ReassignForm, CASE),
    Act("golongkan", _("Ubah jenis, unit, atau kerahasiaan"), "tag", _admin, _open,
        _plain(cases.classify), _("Penggolongan disimpan."), forms.ClassifyForm, CASE,
        hint=_("Batas penyelesaian dihitung ulang dari hari penerimaan.")),
    Act("permohonan", _("Tangani sebagai permintaan informasi publik"), "document-magnifying-glass", _office,
        lambda seat: _convertible(seat) and seat.case.kind != CaseKind.REQUEST,
        _converted(law=True), _("Laporan menjadi permintaan informasi publik; pelapor diberi tahu."),
        requests.ConvertForm, CASE, hint=_("Batas waktu menurut UU 14/2008, dari hari penerimaan yang sama.")),
    Act("bukan-permohonan", _("Bukan permintaan informasi publik"), "arrow-uturn-left", _office,
        lambda seat: _convertible(seat) and seat.case.kind == CaseKind.REQUEST,
        _converted(law=False), _("Laporan kembali menjadi pertanyaan; pelapor diberi tahu."),
        requests.ConvertForm, CASE, hint=_("Batas waktu dihitung ulang dari hari penerimaan.")),
    Act("perpanjang", _("Perpanjang batas permintaan"), "calendar-days", _office,
        lambda seat: _convertible(seat) and seat.case.kind == CaseKind.REQUEST,
        _plain(cases.extend), _("Batas waktu diperpanjang; pelapor diberi tahu."),
        requests.ConvertForm, CASE, hint=_("Satu kali saja, sebelum batas waktunya lewat.")),
    Act("sunting", _("Sunting yang terbit"), "eye-slash", _admin,
        lambda seat: not seat.case.secret and not seat.case.held and seat.case.state != CaseState.SPAM,
        _redact, _("Teks yang terbit disimpan."), forms.RedactForm, CASE,
        hint=_("Teks asli tetap tersimpan bagi petugas.")),
    Act("pesan", _("Pesan kepada pelapor"), "envelope", _office, _open,
        _message, _("Pesan terkirim."), forms.MessageForm, WORDS, checked=False),
    Act("catatan", _("Catatan internal"), "chat-bubble-left-right", _office, lambda seat: not seat.case.held,
        _note, _("Catatan disimpan."), forms.NoteForm, WORDS, checked=False),
    Act("terlapor", _("Catat yang dilaporkan"), "user-minus", _admin, _open,
        _plain(cases.accuse), _("Yang dilaporkan dicatat; ia tidak lagi melihat laporan ini."),
        forms.AccuseForm, PEOPLE, hint=_("Orang itu, atau orang unit itu, tidak melihat laporan ini lagi.")),
    Act("minta-identitas", _("Minta identitas pelapor"), "identification", _office,
        lambda seat: seat.case.anonymous and not seat.identity and not any(
            row.state == Undecided.WAITING and row.asked_by_id == seat.user.pk for row in seat.releases),
        _plain(cases.ask_release), _("Permintaan dikirim kepada yang berwenang memutus."),
        forms.AskReleaseForm, PEOPLE, checked=False),
    Act("putus-identitas", _("Putuskan permintaan identitas"), "scale", _decider,
        lambda seat: seat.deciding is not None, _decide, _("Keputusan dicatat."), forms.DecideReleaseForm),
    Act("sembunyikan", _("Sembunyikan pesan"), "eye-slash", _admin, lambda seat: True,
        _about(cases.hide_message, "message"), _("Pesan tidak lagi dibaca umum."), forms.HideForm, ""),
    Act("tampilkan", _("Tampilkan kembali pesan"), "eye", _admin, lambda seat: True,
        _about(cases.restore_message, "message"), _("Pesan tampil kembali."), moderation.RestoreForm, ""),
    Act("putus-keberatan", _("Putuskan keberatan"), "scale", _appealed, lambda seat: True,
        lambda seat, form: cases.decide_appeal(
            actor=seat.user, case=seat.case, appeal=seat.target, **form.cleaned_data),
        _("Keputusan dicatat; pelapor diberi tahu."), moderation.DecideAppealForm, "", checked=False),
    Act("usul-foto", _("Usulkan foto untuk terbit"), "eye", _office, lambda seat: seat.case.is_public,
        _about(cases.offer_photo, "file"), _("Foto menunggu petugas lain."), moderation.OfferPhotoForm, "",
        checked=False, hint=_("Terbit setelah petugas lain melihatnya.")),
    Act("periksa-foto", _("Periksa foto"), "check-badge", _office, lambda seat: True,
        _about(cases.check_photo, "file"), _("Pemeriksaan foto dicatat."), moderation.CheckPhotoForm, "",
        checked=False),
    Act("tarik-foto", _("Tarik foto"), "eye-slash", _office, lambda seat: True,
        _about(cases.withdraw_photo, "file"), _("Foto tidak lagi terlihat umum."), forms.ReasonForm, "",
        checked=False, danger=True),
    Act("cabut-terlapor", _("Tarik catatan yang dilaporkan"), "arrow-uturn-left", _admin,
        lambda seat: bool(seat.case.accused), _plain(cases.withdraw_party), _("Catatan ditarik."),
        moderation.WithdrawPartyForm, PEOPLE,
        hint=_("Ia dapat melihat laporan ini lagi bila perannya mengizinkan.")),
    Act("lengkapi", _("Catat kelengkapan"), "document-check", _office, _reports(Action.COMPLETE),
        _spoken(cases.complete), _("Kelengkapan dicatat."), forms.SpokenForm, REPORTER),
    Act("ucapan", _("Catat pesan pelapor"), "phone", _office,
        lambda seat: _open(seat) and seat.case.state != CaseState.INCOMPLETE,
        _spoken(cases.reply), _("Pesan pelapor dicatat."), forms.SpokenForm, REPORTER, checked=False),
    Act("terjawab", _("Pelapor menerima jawaban"), "check-circle", _office, _reports(Action.CLOSE),
        lambda seat, form: cases.accept_answer(by=seat.by, case=seat.case),
        _("Laporan selesai."), group=REPORTER),
    Act("belum-terjawab", _("Pelapor menyatakan belum terjawab"), "hand-thumb-down", _office,
        lambda seat: seat.objects, _spoken(cases.object_to_answer, "reason"),
        _("Laporan kembali kepada unit."), requests.SpokenObjectionForm, REPORTER),
    Act("sengketa", _("Catat sengketa ke Komisi Informasi"), "scale", _office,
        lambda seat: cases.can_dispute(seat.case, seat.objection),
        lambda seat, form: cases.record_dispute(by=seat.by, case=seat.case, **form.cleaned_data),
        _("Tanggal sengketa dicatat."), requests.DisputeForm, REPORTER),
    Act("minta-buka", _("Pelapor minta dibuka kembali"), "arrow-path", _office,
        lambda seat: seat.reports(Action.REOPEN) and bool(cases.can_reopen(seat.case)),
        lambda seat, form: cases.reopen(by=seat.by, case=seat.case, reason=form.cleaned_data["reason"]),
        _("Permintaan dicatat."), forms.ReasonForm, REPORTER),
    Act("cabut", _("Pelapor membatalkan laporan"), "x-mark", _office, _reports(Action.CANCEL),
        lambda seat, form: cases.cancel(by=seat.by, case=seat.case, reason=form.cleaned_data["reason"]),
        _("Laporan dibatalkan."), forms.OptionalReasonForm, REPORTER, danger=True),
)  # fmt: skip
ACTS: Mapping[str, Act] = {act.name: act for act in _STEPS}


def acts_of(seat: Seat) -> list[tuple[Text, list[Act]]]:
    """(heading, acts) that this person may do now; empty groups are left out."""
    groups: dict[str, list[Act]] = {name: [] for name in GROUPS}
    for act in _STEPS:
        if act.group in groups and act.now(seat) and act.may(seat):
            groups[act.group].append(act)
    return [(GROUPS[name], acts) for name, acts in groups.items() if acts]


def refusal(act: Act, seat: Seat) -> Denied | None:
    answer = act.may(seat)
    return answer if isinstance(answer, Denied) else None


def goes_without_check(case: Case) -> bool:
    """Where a setting does without the second eye, a draft that is handed in is published at once; never the
    decision on an objection."""
    return not current_setting().second_eye and not permissions.awaits_superior(case)


def looks_first(case: Case, text: str) -> bool:
    """Where nobody checks, whoever publishes sees what would be masked before it is published."""
    return not case.secret and bool(find_personal(cleaned(text))) and goes_without_check(case)
