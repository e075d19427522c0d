import re
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kepegawaian.notifications import base
from kepegawaian.notifications.checks import check_messages
from kepegawaian.notifications.models import DeliveryState, Message, Preference
from tests.accounts.factories import UserFactory
from tests.notifications.factories import tell, told

pytestmark = pytest.mark.django_db
INBOX = reverse("notifications:inbox")
PREFERENCES = reverse("notifications:preferences")


@pytest.fixture
def reader(client):
    user = UserFactory()
    client.force_login(user)
    return user


def test_the_inbox_is_only_for_those_who_signed_in(client):
    response = client.get(INBOX)
    assert response.status_code == 302
    assert "/akun/login/" in response.url


def test_messages_are_worded_in_the_readers_language(client, reader):
    tell(reader)
    assert "Pengingat: Usul cuti Siti menunggu Anda, batasnya Sen, 16 Mar 2026" in client.get(INBOX).text
    type(reader).objects.filter(pk=reader.pk).update(language="en")
    client.cookies["language"] = "en"
    assert "Reminder: Usul cuti Siti waits for you, due on Mon, 16 Mar 2026" in client.get(INBOX).text


def test_nobody_sees_the_messages_of_others(client, reader):
    tell(UserFactory(), title="Rahasia")
    page = client.get(INBOX).text
    assert "Rahasia" not in page
    assert "Belum ada pemberitahuan" in page


def test_what_a_message_says_is_escaped_on_the_page(client, reader):
    tell(reader, title="<b>tebal</b>")
    page = client.get(INBOX).text
    assert "&lt;b&gt;tebal&lt;/b&gt;" in page
    assert "<b>tebal" not in page


def test_only_unread_ones_when_asked(client, reader):
    tell(reader, key="b", title="Belum")
    Message.objects.update(read_at="2026-03-16T00:00Z")
    tell(reader, key="c", title="Sudah")
    page = client.get(INBOX, {"show": "unread"}).text
    assert "Sudah" in page
    assert "Belum menunggu" not in page


def test_pages_of_25_in_a_constant_number_of_statements(client, reader):
    tell(reader)
    with CaptureQueriesContext(connection) as few:
        client.get(INBOX)
    for number in range(49):
        tell(reader, key=str(number))
    with CaptureQueriesContext(connection) as many:
        page = client.get(INBOX).text
    assert len(many) == len(few) + 1  # the count, which a list of one page does not need
    assert len(many) <= 10
    assert len(re.findall("<tr data-row>", page)) == 25
    assert len(page.encode()) < 40_000


def test_opening_marks_as_read_and_leads_there(client, reader):
    message = told(reader).message
    response = client.post(reverse("notifications:open", args=[message.pk]))
    assert (response.status_code, response.url) == (302, "/pekerjaan/")
    message.refresh_from_db()
    assert message.read_at is not None


@pytest.mark.parametrize("url", ["", "https://jahat.example/", "//jahat.example/"])
def test_opening_never_leads_to_another_host(client, reader, url):
    tell(reader, url=url)
    response = client.post(reverse("notifications:open", args=[Message.objects.get().pk]))
    assert response.url == INBOX


def test_the_message_of_another_is_a_404(client, reader):
    message = told(UserFactory()).message
    assert client.post(reverse("notifications:open", args=[message.pk])).status_code == 404
    assert client.post(reverse("notifications:open", args=[uuid.uuid4()])).status_code == 404


def test_everything_is_marked_read_up_to_what_was_seen(client, reader):
    tell(reader)
    newest = re.search(r'name="newest" value="([^"]+)"', client.get(INBOX).text)[1]
    tell(reader, key="b")
    client.post(reverse("notifications:read_all"), {"newest": newest})
    assert Message.objects.filter(read_at=None).count() == 1


@pytest.mark.parametrize("newest", ["", "bukan-uuid"])
def test_a_broken_mark_changes_nothing(client, reader, newest):
    tell(reader)
    assert client.post(reverse("notifications:read_all"), {"newest": newest}).status_code == 302
    assert Message.objects.filter(read_at=None).exists()


def test_the_bell_counts_to_99(client, reader):
    def bell():
        return re.search(r'href="/pemberitahuan/"(.*?)</a>', client.get("/pekerjaan/").text, re.DOTALL)[1]

    assert "count" not in bell()
    tell(reader)
    assert '<span class="count">1</span>' in bell()
    for number in range(110):
        tell(reader, key=str(number))
    assert '<span class="count">99+</span>' in bell()


def test_preferences_are_kept(client, reader):
    assert "Pengingat" in client.get(PREFERENCES).text
    answer = {category.code: category.default for category in base.categories()} | {"work": "digest"}
    assert client.post(PREFERENCES, answer).status_code == 302
    assert Preference.objects.get(user=reader).mode == "digest"
    assert re.search(r'value="digest"[^>]*checked', client.get(PREFERENCES).text)


def test_an_unknown_choice_is_refused_beside_its_field(client, reader):
    response = client.post(PREFERENCES, {"work": "pigeon"})
    assert response.status_code == 200
    assert not Preference.objects.exists()
    assert "pigeon" in response.text


def test_who_has_no_address_is_told_so(client, reader):
    type(reader).objects.filter(pk=reader.pk).update(email=None)
    assert "Belum ada surel" in client.get(PREFERENCES).text


def test_the_admin_shows_failures_and_sends_again(admin_client, django_capture_on_commit_callbacks, mailoutbox):
    failed = told(UserFactory(), state=DeliveryState.FAILED, error="SMTPServerDisconnected")
    address = reverse("admin:notifications_delivery_changelist")
    assert "SMTPServerDisconnected" in admin_client.get(address).text
    with django_capture_on_commit_callbacks(execute=True):
        admin_client.post(address, {"action": "send_again", "_selected_action": [failed.pk]})
    assert len(mailoutbox) == 1


# --- The house ------------------------------------------------------------------------------------
def test_a_kind_is_declared_once_and_has_an_app_and_an_event():
    with pytest.raises(Exception, match="declared twice"):
        type("Other", (base.Notification,), {"kind": "work.due", "category": "work"})
    with pytest.raises(Exception, match="a kind is"):
        type("Odd", (base.Notification,), {"kind": "work", "category": "work"})


def test_a_message_without_texts_or_category_is_found(monkeypatch):
    monkeypatch.setattr(base, "_classes", dict(base._classes))
    type("Bare", (base.Notification,), {"kind": "work.bare", "category": "nowhere"})
    texts = [error.msg for error in check_messages(None) if "work.bare" in error.msg]
    assert len(texts) == 1 + 3
    assert "category 'nowhere' is not registered" in texts[0]


def test_every_message_has_its_category_and_texts():
    assert check_messages(None) == []
