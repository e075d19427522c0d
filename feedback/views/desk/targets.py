"""What one act is about, where it is about one message, file or objection of the case and not about the case."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.http import Http404, HttpRequest

from feedback.models import Appeal, Case, CaseFile
from feedback.services import cases
from kepegawaian.lib.ids import as_uuid


@dataclass(frozen=True, slots=True)
class Target:
    """`asked` names it in an address, `field` in the form, `template` draws it; `now` are those that a link may
    lead to, `every` those that a form may still name when somebody was faster. `page`: where the links are."""

    asked: str
    field: str
    template: str
    every: Callable[[Case], QuerySet]
    now: Callable[[QuerySet], QuerySet]
    page: str = "feedback:case_moderation"


def _messages(case: Case) -> QuerySet:
    return case.messages.select_related("case")


def _files(case: Case) -> QuerySet:
    return case.files.select_related("case", "stored", "offered", "offered_by")


def _appeals(case: Case) -> QuerySet:
    """`words`: what is judged, where it is one message and not the report."""
    known = cases.moderations_of(case).values("pk")
    message = case.messages.filter(pk=OuterRef("moderation__subject_id")).order_by()
    words = message.values_list(Coalesce(NullIf("published_text", Value("", TextField())), "text"))
    rows = Appeal.objects.filter(moderation__in=known).annotate(words=Subquery(words))
    return rows.select_related("moderation__actor")


_MESSAGE = ("pesan", "message", "feedback/desk/_target_message.html", _messages)
_FILE = ("berkas", "file", "feedback/desk/_target_file.html", _files)
TARGETS: Mapping[str, Target] = {
    "sembunyikan": Target(*_MESSAGE, lambda rows: rows.public(), "feedback:case"),  # type: ignore[attr-defined]
    "tampilkan": Target(*_MESSAGE, lambda rows: rows.exclude(hidden_at=None)),
    "putus-keberatan": Target(
        "keberatan",
        "appeal",
        "feedback/desk/_target_appeal.html",
        _appeals,
        lambda rows: rows.filter(decided_at=None),
    ),
    "usul-foto": Target(*_FILE, lambda rows: rows.filter(offered=None)),
    "periksa-foto": Target(*_FILE, lambda rows: rows.filter(offered__isnull=False, published_at=None)),
    "tarik-foto": Target(*_FILE, lambda rows: rows.filter(offered__isnull=False)),
}


def target_of(request: HttpRequest, name: str, case: Case) -> Appeal | CaseFile | object | None:
    """404 for one that is not there, or no longer to be acted on."""
    wanted = TARGETS.get(name)
    if wanted is None:
        return None
    posted = request.POST.get(wanted.field)
    rows = wanted.every(case) if posted else wanted.now(wanted.every(case))
    found = rows.filter(pk=as_uuid(posted or request.GET.get(wanted.asked, ""))).first()
    if found is None:
        raise Http404
    return found  # type: ignore[no-any-return]
