"""What programs read: discovery, services, definitions, requests; both formats, every filter, nothing private."""

import datetime
from xml.etree import ElementTree

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from feedback.enums import FINAL_STATES, OPEN_STATES, CaseKind, CaseState
from feedback.models import AttributeType, Case, CaseFile, RequestToken, ReviewEntry
from feedback.services import cases
from kepegawaian.documents.models import StoredFile
from tests.feedback.factories import CONTACT
from tests.feedback.open311.conftest import FORMS, add_question, parsed

FIELDS = (
    *("service_request_id", "status", "status_notes", "service_name", "service_code", "description"),
    *("agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime"),
    *("address", "address_id", "zipcode", "lat", "long", "media_url"),
)


# --- A request --------------------------------------------------------------------------------------
def test_a_request_has_every_field(api, desk, road, clock):
    case = desk.assigned(
        service=road,
        text="Hubungi 081234567890",
        place="Depan pasar, telepon 081234567890",
        lat="-10.1772",
        long="123.607",
        contact=CONTACT,
    )
    (row,) = parsed(api.get(f"requests/{case.number}.json"))
    assert tuple(row) == FIELDS
    assert row == {
        "service_request_id": case.number,
        "status": "open",
        "status_notes": "Diteruskan ke unit",
        "service_name": "Jalan rusak",
        "service_code": "jalan-rusak",
        "description": "Hubungi [nomor telepon]",
        "agency_responsible": desk.gov.office.name,
        "service_notice": None,
        "requested_datetime": "2026-01-15T10:00:00+07:00",
        "updated_datetime": "2026-01-15T10:00:00+07:00",
        "expected_datetime": "2026-01-23T23:59:59+07:00",
        "address": "Depan pasar, telepon [nomor telepon]",
        "address_id": None,
        "zipcode": None,
        "lat": -10.1772,
        "long": 123.607,
        "media_url": None,
    }


def test_the_last_moment_is_that_of_the_unit(api, desk, listed):
    desk.gov.office.timezone = "Asia/Jayapura"
    desk.gov.office.save()
    case = desk.assigned()
    (row,) = parsed(api.get(f"requests/{case.number}.json"))
    assert row["expected_datetime"] == "2026-01-23T23:59:59+09:00"


def test_a_closed_request_was_updated_when_it_closed(api, desk, clock):
    case = desk.closed()
    (row,) = parsed(api.get(f"requests/{case.number}.json"))
    assert (row["status"], row["status_notes"], row["expected_datetime"]) == ("closed", "Selesai", None)
    assert row["updated_datetime"] == "2026-01-15T10:00:00+07:00"
    clock("01-20")
    Case.objects.filter(pk=case.pk).update(updated_at=timezone.now())
    (row,) = parsed(api.get(f"requests/{case.number}.json"))
    assert row["updated_datetime"] == "2026-01-15T10:00:00+07:00"


@pytest.mark.parametrize("state", [state for state in CaseState if state != CaseState.SPAM])
def test_every_state_is_open_or_closed(desk, state, listed):
    other = desk.assigned()
    case = Case.objects.get(pk=other.pk)
    case.pk, case.number, case.state = Case().pk, "PGD-2601-X00001", state
    case.merged_into = other if state == CaseState.DUPLICATE else None
    case.save(force_insert=True)
    wanted = "open" if state in OPEN_STATES else "closed"
    assert case.number in listed(status=wanted)
    assert case.number not in listed(status="closed" if wanted == "open" else "open")
    assert (state in FINAL_STATES) == (wanted == "closed")


def test_where_a_service_is_not_about_a_place_the_point_is_coarse(api, desk):
    case = desk.assigned(lat="-10.177234", long="123.607012", place="Rumah saya, Jalan Melati 5")
    (row,) = parsed(api.get(f"requests/{case.number}.json"))
    assert (row["lat"], row["long"], row["address"]) == (-10.18, 123.61, None)


def test_a_report_without_service_has_none(api, desk):
    case = desk.assigned(service=None, unit=desk.gov.office)
    (row,) = parsed(api.get(f"requests/{case.number}.json"))
    assert (row["service_code"], row["service_name"], row["lat"]) == (None, None, None)


def picture(case, *, mime="image/png"):
    stored = StoredFile.objects.create(
        subject_type="feedback.case",
        subject_id=case.pk,
        file=ContentFile(b"png", "foto.png"),
        name="foto.png",
        mime=mime,
        size=3,
        sha256="0" * 64,
    )
    return CaseFile.objects.create(case=case, stored=stored, party="reporter")


