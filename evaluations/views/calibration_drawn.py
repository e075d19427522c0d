"""People of a unit beside their ratings, written from a mould."""

from collections.abc import Iterable
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from evaluations.selectors.listed import Line
from kepegawaian.lib.templatetags.ui import or_dash
from kepegawaian.lib.ui.addresses import address
from kepegawaian.lib.ui.moulds import Mould

_LINE = Mould("evaluations/ratings/_calibrated.html")


def drawn(lines: Iterable[Line]) -> SafeString:
    return _LINE.each(_words(line) for line in lines)


def _words(line: Line) -> dict[str, Any]:
    unrated, rated = _("Belum dinilai"), line.rated
    words = (rated.results, rated.behaviour, rated.predikat) if rated else (None, None, None)
    results, behaviour, predikat = (or_dash(word and word.label, unrated) for word in words)
    return {
        "url": address("evaluations:evaluation", rated.pk) if rated and rated.readable else "",
        "name": line.name,
        "unit": line.unit,
        "results": results,
        "behaviour": behaviour,
        "predikat": predikat,
        "assessor": or_dash(line.assessor, _("belum ditetapkan")),
    }
