"""A desk with services that ask, a client with its key, and short ways to call and to read both formats."""

import json
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from feedback.models import ApiClient, AttributeType, Case, Service, ServiceAttribute
from feedback.open311 import keys

BASE = "/open311/v2"
FORMS = ("json", "xml")
CHOICES = [["lubang", "Lubang"], ["retak", "Retak"]]
WORDS = {
    "service_code": "jalan-rusak",
    "lat": "-10.1772",
    "long": "123.6070",
    "description": "Jalan berlubang di depan pasar.",
    "attribute[kerusakan]": "lubang",
}


def add_question(service, code, datatype, *, required=False, values=(), order=1, variable=True):
    return ServiceAttribute.objects.create(
        service=service,
        code=code,
        datatype=datatype,
        required=required,
        values=list(values),
        order=order,
        variable=variable,
        description=f"Pertanyaan {code}",
    )


@pytest.fixture
def road(desk):
    """The service that asks: about a place, with one required list."""
    road = Service.objects.create(
        unit=desk.gov.office,
        code="jalan-rusak",
        name_id="Jalan rusak",
        group="Infrastruktur",
        keywords="jalan, lubang",
        location_needed=True,
    )
    add_question(road, "kerusakan", AttributeType.SINGLE, required=True, values=CHOICES)
    return road


@pytest.fixture
def issued(db):
    return keys.issue(client=ApiClient(name="Aplikasi warga", an_hour=50, a_day=50))


def parsed(response):
    """The data of an answer in either format, and what XML calls its root."""
    if response["Content-Type"].startswith("application/json"):
        return json.loads(response.content)
    return ElementTree.fromstring(response.content)


@pytest.fixture
def api(client, road, issued):
    """`api.get("requests.json", status="open")`, `api.post(lat="1")`: an empty value takes a field away."""

    def get(address, **parameters):
        return client.get(f"{BASE}/{address}", parameters)

    def post(form="json", key=issued.key, **changes):
        fields = {**WORDS, "api_key": key, **{name.replace("__", "attribute["): v for name, v in changes.items()}}
        return client.post(f"{BASE}/requests.{form}", fields)

    def send(fields, form="json", **options):
        return client.post(f"{BASE}/requests.{form}", {**WORDS, "api_key": issued.key, **fields}, **options)

    return SimpleNamespace(get=get, post=post, send=send, key=issued.key, client=client)


@pytest.fixture
def filed(api):
    """The case that a POST made."""

    def file(fields=None, **options):
        response = api.send(fields or {}, **options)
        assert response.status_code == 200, response.content.decode()
        return Case.objects.get(number=json.loads(response.content)[0]["service_request_id"])

    return file


@pytest.fixture
def listed(api):
    """The ids of a list."""

    def ids(**parameters):
        response = api.get("requests.json", **parameters)
        assert response.status_code == 200, response.content.decode()
        return [row["service_request_id"] for row in json.loads(response.content)]

    return ids
