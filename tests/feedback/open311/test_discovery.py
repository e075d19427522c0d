"""Discovery, services, definitions, and what is said when something is wrong; both formats."""

import datetime
import json
from xml.etree import ElementTree

import pytest
from django.utils.dateparse import parse_datetime

from feedback.models import AttributeType, Service
from feedback.open311 import discovery
from tests.feedback.open311.conftest import FORMS, add_question, parsed


def as_data(element):
    """XML by the Spark rule, written anew: what the JSON should hold, with every leaf as text."""
    children = list(element)
    if not children:
        return element.text
    names = {child.tag for child in children}
    if len(names) == 1 and element.tag.rstrip("s") in (*names, "service_request"):
        return [as_data(child) for child in children]
    return {child.tag: as_data(child) for child in children}


def as_text(value):
    if isinstance(value, dict):
        return {name: as_text(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [as_text(inner) for inner in value] or None
    return value if value is None else str(value).lower() if isinstance(value, bool) else str(value)


# --- Discovery, services, definitions ---------------------------------------------------------------
@pytest.mark.parametrize("address", ["discovery", "services", "services/jalan-rusak", "requests"])
def test_both_formats_say_the_same(api, desk, address):
    desk.assigned(service=Service.objects.get(code="jalan-rusak"))
    as_json, as_xml = api.get(f"{address}.json"), api.get(f"{address}.xml")
    assert as_json["Content-Type"] == "application/json; charset=utf-8"
    assert as_xml["Content-Type"] == "text/xml; charset=utf-8"
    assert as_xml.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    assert as_data(parsed(as_xml)) == as_text(parsed(as_json))


def test_discovery_names_the_endpoint_with_everything_required(api, settings):
    settings.BASE_URL = "https://portal.contoh.test"
    found = parsed(api.get("discovery.json"))
    assert set(found) == {"changeset", "contact", "key_service", "endpoints"}
    assert found["contact"]
    assert found["key_service"]
    (endpoint,) = found["endpoints"]
    assert endpoint == {
        "specification": "http://wiki.open311.org/GeoReport_v2",
        "url": "https://portal.contoh.test/open311/v2",
        "changeset": found["changeset"],
        "type": "test",
        "formats": ["text/xml", "application/json"],
    }


def test_the_changeset_is_iso_8601_and_past():
    assert parse_datetime(discovery.CHANGESET) <= datetime.datetime.now(datetime.UTC)


def test_the_kind_of_endpoint_is_a_setting(api, settings):
    settings.OPEN311_TYPE = "production"
    assert parsed(api.get("discovery.json"))["endpoints"][0]["type"] == "production"


def test_services_are_a_bare_array_with_real_booleans(api, desk):
    rows = {row["service_code"]: row for row in parsed(api.get("services.json"))}
    assert rows["jalan-rusak"] == {
        "service_code": "jalan-rusak",
        "service_name": "Jalan rusak",
        "description": None,
        "metadata": True,
        "type": "realtime",
        "keywords": "jalan, lubang",
        "group": "Infrastruktur",
    }
    assert rows[desk.service.code]["metadata"] is False


def test_a_service_that_is_closed_to_citizens_is_not_there(api, road):
    Service.objects.filter(pk=road.pk).update(active=False)
    assert "jalan-rusak" not in str(parsed(api.get("services.json")))
    assert api.get("services/jalan-rusak.json").status_code == 404


def test_a_definition_lists_the_questions_in_their_order(api, road):
    add_question(road, "lebar", AttributeType.NUMBER, order=3)
    add_question(road, "petunjuk", AttributeType.TEXT, order=2, variable=False)
    found = parsed(api.get("services/jalan-rusak.json"))
    assert [(row["code"], row["order"], row["variable"]) for row in found["attributes"]] == [
        ("kerusakan", 1, True),
        ("petunjuk", 2, False),
        ("lebar", 3, True),
    ]
    assert found["attributes"][0] == {
        "variable": True,
        "code": "kerusakan",
        "datatype": "singlevaluelist",
        "required": True,
        "datatype_description": None,
        "order": 1,
        "description": "Pertanyaan kerusakan",
        "values": [{"key": "lubang", "name": "Lubang"}, {"key": "retak", "name": "Retak"}],
    }
    assert "values" not in found["attributes"][2]


def test_single_elements_stay_arrays_and_nothing_is_an_empty_one(api, desk, road):
    assert parsed(api.get("requests.json")) == []
    assert api.get("requests.xml").content.endswith(b"<service_requests/>")
    assert parsed(api.get("services/rawat-jalan.json"))["attributes"] == []
    Service.objects.exclude(pk=road.pk).update(active=False)
    desk.assigned(service=road)
    assert len(parsed(api.get("services.json"))) == 1
    assert len(parsed(api.get("requests.json"))) == 1
    assert len(parsed(api.get("services/jalan-rusak.json"))["attributes"]) == 1


# --- Errors -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "address",
    [
        "services/tidak-ada",
        "tokens/tidak-ada",
        "requests/PGD-2601-ZZZZZZ",
        "requests/sembarang",
        "tidak/ada",
        "services/a/b",
    ],
)
def test_what_does_not_exist_is_404_in_the_asked_format(api, form, address):
    response = api.get(f"{address}.{form}")
    assert response.status_code == 404
    if form == "json":
        (error,) = json.loads(response.content)
        assert error["code"] == 404
        assert error["description"]
    else:
        root = ElementTree.fromstring(response.content)
        assert (root.tag, root[0].tag, root[0].find("code").text) == ("errors", "error", "404")
        assert root[0].find("description").text


@pytest.mark.parametrize("address", ["services.yaml", "services", "", "discovery.html", "requests.xml/"])
def test_an_unknown_ending_is_404_as_xml(api, address):
    response = api.get(address)
    assert response.status_code == 404
    assert ElementTree.fromstring(response.content).tag == "errors"


@pytest.mark.parametrize(
    "address", ["services.json", "services/jalan-rusak.json", "requests.json", "tokens/tidak-ada.json"]
)
def test_another_jurisdiction_is_404(api, settings, address):
    settings.OPEN311_JURISDICTION = "contoh.test"
    response = api.get(address, jurisdiction_id="lain.test")
    assert response.status_code == 404
    assert "jurisdiction_id" in json.loads(response.content)[0]["description"]


@pytest.mark.parametrize("name", ["contoh.test", "www.contoh.test", "Contoh.Test", ""])
def test_our_jurisdiction_may_be_named_or_not(api, settings, name):
    settings.OPEN311_JURISDICTION = "contoh.test"
    assert api.get("services.json", jurisdiction_id=name).status_code == 200


@pytest.mark.parametrize(
    "parameters",
    [
        {"status": "selesai"},
        {"start_date": "kemarin"},
        {"end_date": "2026-13-01"},
        {"start_date": "2026-01-10T00:00:00Z", "end_date": "2026-01-09T00:00:00Z"},
        {"start_date": "9999-12-31T00:00:00Z"},
        {"end_date": "0001-01-01T00:00:00Z"},
        {"page": "0"},
        {"page": "-1"},
        {"page": "٣"},
        {"page": "99999999999999999999"},
        {"page_size": "banyak"},
    ],
)
def test_a_bad_parameter_is_400(api, parameters):
    response = api.get("requests.json", **parameters)
    assert response.status_code == 400
    assert json.loads(response.content)[0]["code"] == 400


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_methods_are_refused_in_the_asked_format(api, method):
    response = getattr(api.client, method)("/open311/v2/requests.json")
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, POST"
    assert json.loads(response.content)[0]["code"] == 405
