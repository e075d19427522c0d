"""A program files: its key, every way to say where, answers, limits of text, encodings, what becomes of it."""

import io
import json
import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLResolver, get_resolver
from PIL import Image

from feedback.enums import CaseState, Channel
from feedback.models import ApiClient, AttributeType, Case, Reporter, ReporterMail, RequestToken, ReviewEntry
from feedback.open311 import keys
from feedback.services import cases
from kepegawaian.audit.models import Event
from kepegawaian.lib.ids import uuid7
from kepegawaian.work.models import WorkItem
from tests.feedback.open311.conftest import CHOICES, FORMS, WORDS, add_question, parsed

FORM = "application/x-www-form-urlencoded"


def problems(response, status=400):
    assert response.status_code == status, response.content.decode()
    rows = json.loads(response.content)
    assert {row["code"] for row in rows} == {status}
    return " ".join(row["description"] for row in rows)


def photo():
    out = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(out, "JPEG")
    return SimpleUploadedFile("foto.jpg", out.getvalue(), "image/jpeg")


# --- What becomes of it -----------------------------------------------------------------------------
def test_a_filing_becomes_a_new_case_of_the_service(api, filed, road, desk, issued):
    case = filed(
        {"first_name": "Siti", "last_name": "Warga", "email": "Siti@Contoh.test", "phone": "0812 3456 7890"}
    )
    assert (case.state, case.channel, case.client, case.service) == (
        CaseState.NEW,
        Channel.OPEN311,
        issued.client,
        road,
    )
    assert (case.unit, case.lat, case.long) == (desk.gov.office, Decimal("-10.177200"), Decimal("123.607000"))
    assert (case.attributes, case.published_at, case.filed_by) == ({"kerusakan": "lubang"}, None, None)
    reporter = Reporter.objects.get(case=case)
    assert (reporter.name, reporter.email, reporter.phone) == ("Siti Warga", "siti@contoh.test", "0812 3456 7890")
    assert ReporterMail.objects.filter(case=case).exists()
    assert WorkItem.objects.get(subject_id=case.pk, closed_at=None).kind == "feedback.verify"


def test_it_is_listed_after_an_officer_verified_it(api, filed, desk, listed):
    case = filed()
    assert listed() == []
    assert api.get(f"requests/{case.number}.json").status_code == 404
    cases.open_case(actor=desk.admin, case=case)
    cases.assign(actor=desk.admin, case=case, unit=desk.gov.office)
    assert listed() == [case.number]
    assert parsed(api.get(f"requests/{case.number}.json"))[0]["description"] == WORDS["description"]


def test_without_a_name_the_reporter_is_anonymous(filed):
    case = filed()
    assert case.anonymous
    assert not Reporter.objects.filter(case=case).exists()


@pytest.mark.parametrize("form", FORMS)
def test_the_answer_holds_the_number_and_no_token(api, form):
    response = api.send({}, form)
    number = Case.objects.get().number
    if form == "json":
        (row,) = json.loads(response.content)
    else:
        root = ElementTree.fromstring(response.content)
        assert (root.tag, root[0].tag) == ("service_requests", "request")
        row = {child.tag: child.text for child in root[0]}
    assert set(row) == {"service_request_id", "service_notice", "account_id"}
    assert (row["service_request_id"], row["account_id"]) == (number, None)


def test_the_pin_comes_only_when_extensions_are_asked(api):
    (row,) = parsed(api.send({"extensions": "true"}))
    found = cases.open_by_pin(row["service_request_id"], row["extended_attributes"]["pin"], "jaringan")
    assert found == Case.objects.get()


def test_a_reviewed_client_gets_a_token_and_its_filing_waits(api, issued, desk, listed):
    ApiClient.objects.update(reviewed=True)
    (row,) = parsed(api.send({"extensions": "true"}))
    assert set(row) == {"token", "service_notice", "account_id"}
    case = Case.objects.get()
    assert (case.held, case.review.why) == (True, ReviewEntry.Why.CLIENT)
    address = f"tokens/{row['token']}.json"
    assert parsed(api.get(address)) == [{"service_request_id": None, "token": row["token"]}]
    cases.decide_review(actor=desk.admin, case=case, passed=True)
    assert parsed(api.get(address))[0]["service_request_id"] == case.number
    assert len(RequestToken.objects.get().token) == 43


# --- Keys -------------------------------------------------------------------------------------------
def test_without_a_key_nothing_is_filed(api):
    assert "api_key" in problems(api.send({"api_key": ""}), 403)
    assert not Case.objects.exists()


