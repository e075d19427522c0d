"""Items and jobs for tests. The subject of an item is a user: any row does."""

import uuid

from kepegawaian.work import services
from kepegawaian.work.jobs import register_job
from kepegawaian.work.models import Job
from kepegawaian.work.registry import BulkResult, ItemKind, register_bulk_action, register_kind

KIND = "test.opinion"
register_kind(ItemKind(KIND, "Pendapat", "inbox"))


def open_item(holder, *, kind=KIND, subject=None, title="Cuti Siti", **fields):
    subject = subject or ("accounts.user", uuid.uuid4())
    return services.open_item(kind=kind, subject=subject, holder=holder, title=title, url="/cuti/1/", **fields)


def job(owner, kind="test.job", **fields):
    return Job.objects.create(kind=kind, owner=owner, **fields)


__all__ = ["KIND", "BulkResult", "job", "open_item", "register_bulk_action", "register_job"]
