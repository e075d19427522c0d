"""Units for tests, made by the verbs, so that each has its dated row."""

import datetime

import factory

from kepegawaian.accounts.roles import Role
from kepegawaian.units import services
from kepegawaian.units.models import RoleAssignment, Unit, UnitFunction, UnitKind


class UnitFactory(factory.Factory):
    """`UnitFactory(parent=office)`; traits name what the rules look for."""

    class Meta:
        model = Unit

    class Params:
        government = factory.Trait(
            name="Pemerintah Kota Contoh",
            kind=UnitKind.GOVERNMENT,
            function=UnitFunction.HEAD_OF_GOVERNMENT,
            timezone="Asia/Jakarta",
        )
        secretariat = factory.Trait(
            name="Sekretariat Daerah", kind=UnitKind.OFFICE, function=UnitFunction.SECRETARIAT
        )
        personnel = factory.Trait(
            name="Badan Kepegawaian dan Pengembangan SDM", kind=UnitKind.OFFICE, function=UnitFunction.PERSONNEL
        )
        office = factory.Trait(kind=UnitKind.OFFICE)

    name = factory.Sequence(lambda n: f"Bidang Contoh {n}")
    kind = UnitKind.SECTION

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return services.create_unit(**kwargs)


class RoleAssignmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RoleAssignment

    role = Role.HR_CENTRAL
    unit = None
    valid_from = datetime.date(2020, 1, 1)
