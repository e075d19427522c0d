"""Texts that officers start from: whose they are, who keeps them, and how one becomes the text of a case."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from feedback.models import Case, ResponseTemplate
from feedback.permissions import covers
from feedback.rules.personal import cleaned
from feedback.services.cases.guards import refuse, verb
from feedback.services.cases.people import chain
from kepegawaian.accounts.roles import Right
from kepegawaian.audit import services as audit
from kepegawaian.lib.access import ALLOWED, Answer, Denied
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.verbs import require_fields
from kepegawaian.units.models import Unit, scope_paths

NOT_KEEPER = Denied(_("Templat ini milik unit lain."))
_RIGHTS = (Right.HANDLE_COMPLAINTS, Right.ANSWER_COMPLAINTS)


def can_keep(user: Any, unit: Unit | None) -> Answer:
    """Everybody's are kept by whoever handles complaints of the whole government."""
    if unit is None:
        return ALLOWED if covers(user, Right.HANDLE_COMPLAINTS, None) else NOT_KEEPER
    return ALLOWED if any(covers(user, right, unit) for right in _RIGHTS) else NOT_KEEPER


def kept_by(user: Any) -> QuerySet[ResponseTemplate]:
    """Those that this person may change."""
    rows = ResponseTemplate.objects.select_related("unit")
    condition = Q(unit=None) if can_keep(user, None) else Q(pk__in=[])
    for right in _RIGHTS:
        if scope_paths(user, right) is None:
            return rows
        condition |= Q(unit__in=Unit.objects.in_scope(user, right).values("pk"))
    return rows.filter(condition)


def for_case(case: Case) -> QuerySet[ResponseTemplate]:
    """Of the unit that holds the case and those above it, or everybody's; of its kind, or of any."""
    unit = case.holder_unit or case.unit
    mine = Q(unit=None) | Q(unit__path__in=chain(unit))
    return ResponseTemplate.objects.filter(mine, Q(kind="") | Q(kind=case.kind), active=True)


def filled(template: ResponseTemplate, case: Case) -> str:
    """`{nomor}`, `{unit}` and `{judul}` are replaced; anything else stands as it is."""
    unit = case.holder_unit or case.unit
    known = {"{nomor}": case.number, "{unit}": unit.name if unit else "", "{judul}": case.published_title}
    text = template.text
    for mark, value in known.items():
        text = text.replace(mark, value)
    return text


@verb
def save(
    *,
    actor: Any,
    title: str,
    text: str,
    unit: Unit | None,
    kind: str = "",
    active: bool = True,
    template: ResponseTemplate | None = None,
) -> ResponseTemplate:
    """Make one, or change one that the actor keeps; it may only move to a unit that he keeps too."""
    require_fields([("title", title, _("Isi judulnya.")), ("text", text, _("Isi teksnya."))])
    if template is not None:
        template = ResponseTemplate.objects.select_for_update(of=("self",)).get(pk=template.pk)
        demand(can_keep(actor, template.unit))
    if isinstance(answer := can_keep(actor, unit), Denied):
        raise refuse(answer.reason, field="unit", rule="unit")
    row = template or ResponseTemplate()
    row.title, row.text, row.unit, row.kind, row.active = cleaned(title)[:120], cleaned(text), unit, kind, active
    row.save()
    audit.record("feedback.template", row, actor=actor, data={"title": row.title, "active": active})
    return row
