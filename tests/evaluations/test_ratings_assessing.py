"""The page of assessing one person: what stands beside the rating, two tabs, and the step before the signature."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluations.enums import EvaluationState, OrgResult, Rating
from evaluations.models import Evaluation, EvaluationSetting
from evaluations.services import organisation
from tests.evaluations.ratings_world import assessed, rated, ratings_sent, signed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_the_quarter")]


@pytest.fixture
def sign_in(client):
    def signed_in(person):
        client.force_login(person.user)
        return client

    return signed_in


def url(name, *args):
    return reverse(f"evaluations:{name}", args=args)


def text(response):
    return response.content.decode()


def test_what_is_signed_is_shown_first_and_the_signature_leads_to_the_next_of_the_team(sign_in, world):
    client = sign_in(world.gov.section_head)
    where = url("assess", world.me.pk, world.quarter.pk)
    response = client.post(where, {**ratings_sent(results_reason="Sesuai Ekspektasi"), "act": "sign"})
    row = Evaluation.objects.get()
    assert (row.state, response.url) == (EvaluationState.ASSESSED, url("evaluation_sign", row.pk))
    with CaptureQueriesContext(connection) as asked:
        html = text(client.get(response.url))
    assert len(asked) <= 10
    for said in ("<strong>Baik</strong>", "Dipuji dua warga di loket.", "hanya mengulang ratingnya", where):
        assert said in html
    assert "Dipuji dua warga di loket." in text(client.get(where))
    response = client.post(response.url, {"version": row.version})
    row.refresh_from_db()
    assert row.state == EvaluationState.FINAL
    assert client.get(url("evaluation_sign", row.pk)).url == url("evaluation", row.pk)
    neighbours = {url("assess", world.of(person).pk, world.quarter.pk) for person in world.gov.staff}
    assert response.url in neighbours or response.url.startswith(url("open_evaluations"))


def test_the_result_of_the_unit_its_pattern_and_what_was_signed_stand_beside_the_rating(sign_in, world):
    client = sign_in(world.gov.section_head)
    colleague = next(world.of(person) for person in world.gov.staff if person != world.gov.employee)
    signed(colleague, world.quarter)
    where = url("assess", world.me.pk, world.quarter.pk)
    assert "pedoman polanya belum berlaku" in text(client.get(where))
    about = {"unit": world.gov.section, "period": world.quarter, "reason": "Target tercapai"}
    organisation.set_organisation(actor=world.gov.office_head.user, result=OrgResult.BAIK, **about)
    html = text(client.get(where))
    assert "Paling sedikit satu pegawai Butuh perbaikan dan/atau" in html
    chart = html.split("Yang sudah ditandatangani di unit ini")[1].split("</table>")[0]
    assert chart.count('<td class="number">1</td>') == 1
    client.post(where, ratings_sent())
    sign = url("evaluation_sign", Evaluation.objects.get(participant=world.me).pk)
    assert "Berbeda dari pedoman" not in text(client.get(sign))
    EvaluationSetting.objects.create(tiny_unit=1)
    page = text(client.get(sign))
    assert "pedoman paling banyak 70%." in page
    assert url("distribution", world.gov.section.pk, world.quarter.pk) in page


def test_the_pattern_counts_the_unit_whoever_signed(sign_in, world):
    """Reference 9: shares are of the staff assessed in the unit, not of those whom one assessor signs."""
    EvaluationSetting.objects.create(tiny_unit=1)
    about = {"unit": world.gov.section, "period": world.quarter, "reason": "Target tercapai"}
    organisation.set_organisation(actor=world.gov.office_head.user, result=OrgResult.BAIK, **about)
    signed(world.of(world.gov.section_head), world.quarter, rated(Rating.BELOW))
    assessed(world.me, world.quarter)
    row = Evaluation.objects.get(participant=world.me)
    page = text(sign_in(world.gov.section_head).get(url("evaluation_sign", row.pk)))
    assert "Berbeda dari pedoman" not in page
    assert page.count('<td class="number">1</td>') == 1


def test_a_form_left_open_in_another_tab_shows_what_was_saved_and_saves_the_next_time(sign_in, world):
    client = sign_in(world.gov.section_head)
    where = url("assess", world.me.pk, world.quarter.pk)
    old = {**ratings_sent(behaviour_reason="Dari tab lama"), "version": "0", "act": "draft"}
    assert 'name="version" value="0"' in text(client.get(where))
    client.post(
        where, {**ratings_sent(Rating.ABOVE, results_reason="Dari tab baru"), "version": "0", "act": "draft"}
    )
    refused = client.post(where, old)
    html = text(refused)
    assert refused.status_code == 422
    for there in ("<q>Di atas ekspektasi</q>", "<q>Dari tab baru</q>", "Dari tab lama"):
        assert there in html
    now = Evaluation.objects.get().version
    assert f'name="version" value="{now}"' in html
    assert client.post(where, {**old, "version": now}).status_code == 302
    assert Evaluation.objects.get().behaviour_reason == "Dari tab lama"
    signed(world.me, world.quarter)
    assert "tidak dapat diubah lagi" in text(client.post(where, old, follow=True))
