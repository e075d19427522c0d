from django.db import models
from django.utils.translation import gettext_lazy as _

from kepegawaian.employees.enums import PositionKind
from kepegawaian.lib.models import Base
from kepegawaian.units.models import Unit


class Position(Base):
    """A post as a name of the field: "Kepala Bidang Mutasi" or "Guru Ahli Pertama".

    A structural post that heads a unit carries that unit in `heads`; other posts are shared by all units.
    """

    code = models.CharField(_("kode"), max_length=64, null=True, blank=True, unique=True)
    name = models.CharField(_("nama jabatan"), max_length=200)
    kind = models.CharField(_("jenis jabatan"), max_length=12, choices=PositionKind)
    eselon = models.CharField(_("eselon"), max_length=5, blank=True)
    level = models.CharField(_("jenjang"), max_length=30, blank=True)
    heads = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="head_positions",
        verbose_name=_("mengepalai unit"),
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("jabatan")
        verbose_name_plural = _("jabatan")
        indexes = [models.Index(fields=["name", "kind"], name="position_name")]
        constraints = [
            models.UniqueConstraint(
                fields=["heads"], condition=models.Q(heads__isnull=False), name="one_head_position_a_unit"
            )
        ]

    def __str__(self) -> str:
        return self.name
