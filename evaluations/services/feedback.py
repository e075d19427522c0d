"""Continuous feedback: asked for, declined, given by name or anonymously, published when its period closes.

What keeps anonymous feedback anonymous in the data (docs/performance-evaluation.md says what is left): texts wait
in one sealed box a group, no event of the trail and no message tells of the giving, and they come out of the boxes
of a period in one transaction, shuffled.
"""

import json
import logging
import secrets
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluations.enums import DeadlineKind, FeedbackRelation, Value
from evaluations.links_ratings import give_url
from evaluations.models import Feedback, FeedbackBox, FeedbackInvitation, Participant, Period, PlanResult
from evaluations.models.cycles import current_setting
from evaluations.notifications import execution as notices
from evaluations.permissions.common import NO_RECORD, is_assessor
from evaluations.permissions.execution import NOT_GIVER, NOT_GIVING, can_ask
from evaluations.rules import anonymity
from evaluations.selectors.feedback import is_anonymous, relation_of, who_can_read
from evaluations.selectors.periods import closes_on, due_on, open_for_feedback
from evaluations.services.common import locked_participant, refused, require_open, verb
from kepegawaian.accounts.crypto import Unreadable, seal, unseal
from kepegawaian.audit import services as audit
from kepegawaian.employees.models import Employee
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import PermissionRefused, demand
from kepegawaian.notifications.services import notify_together
from kepegawaian.work.jobs import JobRun, enqueue
from kepegawaian.work.models import Job, JobState
from kepegawaian.work.services import close_items, open_item

logger = logging.getLogger(__name__)
ITEM = "evaluations.feedback"
MOST_TEXTS = 200
"""In one box: nobody can drown the others."""
_SHUFFLE = secrets.SystemRandom().shuffle
PUBLISH, TELL = "evaluations.publish_feedback", "evaluations.tell_of_feedback"
BOXES, TOLD_AT_ONCE = 2000, 500


@dataclass(frozen=True, slots=True)
class Entry:
    """One text: about one of the seven values, one result (its `origin`), or the whole."""

    text: str
    value: str = ""
    result: str = ""


# --- Asking ---------------------------------------------------------------------------------------
@verb
def ask(
    *,
    actor: Any,
    participant: Participant,
    period: Period,
    givers: Sequence[Employee],
    question: str = "",
) -> list[FeedbackInvitation]:
    """Ask people for feedback. Who is neither superior, peer nor subordinate is asked as leader of a work team."""
    participant = locked_participant(participant)
    demand(can_ask(actor, participant))
    require_open(participant)
    _require_taking(participant, period)
    if not givers:
        raise refused(_("Pilih paling sedikit satu orang."), rule="required", field="people")
    asked = set(_invitations(participant, period).values_list("giver_id", flat=True))
    wanted = [giver for giver in givers if giver.pk not in asked and giver.pk != participant.employee_id]
    if not wanted:
        raise refused(_("Mereka sudah diminta pada periode ini."), rule="asked_already", field="people")
    return [_invite(actor, participant, period, giver, question.strip()) for giver in wanted]


def _invite(
    actor: Any, participant: Participant, period: Period, giver: Employee, question: str
) -> FeedbackInvitation:
    if giver.user is None or not giver.user.is_active:
        text = _("%(name)s belum mempunyai akun aktif, sehingga tidak dapat diminta.")
        raise refused(text % {"name": giver.full_name}, rule="no_account", field="people")
    invitation = FeedbackInvitation.objects.create(
        participant=participant,
        period=period,
        relation=relation_of(giver, participant) or FeedbackRelation.TEAM_LEAD,
        giver=giver,
        requested_by=actor,
        question=question,
    )
    closes = closes_on(period, due_on(period, DeadlineKind.FEEDBACK))
    open_item(
        kind=ITEM,
        subject=invitation,
        holder=giver.user,
        title=participant.employee.full_name,
        url=give_url(participant),
        due_on=closes,
        context={"line": str(period)},
    )
    audit.record("evaluations.feedback_asked", invitation, actor=actor, data={"period": str(period)})
    notify_together([notices.asked(invitation, participant, closes)])
    return invitation


