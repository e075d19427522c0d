"""People of a unit beside their ratings, written from a mould."""

from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from evaluations.selectors.calibration import Line
from kepegawaian.lib.templatetags.ui import or_dash
from kepegawaian.lib.ui.addresses import address
from kepegawaian.lib.ui.moulds import Mould

_LINE = Mould("evaluations/ratings/_calibrated.html")


def drawn(lines: Iterable[Line]) -> SafeString:
    return _LINE.each(_words(line) for line in lines)


def _words(line: Line) -> dict[str, Any]:
    unrated = _("Belum dinilai")
    return {
        "url": address("evaluations:evaluation", line.evaluation) if line.evaluation else "",
        "name": line.name,
        "unit": line.unit,
        "results": or_dash(line.results and line.results.label, unrated),
        "behaviour": or_dash(line.behaviour and line.behaviour.label, unrated),
        "predikat": or_dash(line.predikat and line.predikat.label, unrated),
        "assessor": or_dash(line.assessor, _("belum ditetapkan")),
    }
