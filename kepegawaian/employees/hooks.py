"""What this app hangs on those below it."""

import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from kepegawaian.employees.models import PositionHolding
from kepegawaian.employees.services.current import refresh_below
from kepegawaian.lib.exceptions import Problem
from kepegawaian.units import registry as units
from kepegawaian.units.models import Unit


def nobody_left_in(unit: Unit, on: datetime.date) -> Problem | None:
    """A unit may close only when nobody holds a post in it from that day on."""
    rows = PositionHolding.objects.standing().filter(Q(valid_to=None) | Q(valid_to__gte=on), unit=unit)
    people = rows.values("employee").distinct().count()
    if not people:
        return None
    return Problem(_("Masih ada %(n)s pegawai yang menjabat di unit ini pada tanggal itu.") % {"n": people})


def register() -> None:
    units.on_tree_change(refresh_below)
    units.register_close_check(nobody_left_in)
