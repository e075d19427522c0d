"""Follow a report by its number; with the PIN, the account or the link by mail also what is not public."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm, Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback import forms_reports as forms
from feedback import report_look as look
from feedback.enums import Audience, CaseKind, Party
from feedback.models import Case, CaseFile, Rating, Reporter, current_setting
from feedback.papers_cases import bundle_answer, can_bundle
from feedback.permissions import Reporting
from feedback.request_look import information_of
from feedback.rules.numbers import parse_number
from feedback.services import cases, rates
from feedback.services.links import case_of_link, send_link
from feedback.views.reports.common import (
    ACCESS_COOKIE,
    FormToken,
    citizens_form,
    find,
    grant,
    kept_by_nobody,
    network,
    new_token,
    person,
    reporting,
    token_of,
    unknown,
)
from kepegawaian.documents.downloads import download
from kepegawaian.lib.access import Denied
from kepegawaian.lib.exceptions import ApplicationError, PermissionRefused
from kepegawaian.lib.ui import messages
from kepegawaian.lib.ui.pages import paginate
from kepegawaian.lib.ui.refusals import show_refusal

WRONG = _("Nomor dan PIN ini tidak cocok. Periksa keduanya pada tanda terima Anda.")
NOT_PUBLISHED = _("Tidak ada laporan terbit dengan nomor ini. Laporan Anda sendiri dibuka dengan PIN.")
WAIT = _("Terlalu sering salah. Coba lagi %(seconds)d detik lagi.")
OFTEN = _("Terlalu banyak kiriman untuk laporan ini. Coba lagi satu jam lagi; tulisan Anda tetap ada.")


# --- Getting in -----------------------------------------------------------------------------------
@citizens_form
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Links in mails bring the number; whoever is known as the reporter is taken on to his page."""
    wanted = request.GET.get("nomor", "")[:20]
    form = forms.TrackForm(request.POST or None, initial={"number": wanted})
    if request.method != "POST" and wanted and (case := find(wanted)) and reporting(request, case):
        return redirect("feedback:mine", case.number)
    if request.method == "POST" and form.is_valid():
        number, pin = form.cleaned_data["number"], form.cleaned_data["pin"]
        if answer := _open(request, form, number, pin):
            return answer
    return render(request, "feedback/reports/track.html", {"form": form}, status=422 if form.errors else 200)


def _open(request: HttpRequest, form: BaseForm, number: str, pin: str) -> HttpResponse | None:
    """To the case, or None with the reason in the form: the same one whatever was wrong."""
    if not pin:
        case = find(number)
        if case is not None and (case.is_public or reporting(request, case)):
            return redirect("feedback:track", case.number)
        form.add_error("number", NOT_PUBLISHED)
        return None
    origin = network(request)
    case = cases.open_by_pin(number, pin, origin)
    if case is not None:
        return grant(redirect("feedback:mine", case.number), case)
    wait = cases.pin_wait(parse_number(number) or "", origin)
    form.add_error("pin", WAIT % {"seconds": wait} if wait else WRONG)
    return None


@citizens_form
@require_http_methods(["GET", "HEAD", "POST"])
def ask_link(request: HttpRequest) -> HttpResponse:
    """A link by mail for whoever lost the PIN. The answer never says whether number and address fit."""
    form = forms.LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        send_link(form.cleaned_data["number"], form.cleaned_data["email"], network(request))
        messages.done(request, _("Bila nomor dan surel ini cocok, tautannya sedang dikirim. Berlaku satu jam."))
        return redirect("feedback:find")
    return render(request, "feedback/reports/link.html", {"form": form}, status=422 if form.errors else 200)


@citizens_form
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """The link by mail: programs that look at mails open it, so a person presses the button."""
    case = case_of_link(token)
    if case is None:
        return render(request, "feedback/reports/link_old.html", status=410)
    if request.method == "POST":
        return grant(redirect("feedback:mine", case.number), case)
    return render(request, "feedback/reports/enter.html", {"case": case})


@citizens_form
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    response = redirect("feedback:find")
    response.delete_cookie(ACCESS_COOKIE, path="/pengaduan/")
    return response


@require_safe
def my_reports(request: HttpRequest) -> HttpResponse:
    """Of one's account, the anonymous ones too: only the person sees this list."""
    own = Reporter.objects.filter(user=person(request)).values("case_id")
    rows = Case.objects.filter(pk__in=own).select_related("unit", "service").order_by("-received_at")
    return render(request, "feedback/reports/my_reports.html", {"page": paginate(rows, request)})


# --- The reporter's page --------------------------------------------------------------------------
@citizens_form
@require_safe
def mine(request: HttpRequest, number: str) -> HttpResponse:
    case = find(number)
    by = reporting(request, case)
    if case is None or by is None:
        return unknown(request, number)
    response = _own_page(request, case, {}, new_token())
    return grant(response, case) if by.case_id else response


