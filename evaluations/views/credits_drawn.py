"""Credit points as the page draws them: every number opens the movements behind it."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from evaluations.enums import CreditKind, Jenjang, Predikat
from evaluations.models import CreditEntry
from evaluations.papers.kinds import CONVERSION
from evaluations.rules import credits as rules
from evaluations.selectors.credits import CreditStanding
from kepegawaian.documents.models import IssuedDocument
from kepegawaian.lib.exceptions import Text
from kepegawaian.lib.ui.formatting import number, span
from kepegawaian.lib.ui.parts import Because

Issued = Mapping[tuple[str, uuid.UUID], IssuedDocument]
TABLE = "PerBKN 3/2023"


def plain(value: Decimal) -> str:
    """All places that count, none more: "2,0833", "12,5"."""
    text = f"{value:f}"
    return number(text.rstrip("0").rstrip(".") if "." in text else text)


def signed(value: Decimal) -> str:
    return f"+{plain(value)}" if value >= 0 else f"\N{MINUS SIGN}{plain(-value)}"


@dataclass(frozen=True, slots=True)
class Movement:
    entry: CreditEntry
    counts: bool
    total: str
    issued: IssuedDocument | None

    @property
    def label(self) -> Text:
        entry = self.entry
        if entry.kind == CreditKind.CONVERSION:
            return f"{Predikat(entry.predikat).label} · {span(entry.start, entry.end)}"
        return CreditKind(entry.kind).label

    @property
    def jenjang(self) -> Text:
        return Jenjang(self.entry.jenjang).label

    @property
    def value(self) -> str:
        return signed(self.entry.value)

    @property
    def step(self) -> str:
        """The reckoning of a conversion in words."""
        entry = self.entry
        if entry.kind != CreditKind.CONVERSION or entry.coefficient is None or entry.percent is None:
            return ""
        factors = f"{entry.months}/12 × {plain(entry.percent)}% × {plain(entry.coefficient)}"
        return f"{factors} = {plain(entry.value)}"

    @property
    def reversed(self) -> bool:
        return hasattr(self.entry, "reversed_by")

    @property
    def may_reverse(self) -> bool:
        return not self.reversed and self.entry.kind != CreditKind.CORRECTION


@dataclass(frozen=True, slots=True)
class GapDrawn:
    """`value` is what is missing, or left over where the need is `met`; its rows say what is needed and there."""

    title: str
    label: str
    value: str
    met: bool
    rows: list[Because]
    years: int


class CreditsDrawn:
    def __init__(self, standing: CreditStanding, issued: Issued) -> None:
        self.standing, self.issued = standing, issued

    @property
    def movements(self) -> list[Movement]:
        counted = {entry.pk for entry in self.standing.counted}
        rows, total = [], Decimal(0)
        for entry in self.standing.entries:
            total += entry.value if entry.pk in counted else 0
            document = self.issued.get((CONVERSION.kind, entry.pk))
            rows.append(Movement(entry, entry.pk in counted, plain(total), document))
        return rows

    @property
    def newest(self) -> uuid.UUID | str:
        """The last movement on the page: whoever approves says what he read."""
        return self.standing.entries[-1].pk if self.standing.entries else ""

    @property
    def has_conversion(self) -> bool:
        """That stands: only then is there something to put on paper."""
        return any(row.entry.kind == CreditKind.CONVERSION and not row.reversed for row in self.movements)

    @property
    def total(self) -> str:
        return plain(self.standing.total)

    @property
    def total_rows(self) -> list[Because]:
        rows = [row for row in self.movements if row.counts]
        return [Because(row.label, row.value, article=row.entry.source, url=f"#m-{row.entry.pk}") for row in rows]

    @property
    def gaps(self) -> list[GapDrawn]:
        standing = self.standing
        named = ((_("Pangkat berikutnya"), standing.rank), (_("Jenjang berikutnya"), standing.jenjang))
        return [self._gap(title, gap) for title, gap in named if gap is not None]

    def _gap(self, title: str, gap: rules.Gap) -> GapDrawn:
        span_now = self.standing.span
        yearly = Decimal(0)
        if span_now is not None and span_now.jenjang is not None:
            yearly = rules.convert(span_now.jenjang, Predikat.BAIK).value
        title = f"{title}: {gap.target}"
        needed, there = _("Diperlukan sejak awal jenjang"), _("Sudah ada")
        if gap.met:
            rows = [
                Because(there, plain(gap.total), url="#mutasi"),
                Because(needed, signed(-gap.needed), article=TABLE),
            ]
            return GapDrawn(title, _("Kelebihan"), plain(gap.total - gap.needed), True, rows, 0)
        rows = [
            Because(needed, plain(gap.needed), article=TABLE),
            Because(there, signed(-gap.total), url="#mutasi"),
        ]
        years = gap.years(yearly) if yearly else 0
        return GapDrawn(title, _("Kekurangan"), plain(gap.missing), False, rows, years)
