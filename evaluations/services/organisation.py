"""*Capaian kinerja organisasi* of a unit in a period, and why its pattern of ratings differs from the guide
(PermenPANRB 6/2022 Ps 24-25, SE MenPANRB 3/2023; reference section 9)."""

import uuid
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from evaluations.enums import OrgResult
from evaluations.models import OrganisationResult, Period
from evaluations.permissions.ratings import can_explain, can_set_organisation
from evaluations.rules.sources import Citation
from evaluations.services.common import check_version, refused, verb
from evaluations.services.papers import follow_unit
from kepegawaian.audit import services as audit
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import demand
from kepegawaian.lib.verbs import require_fields
from kepegawaian.units.models import Unit
from kepegawaian.work.services import close_items

ITEM = "evaluations.organisation"
RULE = Citation("SE MenPANRB 3/2023")


@verb
def set_organisation(
    *, actor: Any, unit: Unit, period: Period, result: str, reason: str, version: int | None = None
) -> OrganisationResult:
    """By the leader one level up, with what it rests on; may be corrected, the trail keeps the earlier one."""
    demand(can_set_organisation(actor, unit, period))
    if period.start > today():
        raise refused(_("Periode ini belum dimulai."), rule="period_not_begun", citation=RULE)
    require_fields(
        [
            ("result", result in OrgResult.values, _("Pilih salah satu capaian.")),
            ("reason", reason.strip(), _("Tuliskan dasar penetapannya.")),
        ]
    )
    row = OrganisationResult.objects.select_for_update().filter(unit=unit, period=period).first()
    earlier = {"result": row.result, "reason": row.reason} if row else None
    if row is None:
        row = OrganisationResult(unit=unit, period=period, version=0)
    else:
        check_version(row, version)
    row.result, row.reason, row.version = result, reason.strip(), row.version + 1
    row.set_by, row.set_at = actor, timezone.now()
    row.save()
    data = {"unit": str(unit.pk), "period": str(period), "result": result, "earlier": earlier}
    audit.record("evaluations.organisation_set", row, actor=actor, data=data)
    close_items(subject=("units.unit", item_key(unit, period)), by=actor)
    if earlier != {"result": row.result, "reason": row.reason}:
        follow_unit(row, other=earlier is None or earlier["result"] != row.result, actor=actor)
    return row


@verb
def explain_distribution(*, actor: Any, unit: Unit, period: Period, reason: str) -> OrganisationResult:
    """Why the pattern of the unit differs. Asked for where it does; nothing waits for it."""
    demand(can_explain(actor, unit, period))
    require_fields([("reason", reason.strip(), _("Tuliskan alasan pola distribusi ini."))])
    row = OrganisationResult.objects.select_for_update().filter(unit=unit, period=period).first()
    if row is None:
        raise refused(_("Capaian organisasi unit ini belum ditetapkan."), rule="no_result", citation=RULE)
    earlier, row.distribution_reason = row.distribution_reason, reason.strip()
    row.version += 1
    row.save()
    data = {"unit": str(unit.pk), "period": str(period), "reason": row.distribution_reason, "earlier": earlier}
    audit.record("evaluations.distribution_explained", row, actor=actor, data=data)
    if earlier != row.distribution_reason:
        follow_unit(row, other=False, actor=actor)
    return row


def item_key(unit: Unit, period: Period) -> uuid.UUID:
    """One open item a unit and period, though the row that it asks for does not exist yet."""
    return uuid.uuid5(unit.pk, str(period.pk))
