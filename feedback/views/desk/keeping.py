"""Texts that officers start from."""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from feedback import permissions
from feedback.forms_desk import TemplateForm
from feedback.models import ResponseTemplate
from feedback.services import templates as services
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui.messages import done
from kepegawaian.lib.ui.pages import paginate
from kepegawaian.lib.ui.refusals import carried_out

_FIELDS = ("title", "text", "unit", "kind", "active")


@require_safe
def templates(request: HttpRequest) -> HttpResponse:
    demand(permissions.can_file_for_others(request.user))
    page = paginate(services.kept_by(request.user).order_by("title", "id"), request)
    return render(request, "feedback/desk/templates.html", {"page": page})


@require_http_methods(["GET", "POST"])
def template(request: HttpRequest, pk: uuid.UUID | None = None) -> HttpResponse:
    """A new one, or one that this person keeps."""
    demand(permissions.can_file_for_others(request.user))
    found: ResponseTemplate | None = get_object_or_404(services.kept_by(request.user), pk=pk) if pk else None
    initial = {name: getattr(found, name) for name in _FIELDS} if found else None
    form = TemplateForm(request.POST if request.method == "POST" else None, initial=initial)

    def verb(data: dict[str, Any]) -> None:
        services.save(actor=request.user, template=found, **data)

    if request.method == "POST" and carried_out(form, verb):
        done(request, _("Templat disimpan."))
        return redirect("feedback:desk_templates")
    context = {"form": form, "template": found}
    return render(request, "feedback/desk/template.html", context, status=422 if form.errors else 200)
