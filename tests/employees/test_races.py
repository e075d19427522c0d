"""Two officers at the same moment, on real connections: one is served, the other reads why not."""

import datetime

import pytest

from kepegawaian.employees import services
from kepegawaian.employees.models import Delegation, Employee, PositionHolding, RankHolding
from kepegawaian.units import services as units
from kepegawaian.units.models import Unit
from tests.employees.factories import holding_of, make_government, make_nip
from tests.support.races import at_once, refusals

DAY = datetime.timedelta(days=1)
TODAY = datetime.date.today()  # noqa: DTZ011 - threads are not frozen
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def refused_of(*verbs):
    """The sentences of the verbs that were refused when all began together."""
    return [str(error) for error in refusals(at_once(*verbs))]


@pytest.fixture
def gov(transactional_db):
    return make_government()


def test_one_of_two_people_with_the_same_nip_is_refused(gov):
    nip = make_nip(950)
    verbs = [lambda name=name: services.create_employee(nip=nip, name=name, status="pns") for name in "AB"]
    assert refused_of(*verbs) == ["NIP ini sudah dipakai pegawai lain."]
    assert Employee.objects.filter(current_nip=nip).count() == 1


def test_a_unit_gets_one_head(gov):
    services.end_holding(row=holding_of(gov.section_head), on=TODAY - DAY)

    def name(person):
        services.name_head(unit=gov.section, employee=person, valid_from=TODAY)

    refused = refused_of(*[lambda person=person: name(person) for person in gov.staff])
    assert len(refused) == 1
    heads = PositionHolding.objects.filter(heads=gov.section, valid_to=None)
    assert heads.count() == 1


def test_a_person_gets_one_rank_of_a_date(gov):
    def add(golongan):
        services.add_rank(employee=gov.employee, golongan=golongan, valid_from=TODAY)

    refused = refused_of(lambda: add("III/b"), lambda: add("III/c"))
    assert refused == ["Sudah ada riwayat dengan TMT itu. Perbaiki riwayat tersebut."]
    assert RankHolding.objects.filter(employee=gov.employee, valid_to=None).count() == 1


def test_a_row_is_corrected_once(gov):
    row = gov.employee.ranks.get()

    def correct(years):
        services.correct(row=row, changes={"mk_years": years}, reason="MK")

    assert refused_of(lambda: correct(1), lambda: correct(2)) == ["Riwayat ini sudah diperbaiki orang lain."]
    assert RankHolding.objects.standing().filter(employee=gov.employee).count() == 1


def test_authority_is_handed_on_once(gov):
    def give(person):
        services.delegate(
            principal=gov.section_head,
            delegate=person,
            valid_from=TODAY,
            valid_to=TODAY + 3 * DAY,
            decree_number="800/1",
        )

    refused = refused_of(*[lambda person=person: give(person) for person in gov.staff])
    assert refused == ["Sudah ada pelimpahan wewenang pada masa itu. Akhiri lebih dahulu."]
    assert Delegation.objects.count() == 1


def test_units_made_at_once_have_places_of_their_own(gov):
    at_once(
        *[
            lambda n=n: units.create_unit(name=f"Seksi {n}", parent=Unit.objects.get(pk=gov.section.pk))
            for n in range(4)
        ]
    )
    paths = list(Unit.objects.filter(name__startswith="Seksi").values_list("path", flat=True))
    assert len(set(paths)) == 4
    assert Unit.objects.find_problems() == ([], [], [], [], [])
