"""The published statistics: computed by PostgreSQL in one pass a question, kept as one sheet a year and office.

A sheet's `data`:
    total, open, reopened            numbers of cases received in the year
    kinds, states, months            {code: number}; None is hidden
    times                            {verify|answer|close: {n, median, p90}} in calendar days
    in_time                          {phase: {n, met, percent}} of limits that have ended. What was set aside
                                     counts where it was late by then, for the unit that held the case, and in
                                     place of the others of that case, phase and unit. A first answer is of the
                                     unit it was waited for from; all else of the one that holds the case now
    rating                           {n, mean, scores}
    requests                         {n, outcomes, refusals, objections, disputes, mean_days} of requests for
                                     information (yearly report of reference 6.2); None is hidden, {} is none.
                                     refusals: [{ground, name, n}] of those refused wholly or in part; the ground
                                     is "" where none was recorded
    units                            rows of offices (the whole government's sheet alone)
    moderation                       [{month, act, reason, n}] (the whole government's sheet alone)
    appeals                          [{month, state, n}] against it (the whole government's sheet alone)

Secret and held cases and spam are in none of it, and reports of the whistle channel are in other tables that no
statement here names. The number by kind and office hides what would point at a protected case (rules/statistics).

Cost: each statement reads the cases of one year once (index case_statistics begins with received_on) and all
groupings come from one GROUPING SETS; nothing grows with the number of offices. Pages read one row.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from feedback.enums import OFFICE_PHASES, OPEN_STATES, REFUSALS, CaseKind
from feedback.models import Case, StatisticsSheet, current_setting
from feedback.rules.statistics import Shielded, shielded
from kepegawaian.lib.dates import today
from kepegawaian.units.models import Indicator, Unit

OFFICE_DEPTH = 2
"""Numbers are published of what lies directly below the government; below that they would point at people."""
PROTECTED = (CaseKind.SUPERVISION,)
STALE_AFTER = datetime.timedelta(days=7)
"""Cases of years before last are still closed and rated now and then."""
_LOCK = 7_205_001
_OF_THE_YEAR = """
    c.received_on >= %(start)s AND c.received_on < %(end)s AND NOT c.secret AND NOT c.held AND c.state <> 'spam'
"""
_BASE = f"""
WITH base AS (
    SELECT c.id, c.kind, c.state, to_char(c.received_on, 'YYYY-MM') AS month, o.id::text AS office,
        c.reopened_at IS NOT NULL AS reopened,
        extract(epoch FROM c.verified_at - c.received_at) / 86400 AS verify,
        extract(epoch FROM c.first_answered_at - c.received_at) / 86400 AS answer,
        extract(epoch FROM c.closed_at - c.received_at) / 86400 AS closing
    FROM feedback_case c
    LEFT JOIN units_unit u ON u.id = coalesce(c.holder_unit_id, c.unit_id)
    LEFT JOIN units_unit o ON o.path = left(u.path, %(office)s)
    WHERE {_OF_THE_YEAR}
)
"""  # noqa: S608 - a constant
_COUNTS = (
    _BASE
    + """
SELECT grouping(office), office, kind, state, month, count(*) FROM base
GROUP BY GROUPING SETS ((office, kind), (office, state), (office, month), (state), (month))
"""
)
_TIMES = (
    _BASE
    + """
SELECT grouping(office), office, count(*) FILTER (WHERE reopened),
    count(verify), percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY verify),
    count(answer), percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY answer),
    count(closing), percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY closing)
FROM base GROUP BY GROUPING SETS ((office), ())
"""
)
# Few limits are set aside late, so whose place they take is counted apart; units become offices after counting.
_IN_TIME = f"""
WITH ended AS NOT MATERIALIZED (
    SELECT k.id, k.case_id, k.phase, k.met, k.set_aside, CASE
        WHEN k.set_aside OR k.phase = 'first' THEN coalesce(k.unit_id, c.holder_unit_id, c.unit_id)
        ELSE coalesce(c.holder_unit_id, c.unit_id) END AS unit_id
    FROM feedback_case c JOIN feedback_caseclock k ON k.case_id = c.id
    WHERE {_OF_THE_YEAR} AND k.phase = ANY(%(phases)s) AND k.met IS NOT NULL AND NOT (k.met AND k.set_aside)
), late AS MATERIALIZED (
    SELECT DISTINCT ON (case_id, phase, unit_id) id, case_id, phase, unit_id
    FROM ended WHERE set_aside AND NOT met ORDER BY case_id, phase, unit_id, id
), counted AS (
    SELECT unit_id, phase, count(*) AS n, count(*) FILTER (WHERE met) AS met FROM ended GROUP BY unit_id, phase
    UNION ALL
    SELECT e.unit_id, e.phase, -count(*), -count(*) FILTER (WHERE e.met)
    FROM late l JOIN ended e ON e.case_id = l.case_id AND e.phase = l.phase
    WHERE e.id <> l.id AND e.unit_id IS NOT DISTINCT FROM l.unit_id GROUP BY e.unit_id, e.phase
)
SELECT grouping(o.id), o.id::text, phase, sum(n)::int, sum(met)::int
FROM counted LEFT JOIN units_unit u ON u.id = counted.unit_id
LEFT JOIN units_unit o ON o.path = left(u.path, %(office)s)
GROUP BY GROUPING SETS ((o.id, phase), (phase))
"""  # noqa: S608 - a constant
_RATINGS = (
    _BASE
    + """
