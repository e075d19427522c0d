"""The reporter's side of the protected channel. No cookie, no session, no address: see `feedback.untraced`.

The receipt and the mailbox are answers to a POST, so number and PIN stand in no address and in no history. Between
two posts of a reader a signed token in the page says that the PIN was shown.
"""

import functools
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback import permissions_whistle as permissions
from feedback.enums import WhistleState
from feedback.forms_whistle import FollowForm, ReplyForm, WhistleForm
from feedback.models import WhistleFile, WhistleReport, current_setting
from feedback.rules.numbers import WHISTLE, parse_number
from feedback.services import whistle as services
from feedback.services.cases.filing import MAX_FILE_MB
from feedback.services.whistle import limits
from feedback.views.reports.common import LARGEST_BODY, FormToken, new_token, token_of
from kepegawaian.documents.downloads import download
from kepegawaian.lib.exceptions import ApplicationError
from kepegawaian.lib.ui.refusals import show_refusal

ACCESS_SECONDS = 30 * 60
_SALT = "feedback.whistle"
WRONG = _("Nomor dan PIN ini tidak cocok. Periksa keduanya pada tanda terima Anda.")
WAIT = _("Terlalu sering salah. Coba lagi %(seconds)d detik lagi.")
OFTEN = _("Terlalu banyak kiriman untuk laporan ini. Coba lagi satu jam lagi.")
FULL = _("Terlalu banyak berkas sedang dikirim. Kirim dahulu tanpa berkas, susulkan nanti.")
View = Callable[..., Any]


def untraced_page(view: View) -> View:
    """For everybody. Without a CSRF token, whose cookie would stay: nothing here acts on who somebody is. Pages
    are kept by nobody and tell no other page where somebody was."""

    @csrf_exempt
    @login_not_required
    @functools.wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > LARGEST_BODY:
            response = render(request, "feedback/reports/too_large.html", {"size": MAX_FILE_MB}, status=413)
        else:
            response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex"
        return response

    return wrapper


def origin_of(request: HttpRequest) -> str:
    key: str = request.origin_key  # type: ignore[attr-defined]
    return key


@untraced_page
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "feedback/whistle/about.html", {"setting": current_setting()})


# --- Filing ---------------------------------------------------------------------------------------
@untraced_page
@require_http_methods(["GET", "HEAD", "POST"])
def file_report(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _form(request, WhistleForm(), new_token())
    token = token_of(request)
    if filed := services.filed_before(token.key):
        return _receipt(request, filed)
    form = WhistleForm(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, form, token, status=422)
    return _send(request, form, token)


def _form(request: HttpRequest, form: WhistleForm, token: FormToken, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "token": token.text,
        "challenge": limits.new_challenge(origin_of(request)),
        "again": bool(request.FILES),
    }
    return render(request, "feedback/whistle/form.html", context, status=status)


def _send(request: HttpRequest, form: WhistleForm, token: FormToken) -> HttpResponse:
    origin = origin_of(request)
    if not limits.may_bring(origin, len(form.cleaned_data["files"])):
        form.add_error("files", FULL)
        return _form(request, form, token, status=422)
    verdict = limits.judge(
        proof=request.POST.get("altcha", ""),
        trap=request.POST.get("website", ""),
        seconds=token.seconds,
        origin=origin,
    )
    if verdict.again:
        if filed := services.filed_before(token.key):  # sent twice at the same moment
            return _receipt(request, filed)
        form.add_error(None, str(verdict.again))
        return _form(request, form, token, status=422)
    try:
        filed = services.file_report(whistle=form.whistle(), key=token.key, held=bool(verdict.held))
    except ApplicationError as error:
        show_refusal(form, error)
        return _form(request, form, token, status=422)
    if not filed.again:
        limits.count_filing(origin)
    return _receipt(request, filed)


def _receipt(request: HttpRequest, filed: services.Filed) -> HttpResponse:
    context = {"report": filed.report, "pin": filed.pin, "unread": _nobody_left(filed.report)}
    return render(request, "feedback/whistle/receipt.html", context)


def _nobody_left(report: WhistleReport) -> bool:
    """Whether every officer is accused, or there is none: the reporter is told of the ways outside."""
    return not permissions.officers_for(report)


# --- Following ------------------------------------------------------------------------------------
@untraced_page
@require_http_methods(["GET", "HEAD", "POST"])
def follow(request: HttpRequest) -> HttpResponse:
    """Number and PIN open the mailbox; its own forms come back with the token instead."""
    if request.method != "POST":
        return render(request, "feedback/whistle/follow.html", {"form": FollowForm()})
    if "access" in request.POST:
        report = _shown(request)
        return _answered(request, report) if report is not None else _ended(request)
    form = FollowForm(request.POST)
    if form.is_valid():
        number, origin = form.cleaned_data["number"], origin_of(request)
        report = services.open_mailbox(number, form.cleaned_data["pin"], origin)
        if report is not None:
            return _mailbox(request, report, ReplyForm())
        wait = limits.wait_for(parse_number(number, WHISTLE) or "", origin)
        form.add_error("pin", WAIT % {"seconds": wait} if wait else WRONG)
    return render(request, "feedback/whistle/follow.html", {"form": form}, status=422)


def _ended(request: HttpRequest) -> HttpResponse:
    return render(request, "feedback/whistle/follow.html", {"form": FollowForm(), "ended": True}, status=422)


def _shown(request: HttpRequest) -> WhistleReport | None:
    try:
        key, digest = signing.loads(request.POST.get("access", ""), salt=_SALT, max_age=ACCESS_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return WhistleReport.objects.filter(pk=key, pin_digest__startswith=digest).first()


def _answered(request: HttpRequest, report: WhistleReport) -> HttpResponse:
    form = ReplyForm(request.POST, request.FILES)
    if not form.is_valid():
        return _mailbox(request, report, form, status=422)
    origin, files = origin_of(request), form.cleaned_data["files"]
    if limits.hit("reply", str(report.pk)) > current_setting().replies_an_hour:
        form.add_error(None, OFTEN)
    elif not limits.may_bring(origin, len(files)):
        form.add_error("files", FULL)
    else:
        try:
            services.reply(report=report, text=form.cleaned_data["text"], files=files)
            return _mailbox(request, report, ReplyForm(), sent=True)
        except ApplicationError as error:
            show_refusal(form, error)
    return _mailbox(request, report, form, status=422)


def _mailbox(
    request: HttpRequest, report: WhistleReport, form: ReplyForm, *, sent: bool = False, status: int = 200
) -> HttpResponse:
    """Officers appear as "Petugas", never by name."""
    steps = [row for row in report.steps.all() if row.from_state != row.to_state]
    context = {
        "report": report,
        "state": WhistleState(report.state),
        "steps": [(row.on, WhistleState(row.to_state)) for row in steps],
        "thread": report.messages.filter(internal=False),
        "files": report.files.filter(from_reporter=True).select_related("stored").order_by("stored__name"),
        "form": form,
        "sent": sent,
        "unread": _nobody_left(report),
        "access": signing.dumps([str(report.pk), report.pin_digest[:16]], salt=_SALT),
    }
    return render(request, "feedback/whistle/mailbox.html", context, status=status)


@untraced_page
@require_POST
def file(request: HttpRequest, pk: uuid.UUID) -> FileResponse:
    report = _shown(request)
    row = WhistleFile.objects.filter(report=report, pk=pk).select_related("stored").first() if report else None
    if row is None:
        raise Http404
    return sent_file(row)


def sent_file(row: WhistleFile) -> FileResponse:
    return download(row.stored)
