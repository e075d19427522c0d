"""Polls of a meeting: opened by the organiser, one ballot a verified person, frozen by the close.

As with votes for proposals the trail says nothing of ballots: whoever reads it may not learn who chose what.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback import notifications_forums as notices
from feedback.models import Ballot, Meeting, Poll, PollOption, Process
from feedback.permissions_forums import can_manage, can_vote
from feedback.rules.forums import FEWEST_OPTIONS, MOST_OPTIONS
from feedback.rules.personal import cleaned
from feedback.services.forums_common import lock_person, locked, refuse, verb
from feedback.services.forums_people import ensure_person
from kepegawaian.audit.services import record
from kepegawaian.lib.exceptions import StateChanged, demand


def _open(meeting: Meeting) -> Meeting:
    """Locked. Called off or minuted, a meeting asks nothing any more."""
    found: Meeting = locked(Meeting, meeting.pk, "process__unit")
    if found.cancelled_at or found.closed_at:
        raise StateChanged(_("Pertemuan ini sudah selesai atau dibatalkan."))
    return found


@verb
def open_poll(*, actor: Any, meeting: Meeting, question: str, options: Sequence[str]) -> Poll:
    """Whoever has a seat is told. The same question that is still open is that poll, so that twice is once."""
    meeting = _open(meeting)
    demand(can_manage(actor, meeting.process))
    question = cleaned(question)
    texts = [text for text in map(cleaned, options) if text]
    if not question:
        raise refuse(_("Tuliskan pertanyaannya."), field="question")
    if meeting.process.published_at is None:
        raise refuse(_("Terbitkan forum ini dahulu."), field="question")
    if not FEWEST_OPTIONS <= len(texts) <= MOST_OPTIONS:
        bounds = {"least": FEWEST_OPTIONS, "most": MOST_OPTIONS}
        raise refuse(_("Tuliskan %(least)d sampai %(most)d pilihan, satu tiap baris.") % bounds, field="options")
    if len({text.casefold() for text in texts}) < len(texts):
        raise refuse(_("Ada pilihan yang sama."), field="options")
    known = _asked(meeting, question, texts)
    if known is not None:
        return known
    poll = Poll.objects.create(meeting=meeting, question=question, opened_by=actor)
    rows = [PollOption(poll=poll, order=order, text=text) for order, text in enumerate(texts, start=1)]
    PollOption.objects.bulk_create(rows)
    notices.tell_poll(poll)
    record("feedback.poll_opened", poll, actor=actor, data={"meeting": str(meeting.pk), "options": len(rows)})
    return poll


def _asked(meeting: Meeting, question: str, texts: Sequence[str]) -> Poll | None:
    """The open poll of this question with these answers; inside the lock of the meeting."""
    polls = Poll.objects.filter(meeting=meeting, closed_at=None, question=question).prefetch_related("options")
    return next((poll for poll in polls if [row.text for row in poll.options.all()] == list(texts)), None)


@verb
def choose(*, actor: Any, poll: Poll, option: PollOption | None) -> Ballot:
    """One ballot a person; another choice replaces it, the same again is the same."""
    poll = _votable(actor, poll)
    if option is None or option.poll_id != poll.pk:
        raise refuse(_("Pilih salah satu jawaban."), field="option")
    chosen = {"option": option}
    return Ballot.objects.update_or_create(poll=poll, person=ensure_person(actor), defaults=chosen)[0]


@verb
def take_back(*, actor: Any, poll: Poll) -> None:
    """A ballot may be taken back as long as ballots are taken."""
    poll = _votable(actor, poll)
    Ballot.objects.filter(poll=poll, person__user=actor).delete()


def _votable(actor: Any, poll: Poll) -> Poll:
    lock_person(actor)
    found: Poll = locked(Poll, poll.pk, "meeting__process__unit", "meeting__process__area")
    demand(can_vote(actor, found.meeting.process))
    if found.closed_at is not None:
        raise StateChanged(_("Jajak pendapat ini sudah ditutup."))
    return found


@verb
def close_poll(*, actor: Any, poll: Poll) -> Poll:
    """From now on its numbers stand. Doing it twice is doing it once."""
    poll = locked(Poll, poll.pk, "meeting__process__unit")
    demand(can_manage(actor, poll.meeting.process))
    if poll.closed_at is None:
        _close(poll, actor)
    return poll


def close_all(meeting: Meeting, actor: Any) -> None:
    """With the meeting that is minuted or called off, whose row is locked."""
    for poll in Poll.objects.select_for_update(of=("self",)).filter(meeting=meeting, closed_at=None):
        _close(poll, actor)


def _close(poll: Poll, actor: Any) -> None:
    poll.closed_at, poll.closed_by = timezone.now(), actor
    poll.save(update_fields=["closed_at", "closed_by"])
    record("feedback.poll_closed", poll, actor=actor, data={"ballots": Ballot.objects.filter(poll=poll).count()})


# --- Results --------------------------------------------------------------------------------------
def polls_of(meeting: Meeting) -> list[tuple[Poll, list[Any]]]:
    return _with_votes(Poll.objects.filter(meeting=meeting))


def closed_polls(process: Process) -> list[tuple[Poll, list[Any]]]:
    """Those of all its meetings whose numbers stand."""
    closed = Poll.objects.filter(meeting__process=process, closed_at__isnull=False)
    return _with_votes(closed.select_related("meeting"))


def _with_votes(polls: QuerySet[Poll]) -> list[tuple[Poll, list[Any]]]:
    """The oldest first, each with its options and their `votes`: two statements however many."""
    counted = PollOption.objects.filter(poll__in=polls.values("pk")).annotate(votes=Count("ballots"))
    options: dict[Any, list[Any]] = {}
    for option in counted.order_by("poll", "order"):
        options.setdefault(option.poll_id, []).append(option)
    return [(poll, options.get(poll.pk, [])) for poll in polls.order_by("id")]


def choices_of(user: Any, polls: Iterable[Poll]) -> dict[Any, Any]:
    """Poll -> option that the person chose; told to nobody else."""
    if not user.is_authenticated:
        return {}
    rows = Ballot.objects.filter(person__user_id=user.pk, poll__in=[poll.pk for poll in polls])
    return dict(rows.values_list("poll_id", "option_id"))
