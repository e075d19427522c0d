"""What the citizens' pages share: who is asking from where, which case he may open, answers that tell nothing."""

import functools
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.postgres.expressions import ArraySubquery
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from feedback.forms_reports import TrackForm
from feedback.models import Case, Reporter
from feedback.permissions import Reporting
from feedback.rules.numbers import parse_number
from feedback.rules.origins import network_of
from feedback.services.cases.filing import MAX_FILE_MB, MAX_FILES
from kepegawaian.lib.prepared import Prepared, Slots

Response = TypeVar("Response", bound=HttpResponseBase)
View = Callable[..., HttpResponse]
LARGEST_BODY = (MAX_FILES * MAX_FILE_MB + 1) * 1024 * 1024
ACCESS_COOKIE, ACCESS_SECONDS = "laporan", 30 * 60
"""Whoever has shown the PIN may come and go for so long; the cookie ends with the browser."""
_FORM_SALT, _ACCESS_SALT = "feedback.form", "feedback.access"


# --- Requests -------------------------------------------------------------------------------------
def citizens_form(view: View) -> View:
    """For everybody. Too large a body is refused by its announced size, before anything of it is read; pages are
    the person's own and kept by nobody."""

    protected = csrf_protect(view)

    @csrf_exempt
    @login_not_required
    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > LARGEST_BODY:
            response = render(request, "feedback/reports/too_large.html", {"size": MAX_FILE_MB}, status=413)
        else:
            response = protected(request, *args, **kwargs)
        return kept_by_nobody(response)

    return wrapper


def kept_by_nobody(response: Response) -> Response:
    response["Cache-Control"] = "private, no-store"
    response.setdefault("Referrer-Policy", "same-origin")
    response["X-Robots-Tag"] = "noindex"
    return response


def network(request: HttpRequest) -> str:
    try:
        return network_of(get_adapter().get_client_ip(request))
    except PermissionDenied:
        return network_of(None)


def person(request: HttpRequest) -> Any:
    """The account, or None."""
    return request.user if request.user.is_authenticated else None


# --- The form's own token -------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class FormToken:
    """`key` makes sending twice the same as sending once; `since` when the form was opened (seconds)."""

    key: str
    since: float

    @property
    def text(self) -> str:
        return signing.dumps([self.key, self.since], salt=_FORM_SALT)

    @property
    def seconds(self) -> float:
        return time.time() - self.since


def new_token() -> FormToken:
    return FormToken(secrets.token_urlsafe(24), time.time())


def token_of(request: HttpRequest) -> FormToken:
    """The one the form carries; a new one when it carries none of ours."""
    try:
        key, since = signing.loads(request.POST.get("form", ""), salt=_FORM_SALT)
        return FormToken(str(key), float(since))
    except (signing.BadSignature, ValueError, TypeError):
        return new_token()


# --- Access to a case -----------------------------------------------------------------------------
def _access(case: Case) -> list[str]:
    """One for a report and all its parts, so that the reporter goes to and fro between them."""
    return [str(case.first.pk), case.first.pin_digest[:16]]


def access_value(case: Case) -> str:
    return signing.dumps(_access(case), salt=_ACCESS_SALT)


def grant(response: HttpResponse, case: Case) -> HttpResponse:
    response.set_cookie(
        ACCESS_COOKIE,
        access_value(case),
        path="/pengaduan/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


def shown_pin(request: HttpRequest, case: Case) -> bool:
    """Whether the PIN of this case was shown, or its link by mail was used, within the last half hour."""
    try:
        value = signing.loads(request.COOKIES.get(ACCESS_COOKIE, ""), salt=_ACCESS_SALT, max_age=ACCESS_SECONDS)
    except signing.BadSignature:
        return False
    return bool(value == _access(case))


def reporting(request: HttpRequest, case: Case | None) -> Reporting | None:
    """As what the visitor may speak for the reporter: by PIN, or by the account that filed it."""
    if case is None:
        return None
    if shown_pin(request, case):
        return Reporting(case_id=case.pk)
    user = person(request)
    if user is not None and Reporter.objects.filter(case=case, user_id=user.pk).exists():
        return Reporting(user=user)
    return None


def _numbered(slot: Slots) -> QuerySet[Case]:
    rows = Case.objects.select_related("unit", "holder_unit", "service", "merged_into", "split_from")
    parts = Case.objects.filter(split_from=OuterRef("pk")).order_by("id")
    named = ArraySubquery(parts.values_list(JSONObject(number="number", title="title")))
    return rows.filter(number=slot("number")).annotate(split_into=named).order_by()


_NUMBERED: Prepared[Case] = Prepared(_numbered)


def find(number: str) -> Case | None:
    """By the number as people write it; the same statement for numbers that cannot be. `split_into`: its parts."""
    return _NUMBERED.first(number=parse_number(number) or "")


def unknown(request: HttpRequest, number: str) -> HttpResponse:
    """The same page for a number that does not exist, one that is secret and one that is not published yet."""
    form = TrackForm(initial={"number": number[:20]})
    return kept_by_nobody(render(request, "feedback/reports/unknown.html", {"form": form}, status=404))
