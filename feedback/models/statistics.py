"""Published numbers, computed beforehand: a page is one row, however many cases there are."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kepegawaian.lib.models import Base
from kepegawaian.units.models import Unit


class StatisticsSheet(Base):
    """One year of the whole government (no unit) or of one of its offices, hidden numbers already left out.
    What `data` holds is written in services/statistics.py."""

    unit = models.ForeignKey(Unit, models.CASCADE, null=True, related_name="+")
    year = models.PositiveSmallIntegerField()
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    computed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("lembar statistik")
        verbose_name_plural = _("lembar statistik")
        constraints = [
            models.UniqueConstraint(fields=["unit", "year"], nulls_distinct=False, name="one_sheet_a_year")
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}"