def _own_page(
    request: HttpRequest, case: Case, bound: dict[str, BaseForm], token: FormToken, status: int = 200
) -> HttpResponse:
    """`bound`: the form that was refused, with all that was typed."""
    setting = current_setting()
    clocks = look.drawn_clocks(case, get_language() or "id", setting)
    information = information_of(case, (row.clock for row in clocks))
    rows = case.messages.for_reporter().select_related("unit").prefetch_related("files__stored")
    thread, acts = list(rows.order_by("id")), look.acts_of(case, information)
    made = {verb: form(case, token, network(request)) for verb, (form, _verb) in VERBS.items()}
    context = {
        "case": case,
        "own": True,
        "joined": look.joined(case),
        "story": look.story(case, own=True, private=True),
        "clocks": clocks,
        "rule": cases.rule_of(case),
        "information": information,
        "map": look.drawn_point(case),
        "bundle": can_bundle(row.clock for row in clocks),
        "thread": thread,
        "question": next((row for row in reversed(thread) if row.party == Party.ADMIN and acts["complete"]), None),
        "files": look.numbered(case.files.filter(message=None).select_related("stored")),
        "acts": acts,
        "reopens_on": look.reopens_on(case),
        "forms": made | bound,
        "moderations": look.moderations(case),
        "open_form": next(iter(bound), ""),
        "token": token.text,
        "survey": cases.may_answer_survey(case),
        "rating": Rating.objects.filter(case=case).first(),
        "setting": setting,
    }
    return render(request, "feedback/reports/mine.html", context, status=status)


FormMaker = Callable[..., BaseForm]
Act = Callable[[Reporting, Case, Any], Any]


def _writing(verb: str, label: Any) -> FormMaker:
    def make(case: Case, token: FormToken, origin: str, *data: Any) -> forms.WriteForm:
        return forms.WriteForm(
            *data,
            key=token.key,
            network=origin,
            case_is_public=case.is_public and verb != "complete",
            label=label,
            auto_id=f"{verb}_%s",
        )

    return make


def _plain(verb: str, kind: type[Form]) -> FormMaker:
    def make(case: Case, token: FormToken, origin: str, data: Any = None, files: Any = None) -> Form:
        return kind(data, auto_id=f"{verb}_%s")

    return make


def _objection(case: Case, token: FormToken, origin: str, *data: Any) -> forms.WriteForm:
    """Of a request for information it asks for the ground of the law."""
    kind = forms.ObjectionForm if case.kind == CaseKind.REQUEST else forms.WriteForm
    label = NOT_ENOUGH if case.kind != CaseKind.REQUEST else None
    return kind(
        *data, key=token.key, network=origin, case_is_public=case.is_public, label=label, auto_id="object_%s"
    )


ASKED, SAY, NOT_ENOUGH = _("Yang diminta petugas"), _("Pesan untuk petugas"), _("Apa yang belum terjawab?")


def _text(form: Any) -> dict[str, Any]:
    return {"files": form.uploads, "public": form.cleaned_data.get("public", False)}


def _appeal(by: Reporting, case: Case, moderation: uuid.UUID, text: str) -> Any:
    found = next((row for row in cases.moderations_of(case) if row.pk == moderation), None)
    if found is None:
        raise Http404
    return cases.appeal(by=by, case=case, moderation=found, text=text)


