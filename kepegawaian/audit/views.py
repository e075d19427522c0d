"""The trail for inspectors. Reading it is an event too."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kepegawaian.audit import permissions
from kepegawaian.audit.filters import EventFilter
from kepegawaian.audit.services import record
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui.pages import paginate


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    demand(permissions.can_read(request.user))
    form = EventFilter(request.GET)
    page = paginate(form.events(), request)
    asked = {name: value for name, value in request.GET.items() if name in {*form.fields, "page"} and value}
    record("audit.read", ("audit.event", "list"), actor=request.user, data=asked)
    return render(request, "audit/events.html", {"form": form, "page": page})
