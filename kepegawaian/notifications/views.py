"""The person's own inbox and choices; nobody sees anybody else's."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kepegawaian.lib.ids import as_uuid
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.pages import Page, paginate
from kepegawaian.lib.ui.parts import Tab
from kepegawaian.notifications import services
from kepegawaian.notifications.delivery import words
from kepegawaian.notifications.forms import PreferenceForm
from kepegawaian.notifications.models import Message


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    unread_only = request.GET.get("show") == "unread"
    messages = services.inbox(request.user)
    page = paginate(messages.filter(read_at=None) if unread_only else messages, request)
    context = {
        "page": page,
        "rows": _rows(page, request.user),
        "newest": page.items[0].pk if page.items and page.number == 1 else "",
        "unread_only": unread_only,
        "tabs": [Tab(_("Semua"), "?", not unread_only), Tab(_("Belum dibaca"), "?show=unread", unread_only)],
    }
    return render(request, "notifications/inbox.html", context)


@require_POST
def open_message(request: HttpRequest, message_id: uuid.UUID) -> HttpResponse:
    """Mark as read and go where it leads."""
    message = services.mark_read(user=request.user, message_id=message_id)
    if message is None:
        raise Http404
    leads = url_has_allowed_host_and_scheme(message.url, allowed_hosts=None)
    return HttpResponseRedirect(message.url) if leads else redirect("notifications:inbox")


@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    newest = as_uuid(request.POST.get("newest", ""))
    if newest and services.mark_all_read(user=request.user, newest=newest):
        done(request, _("Semua pemberitahuan ditandai sudah dibaca."))
    return redirect("notifications:inbox")


@require_http_methods(["GET", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = PreferenceForm(request.POST or None, initial=services.modes_of(user))
    if request.method == "POST" and form.is_valid():
        services.choose_modes(user=user, modes=form.cleaned_data)
        done(request, _("Pilihan Anda disimpan."))
        return redirect("notifications:preferences")
    return render(request, "notifications/preferences.html", {"form": form, "email": user.email})


def _rows(page: Page, user: Any) -> list[tuple[Message, str]]:
    for message in page:
        message.recipient = user  # known already, so wording a row costs no statement
    return [(message, words(message, "line")) for message in page]
