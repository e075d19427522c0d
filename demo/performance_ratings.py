"""What people reported, said, rated and objected to: earlier years final in a lifelike pattern; of the periods
of the running year that are over the last one still waits for some assessors."""

import datetime
import random
import uuid
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, pairwise
from typing import Any

from django.utils import timezone

from evaluations.enums import (
    CycleState,
    EvaluationState,
    FeedbackRelation,
    ObjectionState,
    OrgResult,
    PeriodKind,
    PlanState,
    Predikat,
    Rating,
    Value,
)
from evaluations.models import (
    Cycle,
    Evaluation,
    EvaluationStep,
    Feedback,
    FeedbackInvitation,
    Indicator,
    Objection,
    OrganisationResult,
    Participant,
    Period,
    Progress,
)
from evaluations.rules.clocks import decision_due, objection_window
from evaluations.selectors.periods import working_periods
from evaluations.services import feedback as feedback_service
from evaluations.services.opening import open_due
from kepegawaian.lib.dates import today

_RATINGS = {
    Predikat.SANGAT_BAIK: (Rating.ABOVE, Rating.ABOVE),
    Predikat.BAIK: (Rating.EXPECTED, Rating.EXPECTED),
    Predikat.BUTUH_PERBAIKAN: (Rating.BELOW, Rating.EXPECTED),
    Predikat.KURANG: (Rating.EXPECTED, Rating.BELOW),
    Predikat.SANGAT_KURANG: (Rating.BELOW, Rating.BELOW),
}
_SHARES = (14, 76, 7, 2, 1)
_RESULTS = (
    "Semua laporan selesai sebelum batas waktu dan dipakai dalam rapat pimpinan.",
    "Target tercapai menurut bukti yang dilampirkan; dua laporan diperbaiki sekali.",
    "Sebagian besar target tercapai, dua bulan terakhir melampaui rencana.",
    "Target layanan terlampaui seperlima dan waktu tunggu turun.",
)
_SHORT = "Separuh target utama belum tercapai sampai akhir periode."
_BEHAVIOUR = (
    "Warga menyebut ramah dan cepat; membantu rekan baru memahami berkas.",
    "Terbuka atas masukan dan memperbaiki cara kerjanya.",
    "Menjaga data dan rahasia jabatan, hadir tepat waktu.",
    "Mengajak bidang lain bekerja sama menyelesaikan antrean.",
)
_POOR = "Tiga keluhan warga tentang sikap di loket terbukti."
_DONE = (
    "Tiga laporan selesai dan diserahkan.",
    "Empat kegiatan terlaksana, satu digeser ke bulan depan.",
    "Berkas diperiksa seluruhnya, sisa dua belas dari tiga ratus.",
    "Pelatihan diikuti dan bahan dibagikan kepada rekan.",
)
_SAID = (
    "Menjelaskan prosedur dengan sabar kepada warga lanjut usia.",
    "Cepat menjawab pertanyaan rekan, juga di luar bidangnya.",
    "Catatan rapatnya rapi dan langsung dipakai.",
    "Sebaiknya memberi kabar lebih awal bila berkas terlambat.",
    "Berani mengusulkan cara baru dan mencobanya dulu.",
)
_REASON = "Dua laporan yang saya lampirkan tidak dihitung dalam penilaian."
_BATCH = 2000
_READ_AGO = datetime.timedelta(days=3)
GIVERS = 3


def load(rng: random.Random, shown: Mapping[uuid.UUID, EvaluationState | None] | None = None) -> None:
    """For every cycle that was opened, with the plans that stand in it.

    `shown`: how far the last period is with people whom somebody who signs in will look for.
    """
    for cycle in Cycle.objects.filter(state__in=[CycleState.OPEN, CycleState.CLOSED]).order_by("year"):
        _report(cycle, rng)
        for period in _over(cycle):
            _rate(period, rng, shown or {}, waits=period == _last_over(cycle) and cycle.state == CycleState.OPEN)
            _judge_units(period, rng)
    _object(rng)
    open_due()


