"""What the rules say against a request or a postponement, before anything is written (leave reference 1.2, 5)."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kepegawaian.lib.exceptions import Text
from leave.rules.allocation import Allocation, Charge, postponed_part
from leave.rules.entitlement import Period, has_right, next_right_day, total_limit
from leave.rules.law import LOCAL_SETTING, AnnualLeaveLaw, Rule
from leave.rules.text import Level, Refusal, Sentence


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A request for annual leave as filed; `days` are the charged working days of the period."""

    start: datetime.date
    end: datetime.date
    filed_on: datetime.date
    days: Sequence[datetime.date]
    abroad: bool = False
    country: str = ""
    earliest_start: datetime.date | None = None
    """First start that keeps the notice period, `calendar.add_working_days(filed_on, notice_days)`."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The person's side. `contract` is the current one of a PPPK; school holidays only matter to teachers."""

    right: Sequence[Period]
    contract: Period | None = None
    teacher: bool = False
    school_holidays: Sequence[Period] = ()


@dataclass(frozen=True, slots=True)
class RequestPolicy:
    """What each government decides for itself."""

    notice_days: int = 5
    notice_refuses: bool = False
    after_start_allowed: bool = False
    teacher_only_in_school_holiday: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """Everything that the single checks look at. `live` are the dates that other live requests hold."""

    request: RequestFacts
    standing: Standing
    allocation: Allocation
    law: AnnualLeaveLaw
    live: Sequence[Period] = ()
    policy: RequestPolicy = field(default_factory=RequestPolicy)

    def refusal(
        self, rule: Rule, label: Text, *, field: str = "", level: Level = Level.REFUSAL, **params: object
    ) -> Refusal:
        return Refusal(rule, self.law.cite(rule), Sentence(label, params), level, field)


def check_request(check: Check) -> tuple[Refusal, ...]:
    """Every refusal and warning, each with rule and article; empty when the request may be filed as it is.

    `check.law` is the one in force on the first day of leave. Only results with `.refuses` stop the request.
    """
    found: list[Refusal] = []
    for rule in (_minimum, _right, _balance, _overlap, _filed_late, _notice, _contract_end, _country, _teacher):
        found.extend(rule(check))
    return tuple(found)


def refuses(found: Iterable[Refusal]) -> bool:
    return any(refusal.refuses for refusal in found)


def check_amount(asked: int | Decimal, left: int, *, year: int, law: AnnualLeaveLaw) -> tuple[Refusal, ...]:
    """Whether a number of days can be asked for at all and is covered by what is left (E24)."""
    if asked != int(asked):
        label = _("Cuti tahunan diminta dalam hari utuh; setengah hari tidak dapat diajukan.")
        return (Refusal(Rule.HALF_DAY, law.cite(Rule.HALF_DAY), Sentence(label)),)
    if asked < law.min_days:
        label = _("Permintaan cuti paling sedikit %(minimum)s hari kerja.")
        params = {"minimum": law.min_days}
        return (Refusal(Rule.MINIMUM, law.cite(Rule.MINIMUM), Sentence(label, params)),)
    if asked > left:
        return (_too_few(int(asked), left, year, law),)
    return ()


def _too_few(asked: int, left: int, year: int, law: AnnualLeaveLaw) -> Refusal:
    label = _("Anda meminta %(asked)s hari kerja pada tahun %(year)s, sedangkan sisa cuti Anda %(left)s hari.")
    params = {"asked": asked, "left": left, "year": year}
    return Refusal(Rule.BALANCE, law.cite(Rule.BALANCE), Sentence(label, params))


def _minimum(check: Check) -> Iterator[Refusal]:
    if not check.request.days:
        label = _("Tidak ada hari kerja pada tanggal tersebut. Cuti paling sedikit %(minimum)s hari kerja.")
        yield check.refusal(Rule.MINIMUM, label, field="end", minimum=check.law.min_days)


def _right(check: Check) -> Iterator[Refusal]:
    day = next((day for day in check.request.days if not has_right(day, check.standing.right)), None)
    if day is None:
        return
    since = next_right_day(day, check.standing.right)
    if since is None:
        label = _("Anda tidak mempunyai hak cuti tahunan pada %(day)s.")
        yield check.refusal(Rule.SERVICE, label, field="start", day=day)
    else:
        label = _(
            "Hak cuti tahunan Anda mulai %(since)s, setelah bekerja satu tahun terus-menerus; "
            "%(day)s masih sebelum itu."
        )
        yield check.refusal(Rule.SERVICE, label, field="start", day=day, since=since)


