"""Words of citizens as everybody reads them, and the states of forums: `{% load forum %}`."""

from typing import Any

from django.template import Library

from feedback import forum_look
from feedback.models import Comment, Meeting, MeetingPoint, Process, Proposal
from feedback.rules.forums import difference
from feedback.rules.personal import preview

register = Library()


@register.filter
def public(text: str) -> str:
    """Without what looks like personal data; the text itself is kept as it was typed."""
    return preview(text or "")


@register.filter
def changed_from(new: str, old: str) -> list[tuple[str, str]]:
    """For `_difference.html`: what everybody reads of both, word by word."""
    return difference(preview(old or ""), preview(new or ""))


@register.filter
def look(subject: Any) -> forum_look.Shown:
    """The state of a forum, proposal, comment or meeting for `{% status %}`."""
    if isinstance(subject, Process):
        return forum_look.of_process(subject)
    if isinstance(subject, Meeting):
        return forum_look.of_meeting(subject)
    if isinstance(subject, Proposal):
        return forum_look.of_proposal(subject.state)
    if isinstance(subject, Comment):
        return forum_look.of_comment(subject.state)
    raise TypeError(f"{type(subject).__name__} has no look")


@register.filter
def verdict_look(verdict: str) -> forum_look.Shown:
    return forum_look.of_verdict(verdict)


@register.filter
def progress_look(state: str) -> forum_look.Shown:
    return forum_look.of_progress(state)


@register.filter
def appeal_look(state: str) -> forum_look.Shown:
    return forum_look.of_appeal(state)


@register.filter
def mode_look(mode: str) -> forum_look.Shown:
    return forum_look.of_mode(mode)


@register.filter
def overtaking(point: MeetingPoint) -> str:
    return forum_look.overtaking(point)
