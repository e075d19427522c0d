"""Periodic tasks of leave; each is safe to run twice and looks at the rows, not at the clock."""

from celery import shared_task

from leave.services.collective import credit_worked_days
from leave.services.handing_over import follow_holders
from leave.year_end import close_due_year


@shared_task(name="leave.close_year")
def close_leave_year() -> None:
    """On 1 January, and on any later day when that was missed: close the year that has ended."""
    close_due_year()


@shared_task(name="leave.credit_duties")
def credit_duties() -> None:
    """*Cuti bersama* days on which somebody had to work, into the ledger the day after."""
    credit_worked_days()


@shared_task(name="leave.follow_holders")
def follow_the_holders() -> None:
    """Plt, Plh and delegations begin and end by date: waiting steps go to who holds the post today."""
    follow_holders()
