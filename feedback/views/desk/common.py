"""What the pages of the desk share: which case this person may open; opening a secret one is written down."""

import uuid
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from feedback.models import Case, Watch
from feedback.services import cases


def found_case(request: HttpRequest, pk: uuid.UUID) -> Case:
    """404 for whoever's role does not show it, as if there were none."""
    reader: Any = request.user
    watched = Watch.objects.filter(case=OuterRef("pk"), user=reader)
    rows = Case.objects.handled_by(request.user).select_related(
        "unit", "holder_unit", "officer", "service__unit", "merged_into", "split_from", "filed_by"
    )
    rows = rows.annotate(watched=Exists(watched))
    case: Case = get_object_or_404(rows, pk=pk)
    if case.secret:
        cases.note_reading(case, request.user)
    return case


def private(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """What no cache may keep."""
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
