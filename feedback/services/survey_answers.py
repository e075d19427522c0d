"""Tokens and answers. A token is the right to answer once; nothing anywhere says whose it was.

Three ways to one: slips with a QR code at the counter, a link when a case was closed (`cases.inviting`), and a
screen at the place (kiosk), which makes its token with the answer.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback import permissions_surveys as permissions
from feedback.enums import SurveyKind, SurveyState, TokenSource
from feedback.models import Question, Service, Survey, SurveyAnswer, SurveyInvitation, SurveyToken
from feedback.rules.survey import MAY_MISS
from kepegawaian.audit.services import record
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import ApplicationError, Problem, RuleRefused, StateChanged, demand

AT_MOST = 200
"""Slips of one sheet; a larger stack is two sheets."""
KIOSK_DAYS = 31
"""A kiosk's address holds so long, so that a lost tablet does not answer for ever."""
_KIOSK = "feedback.survey.kiosk"
_SHARED = "SELECT * FROM feedback_survey WHERE id = %s FOR SHARE"
"""Answers do not wait for each other, only for whoever closes the survey."""
_NOT_OPEN = gettext_lazy("Survei ini sedang tidak dibuka.")
_PERSONAL = ("slot", "sex", "education", "occupation")


class AlreadyAnswered(StateChanged):
    """The token was used before, with other answers."""


@dataclass(frozen=True, slots=True)
class Given:
    """One questionnaire as it came in. `about`: slot, sex, education, occupation, each may be left out."""

    values: Mapping[str, int]
    about: Mapping[str, str] = field(default_factory=dict)
    comment: str = ""
    service: Service | None = None


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def new_token(survey: Survey, source: str, service: Service | None, group: str = "") -> tuple[str, SurveyToken]:
    """The token in words, and its row, not saved yet."""
    token = secrets.token_urlsafe(16)
    row = SurveyToken(
        survey=survey,
        digest=digest_of(token),
        source=source,
        service=service,
        group=group,
        expires_on=survey.period_end,
    )
    return token, row


# --- Tokens ---------------------------------------------------------------------------------------
@transaction.atomic
def issue(*, actor: Any, survey: Survey, count: int, service: Service | None = None, group: str = "") -> list[str]:
    """`count` tokens to be handed out. They exist in the answer of this call alone; the row keeps a digest.

    Slips may be printed before the first day. A staff survey needs the group they are handed to; its size is known
    by that, never a name.
    """
    demand(permissions.can_keep(actor, survey))
    if survey.state != SurveyState.OPEN or survey.period_end < today():
        raise StateChanged(_NOT_OPEN)
    problems = []
    if not 1 <= count <= AT_MOST:
        message = _("Sekali cetak paling sedikit 1 dan paling banyak %(n)s kode.") % {"n": AT_MOST}
        problems.append(Problem(message, field="count"))
    if survey.kind == SurveyKind.STAFF and not group.strip():
        problems.append(Problem(_("Isi kelompok pegawai yang menerima kode ini."), field="group"))
    if service is not None and service.unit_id != survey.unit_id:
        problems.append(Problem(_("Layanan ini bukan layanan unit tersebut."), field="service"))
    if problems:
        raise RuleRefused(problems)
    group = group.strip() if survey.kind == SurveyKind.STAFF else ""
    made = [new_token(survey, TokenSource.COUNTER, service or survey.service, group) for _number in range(count)]
    SurveyToken.objects.bulk_create(row for _token, row in made)
    record("surveys.tokens", survey, actor=actor, data={"count": count, "group": group})
    return [token for token, _row in made]


def at_counter(*, actor: Any, survey: Survey) -> str:
    """One token for the person who stands there, so only while it can be answered."""
    _require_open(survey)
    return issue(actor=actor, survey=survey, count=1)[0]


# --- Kiosk ----------------------------------------------------------------------------------------
def kiosk_key(*, actor: Any, survey: Survey) -> str:
    """For the address of the screen at the place; holds for KIOSK_DAYS and until the survey closes."""
    demand(permissions.can_keep(actor, survey))
    _require_open(survey)
    if survey.kind == SurveyKind.STAFF:
        raise ApplicationError(_("Survei pegawai dijawab dengan kode saja."))
    return signing.dumps(str(survey.pk), salt=_KIOSK, compress=True)


