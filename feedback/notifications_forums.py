"""Who is told what of a forum; the words are in templates/feedback/email/forum_*.

Decisions about what somebody wrote himself always come. The rest follows the level of each follower: every piece
of news at once, one summary a day, or nothing. Supporters are never told as such: a message would keep their vote.
"""

import datetime
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils import timezone, translation

from feedback.enums import AmendmentState, CommentState, NoticeLevel, ProposalOrigin, Verdict
from feedback.models import (
    Amendment,
    Appeal,
    Comment,
    Follow,
    Meeting,
    Moderation,
    OfficialAnswer,
    Poll,
    Process,
    Proposal,
    Registration,
    Result,
    Support,
)
from feedback.models.forums import ResultUpdate
from feedback.rules.personal import preview
from kepegawaian.accounts.mail import send_later
from kepegawaian.accounts.models import User
from kepegawaian.lib.dates import today
from kepegawaian.notifications.base import Notification
from kepegawaian.notifications.delivery import absolute
from kepegawaian.notifications.models import Channel, Preference
from kepegawaian.notifications.services import notify

CATEGORY = "forum"


class ForumAnswered(Notification):
    kind = "feedback.forum_answered"
    category = CATEGORY


class ForumAmendment(Notification):
    """To who decides: somebody suggests other words."""

    kind = "feedback.forum_amendment"
    category = CATEGORY


class ForumAmendmentDecided(Notification):
    kind = "feedback.forum_amendment_decided"
    category = CATEGORY


class ForumReworded(Notification):
    """A proposal reads otherwise than when it was supported."""

    kind = "feedback.forum_reworded"
    category = CATEGORY


class ForumModerated(Notification):
    """To the author: what was hidden, refused or shown again, and why."""

    kind = "feedback.forum_moderated"
    category = CATEGORY


class ForumAppealed(Notification):
    """To the author: what became of the objection."""

    kind = "feedback.forum_appealed"
    category = CATEGORY


class ForumReplied(Notification):
    kind = "feedback.forum_replied"
    category = CATEGORY


class ForumMeeting(Notification):
    """A meeting was announced, moved or called off; with date, time and place."""

    kind = "feedback.forum_meeting"
    category = CATEGORY


class ForumSeat(Notification):
    """Somebody moved up from the queue for a seat."""

    kind = "feedback.forum_seat"
    category = CATEGORY


class ForumPoll(Notification):
    """A meeting asks something."""

    kind = "feedback.forum_poll"
    category = CATEGORY


class ForumMinutes(Notification):
    kind = "feedback.forum_minutes"
    category = CATEGORY


class ForumResult(Notification):
    kind = "feedback.forum_result"
    category = CATEGORY


class ForumResults(Notification):
    """Several results moved at once."""

    kind = "feedback.forum_results"
    category = CATEGORY


class ForumDigest(Notification):
    kind = "feedback.forum_digest"
    category = CATEGORY


def process_url(process: Process) -> str:
    return reverse("feedback:forum", args=[process.slug])


def proposal_url(proposal: Proposal) -> str:
    return reverse("feedback:forum_proposal", args=[proposal.pk])


def meeting_url(meeting: Meeting) -> str:
    return reverse("feedback:forum_meeting", args=[meeting.pk])


def subject_url(subject: Proposal | Comment) -> str:
    if isinstance(subject, Proposal):
        return proposal_url(subject)
    base = proposal_url(subject.proposal) if subject.proposal else process_url(subject.process)
    return f"{base}#k-{subject.pk}"


def watchers(process: Process, *, but: Iterable[Any] = ()) -> list[User]:
    """Those who want every piece of news at once."""
    follows = Follow.objects.filter(process=process, level=NoticeLevel.ALL, user__is_active=True)
    return [row.user for row in follows.exclude(user__in=[user for user in but if user]).select_related("user")]


def _muted(process: Process, people: Iterable[User | None]) -> list[User]:
    """Without those who want to hear nothing of this forum."""
    known = {person.pk: person for person in people if person is not None}
    quiet = Follow.objects.filter(process=process, user__in=known, level=NoticeLevel.NONE)
    for user_id in quiet.values_list("user_id", flat=True):
        known.pop(user_id, None)
    return list(known.values())


def tell_answer(answer: OfficialAnswer) -> int:
    proposal = answer.proposal
    context = {
        "forum": proposal.process.title,
        "title": proposal.title,
        "verdict": Verdict(answer.verdict),
        "reason": answer.reason,
    }
    people = [proposal.author, *watchers(proposal.process)]
    return notify(ForumAnswered, people, str(answer.pk), context, proposal_url(proposal))


