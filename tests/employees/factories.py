"""People for tests, made by the verbs, and a small ready-made government to stand them in."""

import datetime
from dataclasses import dataclass, field

import factory

from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.calendars.models import PatternKind, UnitPattern
from kepegawaian.employees import services
from kepegawaian.employees.enums import AsnStatus, HoldingKind, PositionKind
from kepegawaian.employees.models import Employee, PositionHolding
from kepegawaian.units.models import Unit, UnitKind
from tests.units.factories import RoleAssignmentFactory, UnitFactory

SINCE = datetime.date(2020, 1, 1)
"""Every holding and pattern of the ready-made government begins here."""


def make_nip(
    n: int, *, born: datetime.date = datetime.date(1985, 3, 17), start: datetime.date | None = None, sex: int = 1
) -> str:
    """A well-formed NIP; `n` keeps it apart from others (1-999 for one birth date and start)."""
    start = start or datetime.date(2010, 1, 1)
    born += datetime.timedelta(days=n // 1000)
    return f"{born:%Y%m%d}{start:%Y%m}{sex}{n % 999 + 1:03d}"


class UserFactory(factory.django.DjangoModelFactory):
    """An account with the password "rahasia-sekali", activated."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Pengguna {n}")
    email = factory.Sequence(lambda n: f"pengguna{n}@contoh.test")
    activated_at = datetime.datetime(2025, 1, 1, tzinfo=datetime.UTC)

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        password = kwargs.pop("password", "rahasia-sekali")
        return model_class.objects.create_user(*args, password=password, **kwargs)


class EmployeeFactory(factory.Factory):
    """A PNS with an account, in `unit` as an executive, and of rank `golongan` unless that is empty."""

    class Meta:
        model = Employee

    class Params:
        pppk = factory.Trait(
            status=AsnStatus.PPPK,
            nip=factory.Sequence(
                lambda n: make_nip(n, start=datetime.date(2022, 1, 1))[:12] + f"211{n % 999 + 1:03d}"
            ),
            golongan="IX",
            contract_start=datetime.date(2022, 1, 1),
            contract_end=datetime.date(2027, 12, 31),
        )

    nip = factory.Sequence(make_nip)
    name = factory.Sequence(lambda n: f"Pegawai Contoh {n}")
    status = AsnStatus.PNS
    unit = None
    position = "Penata Layanan Operasional"
    position_kind = PositionKind.EXECUTIVE
    golongan = "III/a"
    since = SINCE

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        unit, name, kind = (kwargs.pop(key) for key in ("unit", "position", "position_kind"))
        golongan, since = kwargs.pop("golongan"), kwargs.pop("since")
        employee = services.create_employee(**kwargs)
        if golongan:
            services.add_rank(employee=employee, golongan=golongan, valid_from=since)
        if unit is not None:
            position = services.position_named(name, kind)
            services.add_position(employee=employee, position=position, unit=unit, valid_from=since)
        employee.refresh_from_db()
        return employee


def make_head(unit: Unit, kind: str = HoldingKind.DEFINITIVE, **kwargs) -> Employee:
    """A new person who heads the unit since 2020."""
    valid_from = kwargs.pop("since", SINCE)
    employee = EmployeeFactory(golongan=kwargs.pop("golongan", "IV/a"), **kwargs)
    services.name_head(unit=unit, employee=employee, kind=kind, valid_from=valid_from)
    employee.refresh_from_db()
    return employee


@dataclass
class Government:
    """A wali kota, the Sekda, BKPSDM with its HR officer, one dinas with two bidang, and a school below it."""

    root: Unit
    mayor: Employee
    secretariat: Unit
    secretary: Employee
    personnel: Unit
    personnel_head: Employee
    hr: Employee
    office: Unit
    office_head: Employee
    section: Unit
    section_head: Employee
    second_section: Unit
    second_section_head: Employee
    school: Unit
    school_head: Employee
    staff: list[Employee] = field(default_factory=list)
    second_staff: list[Employee] = field(default_factory=list)
    teachers: list[Employee] = field(default_factory=list)

    @property
    def employee(self) -> Employee:
        """An ordinary member of staff of the first bidang."""
        return self.staff[0]

    @property
    def colleague(self) -> Employee:
        return self.staff[1]


def make_government(*, staff: int = 2, teachers: int = 1) -> Government:
    """Five-day weeks everywhere, six days in the school. `hr` holds the role hr_central over everything."""
    root = UnitFactory(government=True)
    UnitPattern.objects.create(unit=root, kind=PatternKind.FIVE_DAY, valid_from=SINCE)
    secretariat = UnitFactory(secretariat=True, parent=root)
    personnel = UnitFactory(personnel=True, parent=root)
    office = UnitFactory(office=True, name="Dinas Kesehatan", parent=root)
    section = UnitFactory(name="Bidang Pelayanan Kesehatan", parent=office)
    second = UnitFactory(name="Bidang Kesehatan Masyarakat", parent=office)
    school = UnitFactory(name="SMP Negeri 3", kind=UnitKind.SERVICE, parent=office)
    UnitPattern.objects.create(unit=school, kind=PatternKind.SIX_DAY, valid_from=SINCE)
    mayor = make_head(root, name="Yohanes Wali", status=AsnStatus.OFFICIAL, golongan="", nip="WALIKOTA1")
    hr = EmployeeFactory(unit=personnel, name="Ratna Pengelola")
    RoleAssignmentFactory(user=hr.user, role=Role.HR_CENTRAL)
    return Government(
        root=root,
        mayor=mayor,
        secretariat=secretariat,
        secretary=make_head(secretariat, name="Sinta Sekretaris", golongan="IV/d"),
        personnel=personnel,
        personnel_head=make_head(personnel, name="Budi Badan", golongan="IV/c"),
        hr=hr,
        office=office,
        office_head=make_head(office, name="Dewi Dinas", golongan="IV/b"),
        section=section,
        section_head=make_head(section, name="Bayu Bidang", golongan="IV/a"),
        second_section=second,
        second_section_head=make_head(second, name="Citra Bidang", golongan="IV/a"),
        school=school,
        school_head=make_head(school, name="Gani Kepala", golongan="IV/a"),
        staff=EmployeeFactory.create_batch(staff, unit=section),
        second_staff=EmployeeFactory.create_batch(staff, unit=second),
        teachers=EmployeeFactory.create_batch(
            teachers, unit=school, position="Guru Ahli Pertama", position_kind=PositionKind.FUNCTIONAL
        ),
    )


def holding_of(employee: Employee) -> PositionHolding:
    """The definitive holding in force that the factories made."""
    return employee.holdings.get(kind=HoldingKind.DEFINITIVE, superseded_at=None, valid_to=None)
