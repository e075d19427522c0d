"""What the statistics page shows of a sheet: codes in words, charts, hidden numbers said as such."""

import datetime
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.enums import CaseKind, CaseState, Outcome, Phase, Undecided
from feedback.models import Moderation, StatisticsSheet
from kepegawaian.lib.ui import formatting
from kepegawaian.lib.ui.parts import Bar, Bars, Tab

Text = str | Promise
TIMES: dict[str, Text] = {
    "verify": gettext_lazy("Sampai diverifikasi"),
    "answer": gettext_lazy("Sampai dijawab pertama kali"),
    "close": gettext_lazy("Sampai selesai"),
}

MOST_COLUMNS = 3


@dataclass(frozen=True, slots=True)
class Row:
    label: Text
    numbers: Sequence[Any]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """With more than two columns of numbers its rows are cards on a phone."""

    title: Text
    heads: Sequence[Text]
    rows: Sequence[Row]

    @property
    def wide(self) -> bool:
        return len(self.heads) > MOST_COLUMNS

    @property
    def lines(self) -> list[tuple[Row, list[tuple[Text, Any]]]]:
        """Each row with its numbers beside their heads."""
        return [(row, list(zip(self.heads[1:], row.numbers, strict=True))) for row in self.rows]


def sheet_url(sheet: StatisticsSheet, year: int) -> str:
    unit = f"?unit={sheet.unit_id}" if sheet.unit_id else ""
    return f"{reverse('feedback:statistics_year', args=[year])}{unit}"


def years_tabs(years: Sequence[int], sheet: StatisticsSheet) -> list[Tab]:
    return [Tab(str(year), sheet_url(sheet, year), year == sheet.year) for year in years]


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _month(text: str) -> str:
    year, month = text.split("-")
    return formatting.month_name(int(year), int(month))


