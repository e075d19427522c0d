"""The settings of performance are kept in the admin, with their changes in the trail."""

import pytest
from django.urls import reverse

from evaluations.models import EvaluationSetting
from kepegawaian.accounts.roles import Role
from kepegawaian.audit.models import Event
from tests.accounts.factories import with_role
from tests.evaluations.factories import make_world

pytestmark = pytest.mark.django_db


def test_a_setting_is_changed_and_the_trail_keeps_both(client):
    client.force_login(with_role(Role.ADMIN), backend="kepegawaian.accounts.backends.PortalBackend")
    row = EvaluationSetting.objects.create()
    page = reverse("admin:evaluations_evaluationsetting_change", args=[row.pk])
    fields = {
        field.name: getattr(row, field.name)
        for field in row._meta.fields
        if field.editable and field.name != "credit_down"
    }
    answer = client.post(page, fields | {"plan_days": 20})
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    event = Event.objects.get(verb="evaluations.evaluationsetting_changed")
    assert (event.data["from"], event.data["to"]) == ({"plan_days": 31}, {"plan_days": 20})


def test_years_are_only_looked_at(client):
    world = make_world()
    client.force_login(with_role(Role.ADMIN), backend="kepegawaian.accounts.backends.PortalBackend")
    page = reverse("admin:evaluations_cycle_change", args=[world.cycle.pk])
    assert client.post(page, {"year": 2030}).status_code == 403
    world.cycle.refresh_from_db()
    assert world.cycle.year == 2026
