"""An SKP taken along by its verbs."""

from evaluations.enums import ResultKind
from evaluations.models import Participant, Plan
from evaluations.services import plans as verbs


def started(participant: Participant, **kwargs) -> Plan:
    """A draft with one main result and its indicator."""
    plan = verbs.start(actor=participant.employee.user, participant=participant, **kwargs)
    values = {
        "text": "Tersusunnya laporan layanan",
        "intervened_text": "Meningkatnya mutu layanan",
        "indicator": "Jumlah laporan",
        "target": "12 laporan",
    }
    verbs.add_result(actor=participant.employee.user, plan=plan, kind=ResultKind.MAIN, values=values)
    return plan


def submitted(participant: Participant) -> Plan:
    return verbs.submit(actor=participant.employee.user, plan=started(participant))


def agreed(participant: Participant) -> Plan:
    return verbs.agree(actor=participant.assessor.user, plan=submitted(participant))