def look_back(cycle: Cycle) -> None:
    """The result of a closed year before the last one, drawn apart: more here changes nothing elsewhere."""
    rng = random.Random(cycle.year)
    _report(cycle, rng)
    for period in _over(cycle):
        _rate(period, rng, {}, waits=False)
        _judge_units(period, rng)


def fill_quarters() -> None:
    """What closed years were made of."""
    for cycle in Cycle.objects.filter(state=CycleState.CLOSED).order_by("year"):
        _fill_quarters(cycle, random.Random(cycle.year))


def _fill_quarters(cycle: Cycle, rng: random.Random) -> None:
    """Most quarters as good as the year became."""
    became = Evaluation.objects.filter(period__cycle=cycle, period__kind=PeriodKind.YEAR)
    near = {one: Predikat(predikat) for one, predikat in became.values_list("participant", "predikat")}
    quarters = working_periods(cycle)
    for people in _batches(cycle):
        indicators = _indicators(people)
        rows = (row for one in people for each in quarters[:-1] for row in _progress(one, each, indicators, rng))
        Progress.objects.bulk_create(rows, batch_size=_BATCH)
    for period in quarters:
        _rate(period, rng, {}, waits=False, near=near)
        _judge_units(period, rng)


def _over(cycle: Cycle) -> list[Period]:
    rows = [period for period in cycle.periods.order_by("end", "number") if period.end < today()]
    return rows if cycle.year == today().year else [row for row in rows if row.kind == PeriodKind.YEAR]


def _last_over(cycle: Cycle) -> Period | None:
    return max(_over(cycle), key=lambda period: period.end, default=None)


def _people(cycle: Cycle) -> Iterator[Participant]:
    rows = Participant.objects.taking_part().filter(cycle=cycle, plan__state=PlanState.AGREED)
    related = rows.filter(assessor__isnull=False).select_related("employee", "assessor", "plan")
    return related.order_by("pk").iterator(chunk_size=_BATCH)


def _batches(cycle: Cycle) -> Iterator[list[Participant]]:
    people = _people(cycle)
    while batch := list(islice(people, _BATCH)):
        yield batch


# --- Reported and said ------------------------------------------------------------------------------
def _report(cycle: Cycle, rng: random.Random) -> None:
    """Progress of the begun periods, and words of the assessor."""
    begun = [period for period in working_periods(cycle) if period.start <= today()]
    if not begun:
        return
    shown = begun if cycle.year == today().year else begun[-1:]
    for people in _batches(cycle):
        indicators = _indicators(people)
        progress = (row for one in people for period in shown for row in _progress(one, period, indicators, rng))
        Progress.objects.bulk_create(progress, batch_size=_BATCH)
        said = (row for one in people for row in _feedback(one, shown, rng))
        Feedback.objects.bulk_create(said, batch_size=_BATCH)
    if cycle.state == CycleState.OPEN:
        _ask(begun[-1])
        closed = [period for period in begun if feedback_service.is_over(period)]
        _say_without_name(closed[-1:], rng)


def _indicators(people: Iterable[Participant]) -> dict[Any, list[uuid.UUID]]:
    rows = Indicator.objects.filter(result__plan__in=[one.plan_id for one in people])
    found: dict[Any, list[uuid.UUID]] = {}
    for plan, origin in rows.values_list("result__plan", "origin"):
        found.setdefault(plan, []).append(origin)
    return found


def _progress(
    one: Participant, period: Period, indicators: dict[Any, list[uuid.UUID]], rng: random.Random
) -> Iterator[Progress]:
    if one.employee.user_id is None:
        return
    at = _at(min(period.end, today()) - datetime.timedelta(days=rng.randint(0, 8)))
    for origin in indicators.get(one.plan_id, []):
        if rng.random() < 0.85:
            yield Progress(
                participant=one,
                period=period,
                indicator=origin,
                text=rng.choice(_DONE),
                percent=rng.choice((60, 80, 90, 100, 110)),
                written_by_id=one.employee.user_id,
                written_at=at,
            )


