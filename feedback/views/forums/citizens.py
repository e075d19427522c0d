"""How a citizen gets an account: a link by mail, then a password."""

from typing import Any, cast

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.core.ratelimit import consume
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from feedback.forms_forums import CitizenPasswordForm, SignUpForm
from feedback.services import forums_people
from kepegawaian.accounts.adapter import WAIT
from kepegawaian.accounts.models import User
from kepegawaian.lib.exceptions import ApplicationError
from kepegawaian.lib.ui.refusals import show_refusal


@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    """Whether the address has an account already is said to its owner alone, by mail."""
    next_url = _own(request, request.GET.get("next", ""))
    if request.user.is_authenticated:
        return redirect(next_url)
    form = SignUpForm(request.POST or None, initial={"next": next_url})
    if form.is_valid():
        email = form.cleaned_data["email"].lower()
        if not consume(request, action="signup", key=email):
            form.add_error(None, WAIT)
            return render(request, "feedback/forum/sign_up.html", {"form": form}, status=429)
        target = _own(request, form.cleaned_data["next"])
        forums_people.invite(name=form.cleaned_data["name"], email=email, next_url=target)
        return render(request, "feedback/forum/sign_up_sent.html", {"hours": forums_people.LINK_HOURS})
    return render(request, "feedback/forum/sign_up.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@login_not_required
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    invitation = forums_people.read_invitation(token)
    if invitation is None or request.user.is_authenticated:
        return render(request, "feedback/forum/sign_up_old.html", status=200 if invitation else 410)
    person = User(name=invitation["name"], email=invitation["email"])
    form = CitizenPasswordForm(request.POST or None, user=person)
    if form.is_valid():
        try:
            password = form.cleaned_data["password1"]
            user = forums_people.open_account(token=token, password=password, language=get_language() or "")
        except ApplicationError as error:
            show_refusal(form, error)
        else:
            record_authentication(request, user, method="citizen")
            target = _own(request, invitation["next"])
            return cast(HttpResponse, perform_login(request, user, redirect_url=target))
    context: dict[str, Any] = {"form": form, "person": person}
    return render(request, "feedback/forum/sign_up_password.html", context, status=422 if form.errors else 200)


def _own(request: HttpRequest, url: str) -> str:
    """Only ever a page of ours."""
    allowed = url.startswith("/") and url_has_allowed_host_and_scheme(url, allowed_hosts=None)
    return url if allowed else reverse("feedback:forums")
