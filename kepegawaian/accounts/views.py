"""First sign-in, and the pages of one's own account that allauth does not have."""

import time
import uuid
from http import HTTPStatus
from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress
from allauth.account.utils import perform_login
from allauth.core.ratelimit import consume
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import get_adapter as get_social_adapter
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Model, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kepegawaian.accounts import locks, rules, services
from kepegawaian.accounts.adapter import WAIT
from kepegawaian.accounts.crypto import seal, unseal
from kepegawaian.accounts.forms import ActivationForm, FirstPasswordForm, TokenForm
from kepegawaian.accounts.models import AccessToken, ActivationCode, User
from kepegawaian.lib.exceptions import ApplicationError

LINKED, PROVEN, NEW_TOKEN = "activation_link", "activation_proven", "new_token"
PROVEN_SECONDS = 15 * 60
"""So long after NIP and code were right may the password be chosen; a screen left alone is worth no more."""


@login_not_required
def too_many_requests(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/too_many.html", status=HTTPStatus.TOO_MANY_REQUESTS)


# --- First sign-in --------------------------------------------------------------------------------
@never_cache
@login_not_required
@require_GET
def activate_link(request: HttpRequest, code: str) -> HttpResponse:
    """The code leaves the address at once, so that no Referer and no screen shows it; only its digest is kept."""
    if not request.user.is_authenticated:
        request.session[LINKED] = rules.digest(code)
    return redirect("accounts:activate")


@never_cache
@login_not_required
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def activate(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        messages.info(request, _("Anda sudah masuk. Keluar dahulu untuk mengaktifkan akun lain."))
        return redirect("accounts:me")
    linked = request.session.get(LINKED, "") if request.GET.get("kode") != "lain" else ""
    form = ActivationForm(request.POST or None, linked_digest=linked)
    if request.method == "POST":
        login = rules.clean_login(request.POST.get("login", ""))
        if not consume(request, action=locks.ACTIVATE, key=login):
            locks.note(locks.ACTIVATE, login, login)
            form.errors.clear()
            form.add_error(None, WAIT)
            return _activation_page(request, form, linked, HTTPStatus.TOO_MANY_REQUESTS)
        if form.is_valid() and form.activation:
            request.session[PROVEN] = {"id": str(form.activation.pk), "at": time.time()}
            return redirect("accounts:activate_password")
    return _activation_page(request, form, linked)


def _activation_page(
    request: HttpRequest, form: ActivationForm, linked: str, status: int = HTTPStatus.OK
) -> HttpResponse:
    return render(request, "accounts/activate.html", {"form": form, "linked": bool(linked)}, status=status)


@never_cache
@login_not_required
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "POST"])
def activate_password(request: HttpRequest) -> HttpResponse:
    activation = _proven(request)
    if activation is None:
        return redirect("accounts:activate")
    user = activation.user
    form = FirstPasswordForm(request.POST or None, user=user, initial={"email": user.email})
    if form.is_valid():
        try:
            user = services.activate(
                activation=activation, password=form.cleaned_data["password1"], language=get_language() or ""
            )
        except ApplicationError as error:
            _forget(request)
            messages.error(request, str(error))
            return redirect("accounts:activate")
        return _sign_in(request, user, form.cleaned_data["email"])
    return render(request, "accounts/activate_password.html", {"form": form, "person": user})


def _proven(request: HttpRequest) -> ActivationCode | None:
    """The code that this browser proved to have, minutes ago."""
    proven = request.session.get(PROVEN)
    if request.user.is_authenticated or not proven or time.time() - proven["at"] > PROVEN_SECONDS:
        return None
    return ActivationCode.objects.select_related("user").filter(pk=proven["id"]).first()


def _forget(request: HttpRequest) -> None:
    for key in (LINKED, PROVEN):
        request.session.pop(key, None)


def _sign_in(request: HttpRequest, user: User, email: str) -> HttpResponse:
    """Through the front door: a second factor that the account has is asked for here too."""
    _forget(request)
    record_authentication(request, user, method="activation")
    response = perform_login(request, user)
    if email:
        _confirm_email(request, user, email)
    return cast(HttpResponse, response)


def _confirm_email(request: HttpRequest, user: User, email: str) -> None:
    """Whether somebody else has the address is not said; the mail to it finds out whose it is."""
    address = EmailAddress.objects.filter(user=user, email=email).first()
    if address is None:
        EmailAddress.objects.add_email(request, user, email, confirm=True)
    elif not address.verified:
        send_verification_email_to_address(request, address)


@never_cache
@login_not_required
@require_GET
def passkey(request: HttpRequest) -> HttpResponse:
    """A page of its own, so that the scripts it needs do not burden everybody's sign-in."""
    if request.user.is_authenticated:
        return redirect("home")
    return render(request, "accounts/passkey.html")


# --- One's own account ----------------------------------------------------------------------------
@never_cache
@require_GET
def me(request: HttpRequest) -> HttpResponse:
    context = {**_security(cast(User, request.user)), "providers": get_social_adapter().list_providers(request)}
    return render(request, "accounts/me.html", context)


def _security(user: User) -> dict[str, Any]:
    """How the account is guarded, in one statement."""

    def count(model: type[Model], **conditions: Any) -> Coalesce:
        rows = model._default_manager.filter(user=OuterRef("pk"), **conditions).order_by().values("user")
        return Coalesce(Subquery(rows.annotate(number=Count("*")).values("number")), 0)

    numbers = User.objects.filter(pk=user.pk).values(
        email_confirmed=count(EmailAddress, email=OuterRef("email"), verified=True),
        has_app=count(Authenticator, type=Authenticator.Type.TOTP),
        passkeys=count(Authenticator, type=Authenticator.Type.WEBAUTHN),
        sessions=count(UserSession),
        tokens=count(AccessToken),
    )
    return dict(numbers[0])


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    user = cast(User, request.user)
    if request.method == "POST":
        return _create_token(request)
    secret = request.session.pop(NEW_TOKEN, "")
    context = {
        "form": TokenForm(),
        "tokens": AccessToken.objects.filter(user=user),
        "secret": unseal(secret) if secret else "",
    }
    return render(request, "accounts/tokens.html", context)


@reauthentication_required(app="allauth.account")
def _create_token(request: HttpRequest) -> HttpResponse:
    """The secret waits sealed in the session for the one page that shows it, so that a reload makes no second."""
    user = cast(User, request.user)
    form = TokenForm(request.POST)
    if form.is_valid():
        try:
            secret = services.create_token(user=user, **form.cleaned_data)
        except ApplicationError as error:
            form.add_error(None, str(error))
        else:
            request.session[NEW_TOKEN] = seal(secret)
            return redirect("accounts:tokens")
    context = {"form": form, "tokens": AccessToken.objects.filter(user=user), "secret": ""}
    return render(request, "accounts/tokens.html", context)


@require_POST
def revoke_token(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    user = cast(User, request.user)
    token = AccessToken.objects.filter(user=user, uid=uid).first()
    if token is None:
        raise Http404
    services.revoke_token(token=token, actor=user)
    messages.success(request, _("Token “%(name)s” dicabut.") % {"name": token.name})
    return redirect("accounts:tokens")
