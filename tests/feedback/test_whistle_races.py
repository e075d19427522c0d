"""Officers and reporters of the protected channel at the same moment, on real connections."""

import pytest

from feedback.models import WhistleReport, WhistleStep
from feedback.services import whistle
from feedback.services.whistle import Accused, Whistle
from kepegawaian.lib.exceptions import StateChanged
from tests.feedback.factories import make_desk
from tests.feedback.whistling import examined, filed, taken
from tests.support.races import at_once, refusals

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(transactional_db, clock):
    return make_desk()


def test_two_officers_take_and_one_holds_it(desk):
    report = filed()
    results = at_once(
        lambda: whistle.take(actor=desk.keeper, report=report),
        lambda: whistle.take(actor=desk.second, report=report),
    )
    assert [type(error) for error in refusals(results)] == [StateChanged]
    assert list(WhistleStep.objects.filter(report=report).values_list("version", flat=True)) == [1, 2]


def test_a_decision_and_a_rejection_have_one_outcome(desk):
    report = examined(desk.keeper)
    words = {"reason": "Alasan", "word": "Kabar", "version": report.version}
    results = at_once(
        lambda: whistle.close(actor=desk.keeper, report=report, outcome="terbukti", **words),
        lambda: whistle.reject(actor=desk.keeper, report=report, **words),
    )
    assert len(refusals(results)) == 1
    assert WhistleReport.objects.get().messages.count() == 1


def test_the_same_form_twice_at_once_is_one_report(desk):
    facts = Whistle(what="Pungutan", evidence="Kuitansi", accused=(Accused("Budi"),))
    first, second = at_once(*[lambda: whistle.file_report(whistle=facts, key="kunci")] * 2)
    assert (first.report, first.pin) == (second.report, second.pin)
    assert WhistleReport.objects.count() == 1


def test_both_sides_write_at_once_and_each_word_has_its_place(desk):
    report = taken(desk.keeper)
    results = at_once(
        lambda: whistle.reply(report=report, text="Dari pelapor"),
        lambda: whistle.ask(actor=desk.keeper, report=report, text="Dari petugas"),
    )
    assert refusals(results) == []
    assert list(report.messages.values_list("sequence", flat=True)) == [1, 2]
