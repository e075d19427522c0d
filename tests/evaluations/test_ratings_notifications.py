"""Every message of feedback, evaluations and objections in both languages; no rating leaves the house by mail."""

import pytest
from django.utils import translation

from evaluations.enums import Predikat, Rating
from evaluations.services import feedback, objections
from kepegawaian.notifications.delivery import words
from kepegawaian.notifications.models import Message
from kepegawaian.work import running
from kepegawaian.work.models import Job
from tests.evaluations.ratings_world import AFTER_FEEDBACK, AFTER_QUARTER, published, quarter_world, read, user_of
from tests.evaluations.test_ratings_feedback import peers

pytestmark = pytest.mark.django_db
SUBJECTS = {
    "evaluations.feedback_asked": "Umpan balik Anda diminta untuk",
    "evaluations.feedback_received": "Umpan balik baru dari",
    "evaluations.feedback_published": "dapat dibaca",
    "evaluations.signed": "sudah ditandatangani",
    "evaluations.objected": "menunggu putusan Anda",
    "evaluations.objection_known": "mengajukan keberatan",
    "evaluations.objection_withdrawn": "dicabut",
    "evaluations.objection_decided": "sudah diputus",
}


@pytest.fixture
def told(time_machine):
    """Everything that can be told, told."""
    time_machine.move_to(AFTER_QUARTER, tick=False)
    world = quarter_world()
    about = {"participant": world.me, "period": world.quarter}
    feedback.ask(actor=user_of(world.me), **about, givers=[world.gov.colleague], question="Bagaimana loket?")
    for giver in (world.gov.section_head, *peers(world, 3)):
        feedback.give(actor=giver.user, **about, entries=[feedback.Entry("Rapi")])
    first, other = world.me, world.of(world.gov.colleague)
    for participant in (first, other):
        row = read(participant, world.quarter)
        filed = objections.file_objection(actor=user_of(participant), evaluation=row, reasons="Tidak dihitung")
        if participant is other:
            objections.withdraw_objection(actor=user_of(participant), objection=filed)
            continue
        decider = filed.decider.user
        objections.hear(actor=decider, objection=filed, employee="Ada", assessor="Ya")
        ruling = objections.Ruling(Rating.ABOVE, Rating.ABOVE, "Bukti sah")
        objections.decide_objection(actor=decider, objection=filed, ruling=ruling)
    time_machine.move_to(AFTER_FEEDBACK, tick=False)
    published()
    assert running.run(Job.objects.get(kind=feedback.TELL).pk)
    return {message.kind: message for message in Message.objects.filter(kind__in=SUBJECTS)}


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_message_has_its_words_and_tells_no_rating(told, language):
    assert set(told) == set(SUBJECTS)
    secret = [str(one.label) for one in (*Predikat, *Rating)]
    assert len(secret) == 8
    for kind, message in told.items():
        with translation.override(language):
            parts = {part: words(message, part) for part in ("subject", "body", "line")}
        assert all(parts.values()), kind
        assert not any(word in "\n".join(parts.values()) for word in secret), kind
        if language == "id":
            assert SUBJECTS[kind] in parts["subject"]


def test_the_mail_about_anonymous_feedback_names_nobody_but_the_reader(told):
    assert "tanpa nama" in words(told["evaluations.feedback_published"], "body")
    assert told["evaluations.feedback_published"].context.keys() == {"period"}
