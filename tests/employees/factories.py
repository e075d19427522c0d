"""People for tests, made by the verbs, and a small ready-made government to stand them in."""

import datetime
import itertools
from dataclasses import dataclass, field

import factory

from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.accounts.services import build_for_employee
from kepegawaian.calendars.models import PatternKind, UnitPattern
from kepegawaian.employees import rules, services
from kepegawaian.employees.enums import AsnStatus, HoldingKind, NumberKind, PositionKind
from kepegawaian.employees.models import Employee, EmployeeNumber, Position, PositionHolding, RankHolding
from kepegawaian.units.models import Unit, UnitKind
from tests.support.remembered import remembered
from tests.units.factories import RoleAssignmentFactory, UnitFactory

SINCE = datetime.date(2020, 1, 1)
"""Every holding and pattern of the ready-made government begins here."""


def make_nip(
    n: int, *, born: datetime.date = datetime.date(1985, 3, 17), start: datetime.date | None = None, sex: int = 1
) -> str:
    """A well-formed NIP; `n` keeps it apart from others (1-999 for one birth date and start)."""
    start = start or datetime.date(2010, 1, 1)
    born += datetime.timedelta(days=n // 999)
    return f"{born:%Y%m%d}{start:%Y%m}{sex}{n % 999 + 1:03d}"


class UserFactory(factory.django.DjangoModelFactory):
    """An account with the password "rahasia-sekali", activated."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Pengguna {n:06}")
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
    name = factory.Sequence(lambda n: f"Pegawai Contoh {n:06}")
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


MIRRORED = [field.name for field in Employee._meta.fields if field.name.startswith("current_")]


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


@remembered
def make_government(*, staff: int = 2, teachers: int = 1) -> Government:
    """Five-day weeks everywhere, six days in the school. `hr` holds the role hr_central over everything."""
    root = UnitFactory(government=True)
    secretariat = UnitFactory(secretariat=True, parent=root)
    personnel = UnitFactory(personnel=True, parent=root)
    office = UnitFactory(office=True, name="Dinas Kesehatan", parent=root)
    section = UnitFactory(name="Bidang Pelayanan Kesehatan", parent=office)
    second = UnitFactory(name="Bidang Kesehatan Masyarakat", parent=office)
    school = UnitFactory(name="SMP Negeri 3", kind=UnitKind.SERVICE, parent=office)
    for unit, kind in ((root, PatternKind.FIVE_DAY), (school, PatternKind.SIX_DAY)):
        UnitPattern.objects.create(unit=unit, kind=kind, valid_from=SINCE)
    cast = Cast()
    teacher = {"position": "Guru Ahli Pertama", "position_kind": PositionKind.FUNCTIONAL}
    government = Government(
        root=root,
        mayor=cast.head(root, "Yohanes Wali", "", status=AsnStatus.OFFICIAL, nip="WALIKOTA1"),
        secretariat=secretariat,
        secretary=cast.head(secretariat, "Sinta Sekretaris", "IV/d"),
        personnel=personnel,
        personnel_head=cast.head(personnel, "Budi Badan", "IV/c"),
        hr=cast.person(personnel, "Ratna Pengelola"),
        office=office,
        office_head=cast.head(office, "Dewi Dinas", "IV/b"),
        section=section,
        section_head=cast.head(section, "Bayu Bidang", "IV/a"),
        second_section=second,
        second_section_head=cast.head(second, "Citra Bidang", "IV/a"),
        school=school,
        school_head=cast.head(school, "Gani Kepala", "IV/a"),
        staff=[cast.person(section) for _ in range(staff)],
        second_staff=[cast.person(second) for _ in range(staff)],
        teachers=[cast.person(school, **teacher) for _ in range(teachers)],
    )
    cast.write()
    RoleAssignmentFactory(user=government.hr.user, role=Role.HR_CENTRAL)
    return government


class Cast:
    """The people of the government, written at once with the same rows that the verbs leave: one by one they
    would take six hundred statements in each of hundreds of tests."""

    numbers = itertools.count()

    def __init__(self) -> None:
        self.people: list[Employee] = []
        self.rows: dict[type, list] = {
            model: [] for model in (EmployeeNumber, Position, RankHolding, PositionHolding)
        }
        self.shared: dict[str, Position] = {}

    def person(
        self,
        unit: Unit,
        name: str = "",
        golongan: str = "III/a",
        *,
        status: str = AsnStatus.PNS,
        nip: str = "",
        position: str = "Penata Layanan Operasional",
        position_kind: str = PositionKind.EXECUTIVE,
        heads: Unit | None = None,
    ) -> Employee:
        n = next(self.numbers)
        nip = nip or make_nip(n, born=datetime.date(1975, 5, 5))
        name = name or f"Pegawai Contoh {n:06}"  # padded: lists sort by name
        user = build_for_employee(nip=nip, name=name)
        employee = Employee(user=user, name=name, status=status)
        if parts := rules.parse_number(nip):
            employee.birth_date, employee.sex = parts.birth_date, parts.sex
            employee.tmt_cpns = parts.tmt_cpns
        self.people.append(employee)
        self._add(EmployeeNumber, employee, kind=NumberKind.NIP, value=nip, valid_from=employee.tmt_cpns)
        if known := rules.parse_golongan(golongan, rules.scheme_of(status)):
            rank = {"scheme": known.scheme, "golongan": known.name, "order": known.code}
            self._add(RankHolding, employee, valid_from=SINCE, **rank)
        post = self._post(position, position_kind, heads)
        self._add(PositionHolding, employee, position=post, unit=unit, heads=heads, valid_from=SINCE)
        return employee

    def head(self, unit: Unit, name: str, golongan: str, **kwargs) -> Employee:
        kind = PositionKind.OFFICIAL if rules.is_elected(unit.name) else PositionKind.STRUCTURAL
        title = {"position": rules.head_title(unit.name), "position_kind": kind}
        return self.person(unit, name, golongan, heads=unit, **title, **kwargs)

    def _add(self, model, employee, **values):
        self.rows[model].append(model(employee=employee, **values))

    def _post(self, name, kind, heads):
        if name not in self.shared:
            self.shared[name] = Position(name=name, kind=kind, heads=heads)
            self.rows[Position].append(self.shared[name])
        return self.shared[name]

    def write(self) -> None:
        User.objects.bulk_create([employee.user for employee in self.people])
        Employee.objects.bulk_create(self.people)
        for model, rows in self.rows.items():
            model.objects.bulk_create(rows)
        services.refresh_current()
        written = Employee.objects.select_related("current_unit").in_bulk()
        for employee in self.people:
            for name in MIRRORED:
                setattr(employee, name, getattr(written[employee.pk], name))


def holding_of(employee: Employee) -> PositionHolding:
    """The definitive holding in force that the factories made."""
    return employee.holdings.get(kind=HoldingKind.DEFINITIVE, superseded_at=None, valid_to=None)
