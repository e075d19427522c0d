"""One case for those who handle it: what was written beside what is read, the way it took, what may be done."""

import uuid
from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from feedback import permissions
from feedback.desk_acts import Seat, acts_of
from feedback.desk_look import is_late, story, thread_of
from feedback.models import Case, CaseClock, CaseFile, ReadKind, ReadLog
from feedback.papers_cases import bundle_answer, can_bundle
from feedback.report_look import drawn_clocks, drawn_point
from feedback.request_look import information_of
from feedback.rules.personal import MASKS, cleaned, find_personal, preview
from feedback.services import cases, desk
from feedback.views.desk.common import found_case, private
from kepegawaian.documents.downloads import download
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.prepared import Prepared, Slots
from kepegawaian.lib.ui.pages import paginate

_LIMITS: Prepared[CaseClock] = Prepared(
    lambda slot: CaseClock.objects.filter(case=slot("case")).order_by(
        F("stopped_on").desc(nulls_first=True), "due_on", "id"
    )
)


def _kin(rows: QuerySet[Case], user: Any, slot: Slots) -> QuerySet[Case]:
    """What was joined with a case and what was split from it."""
    rows = rows.filter(Q(merged_into=slot("pk")) | Q(split_from=slot("pk")))
    return rows.only("number", "merged_into", "split_from").order_by("id")


@require_safe
def page(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    case = found_case(request, pk)
    seat = Seat(request.user, case)
    kin = desk.scoped(request.user, _kin).all(pk=case.pk)
    limits = _LIMITS.all(case=case.pk)
    kinds = [finding.kind for finding in find_personal(cleaned(case.text))]
    context = {
        "case": case,
        "seat": seat,
        "late": is_late(case),
        "groups": acts_of(seat),
        "map": drawn_point(case),
        "masked_title": preview(case.title),
        "shown_title": case.published_title or preview(case.title),
        "shown_text": case.published_text or preview(case.text),
        "masked": [(MASKS[kind], kinds.count(kind)) for kind in dict.fromkeys(kinds)],
        "thread": thread_of(case, request.GET.get("page", "")),
        "story": story(case, whole=request.GET.get("langkah") == "semua"),
        "limits": limits,
        "information": information_of(case, limits),
        "bundle": bool(seat.handling) and bool(can_bundle(limits)),
        "parties": case.accused if seat.handling else [],
        "duplicates": [row for row in kin if row.merged_into_id == case.pk],
        "parts": [row for row in kin if row.split_from_id == case.pk],
    }
    return private(request, "feedback/desk/case.html", context)


@require_safe
def clocks(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """How each deadline came about."""
    case = found_case(request, pk)
    context = {"case": case, "clocks": drawn_clocks(case, get_language() or "id")}
    return private(request, "feedback/desk/clocks.html", context)


@require_safe
def bundle(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What the reporter may take to the Ombudsman: for the admin, once the last limit has passed."""
    case = found_case(request, pk)
    demand(permissions.can_handle(request.user, case))
    return bundle_answer(case)


@require_POST
def identity(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Shown on the answer to the POST alone; that it was read is in the log."""
    case = found_case(request, pk)
    context = {"case": case, "identity": cases.reveal(actor=request.user, case=case)}
    return private(request, "feedback/desk/identity.html", context)


@require_safe
def reads(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Who opened a secret case, its files or the reporter's identity: for the admin."""
    case = found_case(request, pk)
    demand(Seat(request.user, case).handling)
    rows = ReadLog.objects.filter(case=case).select_related("reader")
    return private(request, "feedback/desk/reads.html", {"case": case, "page": paginate(rows, request)})


@require_safe
def file(request: HttpRequest, pk: uuid.UUID, file_pk: uuid.UUID) -> HttpResponse:
    """A file of a case; of a secret one, that it was read is in the log."""
    case = found_case(request, pk)
    row = get_object_or_404(CaseFile.objects.select_related("stored", "offered"), pk=file_pk, case=case)
    stored = row.offered or row.stored if request.GET.get("versi") == "umum" else row.stored
    response = download(stored)
    if case.secret:
        cases.note_reading(case, request.user, ReadKind.FILE)
    return response  # type: ignore[return-value]
