"""A new password: chosen by oneself, or after a mail that says the address is still one's own."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.password_reset import request_password_reset
from django.conf import settings
from django.db import transaction
from django.urls import reverse

from kepegawaian.accounts import rules
from kepegawaian.accounts.models import User
from kepegawaian.accounts.services.people import locked
from kepegawaian.accounts.services.sessions import end_everything
from kepegawaian.audit.services import record


@transaction.atomic
def change_password(*, user: User, password: str, keep: str | None = None, by: str = "self") -> None:
    """Every other session, every token and open code ends. `keep` is the key of the session to go on with."""
    row = locked(user)
    row.set_password(password)
    row.save(update_fields=["password"])
    record("accounts.password_changed", row, actor=row, data={"by": by, **end_everything(row, keep=keep)})
    user.password, user.session_generation = row.password, row.session_generation


def send_password_reset(*, login: str) -> None:
    """Mail the link to whoever signs in with this NIP or e-mail; silence for anybody else.

    Runs in a worker, so that the page answers alike and as fast for known and unknown people.
    """
    wanted = rules.clean_login(login)
    field = "email" if rules.is_email(wanted) else "nip"
    user = User.objects.filter(**{field: wanted}, is_active=True).first()
    if user is None or not user.email:
        return
    if user.is_activated:
        request_password_reset(None, user.email, [user], default_token_generator)
    else:
        page = settings.BASE_URL.rstrip("/") + reverse("accounts:activate")
        get_adapter().send_mail("account/email/not_activated", user.email, {"user": user, "activation_page": page})
