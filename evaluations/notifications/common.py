"""What all messages of performance share: the category that people choose by, and who HR is."""

from kepegawaian.accounts.models import User
from kepegawaian.accounts.roles import Role
from kepegawaian.lib.dates import today
from kepegawaian.units.models import RoleAssignment

CATEGORY = "evaluations"


def performance_office() -> list[User]:
    """Everybody of the central personnel office, the longest in the role first."""
    assigned = RoleAssignment.objects.in_force(today()).filter(role=Role.HR_CENTRAL, user__is_active=True)
    return [row.user for row in assigned.select_related("user").order_by("valid_from", "id")]
