"""What a unit does about low elements: planned, followed, finished; its owner finds it in the inbox."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from feedback import permissions_surveys as permissions
from feedback.enums import Horizon, Progress, SurveyState
from feedback.models import FollowUpPlan, Survey
from kepegawaian.accounts.models import User
from kepegawaian.audit.services import record
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import Problem, RuleRefused, StateChanged, demand
from kepegawaian.units.models import Unit
from kepegawaian.work.services import close_items, open_item

ITEM = "feedback.plan"
_LIVE = (Progress.PLANNED, Progress.RUNNING)
SHORT_MONTHS, MEDIUM_MONTHS = 12, 24
"""Reference 4.1: short below 12 months, medium to 24, long above."""


@dataclass(frozen=True, slots=True)
class PlanFacts:
    element: str
    activity: str
    due_on: datetime.date
    owner_unit: Unit
    owner: User | None = None


def horizon_of(start: datetime.date, due_on: datetime.date) -> Horizon:
    """By whole months from the end of the survey to the date by which it is done."""
    months = (due_on.year - start.year) * 12 + due_on.month - start.month - (due_on.day < start.day)
    if months < SHORT_MONTHS:
        return Horizon.SHORT
    exactly = months == MEDIUM_MONTHS and due_on.day == start.day
    return Horizon.MEDIUM if months < MEDIUM_MONTHS or exactly else Horizon.LONG


@transaction.atomic
def add(*, actor: Any, survey: Survey, facts: PlanFacts) -> FollowUpPlan:
    """Raises RuleRefused for an element that the survey does not ask, and for a date that has passed."""
    demand(permissions.can_keep(actor, survey))
    if survey.state not in (SurveyState.CLOSED, SurveyState.PUBLISHED):
        raise StateChanged(_("Rencana tindak lanjut dibuat sesudah survei ditutup."))
    _check(survey, facts)
    plan = FollowUpPlan(survey=survey)
    _fill(plan, facts)
    plan.save(force_insert=True)
    _wait_for_owner(plan)
    record("surveys.plan_added", plan, actor=actor, data={"survey": survey.slug, "element": facts.element})
    return plan


@transaction.atomic
def change(*, actor: Any, plan: FollowUpPlan, facts: PlanFacts) -> FollowUpPlan:
    plan = _locked(plan)
    demand(permissions.can_keep(actor, plan.survey))
    if plan.state not in _LIVE:
        raise StateChanged(_("Rencana ini sudah selesai atau tidak dilanjutkan."))
    _check(plan.survey, facts, since=plan.due_on)
    before = plan.due_on
    _fill(plan, facts)
    plan.save()
    _wait_for_owner(plan)
    record("surveys.plan_changed", plan, actor=actor, data={"due_on": {"from": before, "to": plan.due_on}})
    return plan


@transaction.atomic
def report(*, actor: Any, plan: FollowUpPlan, state: str, progress: str) -> FollowUpPlan:
    """How far it is; published at once with the survey. Raises RuleRefused for an end that nobody describes."""
    plan = _locked(plan)
    demand(permissions.can_report(actor, plan))
    if state not in _LIVE and not progress.strip():
        raise RuleRefused([Problem(_("Jelaskan hasilnya atau alasannya."), field="progress")])
    plan.state, plan.progress = state, progress.strip()
    plan.done_on = today() if state == Progress.DONE else None
    plan.save(update_fields=["state", "progress", "done_on"])
    _wait_for_owner(plan, by=actor)
    record("surveys.plan_reported", plan, actor=actor, data={"state": state})
    return plan


def _locked(plan: FollowUpPlan) -> FollowUpPlan:
    rows = FollowUpPlan.objects.select_for_update(of=("self",))
    return rows.select_related("survey__unit", "owner_unit", "owner").get(pk=plan.pk)


def _check(survey: Survey, facts: PlanFacts, since: datetime.date | None = None) -> None:
    problems = []
    if not survey.questions.filter(slug=facts.element).exists():
        problems.append(Problem(_("Unsur ini tidak ada dalam survei."), field="element"))
    if facts.due_on < today() and facts.due_on != since:
        problems.append(Problem(_("Tanggal ini sudah lewat."), field="due_on"))
    if problems:
        raise RuleRefused(problems)


def _fill(plan: FollowUpPlan, facts: PlanFacts) -> None:
    plan.element, plan.activity, plan.due_on = facts.element, facts.activity, facts.due_on
    plan.owner_unit, plan.owner = facts.owner_unit, facts.owner
    plan.year, plan.quarter = facts.due_on.year, (facts.due_on.month + 2) // 3
    plan.horizon = horizon_of(plan.survey.period_end, facts.due_on)


def _wait_for_owner(plan: FollowUpPlan, by: Any = None) -> None:
    if plan.state not in _LIVE or plan.owner is None:
        close_items(subject=plan, by=by)
        return
    open_item(
        kind=ITEM,
        subject=plan,
        holder=plan.owner,
        title=_("Tindak lanjut survei: %(activity)s") % {"activity": plan.activity},
        url=reverse("feedback:survey_plan", args=[plan.pk]),
        due_on=plan.due_on,
        context={"line": plan.survey.title},
    )