def _balance(check: Check) -> Iterator[Refusal]:
    """One refusal a calendar year; days without a right already have their own (R9)."""
    short = {day.year for day in check.allocation.missing if has_right(day, check.standing.right)}
    asked, available = check.allocation.asked(), check.allocation.available()
    for year in sorted(short):
        yield _too_few(asked[year], available[year], year, check.law)


def _overlap(check: Check) -> Iterator[Refusal]:
    wanted = Period(check.request.start, check.request.end)
    held = next((period for period in check.live if period.overlaps(wanted)), None)
    if held is not None:
        label = _("Anda sudah mempunyai permohonan cuti pada %(start)s sampai %(end)s.")
        yield check.refusal(Rule.OVERLAP, label, field="start", start=held.start, end=held.end)


def _filed_late(check: Check) -> Iterator[Refusal]:
    if check.request.start < check.request.filed_on and not check.policy.after_start_allowed:
        label = _("Cuti mulai %(start)s, sebelum hari pengajuan %(filed)s. Ajukan sebelum cuti dimulai.")
        filed, start = check.request.filed_on, check.request.start
        yield check.refusal(Rule.AFTER_START, label, field="start", filed=filed, start=start)


def _notice(check: Check) -> Iterator[Refusal]:
    earliest = check.request.earliest_start
    if earliest is None or check.request.start >= earliest or check.request.start < check.request.filed_on:
        return
    label = _(
        "Cuti sebaiknya diajukan paling lambat %(days)s hari kerja sebelumnya, "
        "jadi mulai %(earliest)s atau sesudahnya."
    )
    level = Level.REFUSAL if check.policy.notice_refuses else Level.WARNING
    days = check.policy.notice_days
    yield check.refusal(Rule.NOTICE, label, field="start", level=level, days=days, earliest=earliest)


def _contract_end(check: Check) -> Iterator[Refusal]:
    contract = check.standing.contract
    if contract is not None and contract.end is not None and check.request.end > contract.end:
        label = _("Cuti tidak boleh melewati akhir perjanjian kerja Anda, %(end)s.")
        yield check.refusal(Rule.CONTRACT_END, label, field="end", end=contract.end)


def _country(check: Check) -> Iterator[Refusal]:
    if check.request.abroad and not check.request.country.strip():
        yield check.refusal(Rule.COUNTRY, _("Sebutkan negara tujuan cuti ke luar negeri."), field="country")


def _teacher(check: Check) -> Iterator[Refusal]:
    if not check.standing.teacher:
        return
    if not check.law.teachers_entitled:
        label = _("Guru dan dosen yang mendapat libur sekolah dianggap sudah menggunakan cuti tahunan.")
        yield check.refusal(Rule.TEACHER, label)
    elif check.policy.teacher_only_in_school_holiday:
        holidays = check.standing.school_holidays
        outside = next((day for day in check.request.days if not has_right(day, holidays)), None)
        if outside is not None:
            label = _("Guru mengambil cuti tahunan pada libur sekolah; %(day)s bukan libur sekolah.")
            params = {"day": outside}
            yield Refusal(Rule.TEACHER, LOCAL_SETTING, Sentence(label, params), field="start")


def check_postponement(
    charges: Sequence[Charge],
    *,
    law: AnnualLeaveLaw,
    not_before: datetime.date | None = None,
    postponed_already: int = 0,
    contract: Period | None = None,
) -> tuple[Refusal, ...]:
    """What stands against postponing these charged days for urgent service (R4).

    Only own days of the year can be postponed, for one year at most, and a PPPK's only as far as the term
    of the contract leaves room. `postponed_already` are own days of the same year postponed before.
    """
    own = postponed_part(charges)
    found = []
    if not own:
        label = _("Yang dapat ditangguhkan hanya hak cuti tahun berjalan; permohonan ini memakai sisa tahun lalu.")
        found.append(_postponement(law, label))
    elif not_before is not None and not_before.year > own[0].day.year + 1:
        label = _("Cuti ditangguhkan paling lama satu tahun, jadi sampai akhir %(year)s.")
        found.append(_postponement(law, label, field="not_before", year=own[0].day.year + 1))
    room = max(0, total_limit(law, contract) - law.own_days - postponed_already)
    if len(own) > room:
        label = _("Dari %(days)s hari hanya %(room)s hari yang masih dapat ditangguhkan ke tahun berikutnya.")
        found.append(_postponement(law, label, days=len(own), room=room))
    return tuple(found)


def _postponement(law: AnnualLeaveLaw, label: Text, *, field: str = "", **params: object) -> Refusal:
    return Refusal(Rule.POSTPONE, law.cite(Rule.POSTPONE), Sentence(label, params), field=field)
