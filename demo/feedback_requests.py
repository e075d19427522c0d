"""Requests for public information (UU 14/2008): one that runs, one granted, one refused and objected to."""

from demo.feedback_cases import Cast
from demo.moments import ago, moment
from feedback.enums import CaseKind, ObjectionGround, Outcome
from feedback.models import Case, Service
from feedback.permissions import Reporting
from feedback.services import cases
from feedback.services.cases import Filing, people
from kepegawaian.accounts.models import User

WHY = "Yang diminta adalah dokumen kantor."


def play(cast: Cast) -> None:
    service = Service.objects.filter(unit__in=list(cast.liaisons)).select_related("unit").order_by("code")[0]
    _refused(cast, service)
    _granted(cast, service)
    text = "Mohon salinan daftar aset kantor dan anggaran pemeliharaannya tahun lalu, dalam bentuk berkas."
    case = _asked(cast, service, 9, "Salinan daftar aset", text)
    with moment(ago(2, hour=9)):
        reason = "Arsip tahun lalu disimpan di gudang lain."
        cases.extend(actor=_officers(cast, service)[0], case=case, reason=reason)


def _officers(cast: Cast, service: Service) -> tuple[User, User]:
    return cast.liaisons[service.unit_id]


def _asked(cast: Cast, service: Service, age: int, title: str, text: str) -> Case:
    """A question that asks for a document, handled as the law has it two days later."""
    liaison = _officers(cast, service)[0]
    filing = Filing(text=text, title=title, kind=CaseKind.INFORMATION, service=service)
    with moment(ago(age, hour=10)):
        case = cases.file_case(filing=filing, user=cast.citizen).case
    with moment(ago(age - 1, hour=9)):
        cases.open_case(actor=cast.admin, case=case)
        cases.assign(actor=cast.admin, case=case, unit=service.unit)
        cases.accept(actor=liaison, case=case)
    with moment(ago(age - 2, hour=9)):
        cases.convert(actor=liaison, case=case, law=True, reason=WHY)
    return case


def _answered(
    cast: Cast, case: Case, age: int, text: str, decided: dict[str, str], *, superior: bool = False
) -> None:
    """Of an objection the superior of the PPID decides, otherwise the second officer."""
    drafter, checker = cast.liaisons[case.holder_unit_id]
    if superior:
        checker = people.leaders_of(case, government=False)[0]
    with moment(ago(age + 1, hour=13)):
        cases.draft_answer(actor=drafter, case=case, text=text, **decided)
        cases.submit_answer(actor=drafter, case=case)
    with moment(ago(age, hour=14)):
        cases.check_answer(actor=checker, case=case, ok=True)


def _granted(cast: Cast, service: Service) -> None:
    text = "Mohon rincian anggaran pelatihan pegawai tahun ini dan realisasinya sampai bulan lalu."
    case = _asked(cast, service, 40, "Anggaran pelatihan pegawai", text)
    case.refresh_from_db()
    answer = (
        "Rincian anggaran dan realisasinya kami kirim sebagai berkas; salinannya ada di papan informasi kantor."
    )
    _answered(cast, case, 35, answer, {"outcome": Outcome.GRANTED})
    with moment(ago(30, hour=8)):
        cases.accept_answer(by=Reporting(case_id=case.pk), case=case)


def _refused(cast: Cast, service: Service) -> None:
    """The superior grants a part of it; the days for a dispute still run."""
    text = "Mohon daftar hadir dan alasan izin setiap pegawai loket selama tiga bulan terakhir."
    case = _asked(cast, service, 48, "Daftar hadir pegawai loket", text)
    case.refresh_from_db()
    decided = {
        "outcome": Outcome.REFUSED,
        "outcome_reason": "Alasan izin memuat keterangan pribadi pegawai. Sudah diuji konsekuensinya.",
        "outcome_basis": "UU 14/2008 Pasal 17",
        "outcome_ground": "pasal-17",
    }
    _answered(cast, case, 43, "Permintaan ini tidak dapat kami penuhi.", decided)
    with moment(ago(24, hour=10)):
        reason = "Saya tidak meminta alasan pribadinya, cukup jumlah hari hadir."
        by, ground = Reporting(case_id=case.pk), ObjectionGround.EXEMPT
        cases.object_to_answer(by=by, case=case, reason=reason, ground=ground, public=True)
    case.refresh_from_db()
    partly = {
        "outcome": Outcome.PARTLY,
        "outcome_reason": "Jumlah hari hadir diberikan; alasan izin tetap dikecualikan.",
        "outcome_basis": "UU 14/2008 Pasal 17",
        "outcome_ground": "pasal-17",
    }
    answer = "Kami lampirkan jumlah hari hadir tiap loket, tanpa nama dan tanpa alasan izin."
    _answered(cast, case, 4, answer, partly, superior=True)
