"""How the polls of a meeting are drawn: what may be chosen, what oneself chose, and the numbers when they show."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.forms_forums import BallotForm
from feedback.forum_look import Shown
from feedback.models import Meeting, Poll
from feedback.rules.forums import leading
from feedback.rules.personal import preview
from feedback.services.forums_polls import choices_of, polls_of
from kepegawaian.lib.ui.formatting import typed
from kepegawaian.lib.ui.parts import Bar, Bars

OPEN = Shown(gettext_lazy("Terbuka"), "lock-open", "wait")
CLOSED = Shown(gettext_lazy("Ditutup"), "lock-closed", "info")


@dataclass
class DrawnPoll:
    """`own`: the option that whoever looks has chosen. Numbers are hidden until the close where the forum hides
    its counts (reference 5.3)."""

    poll: Poll
    options: list[Any]
    own: Any
    hidden: bool

    @property
    def open(self) -> bool:
        return self.poll.closed_at is None

    @property
    def standing(self) -> Shown:
        return OPEN if self.open else CLOSED

    @property
    def shown(self) -> bool:
        return not self.open or not self.hidden

    @cached_property
    def ballots(self) -> int:
        return sum(option.votes for option in self.options)

    @property
    def form(self) -> BallotForm:
        choices = [(str(option.pk), typed(preview(option.text))) for option in self.options]
        return BallotForm(choices, initial={"option": self.own}, auto_id=f"poll-{self.poll.pk}-%s")

    @property
    def bars(self) -> Bars:
        return Bars(_("Suara"), [Bar(typed(preview(option.text)), option.votes) for option in self.options])

    @property
    def outcome(self) -> str:
        """Of a closed poll, for paper; a tie is said as one, and the meeting decides."""
        sentence, most = self._most()
        return sentence % {"option": ", ".join(most), "options": ", ".join(most)}

    @property
    def outcome_typed(self) -> SafeString:
        """The same for a page."""
        sentence, most = self._most()
        words = format_html_join(", ", "{}", ((typed(text),) for text in most))
        return mark_safe(escape(sentence) % {"option": words, "options": words})  # noqa: S308 - both are escaped

    def _most(self) -> tuple[str, list[str]]:
        most = [preview(self.options[place].text) for place in leading([option.votes for option in self.options])]
        if not most:
            return _("Tidak ada suara."), most
        if len(most) == 1:
            return _("Suara terbanyak: %(option)s."), most
        return _("Suara terbanyak sama: %(options)s. Pertemuan yang memutuskan."), most


def drawn_polls(user: Any, meeting: Meeting) -> list[DrawnPoll]:
    rows = polls_of(meeting)
    own = choices_of(user, [poll for poll, _options in rows]) if rows else {}
    hidden = meeting.process.counts_hidden
    return [DrawnPoll(poll, options, own.get(poll.pk), hidden) for poll, options in rows]