def amendment_url(amendment: Amendment) -> str:
    return reverse("feedback:forum_amendment", args=[amendment.pk])


def _amended(amendment: Amendment) -> dict[str, Any]:
    proposal = amendment.proposal
    return {"forum": proposal.process.title, "title": proposal.title, "why": amendment.why}


def tell_amendment(amendment: Amendment) -> int:
    """To the author of the proposal; where the organisers decide, to the one who opened the forum."""
    proposal = amendment.proposal
    citizens = proposal.origin in (ProposalOrigin.CITIZEN, ProposalOrigin.GROUP)
    by_author = citizens and proposal.author_id != amendment.author_id
    decides = proposal.author if by_author else proposal.process.created_by
    return notify(ForumAmendment, [decides], str(amendment.pk), _amended(amendment), amendment_url(amendment))


def tell_amendment_decided(amendment: Amendment) -> int:
    context = _amended(amendment)
    context |= {"accepted": amendment.state == AmendmentState.ACCEPTED, "decision": amendment.decision}
    url = amendment_url(amendment)
    return notify(ForumAmendmentDecided, [amendment.author], str(amendment.pk), context, url)


def mail_supporters(proposal: Proposal) -> int:
    """A mail that nothing is kept of, to those who want mails of this forum at all; how many."""
    voted = Support.objects.filter(proposal=proposal, person__user__is_active=True).values("person__user")
    people = _muted(proposal.process, User.objects.filter(pk__in=voted))
    off = Preference.objects.filter(category=CATEGORY, channel=Channel.EMAIL, mode=Preference.Mode.OFF)
    silent = set(off.filter(user__in=people).values_list("user_id", flat=True))
    told = [(user, user.email) for user in people if user.email and user.pk not in silent]
    facts = {"forum": proposal.process.title, "title": proposal.title, "url": absolute(proposal_url(proposal))}
    for user, email in told:
        with translation.override(user.language):
            context = {**facts, "recipient": user}
            subject, body = (ForumReworded.render(part, context) for part in ("subject", "body"))
        send_later(EmailMessage(subject, body, to=[email]))
    return len(told)


def tell_moderation(moderation: Moderation, subject: Proposal | Comment) -> int:
    context = {
        "forum": subject.process.title,
        "act": Moderation.Act(moderation.act),
        "reason": Moderation.Reason(moderation.reason),
        "explanation": moderation.explanation,
    }
    url = reverse("feedback:forum_appeal", args=[moderation.pk])
    if moderation.act == Moderation.Act.RESTORE:
        url = subject_url(subject)
    return notify(ForumModerated, [subject.author], str(moderation.pk), context, url)


def tell_appeal(appeal: Appeal, subject: Proposal | Comment) -> int:
    context = {
        "forum": subject.process.title,
        "granted": appeal.state == "granted",
        "decision": appeal.decision,
    }
    return notify(ForumAppealed, [subject.author], str(appeal.pk), context, subject_url(subject))


def tell_reply(comment: Comment) -> int:
    """To whom was answered, unless he wants to hear nothing of this forum or answered himself."""
    parent = comment.parent
    if parent is None or parent.author_id == comment.author_id or comment.state != CommentState.SHOWN:
        return 0
    people = _muted(comment.process, [parent.author])
    context = {"forum": comment.process.title, "name": str(comment.author)}
    return notify(ForumReplied, people, str(comment.pk), context, subject_url(comment))


def _registered(meeting: Meeting) -> list[User]:
    """With a seat or waiting for one."""
    seats = Registration.objects.filter(meeting=meeting, cancelled_at=None, user__isnull=False)
    return [row.user for row in seats.select_related("user") if row.user is not None]


def tell_meeting(meeting: Meeting, change: str) -> int:
    """`change`: announced, moved or cancelled. Those with a seat hear of it whatever their level."""
    registered = _registered(meeting)
    context = {
        "forum": meeting.process.title,
        "title": meeting.title,
        "change": change,
        "start": meeting.starts_at,
        "place": meeting.address or meeting.link,
        "reason": meeting.cancel_reason,
    }
    people = [*registered, *watchers(meeting.process)]
    return notify(ForumMeeting, people, f"{meeting.pk}:{meeting.sequence}:{change}", context, meeting_url(meeting))


