"""What the part "follow_up" adds to the core: items of the inbox, pages behind the doors, sections of a person's
page, documents and exports, and what it does when a result comes to count."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from evaluations.enums import ChainState, CoachingKind, RecommendationKind
from evaluations.exporting import EXPORTS, LABELS
from evaluations.models import Participant
from evaluations.permissions.common import is_person
from evaluations.permissions.follow_up import can_export, can_see_talent, can_view_credits
from evaluations.registry import on_plan_agreed, on_result_change
from evaluations.sections import Facts, Reads, Section, register_section
from evaluations.selectors.credits import entries_of, span_reads, standing_from
from evaluations.selectors.readers import Reader
from evaluations.services import coaching, credits, credits_approval, follow_up, papers
from evaluations.views import follow_up as follow_up_views
from evaluations.views import papers as papers_views
from evaluations.views.credits_drawn import CreditsDrawn
from kepegawaian.audit.registry import register_verbs
from kepegawaian.employees.enums import PositionKind
from kepegawaian.employees.models import Employee
from kepegawaian.employees.person import PersonPanel, register_panel
from kepegawaian.lib.dates import today
from kepegawaian.lib.prepared import Slots
from kepegawaian.lib.ui import shell
from kepegawaian.work.registry import ItemKind, register_kind

VERBS = {
    "evaluations.credit_converted": _("Mengonversi predikat menjadi angka kredit"),
    "evaluations.credit_entered": _("Memasukkan angka kredit"),
    "evaluations.credit_reversed": _("Mengoreksi angka kredit"),
    "evaluations.credits_asked": _("Mengajukan penetapan angka kredit"),
    "evaluations.credits_waiting": _("Meneruskan penetapan angka kredit kepada pejabat penilai"),
    "evaluations.credits_approved": _("Menetapkan angka kredit"),
    "evaluations.credits_returned": _("Mengembalikan angka kredit"),
    "evaluations.jenjang_entered": _("Mengisi jenjang jabatan fungsional"),
    "evaluations.recommended": _("Mengusulkan tindak lanjut kinerja"),
    "evaluations.recommendation_answered": _("Menjawab usul tindak lanjut kinerja"),
    "evaluations.talent_placed": _("Mencatat potensi dan kotak talenta"),
    "evaluations.coaching_opened": _("Merencanakan pembinaan kinerja"),
    "evaluations.coaching_session": _("Mencatat pertemuan pembinaan"),
    "evaluations.competency_checked": _("Menilai kompetensi sesudah pembinaan"),
    "evaluations.coaching_closed": _("Menutup pembinaan kinerja"),
    "evaluations.coaching_reviewed": _("Mengulas pembinaan"),
    "evaluations.chain_opened": _("Membuka masa perbaikan kinerja"),
    "evaluations.chain_found": _("Mencatat hasil masa perbaikan"),
    "evaluations.chain_tested": _("Mencatat uji kompetensi"),
    "evaluations.chain_decided": _("Mencatat keputusan sesudah masa perbaikan"),
    "evaluations.exported_years": _("Mengekspor hasil kinerja tahunan"),
    "evaluations.exported_periods": _("Mengekspor hasil kinerja periodik"),
}


_CREDITS = ("posts", "ranks", "jenjang", "credit entries")


def item_line(context: Mapping[str, Any]) -> str:
    """Under the name in the inbox: "Bimbingan kinerja · 2026"."""
    if "line" in context:
        return str(context["line"])
    said = ""
    for choices in (CoachingKind, RecommendationKind):
        if context.get("kind") in choices.values:
            said = str(choices(context["kind"]).label)
    if context.get("state") in ChainState.values:
        said = str(ChainState(context["state"]).label)
    year = context.get("year", "")
    return " · ".join(part for part in (said, str(year)) if part)


def has_credits(request: HttpRequest, participant: Participant) -> bool:
    employee = participant.employee
    functional = employee.current_position_kind == PositionKind.FUNCTIONAL
    return functional and bool(can_view_credits(request.user, employee))


def credit_reads(reader: Reader, slot: Slots) -> Reads:
    employee = slot("employee")
    return dict(zip(_CREDITS, (*span_reads(employee), entries_of(employee)), strict=True))


def credit_section(request: HttpRequest, participant: Participant, facts: Facts) -> dict[str, Any] | None:
    """Points of a functional official, on his page."""
    employee = participant.employee
    *known, entries = (facts[name] for name in _CREDITS)
    standing = standing_from(employee, known, entries, on=today())
    own = is_person(request.user, employee)
    return {"employee": employee, "own": own, "standing": standing, "drawn": CreditsDrawn(standing, {})}


def credit_panel(request: HttpRequest, person: Employee) -> dict[str, Any] | None:
    """On the record of a functional official: the way to the points. No statement of its own."""
    functional = person.current_position_kind == PositionKind.FUNCTIONAL
    return {"person": person} if functional and can_view_credits(request.user, person) else None


def register() -> None:
    """Called once, from the package's `register`."""
    register_verbs(VERBS)
    for kind, label, icon in (
        (credits.JENJANG_ITEM, _("Jenjang jabatan fungsional"), "academic-cap"),
        (credits_approval.ITEM, _("PAK menunggu penetapan"), "calculator"),
        (credits_approval.RETURNED_ITEM, _("PAK dikembalikan pejabat penilai"), "arrow-uturn-left"),
        (follow_up.ITEM_ANSWER, _("Usul tindak lanjut kinerja"), "light-bulb"),
        (coaching.ITEM_COACH, _("Pembinaan kinerja"), "lifebuoy"),
        (coaching.ITEM_REVIEW, _("Ulasan pembinaan kinerja"), "clipboard-document-list"),
        (coaching.ITEM_CHAIN, _("Masa perbaikan kinerja"), "clock"),
    ):
        register_kind(ItemKind(kind, label, icon, line=item_line))
    papers.register()
    for code, export in EXPORTS.items():
        export.register(LABELS[code])
    for follow in (credits.follow_result, follow_up.follow_result, papers.follow_result):
        on_result_change(follow)
    on_plan_agreed(papers.follow_plan)
    register_panel(PersonPanel("evaluations.credits", "evaluations/follow_up/_panel.html", credit_panel, 65))
    steps, points, letters = (
        "evaluations/follow_up/_section.html",
        "evaluations/follow_up/_section_credits.html",
        "evaluations/follow_up/_section_papers.html",
    )
    for section in (
        Section("follow_up", steps, follow_up_views.section, follow_up_views.section_reads, 60),
        Section("credits", points, credit_section, credit_reads, 70, has_credits),
        Section("papers", letters, papers_views.section, papers_views.section_reads, 80),
    ):
        register_section(section)
    _register_menu()


def _register_menu() -> None:
    shell.register(
        shell.MenuEntry(
            shell.OFFICE,
            _("Talenta"),
            "evaluations:talent",
            "star",
            visible=lambda request: bool(can_see_talent(request.user)),
            order=64,
            hint=_("Sembilan kotak kinerja dan potensi."),
        )
    )
    shell.register(
        shell.MenuEntry(
            shell.OFFICE,
            _("Ekspor kinerja"),
            "evaluations:exports",
            "arrow-up-tray",
            visible=lambda request: bool(can_export(request.user)),
            order=66,
            hint=_("Hasil tahunan dan periodik dalam bentuk SIASN."),
        )
    )
