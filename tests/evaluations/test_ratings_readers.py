"""Who reads a draft of a rating, and what a leader is told of himself: by role, wherever a rating shows."""

import pytest
from django.urls import reverse

from evaluations.enums import EvaluationState, Rating
from evaluations.papers import kinds
from evaluations.selectors.listed import lines_then
from evaluations.services import ratings
from evaluations.services.ratings import Assessment
from kepegawaian.accounts.roles import Role
from tests.employees.factories import EmployeeFactory
from tests.evaluations.ratings_world import assessed, assessor_of, signed, user_of
from tests.units.factories import RoleAssignmentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_the_quarter")]
WORDS = "Belum selesai ditimbang"
OTHERS = ("hr_unit", "hr_central", "leader", "inspector", "head_above", "person", "former_assessor")


def reader(world, who):
    gov = world.gov
    known = {"hr_central": gov.hr, "head_above": gov.office_head, "person": gov.employee}
    if who in known:
        return known[who].user
    if who == "former_assessor":
        other = world.of(gov.second_section_head).employee
        world.me.assignments.create(
            assessor=other, source="hr", reason="Dahulu", valid_from="2025-12-01", valid_to="2025-12-31"
        )
        return other.user
    employee = EmployeeFactory(unit=gov.office)
    RoleAssignmentFactory(user=employee.user, role=who, unit=gov.office if who == Role.HR_UNIT else None)
    return employee.user


def drafted(world):
    given = Assessment(results_rating=Rating.ABOVE, results_reason=WORDS, behaviour_rating=Rating.BELOW)
    actor = assessor_of(world.me)
    return ratings.save_draft(actor=actor, participant=world.me, period=world.quarter, given=given)


def shows(client, row):
    """On its page, over the API by itself and in the list, as a paper."""
    listed = client.get("/api/v1/evaluations/evaluations/").json()["results"]
    return {
        "page": client.get(reverse("evaluations:evaluation", args=[row.pk])).status_code == 200,
        "api": client.get(f"/api/v1/evaluations/evaluations/{row.pk}/").status_code == 200,
        "list": str(row.pk) in [one["id"] for one in listed],
        "paper": client.get(reverse("evaluations:paper", args=[kinds.OF_EVALUATION[0].code, row.pk])).status_code
        == 200,
    }


@pytest.mark.parametrize("who", OTHERS)
def test_nobody_but_the_assessor_reads_a_draft(client, world, who):
    user, row = reader(world, who), drafted(world)
    client.force_login(user)
    assert not any(shows(client, row).values())
    person = client.get(reverse("evaluations:person", args=[world.me.pk]))
    assert reverse("evaluations:evaluation", args=[row.pk]) not in person.content.decode()


def test_the_assessor_reads_his_draft_and_others_what_was_reopened_no_more(client, world):
    row = drafted(world)
    client.force_login(assessor_of(world.me))
    assert all(shows(client, row).values())
    client.force_login(world.gov.hr.user)
    row = ratings.assess(
        actor=assessor_of(world.me),
        participant=world.me,
        period=world.quarter,
        given=Assessment("above", WORDS, "below", WORDS),
    )
    assert all(shows(client, row).values())
    ratings.reopen(actor=assessor_of(world.me), evaluation=row)
    assert not any(shows(client, row).values())


# --- Side by side ---------------------------------------------------------------------------------
def test_a_draft_does_not_show_in_the_calibration(client, world):
    row = drafted(world)
    shown = lines_then([world.me.pk], world.quarter, world.gov.office_head.user)[0].rated
    assert (shown.state, shown.results, shown.behaviour) == (EvaluationState.OPEN, None, None)
    client.force_login(world.gov.office_head.user)
    asked = {"unit": world.gov.office.pk, "periode": world.quarter.pk, "predikat": "none"}
    html = client.get(reverse("evaluations:calibration"), asked).content.decode()
    assert world.gov.employee.full_name in html
    assert reverse("evaluations:evaluation", args=[row.pk]) not in html


@pytest.mark.parametrize(("sign", "predikat"), [(assessed, "none"), (signed, "baik")])
def test_a_leader_is_told_of_himself_once_it_is_signed(client, world, sign, predikat):
    """He finds himself where he reads himself: among those not rated yet, until it is signed."""
    head = world.of(world.gov.section_head)
    row = sign(head, world.quarter)
    client.force_login(user_of(head))
    asked = {"unit": world.gov.section.pk, "periode": world.quarter.pk}
    for wanted in ("", "none", "baik"):
        page = client.get(reverse("evaluations:calibration"), {**asked, "predikat": wanted})
        line = [one for one in page.context["page"] if one.pk == head.pk]
        assert bool(line) is (wanted in ("", predikat))
        assert all((one.rated.predikat or "none") == predikat for one in line)
        link = reverse("evaluations:evaluation", args=[row.pk]) in page.content.decode()
        assert link is (bool(line) and predikat != "none")