SELECT grouping(office), office, r.score, count(*)
FROM base JOIN feedback_rating r ON r.case_id = base.id
GROUP BY GROUPING SETS ((office, r.score), (r.score))
"""
)
_OUTCOMES = (
    _BASE  # noqa: S608 - two constants
    + """
SELECT grouping(office), office, d.outcome, d.code, d.name, count(*)
FROM base JOIN LATERAL (
    SELECT a.outcome, coalesce(g.code, '') AS code, coalesce(g.name, '') AS name
    FROM feedback_caseanswer a LEFT JOIN feedback_refusalground g ON g.id = a.refusal_ground_id
    WHERE a.case_id = base.id AND a.state = 'published' AND a.outcome <> ''
    ORDER BY a.id DESC LIMIT 1
) d ON true
WHERE base.kind = 'permohonan'
GROUP BY GROUPING SETS ((office, d.outcome, d.code, d.name), (d.outcome, d.code, d.name))
"""
)
_REQUESTS = (
    _BASE
    + """
SELECT grouping(office), office, count(*), count(o.id), count(o.disputed_on), count(answer), avg(answer)
FROM base LEFT JOIN feedback_informationobjection o ON o.case_id = base.id
WHERE base.kind = 'permohonan'
GROUP BY GROUPING SETS ((office), ())
"""
)
_MODERATION = """
SELECT to_char(m.at AT TIME ZONE %(zone)s, 'YYYY-MM') AS month, m.act, m.reason, count(*)
FROM feedback_moderation m
LEFT JOIN feedback_casemessage g ON g.id = m.subject_id
LEFT JOIN feedback_case c ON c.id = coalesce(g.case_id, m.subject_id)
WHERE m.at >= %(start)s::date::timestamp AT TIME ZONE %(zone)s
    AND m.at < %(end)s::date::timestamp AT TIME ZONE %(zone)s
    AND c.secret IS NOT TRUE
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
_APPEALS = """
SELECT to_char(a.at AT TIME ZONE %(zone)s, 'YYYY-MM') AS month, a.state, count(*)
FROM feedback_appeal a
JOIN feedback_moderation m ON m.id = a.moderation_id
LEFT JOIN feedback_casemessage g ON g.id = m.subject_id
LEFT JOIN feedback_case c ON c.id = coalesce(g.case_id, m.subject_id)
WHERE a.at >= %(start)s::date::timestamp AT TIME ZONE %(zone)s
    AND a.at < %(end)s::date::timestamp AT TIME ZONE %(zone)s
    AND c.secret IS NOT TRUE
GROUP BY 1, 2 ORDER BY 1, 2
"""
INDICATORS = IN_TIME, ANSWER_DAYS, RATING = ("feedback.in_time", "feedback.answer_days", "feedback.rating")
WHOLE = None
Office = str | None
Data = dict[str, Any]