def test_a_wrong_key_is_refused_in_the_asked_format(api):
    assert "api_key" in problems(api.send({"api_key": "x" * 43}), 403)
    response = api.send({"api_key": api.key[:-1]}, "xml")
    assert response.status_code == 403
    assert ElementTree.fromstring(response.content).find("error/code").text == "403"


def test_the_key_may_stand_in_the_address(api):
    response = api.client.post(f"/open311/v2/requests.json?api_key={api.key}", WORDS)
    assert response.status_code == 200
    assert Case.objects.count() == 1


def test_a_key_is_never_logged(api, caplog):
    caplog.set_level("DEBUG")
    api.client.post(f"/open311/v2/requests.json?api_key={api.key}", WORDS)
    api.send({"lat": "x"})
    assert "open311:requests_json" in caplog.text
    assert api.key not in caplog.text


def test_a_revoked_key_ends_at_once(api, issued, desk):
    assert api.send({}).status_code == 200
    keys.revoke(client=issued.client, actor=desk.admin)
    problems(api.send({}), 403)


def test_each_key_has_its_own_limit(api, issued, desk, clock):
    ApiClient.objects.filter(pk=issued.client.pk).update(an_hour=2)
    other = keys.issue(client=ApiClient(name="Lain"))
    assert [api.send({}).status_code for _time in range(3)] == [200, 200, 429]
    limited = api.send({})
    assert 0 < int(limited["Retry-After"]) <= 3600
    problems(limited, 429)
    assert api.send({"api_key": other.key}).status_code == 200
    assert Case.objects.count() == 3


def test_the_limit_of_the_hour_ends_and_that_of_the_day_stays(api, issued, time_machine):
    ApiClient.objects.filter(pk=issued.client.pk).update(an_hour=1, a_day=2)
    hours = []
    for hour in (3, 4, 5):
        time_machine.move_to(f"2026-01-15T0{hour}:30:00+00:00", tick=False)
        hours.append(api.send({}).status_code)
    assert hours == [200, 200, 429]
    assert int(api.send({})["Retry-After"]) == int(18.5 * 3600)
    time_machine.move_to("2026-01-16T00:00:01+00:00", tick=False)
    assert api.send({}).status_code == 200


def test_a_faulty_filing_costs_nothing_of_the_limit(api, issued):
    ApiClient.objects.filter(pk=issued.client.pk).update(an_hour=1)
    assert api.send({"lat": "91"}).status_code == 400
    assert api.send({}).status_code == 200


def test_the_day_of_use_is_noted(api, issued):
    api.send({})
    assert str(ApiClient.objects.get(pk=issued.client.pk).last_used_on) == "2026-01-15"


# --- Service and jurisdiction -----------------------------------------------------------------------
def test_service_and_jurisdiction_must_exist(api, settings):
    settings.OPEN311_JURISDICTION = "contoh.test"
    assert "service_code" in problems(api.send({"service_code": ""}))
    assert "tidak-ada" in problems(api.send({"service_code": "tidak-ada"}), 404)
    assert "jurisdiction_id" in problems(api.send({"jurisdiction_id": "lain.test"}), 404)
    assert api.send({"jurisdiction_id": "contoh.test"}).status_code == 200


# --- Place ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("place", "word"),
    [
        ({"lat": "", "long": ""}, "Lokasi"),
        ({"long": ""}, "bersama"),
        ({"lat": ""}, "bersama"),
        ({"long": "", "address_string": "Jalan Timor"}, "bersama"),
        ({"lat": "90.000001"}, "lat"),
        ({"lat": "-91"}, "lat"),
        ({"long": "180.5"}, "long"),
        ({"long": "-181"}, "long"),
        ({"lat": "NaN"}, "lat"),
        ({"lat": "Infinity"}, "lat"),
        ({"lat": "sepuluh"}, "lat"),
        ({"lat": "1e400"}, "lat"),
    ],
)
def test_a_place_that_is_none_is_400(api, place, word):
    assert word in problems(api.send(place))
    assert not Case.objects.exists()


@pytest.mark.parametrize("name", ["address_string", "address_id"])
def test_an_address_is_place_enough(filed, name):
    case = filed({"lat": "", "long": "", name: "Jalan Timor Raya 12"})
    assert (case.place, case.lat, case.long) == ("Jalan Timor Raya 12", None, None)


def test_the_edges_of_the_earth_are_on_it(filed):
    case = filed({"lat": "-90", "long": "180.0000000"})
    assert (case.lat, case.long) == (-90, 180)


# --- Answers ----------------------------------------------------------------------------------------
def test_a_missing_answer_is_named_as_required(api):
    assert "kerusakan required" in problems(api.send({"attribute[kerusakan]": ""}))