@verb
def decline(*, actor: Any, invitation: FeedbackInvitation) -> FeedbackInvitation:
    """Nobody has to give feedback; nobody is told who declined."""
    rows = FeedbackInvitation.objects.select_for_update(of=("self",)).select_related("giver")
    found = rows.get(pk=invitation.pk)
    if found.giver.user_id != actor.pk or found.given:
        raise PermissionRefused(NOT_GIVER)
    found.declined = True
    found.save(update_fields=["declined"])
    close_items(subject=found, by=actor)
    return found


# --- Giving ---------------------------------------------------------------------------------------
@verb
def give(*, actor: Any, participant: Participant, period: Period, entries: Sequence[Entry]) -> FeedbackRelation:
    """Feedback of the actor about the person; the relation that it counts for. Anonymous where the agency says so
    for that relation: then it cannot be read, changed or taken back by anybody afterwards, the giver included."""
    giver = _employee(actor)
    wanted = _checked(participant, entries)
    _promise(period)
    _require_taking(participant, period)
    invitation = _invitations(participant, period).select_for_update().filter(giver=giver).first()
    relation = FeedbackRelation(invitation.relation) if invitation else relation_of(giver, participant)
    if relation is None or participant.excused_reason:
        raise PermissionRefused(NOT_GIVING)
    require_open(participant)
    if is_anonymous(relation):
        _into_box(participant, period, relation, wanted)
    else:
        _by_name(actor, giver, participant, period, relation, wanted)
    _mark_given(invitation, participant, period, relation, giver, by=actor)
    return relation


@verb
def give_to_team(*, actor: Any, participants: Iterable[Participant], period: Period, text: str) -> int:
    """The same words of the assessor to several of the team; how many. Every reader sees that they are alike."""
    giver, entry = _employee(actor), Entry(text)
    people = list(participants)
    if not people:
        raise refused(_("Pilih paling sedikit satu orang."), rule="required", field="people")
    for participant in people:
        demand(is_assessor(actor, participant))
        require_open(participant)
        [checked] = _checked(participant, [entry])
        _require_taking(participant, period)
        _by_name(actor, giver, participant, period, FeedbackRelation.SUPERIOR, [checked])
    return len(people)


def _employee(actor: Any) -> Employee:
    giver = Employee.objects.filter(user_id=actor.pk).first()
    if giver is None:
        raise PermissionRefused(NO_RECORD)
    return giver


def _checked(participant: Participant, entries: Sequence[Entry]) -> list[Entry]:
    wanted = [Entry(entry.text.strip(), entry.value, str(entry.result or "")) for entry in entries]
    wanted = [entry for entry in wanted if entry.text]
    if not wanted:
        raise refused(_("Tuliskan umpan balik Anda."), rule="required", field="text")
    results = {entry.result for entry in wanted if entry.result}
    known = PlanResult.objects.filter(plan__participant=participant, origin__in=results)
    unknown = results - {str(key) for key in known.values_list("origin", flat=True)}
    if unknown or any(entry.value and entry.value not in Value.values for entry in wanted):
        raise refused(_("Hasil kerja atau nilai ini tidak ada pada SKP orang ini."), rule="unknown_line")
    return wanted


def _promise(period: Period) -> None:
    """In how large a group an anonymous text is shown at least: the strictest of when something was written.
    Before the period is shared with other writers, who would wait for each other."""
    threshold = current_setting().feedback_threshold
    looser = Q(feedback_threshold=None) | Q(feedback_threshold__lt=threshold)
    Period.objects.filter(looser, pk=period.pk).update(feedback_threshold=threshold)


