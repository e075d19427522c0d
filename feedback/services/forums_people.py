"""Citizens: an account by a confirmed e-mail, a NIK that an officer has seen, taking somebody out."""

from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.core.cache import cache
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from feedback.models import VerifiedPerson
from feedback.permissions_forums import can_organise_anywhere, has_confirmed_email
from feedback.rules.personal import is_nik
from feedback.services.forums_common import lock_person, refuse, verb
from kepegawaian.accounts.mail import send_later
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.audit.services import record
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.ui.region import region
from kepegawaian.notifications.delivery import absolute
from kepegawaian.units.models import RoleAssignment, Unit

SALT = "feedback.citizen"
LINK_HOURS = 24
MAIL_PAUSE_SECONDS = 120
"""Nobody's mailbox is filled by whoever knows its address."""


# --- Accounts -------------------------------------------------------------------------------------
def invite(*, name: str, email: str, next_url: str = "") -> None:
    """Send the link that makes an account; to an address that has one, say so instead. Nothing is stored, and
    whoever asks learns from neither the answer nor its time which of the two it was."""
    email = email.strip().lower()
    if not cache.add(f"citizen-invited:{_digest(email, settings.SECRET_KEY)}", 1, timeout=MAIL_PAUSE_SECONDS):
        return
    token = signing.dumps({"name": name, "email": email, "next": next_url}, salt=SALT, compress=True)
    known = _is_taken(email)
    context = {
        "name": name,
        "known": known,
        "region": region(),
        "hours": LINK_HOURS,
        "url": absolute(reverse("account_login") if known else reverse("feedback:citizen_confirm", args=[token])),
        "reset_url": absolute(reverse("account_reset_password")),
    }
    body = render_to_string("feedback/email/citizen.txt", context)
    send_later(EmailMessage(_("Akun warga di %(region)s") % {"region": region().short_name}, body, to=[email]))


def read_invitation(token: str) -> dict[str, str] | None:
    """What the link says; None when it is false or old."""
    try:
        found: dict[str, str] = signing.loads(token, salt=SALT, max_age=LINK_HOURS * 3600)
    except signing.BadSignature:
        return None
    return found


@verb
def open_account(*, token: str, password: str, language: str = "id") -> User:
    """The account of a citizen, its e-mail confirmed by the link itself. Raises RuleRefused for a link that is
    old, or used: then the address has its account."""
    invitation = read_invitation(token)
    if invitation is None:
        raise refuse(_("Tautan ini tidak berlaku lagi. Daftar sekali lagi."))
    if _is_taken(invitation["email"]):
        raise refuse(_("Akun untuk surel ini sudah ada. Silakan masuk."))
    user = User.objects.create_user(
        email=invitation["email"],
        password=password,
        name=invitation["name"],
        language=language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
        activated_at=timezone.now(),
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    RoleAssignment.objects.create(user=user, role=Role.CITIZEN, valid_from=today())
    record("feedback.citizen_joined", user, actor=user)
    return user


def _is_taken(email: str) -> bool:
    confirmed = EmailAddress.objects.filter(email=email, verified=True)
    return User.objects.filter(email=email).exists() or confirmed.exists()


# --- Persons --------------------------------------------------------------------------------------
def ensure_person(user: Any) -> VerifiedPerson:
    """The voter behind an account with a confirmed e-mail; inside the transaction of a verb that locked him."""
    person, _created = VerifiedPerson.objects.get_or_create(user=user)
    user._forum_person = person
    return person


@verb
def verify_nik(*, actor: Any, user: User, nik: str, area: Unit | None = None) -> VerifiedPerson:
    """An officer has seen the identity card. The number itself is not kept; a second account of it is refused."""
    demand(can_organise_anywhere(actor))
    nik = "".join(nik.split())
    if actor.pk == user.pk:
        raise refuse(_("Tidak seorang pun memeriksa NIK-nya sendiri."))
    if not (nik.isascii() and nik.isdigit() and is_nik(nik)):
        raise refuse(_("NIK terdiri dari 16 angka dengan kode wilayah dan tanggal lahir."), field="nik")
    if not has_confirmed_email(user):
        raise refuse(_("Surel akun ini belum dikonfirmasi."), field="email")
    lock_person(user)
    digests = [_digest(nik, secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    if VerifiedPerson.objects.filter(nik_digest__in=digests).exclude(user=user).exists():
        raise refuse(_("NIK ini sudah dipakai akun lain."), field="nik")
    person = ensure_person(user)
    person.nik_digest, person.area = digests[0], area
    person.verified_by, person.verified_at = actor, timezone.now()
    person.save(update_fields=["nik_digest", "area", "verified_by", "verified_at"])
    record("feedback.nik_verified", person, actor=actor, data={"area": str(area.pk) if area else None})
    return person


def _digest(nik: str, secret: str | bytes) -> str:
    return salted_hmac("feedback.nik", nik, secret=secret, algorithm="sha256").hexdigest()


@verb
def revoke_person(*, actor: Any, user: User, reason: str) -> VerifiedPerson:
    """Take somebody out of all forums; what he wrote and how he voted stays."""
    demand(can_organise_anywhere(actor))
    if actor.pk == user.pk:
        raise refuse(_("Anda tidak dapat melakukan ini terhadap akun Anda sendiri."))
    if not reason.strip():
        raise refuse(_("Tuliskan alasannya."), field="reason")
    lock_person(user)
    person = ensure_person(user)
    if person.revoked_at and person.revoked_reason == reason:
        return person
    person.revoked_at, person.revoked_reason = timezone.now(), reason
    person.save(update_fields=["revoked_at", "revoked_reason"])
    record("feedback.person_revoked", person, actor=actor, data={"reason": reason})
    return person


@verb
def restore_person(*, actor: Any, user: User) -> VerifiedPerson:
    demand(can_organise_anywhere(actor))
    lock_person(user)
    person = ensure_person(user)
    if person.revoked_at is None:
        return person
    person.revoked_at, person.revoked_reason = None, ""
    person.save(update_fields=["revoked_at", "revoked_reason"])
    record("feedback.person_restored", person, actor=actor)
    return person
