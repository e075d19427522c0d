"""The survey after a closed case: one token each time it was answered and closed, however it is asked for.

The case knows the token only until somebody has answered with it (`SurveyInvitation`): no answer leads back.
"""

import datetime

from django.db.models import Q
from django.utils import timezone

from feedback import permissions
from feedback.enums import CaseState, SurveyKind, TokenSource
from feedback.models import Case, Survey, SurveyInvitation
from feedback.permissions import Reporting
from feedback.services.cases.guards import locked, verb
from feedback.services.survey_answers import is_open, new_token
from kepegawaian.accounts.crypto import seal, unseal
from kepegawaian.lib.exceptions import demand


def survey_for(case: Case) -> Survey | None:
    """The open survey that a closed case fits best: of its service before a general one, of the nearest unit. What
    was closed before its period is not among the services that it asks about."""
    unit, closed = case.holder_unit or case.unit, case.closed_at
    if unit is None or closed is None:
        return None
    paths = [unit.path[:end] for end in range(unit.steplen, len(unit.path) + 1, unit.steplen)]
    fitting = Q(service=None) if case.service_id is None else Q(service=None) | Q(service=case.service_id)
    period = Q(period_start__lte=timezone.localdate(closed))
    found = Survey.objects.answerable().filter(fitting, period, kind=SurveyKind.SKM, unit__path__in=paths)
    best = sorted(
        found.select_related("unit", "service"), key=lambda row: (row.service_id is None, -len(row.unit.path))
    )
    return best[0] if best else None


def may_answer_survey(case: Case) -> bool:
    """Whether the reporter of a closed case is still asked."""
    closing = _closing(case)
    if closing is None:
        return False
    row = _invitation(case, closing)
    if row is None:
        return survey_for(case) is not None
    return row.token is not None and (is_open(row.token.survey) or survey_for(case) is not None)


@verb
def ask_for_survey(*, by: Reporting, case: Case) -> str | None:
    """The token for the reporter, the same one every time; None once it was used, or where nothing is asked."""
    demand(permissions.can_report(by, case))
    return _token(case)


@verb
def survey_token(case: Case) -> str | None:
    """The same, for the mail to the reporter."""
    return _token(case)


def _closing(case: Case) -> datetime.datetime | None:
    """Which one it is: by the answer before it, as a reopening that is asked for in vain begins no other."""
    return case.answered_at if case.state == CaseState.CLOSED else None


def _invitation(case: Case, closing: datetime.datetime) -> SurveyInvitation | None:
    rows = SurveyInvitation.objects.filter(case=case, answered_at=closing)
    return rows.select_related("token__survey").first()


def _token(case: Case) -> str | None:
    """Random, not derived from the case. One that stayed unused until its survey ended gives way to another."""
    case = locked(case)
    closing = _closing(case)
    if closing is None:
        return None
    row = _invitation(case, closing)
    if row is not None and row.token is None:
        return None
    if row is not None and row.token is not None and is_open(row.token.survey):
        return unseal(row.sealed)
    survey = survey_for(case)
    if survey is None:
        return None
    row = row or SurveyInvitation(case=case, answered_at=closing)
    token, row.token = new_token(survey, TokenSource.LINK, None if case.secret else case.service or survey.service)
    row.sealed = seal(token)
    row.token.save(force_insert=True)
    row.save()
    return token
