"""What waits as lines of a list, written from moulds: drawing each by its template took half of the page."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from kepegawaian.lib.templatetags.ui import badge
from kepegawaian.lib.ui import formatting
from kepegawaian.lib.ui.moulds import Mould
from kepegawaian.work.models import WorkItem
from kepegawaian.work.registry import kind_of

_LINE = Mould("work/_line.html")
_DUE = Mould("work/_due.html")


def drawn(items: Iterable[WorkItem], *, ticked: bool = False) -> SafeString:
    """`ticked`: rows can be ticked, for what is done to several at once."""
    return _LINE.each(_words(item) | {"pk": item.pk if ticked else ""} for item in items)


def _words(item: WorkItem) -> dict[str, Any]:
    return {
        "url": item.url,
        "title": item.title,
        "line": item.line,
        "kind": kind_of(item.kind).label,
        "opened": timezone.localtime(item.opened_at).isoformat(),
        "opened_at": formatting.moment(item.opened_at),
        "since": formatting.since(item.opened_at),
        "due": _due(item),
    }


def _due(item: WorkItem) -> SafeString:
    if not item.days_late:
        return _DUE.fill({"late": "", "day": formatting.day(item.due_on), "soon": formatting.since(item.due_on)})
    late = ngettext("Lewat %(n)s hari", "Lewat %(n)s hari", item.days_late) % {"n": item.days_late}
    said = badge(late, tone="danger", icon="exclamation-triangle")
    return _DUE.fill({"late": said, "day": formatting.day(item.due_on), "soon": ""})