def publish(file, desk):
    """As two officers would have."""
    eyes = {"offered_by": desk.liaison, "published_by": desk.admin}
    CaseFile.objects.filter(pk=file.pk).update(offered=file.stored, published_at=timezone.now(), **eyes)


def test_a_picture_is_linked_once_it_was_published(api, desk, settings):
    settings.BASE_URL = "https://portal.contoh.test"
    case = desk.assigned()
    shown = picture(case)
    assert parsed(api.get(f"requests/{case.number}.json"))[0]["media_url"] is None
    publish(shown, desk)
    link = parsed(api.get(f"requests/{case.number}.json"))[0]["media_url"]
    assert link.startswith("https://portal.contoh.test/")
    response = api.client.get(link.removeprefix(settings.BASE_URL))
    assert (response.status_code, response["Content-Type"], b"".join(response)) == (200, "image/png", b"png")


def test_a_published_pdf_is_no_picture(api, desk):
    case = desk.assigned()
    paper = picture(case, mime="application/pdf")
    publish(paper, desk)
    assert parsed(api.get(f"requests/{case.number}.json"))[0]["media_url"] is None


def test_accents_emoji_and_javanese_script_arrive_whole(api, desk):
    text = "Café é 🚧 ꦲꦏ꧀ꦱꦫ <b>&amp; \"dua\" 'satu'"
    case = desk.assigned(text=text)
    assert parsed(api.get(f"requests/{case.number}.json"))[0]["description"] == text
    assert parsed(api.get(f"requests/{case.number}.xml")).find("request/description").text == text


def test_control_characters_do_not_break_xml(api, desk):
    case = desk.assigned()
    Case.objects.filter(pk=case.pk).update(published_text="a\x01b\x0bc\x1fd\ufffee\tf\ng")
    response = api.get(f"requests/{case.number}.xml")
    assert ElementTree.fromstring(response.content).find("request/description").text == "abcde\tf\ng"
    assert api.get("requests.xml").status_code == 200


def test_every_date_has_a_zone(api, desk):
    desk.closed()
    desk.assigned()
    for row in parsed(api.get("requests.json")):
        dates = [value for name, value in row.items() if name.endswith("_datetime") and value]
        assert len(dates) >= 2
        assert all(parse_datetime(value).utcoffset() is not None for value in dates)


# --- Filters ----------------------------------------------------------------------------------------
def test_comma_lists_filter_by_service_and_state(desk, road, listed):
    walk_in, on_road = desk.assigned(), desk.closed(service=road)
    assert listed() == [on_road.number, walk_in.number]
    assert listed(service_code="jalan-rusak") == [on_road.number]
    assert listed(service_code="jalan-rusak, rawat-jalan") == [on_road.number, walk_in.number]
    assert listed(status="closed") == [on_road.number]
    assert listed(status="open,closed") == [on_road.number, walk_in.number]
    assert listed(service_code="", status="", start_date="", service_request_id="") == [
        on_road.number,
        walk_in.number,
    ]


def test_an_unknown_service_in_a_filter_is_404(api):
    assert api.get("requests.json", service_code="jalan-rusak,tidak-ada").status_code == 404


@pytest.mark.parametrize(
    "others",
    [
        {"status": "closed", "start_date": "2026-06-01T00:00:00Z", "end_date": "2026-06-30T00:00:00Z"},
        {"status": "foo"},
        {"service_code": "tidak-ada"},
        {"start_date": "2016-01-01", "end_date": "2026-01-01"},
        {"start_date": "2026-06-30", "end_date": "2026-06-01"},
        {"start_date": "kemarin"},
    ],
    ids=lambda others: " ".join(others),
)
def test_ids_override_every_other_filter_good_or_bad(desk, clock, listed, others):
    old = desk.assigned()
    clock("06-15")
    desk.assigned()
    assert listed(service_request_id=f"{old.number.lower()},sembarang,", **others) == [old.number]
    assert listed(service_request_id="sembarang", **others) == []


def test_the_default_is_ninety_days(desk, clock, listed):
    old = desk.assigned()
    clock("04-15")
    assert listed() == [old.number]
    clock("04-16")
    assert listed() == []