def test_an_unknown_answer_and_one_outside_the_list_are_400(api):
    text = problems(api.send({"attribute[warna]": "merah", "attribute[kerusakan]": "hilang"}))
    assert "warna" in text
    assert "hilang" in text
    assert "lubang, retak" in text


def test_several_values_come_with_brackets(api, filed, road):
    add_question(road, "akibat", AttributeType.MULTI, values=[*CHOICES, ["banjir", "Banjir"]], order=2)
    case = filed({"attribute[akibat][]": ["lubang", "banjir", "lubang"]})
    assert case.attributes == {"kerusakan": "lubang", "akibat": ["lubang", "banjir"]}
    assert filed({"attribute[akibat][]": ["retak"]}).attributes["akibat"] == ["retak"]
    assert "hilang" in problems(api.send({"attribute[akibat][]": ["lubang", "hilang"]}))


def test_a_single_list_takes_one_value(api):
    assert "kerusakan" in problems(api.send({"attribute[kerusakan][]": ["lubang", "retak"]}))


@pytest.mark.parametrize(
    ("datatype", "good", "bad"),
    [
        (AttributeType.NUMBER, "-12.5", "dua"),
        (AttributeType.NUMBER, "0", "NaN"),
        (AttributeType.DATETIME, "2026-01-15T08:00:00+07:00", "kemarin"),
        (AttributeType.STRING, "x" * 255, "x" * 256),
        (AttributeType.TEXT, "x" * 4000, "x" * 4001),
    ],
)
def test_each_data_type_is_judged(api, filed, road, datatype, good, bad):
    add_question(road, "isian", datatype, order=2)
    assert "isian" in filed({"attribute[isian]": good}).attributes
    assert "isian" in problems(api.send({"attribute[isian]": bad}))


def test_a_text_that_only_informs_takes_no_answer(filed, road):
    add_question(road, "petunjuk", AttributeType.TEXT, order=2, variable=False, required=True)
    assert "petunjuk" not in filed({"attribute[petunjuk]": "isi"}).attributes


def test_every_fault_is_said_at_once(api):
    response = api.send({"lat": "91", "email": "bukan", "attribute[kerusakan]": ""})
    assert len(json.loads(response.content)) == 3
    problems(response)


# --- Text -------------------------------------------------------------------------------------------
def test_four_thousand_characters_are_allowed_and_one_more_is_not(api, filed):
    assert len(filed({"description": "é" * 4000}).text) == 4000
    assert "4000" in problems(api.send({"description": "é" * 4001}))


def test_line_breaks_stay_and_html_goes(filed):
    case = filed({"description": "satu\r\n<b>dua</b> &amp; <script>alert(1)</script>tiga"})
    assert case.text == "satu\ndua & alert(1)tiga"
    assert filed({"description": "suhu < 5 & angin > 3"}).text == "suhu < 5 & angin > 3"


def test_accents_emoji_and_javanese_script_are_kept(filed):
    text = "Café 🚧 ꦲꦏ꧀ꦱꦫ"
    assert filed({"description": text}).text == text


def test_characters_that_neither_xml_nor_the_table_can_hold_are_dropped(api, filed, desk):
    case = filed(
        {"description": "a\x00b\x01c\ufffed", "address_string": "x\x00y", "attribute[kerusakan]": "lub\x00ang"}
    )
    assert (case.text, case.place, case.attributes) == ("abcd", "xy", {"kerusakan": "lubang"})
    cases.open_case(actor=desk.admin, case=case)
    cases.assign(actor=desk.admin, case=case, unit=desk.gov.office)
    assert parsed(api.get(f"requests/{case.number}.xml")).find("request/description").text == "abcd"


def test_without_a_description_the_service_is_the_text(filed):
    assert filed({"description": ""}).text == "Jalan rusak"


@pytest.mark.parametrize("email", ["bukan", "a@b", f"{'x' * 250}@contoh.test"])
def test_a_bad_address_of_mail_is_400(api, email):
    assert "email" in problems(api.send({"email": email}))


def test_a_very_long_name_is_cut_and_taken(filed):
    case = filed({"first_name": "x" * 500, "phone": "9" * 100})
    assert len(Reporter.objects.get(case=case).name) == 150


# --- Pictures ---------------------------------------------------------------------------------------
def test_addresses_of_pictures_are_kept_and_never_fetched(filed):
    case = filed({"media_url": ["https://foto.test/1.jpg", "https://foto.test/2.jpg"]})
    assert case.attributes["open311:media_url"] == ["https://foto.test/1.jpg", "https://foto.test/2.jpg"]


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "file:///etc/passwd", "x", f"https://{'x' * 1000}", "//x"]
)
def test_an_address_of_another_kind_is_400(api, link):
    assert "media_url" in problems(api.send({"media_url": link}))