def _feedback(one: Participant, periods: list[Period], rng: random.Random) -> Iterator[Feedback]:
    """Of the assessor, by name."""
    for period in periods:
        if rng.random() < 0.4:
            yield Feedback(
                participant=one,
                period=period,
                relation=FeedbackRelation.SUPERIOR,
                value=rng.choice(Value.values),
                text=rng.choice(_SAID),
                giver_id=one.assessor_id,
                given_at=_at(min(period.end, today())),
            )


def _say_without_name(periods: list[Period], rng: random.Random) -> None:
    """As the portal publishes it: three peers of a unit about one of them, in no order, no giver on any row."""
    for period in periods:
        units: dict[Any, list[Participant]] = {}
        for row in _people(period.cycle):
            units.setdefault(row.unit_id, []).append(row)
        crowds = [people for people in units.values() if len(people) > GIVERS]
        group = {"period": period, "relation": FeedbackRelation.PEER}
        FeedbackInvitation.objects.bulk_create(
            FeedbackInvitation(id=uuid.uuid4(), participant=people[0], giver=peer.employee, given=True, **group)
            for people in crowds
            for peer in people[1 : GIVERS + 1]
        )
        rows = [
            Feedback(participant=people[0], text=text, anonymous=True, **group)
            for people in crowds
            for text in rng.sample(_SAID, GIVERS)
        ]
        rng.shuffle(rows)
        Feedback.objects.bulk_create(rows)
        Period.objects.filter(pk=period.pk).update(feedback_closed_at=timezone.now())


def _ask(period: Period) -> None:
    """Some are asked about somebody of their unit and have not answered yet."""
    rows = list(_people(period.cycle))[:_BATCH]
    by_unit: dict[Any, list[Participant]] = {}
    for row in rows:
        by_unit.setdefault(row.unit_id, []).append(row)
    asked = [
        FeedbackInvitation(
            participant=about,
            period=period,
            relation=FeedbackRelation.PEER,
            giver=giver.employee,
            requested_by_id=about.employee.user_id,
            question="Apa yang sebaiknya saya perbaiki di loket?",
        )
        for people in by_unit.values()
        for giver, about in pairwise(people)
        if giver.employee.user_id and about.employee.user_id
    ]
    FeedbackInvitation.objects.bulk_create(asked, ignore_conflicts=True)


# --- Rated ------------------------------------------------------------------------------------------
def _rate(
    period: Period,
    rng: random.Random,
    shown: Mapping[uuid.UUID, EvaluationState | None],
    *,
    waits: bool,
    near: Mapping[uuid.UUID, Predikat] | None = None,
) -> None:
    """Final for most; of the last period over a part still waits for the assessor, and some are only assessed.
    `near`: what participants are mostly rated."""
    for people in _batches(period.cycle):
        rows = (
            _evaluation(one, period, rng, state, (near or {}).get(one.pk), waits and one.employee_id in shown)
            for one, state in _states(people, rng, shown, waits=waits)
        )
        made = [row for row in rows if row is not None]
        Evaluation.objects.bulk_create(made)
        EvaluationStep.objects.bulk_create(step for row in made for step in _steps(row))


def _states(
    people: Iterable[Participant],
    rng: random.Random,
    shown: Mapping[uuid.UUID, EvaluationState | None],
    *,
    waits: bool,
) -> Iterator[tuple[Participant, EvaluationState | None]]:
    """None waits for its assessor."""
    for one in people:
        state: EvaluationState | None = EvaluationState.FINAL
        if waits:
            drawn = rng.choices((EvaluationState.FINAL, EvaluationState.ASSESSED, None), (55, 15, 30))[0]
            state = shown.get(one.employee_id, drawn)
        yield one, state