def survey_of_kiosk(key: str) -> Survey | None:
    try:
        pk = signing.loads(key, salt=_KIOSK, max_age=KIOSK_DAYS * 86_400)
    except signing.BadSignature:
        return None
    return Survey.objects.answerable().filter(pk=pk).select_related("unit", "service").first()


@transaction.atomic
def answer_at_kiosk(*, survey: Survey, nonce: str, given: Given) -> SurveyAnswer:
    """`nonce` came with the form: the same form sent twice is one answer."""
    row = SurveyToken(
        survey=survey,
        digest=digest_of(f"kiosk:{survey.pk}:{nonce}"),
        source=TokenSource.KIOSK,
        service=survey.service,
        expires_on=survey.period_end,
    )
    SurveyToken.objects.bulk_create([row], ignore_conflicts=True)
    return _answer(row.digest, given)


# --- Answers --------------------------------------------------------------------------------------
def find_token(token: str) -> SurveyToken | None:
    rows = SurveyToken.objects.select_related("survey__unit", "survey__service", "service")
    return rows.filter(digest=digest_of(token)).first()


def is_used(token: SurveyToken) -> bool:
    return SurveyAnswer.objects.filter(token=token).exists()


@transaction.atomic
def answer(*, token: str, given: Given) -> SurveyAnswer:
    """Count one questionnaire. The same answers sent again give the answer that is there.

    Raises StateChanged for a token that is unknown or a survey that is not open, AlreadyAnswered for other
    answers on a used token, and RuleRefused when more than two elements are missing (reference 4.2).
    """
    return _answer(digest_of(token), given)


def _answer(digest: str, given: Given) -> SurveyAnswer:
    row = SurveyToken.objects.select_for_update(of=("self",)).filter(digest=digest).first()
    if row is None:
        raise StateChanged(_("Kode survei ini tidak dikenal."))
    survey = Survey.objects.raw(_SHARED, [row.survey_id])[0]
    values = _checked(survey, given.values)
    before = SurveyAnswer.objects.filter(token=row).first()
    if before is not None:
        if before.values == values:
            return before
        raise AlreadyAnswered(_("Kode ini sudah dipakai. Jawaban pertama yang dihitung."))
    _require_open(survey)
    if row.expires_on < today():
        raise StateChanged(_("Masa berlaku kode ini sudah habis."))
    if row.source == TokenSource.LINK:
        SurveyInvitation.objects.filter(token=row).update(token=None, sealed="")
    about = {} if survey.kind == SurveyKind.STAFF else {name: given.about.get(name, "") for name in _PERSONAL}
    return SurveyAnswer.objects.create(
        survey=survey,
        token=row,
        service=row.service or _offered(survey, given.service),
        group=row.group,
        values=values,
        comment=given.comment.strip(),
        **about,
    )


def _offered(survey: Survey, service: Service | None) -> Service | None:
    return service if service is not None and service.unit_id == survey.unit_id else None


def _checked(survey: Survey, values: Mapping[str, int]) -> dict[str, int]:
    """Known elements within their scale. Raises RuleRefused, each problem beside its question."""
    questions = {question.slug: question for question in Question.objects.filter(survey=survey)}
    kept = {slug: value for slug, value in values.items() if slug in questions and value is not None}
    wrong = [
        slug for slug, value in kept.items() if not questions[slug].lowest <= value <= questions[slug].highest
    ]
    if wrong:
        raise RuleRefused([Problem(_("Pilih salah satu jawaban yang tersedia."), field=slug) for slug in wrong])
    missing = [slug for slug in questions if slug not in kept]
    if len(missing) > MAY_MISS:
        raise RuleRefused([Problem(_("Belum dijawab."), field=slug) for slug in missing])
    return kept


def is_open(survey: Survey) -> bool:
    return survey.state == SurveyState.OPEN and survey.period_start <= today() <= survey.period_end


def _require_open(survey: Survey) -> None:
    if not is_open(survey):
        raise StateChanged(_NOT_OPEN)