def _require_taking(participant: Participant, period: Period) -> None:
    """The period is locked against being closed meanwhile: nothing slips in after it was published."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM evaluations_period WHERE id = %s FOR SHARE", [period.pk])
    if period not in open_for_feedback(participant.cycle):
        text = _("Umpan balik untuk %(period)s sudah ditutup atau belum dibuka.")
        raise refused(text % {"period": period}, rule="feedback_closed", field="period")


def _invitations(participant: Participant, period: Period) -> Any:
    return FeedbackInvitation.objects.filter(participant=participant, period=period)


def _into_box(participant: Participant, period: Period, relation: FeedbackRelation, entries: list[Entry]) -> None:
    group = {"participant": participant, "period": period, "relation": relation}
    FeedbackBox.objects.bulk_create([FeedbackBox(**group)], ignore_conflicts=True)
    box = FeedbackBox.objects.select_for_update().get(**group)
    texts = _unsealed(box)
    texts += [asdict(entry) for entry in entries if asdict(entry) not in texts]
    if len(texts) > MOST_TEXTS:
        raise refused(_("Umpan balik untuk orang ini sudah sangat banyak pada periode ini."), rule="most_texts")
    _SHUFFLE(texts)
    box.sealed = seal(json.dumps(texts))
    box.save(update_fields=["sealed"])


def _unsealed(box: FeedbackBox) -> list[dict[str, str]]:
    texts: list[dict[str, str]] = json.loads(unseal(box.sealed)) if box.sealed else []
    return texts


def _by_name(
    actor: Any,
    giver: Employee,
    participant: Participant,
    period: Period,
    relation: FeedbackRelation,
    entries: list[Entry],
) -> None:
    for entry in entries:
        row = Feedback.objects.create(
            participant=participant,
            period=period,
            relation=relation,
            value=entry.value,
            result=entry.result or None,
            text=entry.text,
            giver=giver,
            given_at=timezone.now(),
        )
        data = {"period": str(period), "relation": str(relation)}
        audit.record("evaluations.feedback_given", row, actor=actor, data=data)
        if relation != FeedbackRelation.SELF:
            notify_together([notices.received(row, participant)])


def _mark_given(
    invitation: FeedbackInvitation | None,
    participant: Participant,
    period: Period,
    relation: FeedbackRelation,
    giver: Employee,
    *,
    by: Any,
) -> None:
    """That somebody gave, so that groups can be counted; the key of an uninvited one holds no time."""
    if invitation is None:
        FeedbackInvitation.objects.create(
            id=uuid.uuid4(), participant=participant, period=period, relation=relation, giver=giver, given=True
        )
    elif not invitation.given:
        invitation.given, invitation.declined = True, False
        invitation.save(update_fields=["given", "declined"])
        close_items(subject=invitation, by=by)


# --- Publishing -----------------------------------------------------------------------------------
def publish_due() -> int:
    """Close every period whose last day for feedback is over, and give its boxes to a job; how many periods.

    Safe to run twice, and at the same time: the row of the period is locked, and one job goes on for it.
    """
    waiting = Period.objects.filter(start__lte=today(), pk__in=FeedbackBox.objects.values("period"))
    due = [period for period in waiting if period.feedback_closed_at or is_over(period)]
    return sum(_hand_over(period=period) for period in due)


def is_over(period: Period) -> bool:
    """Whether the last day for feedback of the period has passed."""
    return anonymity.is_published(closes_on(period, due_on(period, DeadlineKind.FEEDBACK)), today())


@verb
def _hand_over(*, period: Period) -> bool:
    period = Period.objects.select_for_update(no_key=True).get(pk=period.pk)
    going_on = Job.objects.filter(state__in=[JobState.WAITING, JobState.RUNNING], kind=PUBLISH)
    if going_on.filter(arguments__period=str(period.pk)).exists() or not _opens(period):
        return False
    if period.feedback_closed_at is None:
        period.feedback_closed_at = timezone.now()
        period.save(update_fields=["feedback_closed_at"])
    enqueue(PUBLISH, owner=None, arguments={"period": str(period.pk), "cycle": str(period.cycle_id)})
    return True


def _opens(period: Period) -> bool:
    """Whether a job would find anything: of what an earlier one left, the keys may still be unknown."""
    boxes = FeedbackBox.objects.filter(period=period)
    if period.feedback_closed_at is None:
        return boxes.exists()
    return any(_rows_of([box])[1] for box in boxes.iterator(chunk_size=BOXES))


def publish_boxes(run: JobRun) -> dict[str, Any]:
    """The background job: all boxes of the period in one transaction, their rows shuffled over people, groups and
    givers. What is shown of a person's small group depends on the other groups (`rules.anonymity`), so none may
    come before the others: a worker that is killed leaves nothing, and the next one begins anew. The people are
    told by another job afterwards. Cursor `{"published": true}`."""
    if not run.cursor:
        with transaction.atomic():
            _publish(run)
            run.save_cursor({"published": True})
    return {}


def _publish(run: JobRun) -> None:
    """Told in hundredths: how many groups there are is nobody's business."""
    period = Period.objects.get(pk=run.arguments["period"])
    boxes = FeedbackBox.objects.filter(period=period)
    keys = list(boxes.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    _SHUFFLE(keys)
    emptied = 0
    for start in range(0, len(keys), BOXES):
        emptied += _empty(keys[start : start + BOXES])
        run.progress(100 * min(start + BOXES, len(keys)) // len(keys), 100, _("Menampilkan umpan balik"))
    if emptied:
        audit.record("evaluations.feedback_published", period, data={"period": str(period)})
        enqueue(TELL, owner=None, arguments={"period": str(period.pk)})


def _empty(keys: list[uuid.UUID]) -> int:
    """Boxes of people and groups picked by chance and locked, their texts shuffled together; how many could be
    opened."""
    boxes = list(FeedbackBox.objects.filter(pk__in=keys))
    rows, emptied = _rows_of(boxes)
    _SHUFFLE(rows)
    Feedback.objects.bulk_create(rows, batch_size=1000)
    FeedbackBox.objects.filter(pk__in=[box.pk for box in emptied]).delete()
    return len(emptied)


def _rows_of(boxes: list[FeedbackBox]) -> tuple[list[Feedback], list[FeedbackBox]]:
    rows, emptied = [], []
    for box in boxes:
        try:
            texts = _unsealed(box)
        except Unreadable:
            logger.error("feedback box=%s sealed under an unknown key", box.pk)
            continue
        emptied.append(box)
        rows += [
            Feedback(
                participant_id=box.participant_id,
                period_id=box.period_id,
                relation=box.relation,
                value=entry["value"],
                result=entry["result"] or None,
                text=entry["text"],
                anonymous=True,
            )
            for entry in texts
        ]
    return rows, emptied


# --- Telling --------------------------------------------------------------------------------------
def tell_of_published(run: JobRun) -> dict[str, Any]:
    """The background job: only those with something to read are told, as what stays hidden is not even announced.
    Cursor `{"last": participant, "seen": n, "told": n}`; messages know their occasion, so nobody is told twice."""
    period = Period.objects.get(pk=run.arguments["period"])
    given = Feedback.objects.filter(period=period, anonymous=True).order_by("participant")
    people = given.values_list("participant", flat=True).distinct()
    total = people.count()
    at = {"last": None, "seen": 0, "told": 0} | run.cursor
    while chunk := list((people.filter(participant__gt=at["last"]) if at["last"] else people)[:TOLD_AT_ONCE]):
        with transaction.atomic():
            rows = Participant.objects.filter(pk__in=who_can_read(period, chunk)).select_related("employee__user")
            told = at["told"] + notify_together(notices.published(row, period) for row in rows)
            at = {"last": str(chunk[-1]), "seen": at["seen"] + len(chunk), "told": told}
            run.save_cursor(at)
        run.progress(at["seen"], total, _("Memberi tahu"))
    return {"told": at["told"]}
