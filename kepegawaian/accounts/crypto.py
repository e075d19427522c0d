"""Secrets that must be readable again: sealed with keys that come from SECRET_KEY."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes


class Unreadable(ValueError):
    """Sealed under a SECRET_KEY that is neither the present one nor among SECRET_KEY_FALLBACKS."""


def _key(secret: str | bytes) -> Fernet:
    derived = hashlib.sha256(b"kepegawaian.accounts.crypto:" + force_bytes(secret)).digest()
    return Fernet(base64.urlsafe_b64encode(derived))


def _keys() -> MultiFernet:
    return MultiFernet([_key(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def seal(text: str) -> str:
    return _keys().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Raises Unreadable."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error