class SheetDrawn:
    def __init__(self, sheet: StatisticsSheet) -> None:
        self.sheet = sheet
        self.data: dict[str, Any] = sheet.data
        self.unit_query = f"?unit={sheet.unit_id}" if sheet.unit_id else ""

    @property
    def kinds(self) -> Table:
        """A table and no chart: a bar of hidden length would tell it."""
        rows = [Row(kind.label, [self.data["kinds"].get(kind, 0)]) for kind in CaseKind]
        return Table(_("Laporan menurut jenis"), [_("Jenis"), _("Laporan")], rows)

    @property
    def hides(self) -> bool:
        shown = [*self.data["kinds"].values(), self.data["total"]]
        return None in shown or any(None in row["kinds"].values() for row in self.data.get("units", ()))

    @property
    def states(self) -> Bars:
        numbers = self.data["states"]
        bars = [Bar(state.label, numbers[state], state.tone) for state in CaseState if state in numbers]
        return Bars(_("Laporan menurut keadaan"), bars)

    @property
    def months(self) -> Bars:
        bars = [Bar(_month(month), n) for month, n in self.data["months"].items()]
        return Bars(_("Laporan diterima tiap bulan"), bars)

    @property
    def times(self) -> Table:
        found = self.data["times"]
        rows = [
            Row(label, [found[name]["n"], _number(found[name]["median"]), _number(found[name]["p90"])])
            for name, label in TIMES.items()
            if name in found
        ]
        heads = [_("Waktu"), _("Laporan"), _("Median (hari)"), _("90 persen dalam (hari)")]
        return Table(_("Berapa lama, dalam hari kalender"), heads, rows)

    @property
    def in_time(self) -> Table:
        found = self.data["in_time"]
        rows = [
            Row(phase.label, [found[phase]["n"], found[phase]["met"], _number(found[phase]["percent"])])
            for phase in Phase
            if phase in found
        ]
        heads = [_("Tahap"), _("Batas waktu berakhir"), _("Tepat waktu"), _("Persen")]
        return Table(_("Tepat waktu"), heads, rows)

    @property
    def rating(self) -> Decimal | None:
        return _number(self.data["rating"]["mean"])

    @property
    def scores(self) -> Bars:
        scores = self.data["rating"]["scores"]
        return Bars(_("Penilaian pelapor (1–5)"), [Bar(score, n) for score, n in scores.items()])

    @property
    def requests(self) -> dict[str, Any] | None:
        """Of requests for information; None where hidden, nothing where there were none."""
        found: dict[str, Any] | None = self.data.get("requests", {})
        return found

    @property
    def outcomes(self) -> Bars:
        numbers = (self.requests or {}).get("outcomes", {})
        bars = [Bar(each.label, numbers[each], each.tone) for each in Outcome if each in numbers]
        return Bars(_("Permintaan menurut putusan terakhir"), bars)

    @property
    def refusals(self) -> Bars:
        rows = (self.requests or {}).get("refusals", ())
        bars = [Bar(row["name"] or _("Tanpa dasar tercatat"), row["n"]) for row in rows]
        return Bars(_("Penolakan menurut dasarnya, seluruhnya dan sebagian"), bars)

    @property
    def mean_days(self) -> Decimal | None:
        return _number((self.requests or {}).get("mean_days"))

    @property
    def units(self) -> Table:
        heads: list[Any] = [
            _("Unit"),
            _("Laporan"),
            CaseKind.SUPERVISION.label,
            _("Median dijawab (hari)"),
            _("Tepat waktu (%)"),
            _("Penilaian"),
        ]
        return Table(_("Menurut perangkat daerah"), heads, [self._unit(row) for row in self.data.get("units", ())])

    def _unit(self, row: dict[str, Any]) -> Row:
        """Of an office whose number is hidden, everything is; an empty cell has too few cases for a median."""
        counted = [row["total"], row["kinds"].get(CaseKind.SUPERVISION)]
        if row["total"] is None:
            return Row(row["name"], [*counted, "", "", ""])
        page = reverse("feedback:statistics_year", args=[self.sheet.year])
        measures = [_number(row.get(name) or None) or "" for name in ("answer", "in_time", "rating")]
        url = f"{page}?unit={row['unit']}" if row["unit"] else ""
        return Row(row["name"] or _("Belum diteruskan ke unit"), [*counted, *measures], url)

    @property
    def moderation(self) -> Table:
        """Of the year, by what was done and why."""
        counted: Counter[tuple[str, str]] = Counter()
        for row in self.data.get("moderation", ()):
            counted[row["act"], row["reason"]] += row["n"]
        rows = [
            Row(f"{Moderation.Act(act).label} · {Moderation.Reason(reason).label}", [n])
            for (act, reason), n in sorted(counted.items())
        ]
        return Table(_("Moderasi"), [_("Tindakan dan alasan"), _("Banyaknya")], rows)

    @property
    def moderation_months(self) -> list[dict[str, Any]]:
        """The monthly count by reason (reference 7), newest month first, as forums have theirs."""
        rows = sorted(self.data.get("moderation", ()), key=itemgetter("month"), reverse=True)
        return [
            {
                "month": datetime.date.fromisoformat(f"{row['month']}-01"),
                "act": Moderation.Act(row["act"]).label,
                "reason": Moderation.Reason(row["reason"]).label,
                "times": row["n"],
            }
            for row in rows
        ]

    @property
    def appeals(self) -> Table:
        """By month and outcome, the year last."""
        counted: dict[str, Counter[str]] = defaultdict(Counter)
        for row in self.data.get("appeals", ()):
            counted[row["month"]][row["state"]] += row["n"]
        rows = [Row(_month(month), [n[state] for state in Undecided]) for month, n in sorted(counted.items())]
        if rows:
            rows.append(Row(_("Setahun"), [sum(n) for n in zip(*(row.numbers for row in rows), strict=True)]))
        heads: list[Any] = [_("Bulan"), *(state.label for state in Undecided)]
        return Table(_("Keberatan atas moderasi"), heads, rows)
