"""What this app hangs on those below it: the unit tree, the trail, files, jobs, the menu."""

import datetime
from typing import Any

from django.db.backends.signals import connection_created
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from kepegawaian.audit.registry import register_verbs
from kepegawaian.employees import exporting, panels, permissions, person, search, signins
from kepegawaian.employees.models import PositionHolding
from kepegawaian.employees.models.people import headed_paths
from kepegawaian.employees.services.current import refresh_below
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Problem
from kepegawaian.lib.prepared import Prepared
from kepegawaian.lib.ui import shell
from kepegawaian.units import registry as units
from kepegawaian.units.models import Unit

VERBS = {
    "employees.created": gettext_lazy("Memasukkan pegawai"),
    "employees.changed": gettext_lazy("Mengubah data pegawai"),
    "employees.delegated": gettext_lazy("Melimpahkan wewenang"),
    "employees.delegation_ended": gettext_lazy("Mengakhiri pelimpahan wewenang"),
    "employees.duty_cancelled": gettext_lazy("Membatalkan penugasan pada hari cuti bersama"),
    "employees.duty_ordered": gettext_lazy("Menugaskan pada hari cuti bersama"),
    "employees.exported": gettext_lazy("Mengekspor daftar pegawai"),
    "employees.number_changed": gettext_lazy("Mengganti NIP"),
    "employees.pattern_ended": gettext_lazy("Mengakhiri pola kerja pegawai"),
    "employees.pattern_set": gettext_lazy("Menetapkan pola kerja pegawai"),
    "employees.performance_noted": gettext_lazy("Mencatat predikat kinerja"),
    "employees.position_added": gettext_lazy("Menambah jabatan"),
    "employees.position_corrected": gettext_lazy("Memperbaiki riwayat jabatan"),
    "employees.position_ended": gettext_lazy("Mengakhiri jabatan"),
    "employees.position_withdrawn": gettext_lazy("Membatalkan baris jabatan"),
    "employees.rank_added": gettext_lazy("Menambah pangkat"),
    "employees.rank_corrected": gettext_lazy("Memperbaiki riwayat pangkat"),
    "employees.rank_withdrawn": gettext_lazy("Membatalkan baris pangkat"),
    "employees.revealed": gettext_lazy("Membuka data pribadi"),
    "employees.roster_set": gettext_lazy("Menetapkan jadwal dinas"),
    "employees.service_ended": gettext_lazy("Mencatat pemberhentian"),
}


def nobody_left_in(unit: Unit, on: datetime.date) -> Problem | None:
    """A unit may close only when nobody holds a post in it from that day on."""
    rows = PositionHolding.objects.standing().filter(Q(valid_to=None) | Q(valid_to__gte=on), unit=unit)
    people = rows.values("employee").distinct().count()
    if not people:
        return None
    return Problem(_("Masih ada %(n)s pegawai yang menjabat di unit ini pada tanggal itu.") % {"n": people})


_OWN_UNITS: Prepared[tuple[str]] = Prepared(
    lambda slot: (
        PositionHolding.objects.standing()
        .in_force(slot("on"))
        .filter(employee__user_id=slot("user"))
        .order_by()
        .values_list("unit__path")
    )
)


def paths_of_own_units(user: Any) -> set[str]:
    """Units in which the person holds a post today, for whoever asks whether something is about his own unit."""
    return {path for (path,) in _OWN_UNITS.all(on=today(), user=user.pk)}


def _has_record(request: HttpRequest) -> bool:
    """Sign-in numbers are written by this app alone, so whoever has one has a record; costs no statement."""
    return bool(getattr(request.user, "nip", None))


def _may_list(request: HttpRequest) -> bool:
    return request.user.is_authenticated and bool(permissions.can_list(request.user))


def _heads_a_unit(request: HttpRequest) -> bool:
    return request.user.is_authenticated and bool(headed_paths(request.user))


def _may_edit(request: HttpRequest) -> bool:
    return request.user.is_authenticated and bool(permissions.can_create_somewhere(request.user))


def _manages_accounts(request: HttpRequest) -> bool:
    return request.user.is_authenticated and bool(signins.can_manage(request.user))


def _register_menu() -> None:
    entry = shell.MenuEntry
    label = pgettext_lazy("list", "Pegawai")
    people = entry(shell.OFFICE, label, "employees:list", "users", visible=_may_list, order=10)
    shell.register(people)
    shell.tools.search = entry(
        shell.OFFICE, gettext_lazy("Cari pegawai"), "employees:list", "magnifying-glass", visible=_may_list
    )
    shell.register(
        entry(shell.MY, gettext_lazy("Data saya"), "employees:me", "identification", visible=_has_record, order=50)
    )
    shell.register(
        entry(
            shell.TEAM,
            gettext_lazy("Limpahkan wewenang"),
            "employees:my_delegations",
            "user-group",
            visible=_heads_a_unit,
            order=80,
            hint=gettext_lazy("Bila Anda berhalangan, orang lain memutus atas nama Anda."),
        )
    )
    shell.register(
        entry(
            shell.OFFICE,
            gettext_lazy("Unit tanpa pimpinan"),
            "heads:missing",
            "exclamation-triangle",
            visible=_may_edit,
            order=40,
            hint=gettext_lazy("Tetapkan kepala, Plt., atau Plh."),
        )
    )
    shell.register(
        entry(
            shell.OFFICE,
            gettext_lazy("Pelimpahan wewenang"),
            "employees:delegations_all",
            "user-group",
            visible=_may_edit,
            order=50,
            hint=gettext_lazy("Siapa memutus atas nama siapa."),
        )
    )
    shell.register(
        entry(
            shell.OFFICE,
            gettext_lazy("Akun masuk"),
            "employees:accounts",
            "key",
            visible=_manages_accounts,
            order=65,
            hint=gettext_lazy("Kode baru, kunci masuk, menonaktifkan akun."),
        )
    )


def register() -> None:
    connection_created.connect(search.set_threshold, dispatch_uid="employees.search")
    units.on_tree_change(refresh_below)
    units.register_close_check(nobody_left_in)
    units.register_ties(paths_of_own_units)
    units.register_heads(panels.heads_of)
    units.register_panel(units.UnitPanel("head", "employees/_unit_head.html", panels.head_panel, order=10))
    units.register_panel(units.UnitPanel("people", "employees/_unit_people.html", panels.people_panel, order=20))
    units.register_panel(units.UnitPanel("days", "employees/_unit_pattern.html", panels.pattern_panel, order=30))
    panel = "employees/_panel_performance.html"
    person.register_panel(person.PersonPanel("employees.performance", panel, panels.performance_panel, 60))
    register_verbs(VERBS)
    exporting.PEOPLE.register(gettext_lazy("Unduhan daftar pegawai"))
    _register_menu()
