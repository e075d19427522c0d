"""Pure rules of sign-in names and activation codes."""

import hashlib
import re
import secrets

ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""Letters and digits that stay apart in print and by voice: no 0/O, 1/I/L, U/V."""
CODE_LENGTH = 16
GROUP = 4
_BETWEEN_DIGITS = re.compile(r"[\s.\-'’‘`\u200b\ufeff]")
_NOT_IN_CODES = re.compile(r"[\s\-.\u2010-\u2015\u200b]")


def clean_login(typed: str) -> str:
    """The NIP without what Excel, phones and people put between its digits, or the e-mail in small letters."""
    digits = _BETWEEN_DIGITS.sub("", typed)
    if digits.isascii() and digits.isdigit():
        return digits
    return typed.strip().lower()


def is_email(login: str) -> bool:
    return "@" in login


def new_code() -> str:
    """A secret of 78 bits, as it is printed: four groups of four."""
    return show_code("".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)))


def show_code(code: str) -> str:
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def digest(code: str) -> str:
    """What is kept of a code; the same however it was typed. The code's own length needs no slow hash."""
    plain = _NOT_IN_CODES.sub("", code).upper()
    return hashlib.sha256(f"activation:{plain}".encode()).hexdigest()


def masked_email(email: str) -> str:
    """Reads "bu…@contoh.go.id": enough to know one's own address by."""
    name, _, host = email.partition("@")
    return f"{name[:2]}…@{host}" if host else ""
