"""Tracking numbers that cannot be counted up, and PINs of which only a keyed digest is kept (reference 1.7).

`PGD-2611-7K3QWX`: the kind of case, year and month of receipt, five random characters of Crockford's 32 and one
check character. The check is a remainder over GF(32): it notices every single wrong character and every two
neighbours that changed places, so most guesses and slips never reach the database.
"""

import datetime
import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Iterable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
COMPLAINT, WHISTLE = "PGD", "WBS"
RANDOM_LENGTH = 5
PIN_LENGTH = 8
FREE_TRIES = 5
FIRST_DELAY = datetime.timedelta(seconds=30)
LONGEST_DELAY = datetime.timedelta(hours=1)
_NO_DIGEST = "0" * 64
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_NOT_A_CHARACTER = re.compile(r"[^0-9A-Z]")
_FIELD, _OVERFLOW = 0b100101, 32  # x^5 + x^2 + 1 is primitive: its powers repeat only after 31 places
_SHAPE = re.compile(r"([0-9]{2})(0[1-9]|1[0-2])([0-9A-HJKMNP-TV-Z]{6})")


def check_character(text: str) -> str:
    """For characters of `ALPHABET`, at most 30."""
    remainder = 0
    for letter in text:
        remainder = _next_power(remainder) ^ _VALUE[letter]
    return ALPHABET[_next_power(remainder)]


def _next_power(value: int) -> int:
    value <<= 1
    return value ^ _FIELD if value & _OVERFLOW else value


def new_number(received: datetime.date, prefix: str = COMPLAINT) -> str:
    """A number of the month; the database refuses the rare double, then take another."""
    month = f"{received:%y%m}"
    drawn = "".join(secrets.choice(ALPHABET) for _place in range(RANDOM_LENGTH))
    return f"{prefix}-{month}-{drawn}{check_character(prefix + month + drawn)}"


def parse_number(text: str, prefix: str = COMPLAINT) -> str | None:
    """The number as it is stored, from what somebody typed: small letters, no hyphens, O for 0, no prefix.

    None when it cannot be one of ours.
    """
    letters = _NOT_A_CHARACTER.sub("", unicodedata.normalize("NFKC", text[:60]).upper())
    body = letters.removeprefix(prefix).translate(_MISREAD)
    found = _SHAPE.fullmatch(body)
    if found is None or check_character(prefix + body[:-1]) != body[-1]:
        return None
    return f"{prefix}-{body[:4]}-{body[4:]}"


def new_pin() -> str:
    """Forty random bits, in two groups of four to be written down."""
    drawn = "".join(secrets.choice(ALPHABET) for _place in range(PIN_LENGTH))
    return f"{drawn[:4]}-{drawn[4:]}"


def pin_of_filing(key: str, secret: bytes) -> str:
    """The PIN of a form that may be sent twice: `key` is random and known to the reporter's browser alone."""
    drawn = hmac.new(secret, f"pin:{key}".encode(), hashlib.sha256).digest()
    letters = "".join(ALPHABET[byte % len(ALPHABET)] for byte in drawn[:PIN_LENGTH])
    return f"{letters[:4]}-{letters[4:]}"


def clean_pin(text: str) -> str:
    return _NOT_A_CHARACTER.sub("", unicodedata.normalize("NFKC", text[:40]).upper()).translate(_MISREAD)


def pin_digest(pin: str, number: str, key: bytes) -> str:
    """Keyed, so that a stolen table cannot be tried out, and bound to the number."""
    return hmac.new(key, f"{number}:{clean_pin(pin)}".encode(), hashlib.sha256).hexdigest()


def pin_matches(pin: str, number: str, digest: str, keys: Iterable[bytes]) -> bool:
    """Takes as long for a case without a PIN, or for no case at all (empty digest), as for a wrong PIN."""
    right = False
    for key in keys:
        right |= hmac.compare_digest(pin_digest(pin, number, key), digest or _NO_DIGEST)
    return right and len(clean_pin(pin)) == PIN_LENGTH


def delay_after(failures: int) -> datetime.timedelta:
    """How long the next try must wait: nothing for five of them, then twice as long each time, an hour at most."""
    if failures < FREE_TRIES:
        return datetime.timedelta(0)
    doubled = min(failures - FREE_TRIES, 16)
    return min(FIRST_DELAY * (1 << doubled), LONGEST_DELAY)