def _evaluation(
    one: Participant,
    period: Period,
    rng: random.Random,
    state: EvaluationState | None,
    near: Predikat | None,
    just_read: bool,
) -> Evaluation | None:
    """`just_read`: signed and read in these days, so that the time to object still runs."""
    if state is None:
        return None
    predikat = near if near and rng.random() < 0.8 else rng.choices(list(Predikat), _SHARES)[0]
    results, behaviour = _RATINGS[predikat]
    days_after = datetime.timedelta(days=rng.randint(1, 9))
    signed = _at(max(period.end, today() - _READ_AGO) if just_read else period.end + days_after)
    final = state == EvaluationState.FINAL
    read = final and (just_read or rng.random() < 0.8)
    return Evaluation(
        participant=one,
        period=period,
        plan=one.plan,
        assessor_id=one.assessor_id,
        state=state,
        results_rating=results,
        results_reason=_SHORT if results == Rating.BELOW else rng.choice(_RESULTS),
        behaviour_rating=behaviour,
        behaviour_reason=_POOR if behaviour == Rating.BELOW else rng.choice(_BEHAVIOUR),
        predikat=predikat,
        assessed_at=signed,
        signed_at=signed if final else None,
        received_at=min(signed + datetime.timedelta(days=1), timezone.now()) if read else None,
        version=3 if final else 2,
    )


def _steps(row: Evaluation) -> Iterator[EvaluationStep]:
    path = [("open", "assess", "assessed"), ("assessed", "sign", "final")]
    for version, (origin, action, target) in enumerate(path[: row.version - 1], start=2):
        yield EvaluationStep(
            evaluation=row,
            action=action,
            from_state=origin,
            to_state=target,
            actor_id=row.participant.assessor.user_id if row.participant.assessor else None,
            version=version,
            at=row.assessed_at or timezone.now(),
        )


def _judge_units(period: Period, rng: random.Random) -> None:
    heads = Participant.objects.filter(cycle=period.cycle_id, heads__isnull=False, assessor__user__isnull=False)
    OrganisationResult.objects.bulk_create(
        (
            OrganisationResult(
                unit_id=head.heads_id,
                period=period,
                result=rng.choices((OrgResult.ISTIMEWA, OrgResult.BAIK, OrgResult.BUTUH_PERBAIKAN), (1, 8, 1))[0],
                reason="Sembilan dari sepuluh indikator rencana aksi mencapai target.",
                set_by_id=head.assessor.user_id,
                set_at=_at(period.end),
            )
            for head in heads.select_related("assessor")
            if head.heads_id and head.assessor is not None and head.assessor.user_id is not None
        ),
        ignore_conflicts=True,
    )


def _object(rng: random.Random) -> None:
    """A few who were rated low object to what they read; one is decided, the others wait."""
    low = Evaluation.objects.filter(state=EvaluationState.FINAL, received_at__isnull=False)
    low = low.exclude(predikat__in=[Predikat.BAIK, Predikat.SANGAT_BAIK]).select_related("participant__assessor")
    for number, row in enumerate(low.order_by("-signed_at", "pk")[:4]):
        above = Participant.objects.filter(cycle=row.participant.cycle_id, employee=row.assessor)
        superior = above.exclude(assessor=row.participant.employee_id).first()
        if superior is None or superior.assessor_id is None or row.received_at is None:
            continue
        received = timezone.localdate(row.received_at)
        filed = received + datetime.timedelta(days=rng.randint(1, 10))
        decided = number == 0
        Objection.objects.create(
            evaluation=row,
            reasons=_REASON,
            state=ObjectionState.KEPT if decided else ObjectionState.FILED,
            decider_id=superior.assessor_id,
            filed_at=_at(filed),
            last_day=objection_window(received).last,
            due_on=decision_due(filed),
            employee_heard="Kedua laporan dilampirkan pada bulan berikutnya." if decided else "",
            assessor_heard="Laporan diterima sesudah periode berakhir." if decided else "",
            decision_reason="Laporan termasuk periode berikutnya; hasil tetap." if decided else "",
            heard_at=_at(filed + datetime.timedelta(days=4)) if decided else None,
            decided_at=_at(filed + datetime.timedelta(days=6)) if decided else None,
        )


def _at(day: datetime.date) -> datetime.datetime:
    noon = datetime.datetime.combine(min(day, today()), datetime.time(9))
    return min(timezone.make_aware(noon), timezone.now())
