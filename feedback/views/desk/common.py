"""What the pages of the desk share: which case this person may open; opening a secret one is written down."""

import uuid
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from feedback.enums import CaseState
from feedback.models import Case, Watch
from feedback.services import cases, desk
from kepegawaian.lib.prepared import Slots


def _one(rows: QuerySet[Case], user: Any, slot: Slots) -> QuerySet[Case]:
    """What few cases have (joined with another one, written down by an officer) is asked for where it is shown:
    planning the joins took longer than reading the case."""
    return _drawn(rows, user).filter(pk=slot("pk"))


def _drawn(rows: QuerySet[Case], user: Any) -> QuerySet[Case]:
    watched = Watch.objects.filter(case=OuterRef("pk"), user_id=user.pk)
    return rows.select_related("unit", "holder_unit", "officer", "service").annotate(watched=Exists(watched))


def _objected_spam(user: Any, pk: uuid.UUID) -> Case | None:
    """What the role does not show, but an objection waits for this person."""
    case = _drawn(Case.objects.filter(state=CaseState.SPAM), user).filter(pk=pk).first()
    return case if case is not None and cases.decides_on_spam(user, case) else None


def found_case(request: HttpRequest, pk: uuid.UUID) -> Case:
    """404 for whoever's role does not show it, as if there were none."""
    case: Case | None = desk.scoped(request.user, _one).first(pk=pk) or _objected_spam(request.user, pk)
    if case is None:
        raise Http404
    if case.secret:
        cases.note_reading(case, request.user)
    return case


def private(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """What no cache may keep."""
    response = render(request, template, context, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
