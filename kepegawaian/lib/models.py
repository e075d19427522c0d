"""What every model of ours stands on."""

from typing import Any

from django.db import models

from kepegawaian.lib.ids import uuid7


class Base(models.Model):
    """Primary key: UUIDv7, made by the application, so an id is known before the insert."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)

    class Meta:
        abstract = True


class Dated(models.Model):
    """A row that holds from `valid_from` to `valid_to`, both inclusive; an open end is None."""

    valid_from = models.DateField("berlaku sejak")
    valid_to = models.DateField("berlaku sampai", null=True, blank=True)

    class Meta:
        abstract = True


class DatedQuerySet(models.QuerySet[Any]):
    def in_force(self, on: Any) -> "DatedQuerySet":
        """Rows that hold on the date `on`."""
        return self.filter(models.Q(valid_to=None) | models.Q(valid_to__gte=on), valid_from__lte=on)
