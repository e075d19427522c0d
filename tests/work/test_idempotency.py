import pytest
from django.urls import include, path
from django.utils import timezone
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from kepegawaian.lib.exceptions import Problem, RuleRefused
from kepegawaian.work import answers
from kepegawaian.work.idempotency import IdempotentMixin
from kepegawaian.work.models import IdempotencyRecord, WorkItem
from tests.accounts.factories import UserFactory
from tests.support.races import at_once
from tests.work.factories import open_item


class BodySerializer(serializers.Serializer):
    title = serializers.CharField()


class Opening(IdempotentMixin, APIView):
    """Opens an item; refuses one title, breaks on another."""

    def get(self, request):
        return Response({"items": WorkItem.objects.count()})

    def post(self, request):
        body = BodySerializer(data=request.data)
        body.is_valid(raise_exception=True)
        title = body.validated_data["title"]
        item = open_item(request.user, title=title)
        if title == "refuse":
            raise RuleRefused([Problem("Tidak boleh.", rule="R1", article="Pasal 1")])
        if title == "break":
            raise ZeroDivisionError
        return Response({"id": str(item.pk)}, status=201)


urlpatterns = [
    path("api/open/", Opening.as_view()),
    path("api/also/", Opening.as_view()),
    path("", include("kepegawaian.urls")),
]
pytestmark = [pytest.mark.urls(__name__)]


@pytest.fixture
def api(db):
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(UserFactory())
    return client


def _open(api, key="k1", title="Cuti", address="/api/open/"):
    return api.post(address, {"title": title}, format="json", headers={"Idempotency-Key": key})


def test_a_repeated_post_is_done_once_and_answered_the_same(api):
    first, again = _open(api), _open(api)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert again.headers["Idempotent-Replayed"] == "true"
    assert WorkItem.objects.count() == 1


def test_without_a_key_every_post_counts(api):
    for _time in range(2):
        api.post("/api/open/", {"title": "Cuti"}, format="json")
    assert WorkItem.objects.count() == 2
    assert not IdempotencyRecord.objects.exists()


def test_the_same_key_for_another_request_is_refused(api):
    _open(api)
    other_body = _open(api, title="Lain")
    other_route = _open(api, address="/api/also/")
    for response in (other_body, other_route):
        assert response.status_code == 422
        assert response.headers["Content-Type"] == "application/problem+json"
    assert WorkItem.objects.count() == 1


def test_keys_of_two_people_do_not_meet(api):
    _open(api)
    api.force_authenticate(UserFactory())
    assert _open(api).status_code == 201
    assert WorkItem.objects.count() == 2


@pytest.mark.parametrize(("title", "status"), [("refuse", 422), ("", 400)])
def test_a_refusal_is_repeated_too(api, title, status):
    first, again = _open(api, title=title), _open(api, title=title)
    assert (first.status_code, again.status_code) == (status, status)
    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"


def test_after_a_breakdown_the_same_key_tries_again(api):
    for _time in range(2):
        assert _open(api, title="break").status_code == 500
    assert not IdempotencyRecord.objects.exists()
    assert not WorkItem.objects.exists()


@pytest.mark.parametrize("key", ["x" * 201, "kün", ""])
def test_a_key_that_is_none_is_refused(api, key):
    assert _open(api, key=key).status_code == 400


def test_a_get_needs_no_key_and_claims_none(api):
    assert api.get("/api/open/", headers={"Idempotency-Key": "k1"}).status_code == 200
    assert not IdempotencyRecord.objects.exists()


def test_who_is_not_signed_in_claims_nothing(db):
    response = _open(APIClient())
    assert response.status_code == 401
    assert not IdempotencyRecord.objects.exists()


def test_old_answers_are_forgotten(api):
    _open(api)
    assert answers.purge() == 0
    assert answers.purge(timezone.now() + answers.KEEP_FOR) == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_twenty_posts_at_once_with_one_key_do_it_once():
    user = UserFactory()

    def post():
        client = APIClient()
        client.force_authenticate(user)
        response = _open(client)
        return response.status_code, response.content

    results = at_once(*[post] * 20)
    assert len(results) == 20
    assert len(set(results)) == 1
    assert results[0][0] == 201
    assert WorkItem.objects.count() == 1
