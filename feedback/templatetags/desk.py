"""Words for the officers' pages."""

from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString

from feedback.desk_acts import NEXT, Act
from feedback.desk_look import desk_title, is_late
from feedback.enums import Audience, Outcome, Party
from feedback.models import Case, CaseAnswer, CaseMessage
from kepegawaian.lib.ui.moulds import Mould

register = template.Library()


_ACT_BUTTON = Mould("feedback/desk/_act_button.html")


@register.simple_tag(takes_context=True)
def act_button(context: Context, act: Act, case: Case, first: bool = False) -> SafeString:
    """The button of an act, or the way to its page. `first` of the next steps is the one that stands out."""
    words = {"url": reverse("feedback:case_act", args=[case.pk, act.name]), "label": act.label}
    if act.at_once:
        words |= {"version": str(case.version), "token": str(context["csrf_token"])}
    return _ACT_BUTTON.fill(words, at_once=act.at_once, first=first and act.group == NEXT, icon=act.icon)


@register.filter
def outcome_of(draft: CaseAnswer) -> Outcome:
    """For `{% status %}`."""
    return Outcome(draft.outcome)


@register.filter
def late(case: Case) -> bool:
    return is_late(case)


register.filter(desk_title)


@register.filter
def author_of(message: CaseMessage) -> str:
    if message.author is not None:
        return f"{message.author.name} ({Party(message.party).label})"
    return str(Party(message.party).label)


@register.filter
def read_by(message: CaseMessage) -> str:
    return str(Audience(message.audience).label)


@register.filter
def version_in(case: Case, versions: Any) -> int:
    """The version that was ticked, so that the confirmation does not renew it."""
    return int(versions.get(case.pk, case.version))
