"""Forums for machines: Atom, calendar files, open data as JSON and CSV. Only what the pages show."""

import csv
import io
import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from feedback.enums import ProposalState, Verdict
from feedback.models import Meeting, OfficialAnswer, Process, Proposal, ResultUpdate
from feedback.notifications_forums import meeting_url, process_url, proposal_url
from feedback.rules.forums import counts_shown
from feedback.rules.personal import preview
from feedback.services.forums_common import phases_of
from feedback.services.forums_polls import closed_polls
from feedback.services.forums_result_sheet import export_results
from feedback.views.forums.common import public_page, visible_meeting, visible_process, with_answers
from kepegawaian.lib.dates import today
from kepegawaian.lib.ui.region import region
from kepegawaian.notifications.delivery import absolute
from kepegawaian.work.sheets import harmless

NEWEST = 30


# --- Atom -----------------------------------------------------------------------------------------
@public_page
def all_forums(request: HttpRequest) -> HttpResponse:
    url = absolute(reverse("feedback:forums"))
    title = _("Forum %(region)s") % {"region": region().short_name}
    feed = Atom1Feed(title, url, "", feed_url=absolute(request.path), language="id")
    for process in Process.objects.published().order_by("-published_at")[:NEWEST]:
        feed.add_item(
            process.title,
            absolute(process_url(process)),
            process.summary,
            unique_id=f"urn:uuid:{process.pk}",
            pubdate=process.published_at,
            updateddate=process.published_at,
        )
    return _atom(feed)


@public_page
def one_forum(request: HttpRequest, slug: str) -> HttpResponse:
    """News of one forum: proposals, answers, meetings, progress; newest first."""
    process = visible_process(request, slug)
    title = preview(process.title)
    feed = Atom1Feed(title, absolute(process_url(process)), process.summary, feed_url=absolute(request.path))
    news = sorted(_news(process), key=lambda item: item["pubdate"], reverse=True)
    for item in news[:NEWEST]:
        feed.add_item(**item, updateddate=item["pubdate"])
    return _atom(feed)


def _news(process: Process) -> Iterable[dict[str, Any]]:
    for proposal in process.proposals.filter(state=ProposalState.OPEN).order_by("-number")[:NEWEST]:
        words = _("Usulan: %(title)s") % {"title": preview(proposal.title)}
        yield _item(proposal.pk, words, proposal_url(proposal), preview(proposal.text), proposal.created_at)
    answers = OfficialAnswer.objects.filter(proposal__process=process, published_at__isnull=False)
    for answer in answers.select_related("proposal").order_by("-published_at")[:NEWEST]:
        facts = {"title": preview(answer.proposal.title), "verdict": Verdict(answer.verdict).label}
        words = _("Jawaban: %(title)s – %(verdict)s") % facts
        yield _item(answer.pk, words, proposal_url(answer.proposal), answer.reason, answer.published_at)
    for meeting in process.meetings.order_by("-changed_at")[:NEWEST]:
        words = _("Pertemuan: %(title)s") % {"title": meeting.title}
        yield _item(meeting.pk, words, meeting_url(meeting), meeting.text, meeting.changed_at)
    updates = ResultUpdate.objects.filter(result__process=process).select_related("result").order_by("-at")
    for update in updates[:NEWEST]:
        words = _("Kemajuan: %(title)s %(percent)d%%") % {"title": update.result.title, "percent": update.percent}
        url = reverse("feedback:forum_result", args=[update.result_id])
        yield _item(update.pk, words, url, update.text, update.at)


def _item(key: uuid.UUID, title: str, url: str, text: str, at: Any) -> dict[str, Any]:
    return {
        "title": title,
        "link": absolute(url),
        "description": text,
        "unique_id": f"urn:uuid:{key}",
        "pubdate": at,
    }


def _atom(feed: Atom1Feed) -> HttpResponse:
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


