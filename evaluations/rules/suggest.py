"""What the marks of single results would suggest for the rating of results (performance reference 7, guidance of
mark K). The assessor judges and writes the reason; nothing here is a sum of weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from evaluations.enums import OrgResult, Rating, ResultKind
from evaluations.rules.policy import DEFAULT
from evaluations.rules.sources import LOCAL_POLICY, Citation, Mark, Sentence, Suggestion

GUIDANCE = Citation("PermenPANRB 6/2022", mark=Mark.KNOWN)
UNIT_HEAD = Citation("SE MenPANRB 3/2023")


@dataclass(frozen=True, slots=True)
class ResultMark:
    """`rating` None: not judged yet."""

    kind: ResultKind
    rating: Rating | None = None


def suggest_results(
    marks: Sequence[ResultMark], *, most_percent: int = DEFAULT.most_percent
) -> Suggestion[Rating] | None:
    """Below where most results, or most main ones, fall short; above where most exceed and none falls short; else
    as expected. None while a result is not judged, or there is none."""
    if not marks or any(mark.rating is None for mark in marks):
        return None
    total, above, below = len(marks), _number(marks, Rating.ABOVE), _number(marks, Rating.BELOW)
    main = [mark for mark in marks if mark.kind == ResultKind.MAIN]
    main_below = _number(main, Rating.BELOW)
    params = {"total": total, "above": above, "below": below, "main": len(main), "main_below": main_below}
    if _most(below, total, most_percent):
        text = _("%(below)s dari %(total)s hasil kerja di bawah ekspektasi.")
        return Suggestion(Rating.BELOW, Sentence(text, params), GUIDANCE)
    if _most(main_below, len(main), most_percent):
        text = _("%(main_below)s dari %(main)s hasil kerja utama di bawah ekspektasi.")
        return Suggestion(Rating.BELOW, Sentence(text, params), GUIDANCE)
    if below == 0 and _most(above, total, most_percent):
        text = _("%(above)s dari %(total)s hasil kerja di atas ekspektasi dan tidak ada yang di bawah.")
        return Suggestion(Rating.ABOVE, Sentence(text, params), GUIDANCE)
    text = _("Dari %(total)s hasil kerja, %(above)s di atas dan %(below)s di bawah ekspektasi.")
    return Suggestion(Rating.EXPECTED, Sentence(text, params), GUIDANCE)


def suggest_unit_head(
    org_result: OrgResult, ratings: Mapping[OrgResult, Rating] = DEFAULT.unit_head_ratings
) -> Suggestion[Rating]:
    """A unit head's results are the unit's (SE 3/2023); which rating each result means is policy (K)."""
    text = _("Capaian organisasi unit yang dipimpin: %(result)s.")
    reason = Sentence(text, {"result": OrgResult(org_result).label})
    return Suggestion(ratings[org_result], reason, Citation(UNIT_HEAD.regulation, mark=LOCAL_POLICY.mark))


def _number(marks: Sequence[ResultMark], rating: Rating) -> int:
    return sum(mark.rating == rating for mark in marks)


def _most(number: int, total: int, percent: int) -> bool:
    return 100 * number > percent * total