VERBS: dict[str, tuple[FormMaker, Act]] = {
    "complete": (
        _writing("complete", ASKED),
        lambda by, case, form: cases.complete(
            by=by, case=case, text=form.cleaned_data["text"], files=form.uploads
        ),
    ),
    "reply": (
        _writing("reply", SAY),
        lambda by, case, form: cases.reply(by=by, case=case, text=form.cleaned_data["text"], **_text(form)),
    ),
    "object": (
        _objection,
        lambda by, case, form: cases.object_to_answer(
            by=by,
            case=case,
            reason=form.cleaned_data["text"],
            ground=form.cleaned_data.get("ground", ""),
            **_text(form),
        ),
    ),
    "dispute": (
        _plain("dispute", forms.DisputeForm),
        lambda by, case, form: cases.record_dispute(by=by, case=case, **form.cleaned_data),
    ),
    "appeal": (
        _plain("appeal", forms.AppealForm),
        lambda by, case, form: _appeal(by, case, **form.cleaned_data),
    ),
    "accept": (_plain("accept", forms.EmptyForm), lambda by, case, form: cases.accept_answer(by=by, case=case)),
    "reopen": (
        _plain("reopen", forms.ReasonForm),
        lambda by, case, form: cases.reopen(by=by, case=case, reason=form.cleaned_data["reason"]),
    ),
    "contest": (
        _plain("contest", forms.ContestForm),
        lambda by, case, form: cases.contest_merge(by=by, case=case, reason=form.cleaned_data["reason"]),
    ),
    "cancel": (
        _plain("cancel", forms.CancelForm),
        lambda by, case, form: cases.cancel(by=by, case=case, reason=form.cleaned_data["reason"]),
    ),
    "uncancel": (_plain("uncancel", forms.EmptyForm), lambda by, case, form: cases.uncancel(by=by, case=case)),
    "rate": (
        _plain("rate", forms.RateForm),
        lambda by, case, form: cases.rate(
            by=by, case=case, score=form.cleaned_data["score"], text=form.cleaned_data["text"]
        ),
    ),
}
DONE = {
    "appeal": _("Keberatan Anda dikirim; petugas lain memutusnya."),
    "complete": _("Terima kasih. Pemeriksaan laporan Anda dilanjutkan."),
    "reply": _("Pesan Anda terkirim."),
    "dispute": _("Tanggal sengketa dicatat."),
    "object": _("Laporan kembali kepada unit, dengan batas waktu baru."),
    "accept": _("Terima kasih. Laporan ini selesai."),
    "reopen": _("Permintaan Anda dikirim kepada admin pengaduan."),
    "contest": _("Dikirim kepada admin pengaduan. Keputusannya tampil di sini."),
    "cancel": _("Laporan dibatalkan."),
    "uncancel": _("Pembatalan ditarik. Laporan Anda diverifikasi lagi."),
    "rate": _("Terima kasih atas penilaian Anda."),
}


@citizens_form
@require_POST
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """A verb of the reporter; what it refuses is said beside his words, which stay."""
    case = find(number)
    by = reporting(request, case)
    if case is None or by is None or verb not in VERBS:
        return unknown(request, number)
    token, (make, carry_out) = token_of(request), VERBS[verb]
    form: Any = make(case, token, network(request), request.POST, request.FILES)
    good = form.keep_files() if isinstance(form, forms.StagingForm) else True
    if form.is_valid() and good and _carried_out(request, by, case, form, carry_out):
        messages.done(request, DONE[verb])
        return redirect("feedback:mine", case.number)
    return _own_page(request, case, {verb: form}, token, status=422)


def _carried_out(request: HttpRequest, by: Reporting, case: Case, form: Any, carry_out: Act) -> bool:
    if rates.hit("reply", str(case.pk), network(request)) > current_setting().replies_an_hour:
        form.add_error(None, OFTEN)
        return False
    try:
        carry_out(by, case, form)
    except ApplicationError as error:
        show_refusal(form, error)
        return False
    return True


@citizens_form
@require_POST
def survey(request: HttpRequest, number: str) -> HttpResponse:
    """On to the questionnaire about the service. The address behind it learns nothing of this page."""
    case = find(number)
    by = reporting(request, case)
    if case is None or by is None:
        return unknown(request, number)
    token = cases.ask_for_survey(by=by, case=case)
    if token is None:
        messages.done(request, _("Survei tentang laporan ini sudah dijawab atau sudah ditutup. Terima kasih."))
        return redirect("feedback:mine", case.number)
    response = redirect("feedback:survey_answer", token)
    response["Referrer-Policy"] = "no-referrer"
    return response


@citizens_form
@require_POST
def bundle(request: HttpRequest, number: str) -> HttpResponse:
    """The papers for the Ombudsman, once the last limit has passed."""
    case = find(number)
    if case is None or reporting(request, case) is None:
        return unknown(request, number)
    if rates.hit("reply", str(case.pk), network(request)) > current_setting().replies_an_hour:
        raise PermissionRefused(Denied(OFTEN))
    return bundle_answer(case)


# --- Files ----------------------------------------------------------------------------------------
@login_not_required
@require_safe
def file(request: HttpRequest, number: str, pk: uuid.UUID) -> FileResponse:
    """A published file for everybody, any of the reporter's side for the reporter; nothing else is there."""
    case = find(number)
    rows = CaseFile.objects.filter(case=case, pk=pk).select_related("stored", "offered", "message")
    row = rows.first() if case else None
    public = row is not None and case is not None and case.is_public and row.published_at is not None
    own = row is not None and reporting(request, case) is not None and _for_reporter(row)
    stored = row.stored if row and own else row.offered if row and public else None
    if stored is None:
        raise Http404
    name = f"{case.number}-lampiran.{stored.name.rpartition('.')[2]}" if case else ""
    response = download(stored, name)
    kept_by_nobody(response)
    return response


def _for_reporter(row: CaseFile) -> bool:
    return row.message is None or row.message.audience != Audience.INTERNAL