# --- Calendar -------------------------------------------------------------------------------------
@public_page
def meeting_calendar(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    found = visible_meeting(request, pk)
    return _ics([found], found.title)


@public_page
def forum_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    process = visible_process(request, slug)
    return _ics(process.meetings.select_related("process"), process.title)


def _ics(meetings: Iterable[Meeting], name: str) -> HttpResponse:
    from feedback.forum_ical import calendar_of

    response = HttpResponse(calendar_of(meetings, name), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="pertemuan.ics"'
    return response


# --- Open data ------------------------------------------------------------------------------------
def _open_rows(process: Process) -> list[dict[str, Any]]:
    """Proposals as everybody reads them; no names of citizens, no counts while these are hidden."""
    counts = counts_shown(phases_of(process), today(), hidden=process.counts_hidden)
    rows = with_answers(process.proposals.filter(state=ProposalState.OPEN).order_by("number"))
    return [_open_row(proposal, counts) for proposal in rows]


def _open_row(proposal: Proposal, counts: bool) -> dict[str, Any]:
    answers = proposal.published_answers  # type: ignore[attr-defined]
    last = answers[-1] if answers else None
    return {
        "number": proposal.number,
        "title": preview(proposal.title),
        "text": preview(proposal.text),
        "location": preview(proposal.location),
        "volume": proposal.volume,
        "origin": proposal.origin,
        "group": preview(proposal.group_name),
        "created_at": _moment(proposal.created_at),
        "supports": proposal.supports if counts else None,
        "estimate": str(proposal.estimate) if proposal.estimate is not None else None,
        "verdict": last.verdict if last else None,
        "reason": last.reason if last else None,
        "cost": str(last.cost) if last and last.cost is not None else None,
        "url": absolute(proposal_url(proposal)),
    }


def _closed_polls(process: Process) -> list[dict[str, Any]]:
    """As the pages of their meetings show them."""
    return [
        {
            "meeting": poll.meeting.title,
            "question": preview(poll.question),
            "opened_at": _moment(poll.opened_at),
            "closed_at": _moment(poll.closed_at),
            "ballots": sum(option.votes for option in options),
            "options": [{"text": preview(option.text), "votes": option.votes} for option in options],
            "url": absolute(f"{meeting_url(poll.meeting)}#jajak-{poll.pk}"),
        }
        for poll, options in closed_polls(process)
    ]


def _moment(at: Any) -> str:
    return timezone.localtime(at).isoformat(timespec="seconds")


@public_page
def data(request: HttpRequest, slug: str) -> HttpResponse:
    process = visible_process(request, slug)
    phases = [
        {
            "kind": phase.kind,
            "title": phase.title,
            "starts_on": phase.starts_on,
            "ends_on": phase.ends_on,
            "proposals": phase.proposals,
            "supports": phase.supports,
            "comments": phase.comments,
        }
        for phase in phases_of(process)
    ]
    results = list(process.results.values("id", "title", "state", "percent", "due_on", unit=F("owner_unit__name")))
    body = {
        "slug": process.slug,
        "kind": process.kind,
        "title": process.title,
        "unit": process.unit.name,
        "starts_on": process.starts_on,
        "ends_on": process.ends_on,
        "phases": phases,
        "proposals": _open_rows(process),
        "polls": _closed_polls(process),
        "results": results,
    }
    response = JsonResponse(body)
    response["Access-Control-Allow-Origin"] = "*"
    return response


@public_page
def table(request: HttpRequest, slug: str) -> HttpResponse:
    process = visible_process(request, slug)
    target = io.StringIO()
    rows = _open_rows(process)
    names = list(rows[0]) if rows else ["number", "title"]
    writer = csv.writer(target)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in names])
    return _sheet(target.getvalue(), f"{process.slug}-usulan.csv")


def _cell(value: Any) -> Any:
    return harmless(value) if isinstance(value, str) else value


POLL_COLUMNS = ("meeting", "question", "opened_at", "closed_at", "ballots", "url")


@public_page
def polls_table(request: HttpRequest, slug: str) -> HttpResponse:
    """A row for each answer of each closed poll."""
    process = visible_process(request, slug)
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow([*POLL_COLUMNS, "option", "votes"])
    for poll in _closed_polls(process):
        facts = [_cell(poll[name]) for name in POLL_COLUMNS]
        writer.writerows([*facts, _cell(option["text"]), option["votes"]] for option in poll["options"])
    return _sheet(target.getvalue(), f"{process.slug}-jajak.csv")


@public_page
def results_table(request: HttpRequest, slug: str) -> HttpResponse:
    """The results as the import reads them."""
    process = visible_process(request, slug)
    return _sheet(export_results(process), f"{process.slug}-hasil.csv")


def _sheet(text: str, name: str) -> HttpResponse:
    response = HttpResponse(f"\ufeff{text}", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
