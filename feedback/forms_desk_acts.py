"""What officers type for one act on a case; the verbs check the rest. Each form knows its `seat`: who acts, on
which case (`desk_acts.Seat`)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from feedback.desk_look import desk_title
from feedback.enums import FILED_KINDS, Audience, CaseState
from feedback.forms_reports import files_field
from feedback.models import Case, Moderation, ResponseTemplate, Service
from feedback.rules.numbers import parse_number
from feedback.rules.personal import NEVER_KEPT, cleaned, contacts, find_personal, hide_words, preview, redact
from feedback.services import suggesting, templates
from feedback.services.cases import Part, people
from feedback.services.cases.filing import LONGEST
from feedback.services.cases.identity import last_day_of_release
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.lib.dates import today
from kepegawaian.lib.ui.formatting import day
from kepegawaian.lib.ui.forms import RadioCards, Textarea, needed_when_said
from kepegawaian.units.fields import UnitField

PARTS = 3
EXCERPT = 140
AREA = Textarea({"rows": 4})
KINDS = [(kind.value, kind.label) for kind in FILED_KINDS]
_FILES = _("Beberapa berkas sekaligus; lokasi foto dihapus.")


# --- One act --------------------------------------------------------------------------------------
class SeatForm(forms.Form):
    def __init__(self, seat: Any, *args: Any, **kwargs: Any) -> None:
        self.seat = seat
        super().__init__(*args, **kwargs)
        if "template" in self.fields:
            rows = templates.for_case(seat.case)
            if rows.exists():
                self.fields["template"].queryset = rows  # type: ignore[attr-defined]
            else:
                del self.fields["template"]

    @property
    def text_field(self) -> str:
        return "question" if "question" in self.fields else "text"


def template_field() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        ResponseTemplate.objects.none(),
        label=_("Mulai dari templat"),
        required=False,
        empty_label=_("Tanpa templat"),
    )


class NothingForm(SeatForm):
    """An act of one click."""


class ReasonForm(SeatForm):
    reason = forms.CharField(label=_("Alasan"), max_length=1000, widget=AREA)


class OptionalReasonForm(SeatForm):
    reason = forms.CharField(label=_("Alasan"), max_length=1000, required=False, widget=AREA)


class ReviewForm(SeatForm):
    passed = forms.TypedChoiceField(
        label=_("Setelah dilihat"),
        choices=[("1", _("Loloskan")), ("0", _("Bukan laporan"))],
        coerce=lambda value: value == "1",
        widget=RadioCards(
            hints={
                "1": _("Menjadi laporan biasa; batas waktu tetap sejak diterima."),
                "0": _("Ditutup sebagai bukan laporan; dapat dibatalkan."),
            }
        ),
    )


class AssignForm(SeatForm):
    unit = UnitField(label=_("Unit yang berwenang"))
    public_text = forms.CharField(
        label=_("Keterangan untuk umum"), required=False, max_length=1000, widget=AREA,
        help_text=_("Terbit di perjalanan laporan."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Catatan untuk unit"), required=False, max_length=1000, widget=AREA,
        help_text=_("Hanya petugas yang membaca."),
    )  # fmt: skip


class AskForm(SeatForm):
    template = template_field()
    question = forms.CharField(label=_("Yang perlu dilengkapi"), max_length=4000, widget=AREA)


class ClassifyForm(SeatForm):
    kind = forms.ChoiceField(label=_("Jenis laporan"), choices=KINDS)
    unit = UnitField(label=_("Unit yang dimaksud"), required=False)
    service = forms.ModelChoiceField(Service.objects.none(), label=_("Layanan"), required=False)
    secret = forms.BooleanField(
        label=_("Jadikan rahasia"),
        required=False,
        help_text=_("Langsung hilang dari halaman publik. Hanya pelapor yang dapat membukanya lagi."),
    )

    def __init__(self, seat: Any, *args: Any, **kwargs: Any) -> None:
        case = seat.case
        kwargs["initial"] = {
            "kind": case.kind, "unit": case.unit, "service": case.service, **(kwargs.get("initial") or {})
        }  # fmt: skip
        super().__init__(seat, *args, **kwargs)
        if case.kind not in FILED_KINDS:
            self.fields["kind"].choices = [(case.kind, case.get_kind_display())]  # type: ignore[attr-defined]
        self.fields["service"].queryset = Service.objects.active().select_related("unit")  # type: ignore[attr-defined]
        if case.secret:
            del self.fields["secret"]


class ReferForm(SeatForm):
    agency = forms.CharField(label=_("Instansi tujuan"), max_length=200)
    reason = forms.CharField(
        label=_("Penjelasan bagi pelapor"), max_length=1000, widget=AREA, help_text=_("Terbit bersama laporan.")
    )


class RejectForm(SeatForm):
    reason = forms.ChoiceField(label=_("Alasan"), choices=Moderation.Reason.choices)
    explanation = forms.CharField(
        label=_("Penjelasan bagi pelapor"),
        max_length=500,
        widget=AREA,
        help_text=_("Pelapor membacanya dan dapat keberatan. Alasan dihitung dalam statistik publik."),
    )


class MergeForm(SeatForm):
    """Cases that may be the same are offered; any other is named by its number."""

    same = forms.ChoiceField(label=_("Laporan serupa yang masih berjalan"), required=False)
    main = forms.CharField(
        label=_("Nomor laporan utama"), max_length=60, help_text=_("Laporan ini berakhir di sana; nomornya tetap.")
    )
    reason = forms.CharField(label=_("Alasan"), required=False, max_length=300)

    def __init__(self, seat: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(seat, *args, **kwargs)
        found = suggesting.likely_same(seat.case, seat.user)
        if not found:
            del self.fields["same"]
            return
        same, main = self.fields["same"], self.fields["main"]
        same.widget = RadioCards(hints={row.number: _about_case(row) for row in found})
        others = ("", _("Laporan lain, dengan nomornya di bawah"))
        same.choices = [*((row.number, f"{row.number} · {desk_title(row)}") for row in found), others]  # type: ignore[attr-defined]
        main.required = False
        needed_when_said(same, main)

    def clean_main(self) -> Case:
        chosen, typed = self.cleaned_data.pop("same", ""), self.cleaned_data["main"]
        number = parse_number(typed or chosen) or ""
        if typed and chosen and number != chosen:
            raise forms.ValidationError(_("Pilih satu laporan, atau tulis nomornya; jangan keduanya."))
        found = Case.objects.handled_by(self.seat.user).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(_("Laporan dengan nomor ini tidak ditemukan."))
        return found


def _about_case(row: Case) -> str:
    parts = [CaseState(row.state).label, row.unit.name if row.unit else "", day(row.received_on, weekday=False)]
    if not row.secret:
        parts.append(Truncator(preview(row.text)).chars(EXCERPT))
    return " · ".join(str(part) for part in parts if part)


class SplitForm(SeatForm):
    """Up to `PARTS` further matters; a part counts when its title or text is filled in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for n in range(1, PARTS + 1):
            head = {"number": n}
            self.fields[f"title_{n}"] = forms.CharField(
                label=_("Judul bagian %(number)d") % head, max_length=150, required=n == 1
            )
            self.fields[f"text_{n}"] = forms.CharField(
                label=_("Isi bagian %(number)d") % head, max_length=LONGEST, required=n == 1, widget=AREA
            )
            self.fields[f"kind_{n}"] = forms.ChoiceField(
                label=_("Jenis bagian %(number)d") % head,
                required=False,
                choices=[("", _("Sama dengan laporan ini")), *KINDS],
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for n in range(2, PARTS + 1):
            title, text = data.get(f"title_{n}", ""), data.get(f"text_{n}", "")
            if text and not title:
                self.add_error(f"title_{n}", _("Isi judulnya."))
            if title and not text:
                self.add_error(f"text_{n}", _("Tuliskan isi bagian ini."))
        return data

    def parts(self) -> list[Part]:
        data = self.cleaned_data
        return [
            Part(text=data[f"text_{n}"], title=data[f"title_{n}"], kind=data[f"kind_{n}"])
            for n in range(1, PARTS + 1)
            if data[f"title_{n}"]
        ]


class RerouteForm(ReasonForm):
    unit = UnitField(label=_("Unit baru"))
    field_order = ("unit", "reason")


def officers_of(case: Case) -> list[User]:
    """Liaisons whose role covers the unit that holds the case, the nearest first."""
    if case.holder_unit is None:
        return []
    return unique(user for _depth, user in people.holders(Role.COMPLAINT_LIAISON, case.holder_unit))


def unique(users: Iterable[User]) -> list[User]:
    return list({user.pk: user for user in users}.values())


class PeopleField(forms.TypedChoiceField):
    """One of a few officers, by name."""

    def __init__(self, **kwargs: Any) -> None:
        self.people: dict[str, User] = {}
        super().__init__(empty_value=None, **kwargs)

    def offer(self, users: Iterable[User]) -> None:
        """Called on the form's own copy of the field."""
        self.people = {str(user.pk): user for user in users}
        self.coerce = self._person
        self.choices = [("", _("Pilih")), *((key, user.name) for key, user in self.people.items())]

    def _person(self, key: str) -> User:
        return self.people[key]


class ReassignForm(SeatForm):
    officer = PeopleField(label=_("Petugas baru"))
    note = forms.CharField(label=_("Catatan"), required=False, max_length=1000, widget=AREA)

    def __init__(self, seat: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(seat, *args, **kwargs)
        rows = [user for user in officers_of(seat.case) if user.pk != seat.case.officer_id]
        self.fields["officer"].offer(rows)  # type: ignore[attr-defined]


class KeepForm(SeatForm):
    """Of words for everybody; `keep` as for the redaction of a report."""

    keep = forms.MultipleChoiceField(
        label=_("Kontak kantor yang tetap terbit"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Yang tidak dicentang disamarkan bagi umum. NIK dan NIP selalu disamarkan."),
    )

    def __init__(self, seat: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(seat, *args, **kwargs)
        self.found = contacts(self.words())
        if self.found:
            self.fields["keep"].choices = [(text, text) for text in self.found]  # type: ignore[attr-defined]
        else:
            del self.fields["keep"]

    def words(self) -> str:
        """What everybody will read, as it was typed."""
        raise NotImplementedError


class PublishForm(KeepForm):
    """Of the draft that is to be published."""

    def words(self) -> str:
        return self.seat.draft.text if self.seat.draft is not None and not self.seat.case.secret else ""


class CheckForm(PublishForm):
    ok = forms.TypedChoiceField(
        label=_("Hasil pemeriksaan"),
        choices=[("1", _("Terbitkan")), ("0", _("Kembalikan kepada penyusun"))],
        coerce=lambda value: value == "1",
        widget=RadioCards(
            hints={"1": _("Pelapor diberi tahu dan punya waktu menanggapi."), "0": _("Tulis apa yang kurang.")}
        ),
    )
    note = forms.CharField(label=_("Catatan bagi penyusun"), required=False, max_length=1000, widget=AREA)


class MessageForm(KeepForm):
    """A message for everybody with contacts in it is shown once more before it is sent: which of them stay?
    `looked`: those that were shown."""

    template = template_field()
    text = forms.CharField(label=_("Pesan"), max_length=LONGEST, widget=AREA)
    audience = forms.ChoiceField(
        label=_("Siapa yang membaca"),
        choices=[choice for choice in Audience.choices if choice[0] != Audience.INTERNAL],
        initial=Audience.REPORTER,
        widget=forms.RadioSelect,
    )
    looked = forms.CharField(required=False, widget=forms.HiddenInput)
    files = files_field(_FILES)  # type: ignore[assignment]
    field_order = ("template", "text", "audience", "keep", "files")

    def __init__(self, seat: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(seat, *args, **kwargs)
        if not seat.case.is_public:
            self.fields["audience"].choices = [(Audience.REPORTER, Audience.REPORTER.label)]  # type: ignore[attr-defined]

    def words(self) -> str:
        public = self.seat.case.is_public and self.data.get("audience") == Audience.PUBLIC
        return str(self.data.get("text", "")) if public else ""

    def clean(self) -> dict[str, Any]:
        data, shown = super().clean() or {}, " ".join(self.found)
        if self.found and data.get("looked") != shown:
            shown_now: Any = self.data.copy()  # type: ignore[attr-defined]
            shown_now["looked"] = shown
            self.data = shown_now
            self.add_error("keep", _("Pesan ini memuat kontak. Centang yang tetap terbit, lalu kirim lagi."))
        return data


class NoteForm(SeatForm):
    text = forms.CharField(
        label=_("Catatan internal"), max_length=LONGEST, widget=AREA, help_text=_("Hanya petugas yang membaca.")
    )
    mentions = forms.MultipleChoiceField(
        label=_("Panggil"), required=False, widget=forms.CheckboxSelectMultiple, help_text=_("Mereka diberi tahu.")
    )

    def __init__(self, seat: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(seat, *args, **kwargs)
        case = seat.case
        known = unique([*officers_of(case), *people.admins_for(case), *people.leaders_of(case, government=False)])
        self.people = {str(user.pk): user for user in known if user.pk != seat.user.pk}
        if self.people:
            self.fields["mentions"].choices = [(key, user.name) for key, user in self.people.items()]  # type: ignore[attr-defined]
        else:
            del self.fields["mentions"]

    def called(self) -> list[User]:
        return [self.people[key] for key in self.cleaned_data.get("mentions", ())]


class RedactForm(SeatForm):
    """`words` and the ticked findings are taken out by "propose"; what stands in the boxes is what is saved."""

    title = forms.CharField(label=_("Judul yang terbit"), max_length=150)
    text = forms.CharField(label=_("Isi yang terbit"), max_length=9000, widget=Textarea({"rows": 12}))
    words = forms.CharField(
        label=_("Nama dan kata lain yang disembunyikan"),
        required=False,
        max_length=500,
        help_text=_("Pisahkan dengan koma, lalu pilih “Susun usulan”."),
    )
    keep = forms.MultipleChoiceField(
        label=_("Data pribadi yang ditemukan"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Centang yang boleh tetap terbit, misalnya nomor kantor. NIK dan NIP selalu disamarkan."),
    )
    reason = forms.ChoiceField(
        label=_("Alasan"), choices=Moderation.Reason.choices, initial=Moderation.Reason.PERSONAL
    )
    field_order = ("keep", "words", "title", "text", "reason")

    def __init__(self, seat: Any, *args: Any, **kwargs: Any) -> None:
        case = seat.case
        kwargs["initial"] = {
            "title": case.published_title or preview(case.title)[:150],
            "text": case.published_text or preview(case.text),
            **(kwargs.get("initial") or {}),
        }
        super().__init__(seat, *args, **kwargs)
        self.clean_original = cleaned(case.text)
        self.findings = [row for row in find_personal(self.clean_original) if row.kind not in NEVER_KEPT]
        if self.findings:
            self.fields["keep"].choices = [(str(row.start), row.text) for row in self.findings]  # type: ignore[attr-defined]
        else:
            del self.fields["keep"]

    @classmethod
    def proposed(cls, seat: Any, data: Any) -> "RedactForm":
        """A fresh form with what the findings and the words make of the original."""
        keep = [int(value) for value in data.getlist("keep") if value.isdigit()]
        words = [word for word in data.get("words", "").split(",") if word.strip()]
        original = cleaned(seat.case.text)
        text = hide_words(redact(original, find_personal(original), keep=keep), words)
        title = hide_words(preview(seat.case.title), words)
        initial = {
            "title": title[:150],
            "text": text,
            "words": data.get("words", ""),
            "keep": data.getlist("keep"),
            "reason": data.get("reason", Moderation.Reason.PERSONAL),
        }
        return cls(seat, initial=initial)


class AccuseForm(SeatForm):
    name = forms.CharField(label=_("Nama yang dilaporkan"), required=False, max_length=150)
    nip = forms.CharField(label=_("NIP"), required=False, max_length=30)
    unit = UnitField(label=_("Unit yang dilaporkan"), required=False)


class HideForm(RejectForm):
    explanation = forms.CharField(
        label=_("Penjelasan bagi penulisnya"),
        max_length=300,
        widget=AREA,
        help_text=_("Penulisnya dapat keberatan."),
    )


class AskReleaseForm(SeatForm):
    reason = forms.CharField(label=_("Mengapa identitas diperlukan"), max_length=1000, widget=AREA)
    basis = forms.CharField(label=_("Dasar hukum"), max_length=200)


class DecideReleaseForm(SeatForm):
    granted = forms.TypedChoiceField(
        label=_("Keputusan"),
        choices=[("1", _("Kabulkan")), ("0", _("Tolak"))],
        coerce=lambda value: value == "1",
        widget=RadioCards(),
    )
    decision = forms.CharField(label=_("Pertimbangan"), max_length=1000, widget=AREA)

    def __init__(self, seat: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(seat, *args, **kwargs)
        last = last_day_of_release()
        days = (last - today()).days
        opened = ngettext(
            "Identitas terbuka %(days)d hari, sampai %(until)s, hanya bagi yang meminta.",
            "Identitas terbuka %(days)d hari, sampai %(until)s, hanya bagi yang meminta.",
            days,
        )
        self.fields["granted"].widget.hints = {"1": opened % {"days": days, "until": day(last)}}  # type: ignore[attr-defined]


class SpokenForm(SeatForm):
    """What the reporter said at the desk or on the phone."""

    text = forms.CharField(label=_("Yang disampaikan pelapor"), max_length=LONGEST, widget=AREA)
    files = files_field(_FILES)  # type: ignore[assignment]
