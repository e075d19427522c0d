"""The page of a person, one's own, and the showing of what is masked."""

import uuid
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from kepegawaian.employees import permissions, services
from kepegawaian.employees.models import Employee
from kepegawaian.employees.person import page_context
from kepegawaian.employees.services import RESTRICTED
from kepegawaian.employees.views.common import actor_of, visible
from kepegawaian.lib.ui.refusals import carried_out


class RevealForm(forms.Form):
    """The person himself needs no reason for his own data."""

    reason = forms.CharField(
        label=_("Untuk keperluan apa?"),
        max_length=200,
        help_text=_("Pembukaan data ini dicatat bersama nama Anda dan alasannya."),
    )

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = not own


def _page(
    request: HttpRequest, person: Employee, *, form: RevealForm | None = None, shown: dict[str, str] | None = None
) -> HttpResponse:
    own = permissions.is_own(request.user, person)
    context: dict[str, Any] = {**page_context(request, person, shown), "form": form or RevealForm(own=own)}
    refused = form is not None and form.is_bound and not form.is_valid()
    response = render(
        request, "employees/me.html" if own else "employees/detail.html", context, status=422 if refused else 200
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def detail(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    return _page(request, visible(request, pk))


@require_GET
def me(request: HttpRequest) -> HttpResponse:
    """One's own record; a person without one (an admin, a citizen) has no such page."""
    person = Employee.objects.filter(user=actor_of(request)).select_related("user", "current_unit").first()
    if person is None:
        raise Http404
    return _page(request, person)


@never_cache
@require_POST
def reveal(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The same page with the restricted values in plain, this once: there is no address that shows them."""
    person = visible(request, pk)
    form = RevealForm(request.POST, own=permissions.is_own(request.user, person))
    shown: dict[str, str] = {}
    carried_out(
        form,
        lambda data: shown.update(
            services.reveal(employee=person, fields=RESTRICTED, reason=data["reason"], actor=actor_of(request))
        ),
    )
    return _page(request, person, form=form, shown=shown)