def tell_poll(poll: Poll) -> int:
    """At once, because it may close before the summary of the day: to who registered for the meeting, unless he
    wants to hear nothing of this forum, and to the followers of everything; not to who opened it."""
    meeting, process = poll.meeting, poll.meeting.process
    people = [*_muted(process, _registered(meeting)), *watchers(process)]
    context = {"forum": process.title, "title": meeting.title, "question": preview(poll.question)}
    others = [user for user in people if user.pk != poll.opened_by_id]
    return notify(ForumPoll, others, str(poll.pk), context, f"{meeting_url(meeting)}#jajak-{poll.pk}")


def tell_seat(registration: Registration) -> int:
    meeting = registration.meeting
    context = {"title": meeting.title, "start": meeting.starts_at, "place": meeting.address or meeting.link}
    url = reverse("feedback:forum_ticket", args=[meeting.pk])
    return notify(ForumSeat, [registration.user], str(registration.pk), context, url)


def tell_minutes(meeting: Meeting) -> int:
    """The minutes are out: to those who were there and to the followers of everything."""
    there = Registration.objects.filter(meeting=meeting, attended_at__isnull=False, user__isnull=False)
    people = [row.user for row in there.select_related("user")]
    context = {"forum": meeting.process.title, "title": meeting.title}
    return notify(
        ForumMinutes, [*people, *watchers(meeting.process)], str(meeting.pk), context, meeting_url(meeting)
    )


def tell_result(update: ResultUpdate) -> int:
    """Participants hear what became of it: who proposed, who was at the meeting, who follows everything."""
    result: Result = update.result
    context = {"forum": result.process.title, "title": result.title, "percent": update.percent}
    url = reverse("feedback:forum_result", args=[result.pk])
    return notify(ForumResult, _participants(result.process, [result.pk]), str(update.pk), context, url)


def tell_results(process: Process, updates: Sequence[ResultUpdate]) -> int:
    """Several at once, from a sheet: one message a person, however many results concern him."""
    if len(updates) == 1:
        return tell_result(updates[0])
    people = _participants(process, [update.result_id for update in updates])
    context = {"forum": process.title, "count": len(updates)}
    url = reverse("feedback:forum_results", args=[process.slug])
    return notify(ForumResults, people, str(updates[-1].pk), context, url)


def _participants(process: Process, results: Collection[Any]) -> list[User]:
    """Of these results: who proposed, who was at their meetings; and who follows everything."""
    proposers = User.objects.filter(pk__in=Proposal.objects.filter(results__in=results).values("author"))
    there = Registration.objects.filter(
        meeting__results__in=results, attended_at__isnull=False, user__isnull=False
    ).values("user")
    return _muted(process, [*proposers, *User.objects.filter(pk__in=there)]) + watchers(process)


# --- The daily summary ----------------------------------------------------------------------------
def news_of(process: Process, since: datetime.datetime, until: datetime.datetime) -> dict[str, int]:
    """How much is new that everybody may see, kind by kind."""
    window = (since, until)
    return {
        "proposals": process.proposals.shown().filter(created_at__range=window).count(),  # type: ignore[attr-defined]
        "comments": process.comments.shown().filter(at__range=window).count(),  # type: ignore[attr-defined]
        "answers": OfficialAnswer.objects.filter(proposal__process=process, published_at__range=window).count(),
        "meetings": process.meetings.filter(changed_at__range=window).count(),
        "polls": Poll.objects.filter(meeting__process=process, opened_at__range=window).count(),
        "results": ResultUpdate.objects.filter(result__process=process, at__range=window).count(),
    }


def send_digests() -> int:
    """One message a person and day about all forums that he follows that way and where something happened.

    Covers the day before today, so a late or repeated run tells the same once.
    """
    end = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    begin = end - datetime.timedelta(days=1)
    follows = Follow.objects.filter(level=NoticeLevel.DIGEST, user__is_active=True).exclude(
        process__published_at=None
    )
    processes = Process.objects.filter(pk__in=follows.values("process"))
    news = {process.pk: news_of(process, begin, end) for process in processes}
    titles = {process.pk: process.title for process in processes}
    lively = [pk for pk, counts in news.items() if any(counts.values())]
    people: dict[Any, tuple[User, list[Any]]] = {}
    for row in follows.filter(process__in=lively).select_related("user").order_by("process_id"):
        people.setdefault(row.user_id, (row.user, []))[1].append(row.process_id)
    sent = 0
    for user, forums in people.values():
        context = {"day": begin.date(), "forums": [{"title": titles[pk], **news[pk]} for pk in forums]}
        key = f"{today().isoformat()}"
        sent += notify(ForumDigest, [user], key, context, reverse("feedback:forum_mine"))
    return sent
