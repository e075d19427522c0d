import pytest

from kepegawaian.work.models import Job
from tests.employees.factories import UserFactory

pytestmark = pytest.mark.django_db
ROOT = "/api/v1/work/jobs/"


def test_who_started_a_job_sees_how_far_it_is(client):
    owner, stranger = UserFactory(), UserFactory()
    job = Job.objects.create(kind="leave.year_end", owner=owner, done=3, total=10, phase="Menulis")
    client.force_login(owner)
    body = client.get(f"{ROOT}{job.pk}/").json()
    assert (body["state"], body["done"], body["total"], body["phase"]) == ("waiting", 3, 10, "Menulis")
    assert [row["id"] for row in client.get(ROOT).json()["results"]] == [str(job.pk)]
    client.force_login(stranger)
    assert client.get(f"{ROOT}{job.pk}/").status_code == 404
    assert client.get(ROOT).json()["results"] == []


def test_nobody_else_sees_a_job_of_a_kind_that_is_gone(client):
    job = Job.objects.create(kind="gone.for_good", owner=UserFactory())
    client.force_login(UserFactory())
    assert client.get(f"{ROOT}{job.pk}/").status_code == 404
