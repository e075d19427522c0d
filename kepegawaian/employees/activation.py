"""First sign-in on paper: who still waits for it, unit by unit, and the slips with their codes.

A code exists only on the print: it is made here, kept as a digest, and printing again makes a new one.
"""

import uuid
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Left, Length
from django.db.transaction import atomic
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kepegawaian.accounts import services as accounts
from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Right
from kepegawaian.audit.services import record
from kepegawaian.documents.pdf import qr_svg
from kepegawaian.documents.services import render_pdf
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import EmployeeQuerySet
from kepegawaian.lib.access import ALLOWED, Answer, Denied
from kepegawaian.lib.exceptions import ApplicationError, demand
from kepegawaian.lib.ui import formatting
from kepegawaian.units.models import Unit, has_right

AT_ONCE = 200
"""Slips of one print; more are printed unit by unit."""
NOT_PRINTER = Denied(gettext_lazy("Anda tidak berwenang mencetak kode aktivasi."))


@dataclass(frozen=True, slots=True)
class Slip:
    name: str
    login: str
    """NIP in groups, or the e-mail of who has none."""
    unit: str
    code: str
    qr: str


def can_print(user: Any) -> Answer:
    return ALLOWED if has_right(user, Right.PRINT_ACTIVATION) else NOT_PRINTER


def waiting(user: Any) -> EmployeeQuerySet:
    """People in scope whose account was never activated."""
    people = Employee.objects.in_scope(user, Right.PRINT_ACTIVATION).active()
    return people.filter(user__is_active=True, user__activated_at=None, user__is_staff=False)


def units_waiting(user: Any, words: str = "") -> "QuerySet[Unit]":
    """Units with such people, in the order of the tree; `above` names the unit above, as names alone repeat."""
    own_path = Left(OuterRef("path"), Length(OuterRef("path")) - Unit.steplen)
    above = Unit.objects.filter(path=own_path).values("name")
    units = Unit.objects.in_scope(user, Right.PRINT_ACTIVATION).annotate(above=Subquery(above))
    if words:
        units = units.filter(name__icontains=words)
    found: QuerySet[Unit] = units.filter(Exists(waiting(user).filter(current_unit=OuterRef("pk")))).order_by(
        "path"
    )
    return found


def counts(user: Any, units: Iterable[Unit]) -> dict[uuid.UUID, int]:
    """How many wait in each of these units, in one statement."""
    people = waiting(user).filter(current_unit__in=[unit.pk for unit in units]).order_by()
    return dict(people.values_list("current_unit").annotate(n=Count("pk")))


def people_of(user: Any, unit: Unit) -> EmployeeQuerySet:
    return waiting(user).filter(current_unit=unit).select_related("current_unit", "user").order_by("name", "id")


@atomic
def issue_slips(*, unit: Unit, chosen: Iterable[uuid.UUID], actor: User) -> list[Slip]:
    """Make codes for the chosen people of the unit, or all of it; their earlier codes end.

    Raises ApplicationError when nobody waits any more or there are too many for one print.
    """
    demand(can_print(actor))
    people = people_of(actor, unit)
    keys = list(chosen)
    if keys:
        people = people.filter(pk__in=keys)
    found = list(people[: AT_ONCE + 1])
    if not found:
        raise ApplicationError(_("Tidak ada akun yang menunggu aktivasi di sini."))
    if len(found) > AT_ONCE:
        raise ApplicationError(_("Paling banyak %(n)d kode sekali cetak. Pilih sebagian.") % {"n": AT_ONCE})
    users = [person.user for person in found if person.user is not None]
    codes = accounts.issue_activation_codes(users=users, actor=actor)
    record("employees.activation_printed", unit, actor=actor, data={"people": [person.pk for person in found]})
    return [_slip(person, codes[person.user_id]) for person in found if person.user_id]


def _slip(person: Employee, code: str) -> Slip:
    unit = person.current_unit.name if person.current_unit else ""
    link = settings.BASE_URL.rstrip("/") + reverse("accounts:activate_link", args=[code])
    return Slip(person.full_name, login_of(person), unit, code, qr_svg(link))


def login_of(person: Employee) -> str:
    """What somebody types to sign in, as a slip shows it."""
    return formatting.nip(person.current_nip) or getattr(person.user, "email", None) or ""


def address() -> str:
    """Where one types the code, as it is printed."""
    return str(settings.BASE_URL.rstrip("/") + reverse("accounts:activate"))


def pdf(unit: Unit, slips: Iterable[Slip]) -> bytes:
    texts = {
        "title": _("Kode aktivasi"),
        "intro": _("Buka alamat ini, isi NIP atau surel dan kode, lalu buat kata sandi Anda sendiri."),
        "warning": _("Kode ini rahasia dan hanya untuk Anda. Potong dan serahkan langsung kepada orangnya."),
        "valid": _("Berlaku %(days)d hari.") % {"days": settings.ACTIVATION_DAYS},
    }
    rows = [asdict(slip) for slip in slips]
    data = {"unit": unit.name, "address": address(), "slips": rows, "texts": texts}
    return render_pdf("employees/pdf/activation.typ", data)