def test_dates_bound_the_day_of_receipt(desk, clock, listed):
    case = desk.assigned()
    assert listed(start_date="2026-01-15T09:59:59+07:00", end_date="2026-01-15T10:00:01+07:00") == [case.number]
    assert listed(start_date="2026-01-15T03:00:01Z", end_date="2026-01-16T00:00:00Z") == []
    assert listed(end_date="2026-01-15T02:59:59Z") == []
    assert listed(start_date="2025-10-20") == [case.number]
    assert listed(start_date="2025-10-01") == []  # ninety days from there
    assert listed(start_date="2026-01-15T10:00:00 07:00", end_date="2026-01-16") == [case.number]


def test_ninety_days_are_allowed_and_ninety_one_are_not(api):
    def status(days):
        start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
        end = start + datetime.timedelta(days=days)
        return api.get("requests.json", start_date=start.isoformat(), end_date=end.isoformat()).status_code

    assert (status(90), status(91)) == (200, 400)


def many(desk, count):
    """Copies of a published case, with numbers of their own."""
    case = desk.assigned()
    rows = []
    for place in range(count):
        row = Case.objects.get(pk=case.pk)
        row.pk, row.number = Case().pk, f"PGD-2601-X{place:05d}"
        row.received_at = case.received_at - datetime.timedelta(seconds=place + 1)
        rows.append(row)
    Case.objects.bulk_create(rows)
    return case


