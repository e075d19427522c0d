"""Two published clients talk to the portal over HTTP: `civicbot`, and `three` as far as Python 3 lets it."""

import io
import itertools
import json
import warnings
from types import SimpleNamespace

import pytest
from civicbot.http import HttpError, HttpTransport, RateLimiter
from civicbot.open311 import Endpoint, Open311Client, ValidationError
from django.core.cache import cache
from PIL import Image

from feedback.models import ApiClient, AttributeType, Case, Reporter
from feedback.open311 import keys
from feedback.services import cases
from tests.feedback.factories import make_desk
from tests.feedback.open311.conftest import CHOICES, add_question

JURISDICTION = "contoh.test"
PLACE = {"lat": -10.1772, "lng": 123.607}


@pytest.fixture
def served(transactional_db, live_server, settings):
    """A portal that answers on a port, with a service that asks and a client's key. Today is today."""
    settings.OPEN311_JURISDICTION = JURISDICTION
    settings.BASE_URL = live_server.url
    cache.clear()
    desk = make_desk()
    road = desk.service
    road.location_needed = True
    road.save()
    add_question(road, "kerusakan", AttributeType.SINGLE, required=True, values=CHOICES)
    add_question(road, "akibat", AttributeType.MULTI, values=CHOICES, order=2)
    key = keys.issue(client=ApiClient(name="Klien")).key
    return SimpleNamespace(desk=desk, url=f"{live_server.url}/open311/v2", key=key, code=road.code)


def verified(served, number):
    """What officers do with a filing."""
    case = Case.objects.get(number=number)
    cases.open_case(actor=served.desk.admin, case=case)
    return cases.assign(actor=served.desk.admin, case=case, unit=served.desk.gov.office)


# --- civicbot ---------------------------------------------------------------------------------------
@pytest.fixture
def civicbot(served):
    endpoint = Endpoint("contoh", "Kota Contoh", served.url, write=True)
    transport = HttpTransport(rate_limiter=RateLimiter(0))
    return Open311Client(endpoint, transport, jurisdiction_id=JURISDICTION)


def send(civicbot, served, **fields):
    wanted = {"description": "Lubang besar é 🚧", "attributes": {"kerusakan": "lubang"}, **PLACE, **fields}
    return civicbot.create_request(
        served.code, dry_run=False, confirm="SEND", api_key=served.key, validate_remote=True, **wanted
    )


def test_civicbot_reads_services_and_their_questions(civicbot, served):
    (service,) = civicbot.list_services()
    assert (service["service_code"], service["metadata"]) == (served.code, True)
    definition = civicbot.get_service_definition(served.code)
    assert [row["code"] for row in definition["attributes"]] == ["kerusakan", "akibat"]


def test_civicbot_files_and_reads_back_what_was_verified(civicbot, served):
    prepared = send(
        civicbot,
        served,
        attributes={"kerusakan": "lubang", "akibat": ["lubang", "retak"]},
        email="siti@contoh.test",
        first_name="Siti",
        last_name="Warga",
    )
    ((number,),) = [[row["service_request_id"] for row in prepared.response]]
    case = Case.objects.get(number=number)
    assert (case.attributes, case.text) == (
        {"kerusakan": "lubang", "akibat": ["lubang", "retak"]},
        "Lubang besar é 🚧",
    )
    assert Reporter.objects.get(case=case).email == "siti@contoh.test"
    assert civicbot.list_requests() == []
    with pytest.raises(HttpError, match="HTTP 404"):
        civicbot.get_request(number)
    verified(served, number)
    row = civicbot.get_request(number)
    assert (row["description"], row["lat"], row["long"]) == ("Lubang besar é 🚧", -10.1772, 123.607)
    assert civicbot.list_requests(service_code=served.code, status="open", page_size=10) == [row]
    assert civicbot.list_requests(service_request_ids=[number, "PGD-2601-ZZZZZZ"]) == [row]
    assert civicbot.list_requests(status="closed") == []


def test_civicbot_refuses_by_our_definition_before_it_sends(civicbot, served):
    with pytest.raises(ValidationError, match="kerusakan"):
        send(civicbot, served, attributes={})
    with pytest.raises(ValidationError, match="hilang"):
        send(civicbot, served, attributes={"kerusakan": "hilang"})
    with pytest.raises(ValidationError, match="not offered"):
        civicbot.create_request("tidak-ada", validate_remote=True, **PLACE)
    assert not Case.objects.exists()


def test_civicbot_is_told_why_a_key_is_refused(civicbot, served):
    with pytest.raises(HttpError) as refused:
        civicbot.create_request(
            served.code,
            dry_run=False,
            confirm="SEND",
            api_key="salah",
            attributes={"kerusakan": "lubang"},
            **PLACE,
        )
    assert refused.value.status == 403
    assert json.loads(refused.value.body)[0]["code"] == 403


def test_civicbot_follows_a_token(civicbot, served):
    ApiClient.objects.update(reviewed=True)
    (row,) = send(civicbot, served).response
    assert civicbot.get_token(row["token"]) == [{"service_request_id": None, "token": row["token"]}]
    case = Case.objects.get()
    cases.decide_review(actor=served.desk.admin, case=case, passed=True)
    assert civicbot.get_token(row["token"])[0]["service_request_id"] == case.number


# --- three ------------------------------------------------------------------------------------------
@pytest.fixture
def three(served, monkeypatch):
    """Written for Python 2: one name has to be put back before it can be imported."""
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of how it was written, not of what it does
        from three import Three

    client = Three(served.url, api_key=served.key, jurisdiction=JURISDICTION)
    yield client
    client.session.close()


def test_three_reads_discovery_services_and_questions(three, served):
    assert three.discovery()["endpoints"][0]["url"] == served.url
    assert [row["service_code"] for row in three.services()] == [served.code]
    assert three.services(served.code)["attributes"][0]["code"] == "kerusakan"


def test_three_files_and_reads_back_what_was_verified(three, served):
    (answer,) = three.post(
        served.code,
        address="Jalan Timor Raya 12",
        name="Siti Warga",
        phone="081234567890",
        description="Lubang besar.",
        **{"attribute[kerusakan]": "lubang"},
    )
    number = answer["service_request_id"]
    assert Reporter.objects.get(case__number=number).name == "Siti Warga"
    verified(served, number)
    (row,) = three.request(number)
    assert (row["address"], row["description"], row["status"]) == ("Jalan Timor Raya 12", "Lubang besar.", "open")
    assert three.requests(served.code, count=1) == [row]
    day = f"{Case.objects.get().received_at:%m-%d-%Y}"
    assert three.requests(start=day, end=day) == []  # from midnight to midnight of one day is no time at all
    assert three.requests(between=["01-01-2020", "02-01-2020"]) == []


def test_three_sends_a_picture_as_multipart(three, served):
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(out, "PNG")
    out.seek(0)
    three.post(
        served.code, address="Pasar", description="Lubang.", media=out, **{"attribute[kerusakan]": "lubang"}
    )
    assert Case.objects.get().files.get().stored.mime == "image/png"


def test_three_reads_our_refusals_and_tokens(three, served):
    (refused,) = three.post(served.code, address="Pasar", description="Lubang.")
    assert refused["code"] == 400
    assert "kerusakan required" in refused["description"]
    assert three.token("tidak-ada")[0]["code"] == 404
