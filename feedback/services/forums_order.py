"""Where a meeting departs from the order of votes, and why (reference 5.3: it may override, reason required)."""

from django.db.models import Q
from django.utils.translation import gettext as _

from feedback.enums import TAKEN_UP, ProposalState, Verdict
from feedback.models import Meeting, MeetingPoint, OfficialAnswer, Proposal
from feedback.rules.forums import counts_shown, numbered, overtaken
from feedback.services.forums_common import phases_of
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Problem, RuleRefused


def keep_order(meeting: Meeting) -> None:
    """Write beside each accepted proposal which better ones it overtakes. Asked at the close, when all points
    stand: before, a later point may make or mend the departure of an earlier one.

    A reason is needed beside the accepted one or beside each that it overtakes; those not accepted have theirs and
    leave the order. While votes are taken there is no order yet, and where nobody voted there is none.
    """
    points = list(meeting.points.exclude(proposal=None).select_related("proposal"))
    rows = _competing(meeting, points)
    if not counts_shown(phases_of(meeting.process), today(), hidden=True) or not any(row.supports for row in rows):
        return
    accepted = {_number(point) for point in points if point.verdict in TAKEN_UP}
    explained = {_number(point) for point in points if point.reason.strip()}
    over = overtaken(rows, accepted)
    problems = []
    for point in points:
        if point.verdict not in TAKEN_UP:
            continue
        point.overtakes = over.get(_number(point), [])
        silent = [number for number in point.overtakes if number not in explained]
        if silent and _number(point) not in explained:
            problems.append(_unexplained(point, silent))
    if problems:
        raise RuleRefused(problems)
    MeetingPoint.objects.bulk_update(points, ["overtakes"])


def _number(point: MeetingPoint) -> int:
    return point.proposal.number if point.proposal else 0


def _competing(meeting: Meeting, points: list[MeetingPoint]) -> list[Proposal]:
    """Open proposals, without those that were decided before this meeting or that it does not accept."""
    here = {point.proposal_id for point in points}
    rejected = {point.proposal_id for point in points if point.verdict == Verdict.REJECTED}
    final = ~Q(verdict__in=["", Verdict.EVALUATING])
    answered = OfficialAnswer.objects.filter(final, published_at__isnull=False, proposal__process=meeting.process)
    minuted = MeetingPoint.objects.filter(
        final, meeting__closed_at__isnull=False, proposal__process=meeting.process
    )
    before = {*answered.values_list("proposal", flat=True), *minuted.values_list("proposal", flat=True)}
    rows = meeting.process.proposals.filter(state=ProposalState.OPEN).exclude(pk__in=(before - here) | rejected)
    return list(rows.only("number", "supports"))


def _unexplained(point: MeetingPoint, silent: list[int]) -> Problem:
    words = _(
        "Pokok %(order)d: usulan nomor %(number)d mendahului usulan nomor %(others)s dalam urutan dukungan. "
        "Tuliskan alasannya, atau putuskan juga usulan yang didahului dengan alasannya."
    ) % {"order": point.order, "number": _number(point), "others": numbered(silent)}
    return Problem(words, rule="forum", field=f"points-{point.order - 1}-reason")