@pytest.mark.parametrize("name", ["media", "photo1", "file_1"])
def test_a_picture_may_be_sent_along(filed, name):
    case = filed({name: photo()})
    assert case.files.get().stored.mime == "image/jpeg"
    assert case.files.get().published_at is None


def test_a_file_that_is_no_picture_is_400_and_nothing_is_filed(api):
    bad = SimpleUploadedFile("foto.jpg", b"<svg onload=alert(1)>", "image/jpeg")
    assert problems(api.send({"media": bad}))
    assert not Case.objects.exists()


def test_six_files_are_too_many(api):
    assert "5" in problems(api.send({f"photo{place}": photo() for place in range(6)}))


# --- Encodings --------------------------------------------------------------------------------------
def test_forms_and_multipart_are_the_same(api):
    multipart = api.send({})
    fields = {**WORDS, "api_key": api.key}
    pairs = "&".join(f"{name}={value}".replace(" ", "+") for name, value in fields.items())
    plain = api.client.post("/open311/v2/requests.json", pairs, content_type=f"{FORM}; charset=utf-8")
    assert (multipart.status_code, plain.status_code) == (200, 200)
    first, second = Case.objects.order_by("received_at", "pk")
    assert (first.text, first.attributes, first.lat) == (second.text, second.attributes, second.lat)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ('{"api_key": "x"}', "application/json"),
        ("<request/>", "text/xml"),
        ("kosong", "multipart/form-data"),
        ("kosong", "multipart/form-data; boundary=x"),
    ],
)
def test_another_encoding_is_refused_in_the_asked_format(api, body, content_type):
    response = api.client.post("/open311/v2/requests.json", body, content_type=content_type)
    assert response.status_code in (400, 403)
    assert json.loads(response.content)[0]["description"]


def test_a_body_that_is_too_large_is_refused_by_its_announced_size(api):
    problems(api.send({}, CONTENT_LENGTH=str(60 * 1024 * 1024)), 413)


def test_too_many_fields_are_400(api):
    many = "&".join(f"x{place}=1" for place in range(2000))
    problems(api.client.post("/open311/v2/requests.json", many, content_type=FORM))


# --- Forgery ----------------------------------------------------------------------------------------
def test_no_token_of_forms_is_needed_here(api):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/open311/v2/requests.json", {**WORDS, "api_key": api.key})
    assert response.status_code == 200


VALUES = {"str:number": "PGD-2601-ZZZZZZ", "slug:verb": "reply", "uuid:pk": str(uuid7()), "str:token": "x"}


def exempt(patterns, prefix=""):
    for pattern in patterns:
        address = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from exempt(pattern.url_patterns, address)
        elif getattr(pattern.callback, "csrf_exempt", False) and pattern.callback.__module__.startswith(
            "feedback"
        ):
            yield address


def test_forged_forms_reach_only_what_acts_for_nobody(db):
    """Answers to a survey need its token, which is in the address; the protected channel has no cookie that
    another site could use; every other page checks for itself."""
    addresses = list(exempt(get_resolver().url_patterns))
    assert "open311/v2/requests.json" in addresses
    strict = Client(enforce_csrf_checks=True)
    for address in addresses:
        if address.startswith(("open311/v2/", "survei/isi/", "survei/layar/", "wbs/")):
            continue  # the protected channel has a test of its own below
        filled = re.sub("<([^>]+)>", lambda found: VALUES[found[1]], address)
        assert strict.post(f"/{filled}", {}).status_code == 403, address


def test_in_the_protected_channel_a_forged_form_acts_for_nobody(desk):
    """It checks no token, because it knows no person: who is signed in is nobody there, and gets no cookie."""
    addresses = [address for address in exempt(get_resolver().url_patterns) if address.startswith("wbs/")]
    assert addresses
    visitor, signed_in = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    signed_in.force_login(desk.citizen)
    for address in addresses:
        filled = "/" + re.sub("<([^>]+)>", lambda found: VALUES[found[1]], address)
        before = signed_in.cookies.output()
        theirs, his = visitor.post(filled, {}), signed_in.post(filled, {})
        assert (his.status_code, not his.cookies) == (theirs.status_code, True), address
        assert signed_in.cookies.output() == before
        assert his.wsgi_request.user.is_anonymous, address
        assert desk.citizen.name not in his.content.decode()
    assert not Event.objects.filter(actor=desk.citizen).exists()


def test_a_signed_in_person_files_nothing_without_a_key(api, desk):
    api.client.force_login(desk.citizen)
    problems(api.client.post("/open311/v2/requests.json", WORDS), 403)
    assert not Case.objects.exists()