def test_of_1001_requests_the_newest_thousand_are_listed(desk, listed):
    case = many(desk, 1000)
    found = listed()
    assert (len(found), found[0]) == (1000, case.number)
    assert f"PGD-2601-X{999:05d}" not in found
    pages = [listed(page=page, page_size=400) for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [400, 400, 201]
    assert len({number for page in pages for number in page}) == 1001
    assert len(listed(page_size=5000)) == 1000
    assert len(listed(page="1")) == 50


@pytest.mark.parametrize("extensions", ["", "true"])
def test_statements_do_not_grow_with_the_list(api, desk, extensions):
    def statements():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert api.get("requests.json", extensions=extensions).status_code == 200
        return [query["sql"] for query in seen]

    case = many(desk, 1)
    few = statements()
    Case.objects.filter(number__startswith="PGD-2601-X").exclude(pk=case.pk).delete()
    many(desk, 50)
    assert len(statements()) == len(few)
    assert len(few) <= (7 if extensions else 4)
    assert not [sql for sql in few if '"feedback_case"."text"' in sql or '"feedback_case"."title"' in sql]


@pytest.mark.parametrize(
    "parameters",
    [{}, {"service_code": "rawat-jalan"}],
)
def test_the_list_of_ninety_days_walks_an_index(api, desk, parameters):
    many(desk, 1)
    with CaptureQueriesContext(connection) as seen:
        api.get("requests.json", **parameters)
    (sql,) = [query["sql"] for query in seen if '"feedback_case"."published_text"' in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Index Scan" in plan and "Seq Scan on feedback_case" not in plan, plan  # noqa: PT018


# --- Nothing private --------------------------------------------------------------------------------
def held(desk):
    return desk.file(held=ReviewEntry.Why.NO_PROOF)


def spam(desk):
    case = desk.opened()
    cases.mark_spam(actor=desk.admin, case=case)
    return case


def rejected(desk):
    case = desk.opened()
    cases.reject(actor=desk.admin, case=case, reason="unclear", explanation="Tidak jelas")
    return case


def turned_secret(desk):
    case = desk.assigned()
    cases.classify(actor=desk.admin, case=case, secret=True)
    return case


HIDDEN = {
    "secret": lambda desk: desk.answered(secret=True),
    "secret and anonymous": lambda desk: desk.assigned(secret=True, anonymous=True),
    "secret for examination": lambda desk: desk.assigned(secret=True, kind=CaseKind.SUPERVISION),
    "turned secret": turned_secret,
    "held": held,
    "new": lambda desk: desk.file(),
    "being verified": lambda desk: desk.opened(),
    "spam": spam,
    "rejected unpublished": rejected,
}


@pytest.mark.parametrize("make", HIDDEN.values(), ids=list(HIDDEN))
@pytest.mark.parametrize("extensions", ["", "true"])
def test_what_is_private_never_leaks(api, desk, listed, make, extensions):
    case = make(desk)
    shown = desk.assigned(text="Yang terbit")
    assert listed(extensions=extensions) == [shown.number]
    assert listed(service_request_id=f"{case.number},{shown.number}") == [shown.number]
    for form in FORMS:
        hidden = api.get(f"requests/{case.number}.{form}", extensions=extensions)
        absent = api.get(f"requests/PGD-2601-ZZZZZZ.{form}", extensions=extensions)
        assert hidden.status_code == absent.status_code == 404
        assert hidden.content == absent.content


def test_the_protected_channel_is_unknown_here(api):
    assert api.get("requests/WBS-2601-7K3QWX.json").status_code == 404


@pytest.mark.parametrize("anonymous", [True, False])
def test_a_reporter_is_named_nowhere(api, desk, anonymous):
    desk.assigned(contact=CONTACT, anonymous=anonymous, user=desk.citizen)
    for form in FORMS:
        text = api.get(f"requests.{form}", extensions="true").content.decode()
        for word in (
            CONTACT.name,
            CONTACT.email,
            CONTACT.phone,
            desk.citizen.name,
            desk.citizen.email or "@contoh",
        ):
            assert word not in text


# --- Extensions -------------------------------------------------------------------------------------
def test_extensions_come_only_when_asked(api, desk, road):
    add_question(road, "nama", AttributeType.STRING, order=2)
    answers = {"kerusakan": "lubang", "nama": "Siti", "open311:media_url": ["https://contoh.test/siti.jpg"]}
    case = desk.answered(service=road, attributes=answers)
    cases.reply(by=desk.reporter(case), case=case, text="Terima kasih, telepon 081234567890", public=True)
    cases.note(actor=desk.liaison, case=case, text="catatan dalam", mentions=())
    (plain,) = parsed(api.get(f"requests/{case.number}.json"))
    assert tuple(plain) == FIELDS
    (row,) = parsed(api.get(f"requests/{case.number}.json", extensions="true"))
    assert row["attributes"] == [
        {
            "code": "kerusakan",
            "name": "Pertanyaan kerusakan",
            "values": [{"key": "lubang", "name": "Lubang"}],
        }
    ]
    assert row["extended_attributes"]["state"] == "dijawab"
    assert [note["description"] for note in row["notes"]] == [
        "Loket ditambah mulai besok.",
        "Terima kasih, telepon [nomor telepon]",
    ]
    assert "catatan dalam" not in str(row)
    assert "siti" not in str(row).lower()
    root = parsed(api.get(f"requests/{case.number}.xml", extensions="true"))
    assert root.find("request/attributes/attribute/values/value/key").text == "lubang"
    assert len(root.findall("request/notes/note")) == 2


# --- Tokens -----------------------------------------------------------------------------------------
def test_a_token_leads_to_the_number_when_the_filing_is_let_in(api, desk):
    case = held(desk)
    RequestToken.objects.create(token="rahasia-klien", case=case)
    waiting = [{"service_request_id": None, "token": "rahasia-klien"}]
    assert parsed(api.get("tokens/rahasia-klien.json")) == waiting
    cases.decide_review(actor=desk.admin, case=case, passed=True)
    (row,) = parsed(api.get("tokens/rahasia-klien.json"))
    assert row == {"service_request_id": case.number, "token": "rahasia-klien"}
    root = parsed(api.get("tokens/rahasia-klien.xml"))
    assert root.tag == "service_requests"
    assert root.find("request/service_request_id").text == case.number


def test_the_token_of_spam_stays_empty(api, desk):
    case = held(desk)
    RequestToken.objects.create(token="rahasia-klien", case=case)
    cases.decide_review(actor=desk.admin, case=case, passed=False)
    assert parsed(api.get("tokens/rahasia-klien.json"))[0]["service_request_id"] is None


# --- Headers ----------------------------------------------------------------------------------------
def test_any_site_may_read_and_none_may_write(api):
    for address in ("discovery.json", "services.xml", "requests.json", "requests/x.json", "tidak-ada.json"):
        assert api.get(address)["Access-Control-Allow-Origin"] == "*"
    assert api.client.head("/open311/v2/requests.json")["Access-Control-Allow-Origin"] == "*"
    for response in (
        api.send({}),
        api.send({"api_key": "salah"}),
        api.client.options("/open311/v2/requests.json"),
    ):
        assert not [name for name in response.headers if name.startswith("Access-Control-")]


def test_services_may_be_kept_and_requests_may_not(api):
    assert "public" in api.get("services.json")["Cache-Control"]
    assert "no-store" in api.get("requests.json")["Cache-Control"]
    assert "Set-Cookie" not in api.get("services.json")
