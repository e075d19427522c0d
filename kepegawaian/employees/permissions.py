"""One predicate per right over a person's record; each denial says why. Scope is on the QuerySet."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from kepegawaian.accounts.roles import Right
from kepegawaian.employees.models import Employee
from kepegawaian.employees.models.people import headed_paths
from kepegawaian.lib.access import ALLOWED, Answer, Denied
from kepegawaian.units.models import Unit, covers, has_right, within

NOT_IN_SCOPE = Denied(_("Data ini di luar wilayah kewenangan Anda."))
NOT_EDITOR = Denied(_("Hanya pengelola kepegawaian yang boleh mengubah data ini."))
NOT_ONESELF = Denied(_("Data Anda sendiri diubah oleh petugas lain, bukan oleh Anda."))
NOT_REVEALER = Denied(_("Anda tidak berwenang membuka data pribadi ini."))
NOT_NAMER = Denied(_("Hanya pengelola kepegawaian yang boleh menetapkan pimpinan unit ini."))
NOT_DELEGATOR = Denied(_("Hanya pejabat itu sendiri atau pengelola kepegawaian yang boleh melimpahkan wewenang."))
NOT_EXPORTER = Denied(_("Hanya pengelola kepegawaian dan pimpinan yang boleh mengekspor daftar pegawai."))


def is_own(user: Any, employee: Employee) -> bool:
    return employee.user_id is not None and employee.user_id == user.pk


def can_view(user: Any, employee: Employee) -> Answer:
    """The same people as `Employee.objects.visible_to`, for one object at hand."""
    below = within(employee.current_path, headed_paths(user))
    if is_own(user, employee) or below or covers(user, Right.VIEW_RECORDS, employee.current_path):
        return ALLOWED
    return NOT_IN_SCOPE


def can_list(user: Any) -> Answer:
    """The staff list: who sees more people than himself."""
    if has_right(user, Right.VIEW_RECORDS) or headed_paths(user):
        return ALLOWED
    return NOT_IN_SCOPE


def can_create(user: Any, unit: Unit | None) -> Answer:
    path = unit.path if unit is not None else ""
    return ALLOWED if covers(user, Right.EDIT_RECORDS, path) else NOT_EDITOR


def can_create_somewhere(user: Any) -> Answer:
    return ALLOWED if has_right(user, Right.EDIT_RECORDS) else NOT_EDITOR


def can_edit(user: Any, employee: Employee) -> Answer:
    """HR of the person's unit; nobody changes his own record."""
    if not covers(user, Right.EDIT_RECORDS, employee.current_path):
        return NOT_EDITOR
    return NOT_ONESELF if is_own(user, employee) else ALLOWED


def can_reveal(user: Any, employee: Employee) -> Answer:
    """NIK, NPWP, BPJS, address and phone: the person, and HR of his unit (UU 27/2022 Art. 4)."""
    if is_own(user, employee) or covers(user, Right.VIEW_RESTRICTED, employee.current_path):
        return ALLOWED
    return NOT_REVEALER


def can_name_head(user: Any, unit: Unit) -> Answer:
    return ALLOWED if covers(user, Right.EDIT_RECORDS, unit.path) else NOT_NAMER


def can_be_named_by(user: Any, employee: Employee) -> Answer:
    """Nobody makes himself head of anything."""
    return NOT_ONESELF if is_own(user, employee) else ALLOWED


def can_delegate(user: Any, principal: Employee) -> Answer:
    """An official hands on his own authority; HR enters an order given on paper."""
    if is_own(user, principal) or covers(user, Right.EDIT_RECORDS, principal.current_path):
        return ALLOWED
    return NOT_DELEGATOR


def can_export(user: Any) -> Answer:
    return ALLOWED if has_right(user, Right.VIEW_RECORDS) else NOT_EXPORTER
