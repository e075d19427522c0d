"""What is checked alike in forms and in the admin."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from feedback.rules.origins import Point, parse_point


def read_point(text: str) -> Point:
    """A point in Indonesia. Raises ValidationError, with what is wrong with it."""
    point = parse_point(text)
    if point is None:
        raise ValidationError(_("Titik ini tidak terbaca. Tulis seperti -7.2575, 112.7521."))
    if not point.in_indonesia:
        raise ValidationError(_("Titik ini di luar Indonesia. Periksa lintang dan bujurnya."))
    return point


def is_point(text: str) -> None:
    """`read_point`, as fields of models want it."""
    read_point(text)