class _Found:
    """The answers of the database by office; the key `(True, None)` is the whole government."""

    def __init__(self, year: int) -> None:
        self.arguments = {
            "start": datetime.date(year, 1, 1),
            "end": datetime.date(year + 1, 1, 1),
            "office": OFFICE_DEPTH * Unit.steplen,
            "phases": [str(phase) for phase in OFFICE_PHASES],
            "zone": settings.TIME_ZONE,
        }
        self.kinds: dict[Office, dict[str, int]] = defaultdict(dict)
        self.states: dict[tuple[bool, Office], dict[str, int]] = defaultdict(dict)
        self.months: dict[tuple[bool, Office], dict[str, int]] = defaultdict(dict)
        for whole, office, kind, state, month, n in self._rows(_COUNTS):
            if kind is not None:
                self.kinds[office][kind] = n
            elif state is not None:
                self.states[bool(whole), office][state] = n
            else:
                self.months[bool(whole), office][month] = n
        self.times = {(bool(row[0]), row[1]): row[2:] for row in self._rows(_TIMES)}
        self.in_time = self._by_office(_IN_TIME)
        self.ratings = self._by_office(_RATINGS)
        self.outcomes = self._by_office(_OUTCOMES)
        self.requests = {(bool(row[0]), row[1]): row[2:] for row in self._rows(_REQUESTS)}

    def _by_office(self, statement: str) -> dict[tuple[bool, Office], list[Sequence[Any]]]:
        found: dict[tuple[bool, Office], list[Sequence[Any]]] = defaultdict(list)
        for whole, office, *rest in self._rows(statement):
            found[bool(whole), office].append(rest)
        return found

    def moderation(self) -> list[Data]:
        names = ("month", "act", "reason", "n")
        return [dict(zip(names, row, strict=True)) for row in self._rows(_MODERATION)]

    def appeals(self) -> list[Data]:
        names = ("month", "state", "n")
        return [dict(zip(names, row, strict=True)) for row in self._rows(_APPEALS)]

    def _rows(self, statement: str) -> list[Sequence[Any]]:
        with connection.cursor() as cursor:
            cursor.execute(statement, self.arguments)
            return list(cursor.fetchall())


# --- Sheets ---------------------------------------------------------------------------------------
def _rounded(value: Any, places: str = "0.1") -> str:
    return str(Decimal(value).quantize(Decimal(places), ROUND_HALF_UP))


def _times(row: Sequence[Any], smallest: int) -> Data:
    """Of fewer cases than `smallest` a median would be somebody's own case."""
    found = {}
    for name, n, points in zip(("verify", "answer", "close"), row[1::2], row[2::2], strict=True):
        shown = n >= smallest
        found[name] = {
            "n": n,
            "median": _rounded(points[0]) if shown else None,
            "p90": _rounded(points[1]) if shown else None,
        }
    return found


def _in_time(rows: Iterable[Sequence[Any]], smallest: int) -> Data:
    found = {}
    for phase, n, met in sorted(rows, key=itemgetter(0)):
        percent = _rounded(Decimal(100 * met) / n) if n >= smallest else None
        found[phase] = {"n": n, "met": met if n >= smallest else None, "percent": percent}
    return found


def _rating(rows: Iterable[Sequence[Any]], smallest: int) -> Data:
    scores: dict[int, int] = dict(rows)  # type: ignore[arg-type]
    n = sum(scores.values())
    if n < smallest:
        return {"n": n if not n else None, "mean": None, "scores": {}}
    mean = Decimal(sum(score * count for score, count in scores.items())) / n
    return {"n": n, "mean": _rounded(mean, "0.01"), "scores": {str(s): scores.get(s, 0) for s in range(1, 6)}}


def _outcomes(rows: Iterable[Sequence[Any]]) -> dict[str, int]:
    numbers: Counter[str] = Counter()
    for outcome, _ground, _name, n in rows:
        numbers[outcome] += n
    return dict(sorted(numbers.items()))


def _refusals(rows: Iterable[Sequence[Any]]) -> list[Data]:
    """The most frequent ground first, what has none last."""
    numbers: Counter[tuple[str, str]] = Counter()
    for outcome, ground, name, n in rows:
        if outcome in REFUSALS:
            numbers[ground, name] += n
    found = sorted(numbers.items(), key=lambda item: (not item[0][0], -item[1], item[0]))
    return [{"ground": ground, "name": name, "n": n} for (ground, name), n in found]


def _requests(found: _Found, key: tuple[bool, Office], shown: int | None, smallest: int) -> Data | None:
    """By their last decision. `shown`: the number of requests in the table of kinds; where it is hidden so that a
    protected kind cannot be computed, its parts are too."""
    row = found.requests.get(key)
    if row is None or not row[0]:
        return {}
    if shown is None:
        return None
    n, objections, disputes, answered, mean = row
    return {
        "n": n,
        "outcomes": _outcomes(found.outcomes[key]),
        "refusals": _refusals(found.outcomes[key]),
        "objections": objections,
        "disputes": disputes,
        "mean_days": _rounded(mean) if answered >= smallest else None,
    }


