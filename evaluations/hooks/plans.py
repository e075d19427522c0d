"""What the part "plans" adds to the core: kinds of items, pages behind the doors, sections of a person's page."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluations.enums import LIVE_PLANS, PlanState
from evaluations.models import Participant, PlanStep
from evaluations.permissions.common import is_person
from evaluations.rules.matrix import matrix_on
from evaluations.sections import Facts, Reads, Section, register_section
from evaluations.selectors import person_year
from evaluations.selectors.plans_team import history_of
from evaluations.selectors.readers import Reader
from evaluations.services.plans_steps import ITEM_AGREE, ITEM_RETURNED
from evaluations.views.plans_chart import Chart
from evaluations.views.plans_pages import deadline_of, limits_of, timeline
from kepegawaian.audit.registry import register_verbs
from kepegawaian.lib.prepared import Slots
from kepegawaian.lib.ui import shell
from kepegawaian.work.registry import ItemKind, register_kind

VERBS = {
    "evaluations.plan_started": gettext_lazy("Memulai SKP"),
    "evaluations.plan_edited": gettext_lazy("Mengubah isi SKP"),
    "evaluations.plan_discarded": gettext_lazy("Menghapus draf SKP"),
    "evaluations.plan_submit": gettext_lazy("Mengajukan SKP"),
    "evaluations.plan_withdraw": gettext_lazy("Menarik SKP"),
    "evaluations.plan_return": gettext_lazy("Mengembalikan SKP"),
    "evaluations.plan_agree": gettext_lazy("Menyepakati SKP"),
    "evaluations.plan_change": gettext_lazy("Memulai perubahan SKP"),
    "evaluations.plan_version_begun": gettext_lazy("Membuat versi baru SKP"),
    "evaluations.plan_supersede": gettext_lazy("Mengganti SKP dengan versi baru"),
    "evaluations.plan_hand_over": gettext_lazy("Memindahkan SKP ke pejabat penilai baru"),
    "evaluations.plan_linked": gettext_lazy("Mengaitkan hasil kerja dengan SKP atasan"),
    "evaluations.plan_commented": gettext_lazy("Menanggapi SKP"),
    "evaluations.plan_settled": gettext_lazy("Menyelesaikan tanggapan SKP"),
    "evaluations.plan_shared": gettext_lazy("Membagikan SKP sebagai contoh"),
    "evaluations.plan_matrix_filled": gettext_lazy("Mengisi matriks peran dan hasil"),
}


def item_line(context: Mapping[str, Any]) -> str:
    """Under the name in the inbox: "SKP 2026 · Analis Kebijakan"; from the second version on with its number."""
    parts = [_("SKP %(year)s") % {"year": context.get("year", "")}]
    if context.get("number", 1) > 1:
        parts.append(_("versi %(number)s") % {"number": context["number"]})
    if context.get("position"):
        parts.append(context["position"])
    return " · ".join(parts)


def plan_reads(reader: Reader, slot: Slots) -> Reads:
    steps = PlanStep.objects.filter(plan__participant=slot("participant"))
    return {
        person_year.PLANS: person_year.plans(slot),
        person_year.POSTINGS: person_year.postings(slot),
        "steps": steps.select_related("actor").order_by("id"),
        "limits": limits_of(slot("cycle")),
    }


def plan_section(request: HttpRequest, participant: Participant, facts: Facts) -> dict[str, Any] | None:
    """The plan of the year: where it stands, with whom since when, and what comes next."""
    own = is_person(request.user, participant.employee)
    rows = facts[person_year.PLANS]
    plans = person_year.readable_plans(rows, own=own)
    for plan in plans:
        plan.participant = participant
    taken = {row.posting_id for row in rows if row.state in (*LIVE_PLANS, PlanState.AGREED)}
    free = any(posting.pk not in taken for posting in facts[person_year.POSTINGS])
    shown = plans[0] if plans else None
    steps = [step for step in facts["steps"] if shown and step.plan_id == shown.pk]
    return {
        "participant": participant,
        "own": own,
        "plan": shown,
        "state": PlanState(shown.state) if shown else None,
        "earlier": [(row, PlanState(row.state)) for row in plans[1:]],
        "steps": timeline(shown, steps, deadline_of(shown, dict(facts["limits"]))) if shown else [],
        "may_start": own and free and participant.cycle.closed_at is None and not participant.excused_reason,
        "editable": own and shown is not None and shown.state in (PlanState.DRAFT, PlanState.RETURNED),
    }


def history_reads(reader: Reader, slot: Slots) -> Reads:
    return {person_year.EVALUATIONS: person_year.evaluations(reader, slot)}


def history_section(request: HttpRequest, participant: Participant, facts: Facts) -> dict[str, Any] | None:
    marks = history_of(facts[person_year.EVALUATIONS])
    return {"marks": marks, "chart": Chart.of(marks), "source": matrix_on().citation} if marks else None


def _takes_part(request: HttpRequest) -> bool:
    """Only the verbs of `employees` give a user a number, so this costs no statement."""
    return bool(getattr(request.user, "nip", None))


def register() -> None:
    """Called once, from the package's `register`."""
    register_verbs(VERBS)
    register_kind(ItemKind(ITEM_AGREE, gettext_lazy("Persetujuan SKP"), "document-check", line=item_line))
    register_kind(ItemKind(ITEM_RETURNED, gettext_lazy("Perbaikan SKP"), "pencil-square", line=item_line))
    register_section(Section("plan", "evaluations/plans/_section.html", plan_section, plan_reads, 10))
    register_section(Section("history", "evaluations/plans/_history.html", history_section, history_reads, 90))
    shell.register(
        shell.MenuEntry(
            shell.MY,
            gettext_lazy("Kinerja saya"),
            "evaluations:mine",
            "chart-bar",
            visible=_takes_part,
            order=30,
            hint=gettext_lazy("SKP, realisasi, umpan balik, dan hasil penilaian per tahun."),
        )
    )
    shell.register(
        shell.MenuEntry(
            shell.TEAM,
            gettext_lazy("Kinerja tim"),
            "evaluations:team",
            "users",
            visible=_takes_part,
            order=30,
            hint=gettext_lazy("SKP dan predikat orang yang Anda nilai."),
        )
    )
