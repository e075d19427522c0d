"""The pages that the bench measures: they are there, and within the statements and bytes of their budgets."""

import pytest

from kepegawaian.accounts.roles import Role
from tests.employees.factories import EmployeeFactory, UserFactory
from tests.leave.factories import day
from tests.units.factories import RoleAssignmentFactory
from tests.work.factories import open_item

pytestmark = pytest.mark.django_db
LIST, BYTES = 10, 40_000
PAGES = {
    "/": LIST,
    "/cuti/saldo/": LIST,
    "/cuti/permohonan/baru/": LIST,
    "/cuti/saya/": LIST,
    "/cuti/kantor/": LIST,
    "/cuti/kantor/saldo-awal/": LIST,
    "/pekerjaan/": LIST,
    "/pegawai/": LIST,
    "/pegawai/?q=Wibowo": LIST,
}


@pytest.fixture
def busy(flow):
    """An HR officer who has leave of his own, a list of colleagues and work that waits."""
    EmployeeFactory.create_batch(30, unit=flow.gov.section)
    person = flow.employee
    RoleAssignmentFactory(user=person.user, role=Role.HR_CENTRAL)
    for number in range(1, 31):
        open_item(person.user, title=f"Cuti {number}")
    flow.submitted(day(6, 1), day(6, 1))
    return person.user


@pytest.mark.parametrize("path", PAGES)
def test_a_measured_page_keeps_to_its_statements_and_bytes(busy, client, path, django_assert_max_num_queries):
    client.force_login(busy)
    with django_assert_max_num_queries(PAGES[path]):
        response = client.get(path)
    assert response.status_code == 200
    assert len(response.content) <= BYTES


def test_sign_in_asks_the_database_for_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/akun/login/").status_code == 200


def test_a_page_without_rows_costs_what_every_page_costs(client, django_assert_num_queries):
    """Session, and the person with rights and counts; nothing else before the page's own."""
    client.force_login(UserFactory())
    with django_assert_num_queries(4):
        assert client.get("/pekerjaan/").status_code == 200