def _sheet(found: _Found, key: tuple[bool, Office], smallest: int) -> Data:
    states = found.states[key]
    times = found.times.get(key)
    return {
        "open": sum(n for state, n in states.items() if state in OPEN_STATES),
        "states": dict(sorted(states.items())),
        "months": dict(sorted(found.months[key].items())),
        "reopened": times[0] if times else 0,
        "times": _times(times, smallest) if times else {},
        "in_time": _in_time(found.in_time[key], smallest),
        "rating": _rating(found.ratings[key], smallest),
    }


def _units(found: _Found, table: Shielded, names: Mapping[str, str], smallest: int) -> list[Data]:
    """The row of each office; of one whose number is hidden nothing else is told."""
    rows = []
    for office in table.cells:
        row: Data = {"unit": office, "name": names.get(office, ""), "total": table.row_totals[office]}
        row["kinds"] = table.cells[office]
        if row["total"] is not None:
            sheet = _sheet(found, (False, office or None), smallest)
            row["answer"] = sheet["times"].get("answer", {}).get("median")
            row["in_time"] = sheet["in_time"].get("final", {}).get("percent")
            row["rating"] = sheet["rating"]["mean"]
        rows.append(row)
    return sorted(rows, key=lambda row: (not row["unit"], -(row["total"] or 0), row["name"]))


@transaction.atomic
def refresh(year: int) -> int:
    """Compute the sheets of a year anew; how many there are. Two at the same time wait for each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    smallest = current_setting().smallest_cell
    found = _Found(year)
    kinds = [str(kind) for kind in CaseKind]
    by_office = {office or "": numbers for office, numbers in found.kinds.items()}
    table = shielded(by_office, kinds, [str(kind) for kind in PROTECTED], smallest)
    offices = [office for office, total in table.row_totals.items() if office and total is not None]
    known = Unit.objects.filter(pk__in=[office for office in table.cells if office])
    names = {str(pk): name for pk, name in known.values_list("pk", "name")}
    whole = _sheet(found, (True, WHOLE), smallest) | {
        "total": table.total,
        "kinds": table.column_totals,
        "units": _units(found, table, names, smallest),
        "moderation": found.moderation(),
        "appeals": found.appeals(),
        "requests": _requests(found, (True, WHOLE), table.column_totals[CaseKind.REQUEST], smallest),
    }
    if table.total is None:  # what it is the sum of would tell it
        whole |= {"states": {}, "months": {}, "open": None}
    sheets: dict[Office, Data] = {WHOLE: whole}
    for office in offices:
        own = {"total": table.row_totals[office], "kinds": table.cells[office]}
        own["requests"] = _requests(found, (False, office), table.cells[office][CaseKind.REQUEST], smallest)
        sheets[office] = _sheet(found, (False, office), smallest) | own
    _write(year, sheets)
    _write_indicators(year, sheets)
    return len(sheets)


def _write(year: int, sheets: Mapping[Office, Data]) -> None:
    StatisticsSheet.objects.filter(year=year).delete()
    now = timezone.now()
    StatisticsSheet.objects.bulk_create(
        StatisticsSheet(unit_id=office, year=year, data=data, computed_at=now) for office, data in sheets.items()
    )


def _write_indicators(year: int, sheets: Mapping[Office, Data]) -> None:
    """In time (percent), median days to an answer, rating: of each office in the year, for other features."""
    rows = []
    for office, data in sheets.items():
        values = {
            IN_TIME: data["in_time"].get("final", {}).get("percent"),
            ANSWER_DAYS: data["times"].get("answer", {}).get("median"),
            RATING: data["rating"]["mean"],
        }
        rows += [
            Indicator(
                unit_id=office,
                key=key,
                period_start=datetime.date(year, 1, 1),
                period_end=datetime.date(year, 12, 31),
                value=Decimal(value),
                derivation=f"/statistik/{year}/?unit={office}",
            )
            for key, value in values.items()
            if office is not None and value is not None
        ]
    Indicator.objects.filter(key__in=INDICATORS, period_start=datetime.date(year, 1, 1)).delete()
    Indicator.objects.bulk_create(rows)


def refresh_due() -> list[int]:
    """This year and the last one always, an older year when its sheets are missing or a week old."""
    first = Case.objects.aggregate(first=Min("received_on"))["first"]
    this_year = today().year
    fresh = set(
        StatisticsSheet.objects.filter(
            unit=None, year__lt=this_year - 1, computed_at__gt=timezone.now() - STALE_AFTER
        ).values_list("year", flat=True)
    )
    years = [year for year in range(first.year if first else this_year, this_year + 1) if year not in fresh]
    for year in years:
        refresh(year)
    return years
