"""From a confirmed preview to the records: all accepted rows in one transaction, or none."""

from collections.abc import Iterator, Mapping
from typing import Any

import structlog
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from kepegawaian.audit.services import record
from kepegawaian.employees.importing import bulk, registry
from kepegawaian.employees.importing.layouts import Header, Layout, Parsed
from kepegawaian.employees.importing.reading import Progress, named
from kepegawaian.employees.models.imports import ImportBatch, ImportRow, ImportState
from kepegawaian.lib.dates import today
from kepegawaian.lib.verbs import constraint_of
from kepegawaian.work.verdicts import RowVerdict

logger = structlog.get_logger("imports")
ONE_AT_A_TIME = 7_201_002
"""Key of the advisory lock that makes imports save one after the other."""
ACCEPTED = (RowVerdict.NEW, RowVerdict.CHANGED)


class Outdated(Exception):
    """The records changed since the preview: nothing was written, and the file must be compared again."""


def save(batch_id: Any, *, progress: Progress) -> bool:
    """Write what the preview showed. False when it was done or cancelled before. Raises Outdated."""
    try:
        with transaction.atomic():
            return _save(batch_id, progress)
    except IntegrityError as error:
        # Somebody entered the same person or post between our comparison and our insert.
        logger.warning("import collided", batch=str(batch_id), constraint=constraint_of(error))
        raise Outdated from error


def _save(batch_id: Any, progress: Progress) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
    batch = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)
    if batch.state != ImportState.SAVING:
        return False
    layout = layout_of(batch)
    rows = ImportRow.objects.filter(batch=batch, verdict__in=ACCEPTED)
    total = rows.count()
    layout.prepare(_values(batch), actor=batch.confirmed_by, source=batch)
    done = 0
    for chunk in _chunks(batch):
        _save_chunk(layout, chunk)
        done += len(chunk)
        progress(done, total, _("Menyimpan"))
    progress(done, total, _("Menyelesaikan"))
    batch.counts |= layout.finish()
    batch.state = ImportState.DONE
    batch.save(update_fields=["counts", "state"])
    record("employees.imported", batch, actor=batch.confirmed_by, data={"layout": batch.layout, **batch.counts})
    return True


def layout_of(batch: ImportBatch) -> Layout:
    kind = registry.layout(batch.layout)
    assert kind is not None
    header = Header.match(batch.header, kind.columns)
    return kind(on=today(), header=header, planned=batch.details.get("plan"))


def _values(batch: ImportBatch) -> Iterator[Mapping[str, Any]]:
    rows = ImportRow.objects.filter(batch=batch, verdict__in=ACCEPTED).order_by("number")
    return rows.values_list("values", flat=True).iterator(chunk_size=bulk.CHUNK)


def _chunks(batch: ImportBatch) -> Iterator[list[ImportRow]]:
    """By number, so that the order of the file decides who comes first."""
    rows = ImportRow.objects.filter(batch=batch, verdict__in=ACCEPTED).defer("cells", "issues").order_by("number")
    last = 0
    while chunk := list(rows.filter(number__gt=last)[: bulk.CHUNK]):
        yield chunk
        last = chunk[-1].number


def _save_chunk(layout: Layout, chunk: list[ImportRow]) -> None:
    parsed = [Parsed(row.number, layout.key_of(row.values), row.values) for row in chunk]
    pairs = list(zip(parsed, layout.compare(parsed), strict=True))
    for row, (_parsed, compared) in zip(chunk, pairs, strict=True):
        seen = (row.verdict, row.employee_id, row.difference)
        if (compared.verdict, compared.subject, compared.difference) != seen:
            raise Outdated
    layout.apply(pairs)
    _slim(layout, chunk, [compared.subject for _parsed, compared in pairs])


def _slim(layout: Layout, chunk: list[ImportRow], subjects: list[Any]) -> None:
    """What has been saved stands in the records: no second copy of people's data stays behind (UU 27/2022).

    Rows with a warning keep their cells for the sheet of remarks.
    """
    rows: dict[bool, list[dict[str, Any]]] = {True: [], False: []}
    for row, subject in zip(chunk, subjects, strict=True):
        slim = {"id": row.pk, "employee_id": subject, "values": named(layout, row.values), "cells": []}
        rows[row.level == ""].append(slim)
    bulk.update(ImportRow, rows[True], ("employee_id", "values", "cells"))
    bulk.update(ImportRow, rows[False], ("employee_id", "values"))
