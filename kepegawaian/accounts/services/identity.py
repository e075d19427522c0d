"""Who of ours a person is whom the government's identity provider vouches for. Nobody is created here."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kepegawaian.accounts import rules
from kepegawaian.accounts.models import ActivationCode, User
from kepegawaian.accounts.services.people import locked
from kepegawaian.audit.services import record


def find_by_identity(claims: Mapping[str, Any]) -> User | None:
    """The active person with the NIP of the claim, else with the e-mail that the provider verified."""
    people = User.objects.filter(is_active=True)
    nip = rules.clean_login(str(claims.get(settings.OIDC_NIP_CLAIM) or ""))
    if nip:
        return people.filter(nip=nip).first()
    email = str(claims.get("email") or "").strip().lower()
    if settings.OIDC_LINK_BY_EMAIL and email and claims.get("email_verified") is True:
        return people.filter(email=email).first()
    return None


@transaction.atomic
def connect_identity(*, user: User, provider: str) -> None:
    """Note the link; for somebody who never signed in before it is the activation too."""
    row = locked(user)
    first = row.activated_at is None
    if first:
        row.activated_at = timezone.now()
        row.save(update_fields=["activated_at"])
        ActivationCode.objects.filter(user=row, used_at=None).delete()
        user.activated_at = row.activated_at
    record("accounts.identity_linked", row, actor=row, data={"provider": provider, "first": first})
