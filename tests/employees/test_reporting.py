"""Who acts for a post, and who is whose superior: every awkward case."""

import datetime

import pytest

from kepegawaian.employees import reporting
from tests.employees.factories import make_government

ON = datetime.date(2026, 3, 2)
pytestmark = pytest.mark.django_db


@pytest.fixture
def government():
    return make_government()


def test_staff_report_to_the_head_of_their_unit(government):
    holder = reporting.superior_of(government.employee, ON)
    assert holder.employee == government.section_head
    assert (holder.capacity, holder.principal, holder.unit) == ("", None, government.section)


def test_a_head_reports_to_the_head_of_the_unit_above(government):
    assert reporting.superior_of(government.section_head, ON).employee == government.office_head


def test_heads_of_offices_report_to_the_secretary_who_reports_to_the_mayor(government):
    assert reporting.superior_of(government.office_head, ON).employee == government.secretary
    assert reporting.superior_of(government.secretary, ON).employee == government.mayor


def test_nobody_is_above_the_mayor(government):
    assert reporting.superior_of(government.mayor, ON) is None
