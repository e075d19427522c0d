"""What every verb of a forum does first and last: one transaction, locked rows, refusals in words."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.models import Process, ProcessPhase
from feedback.rules.forums import Allows, allowed
from kepegawaian.accounts.models import User
from kepegawaian.lib.dates import today
from kepegawaian.lib.exceptions import ApplicationError, Problem, RuleRefused
from kepegawaian.lib.verbs import changed_in_words, verb_of

Text = str | Promise

_SENTENCES: dict[str, Text] = {
    "one_support_a_person": _("Anda sudah mendukung usulan ini."),
    "one_flag_a_comment": _("Anda sudah melaporkan tulisan ini."),
    "one_flag_a_proposal": _("Anda sudah melaporkan tulisan ini."),
    "one_waiting_amendment_a_person": _("Usul perubahan Anda untuk usulan ini masih menunggu keputusan."),
    "one_seat_a_person": _("Anda sudah terdaftar pada pertemuan ini."),
    "one_draft_answer": _("Orang lain baru saja menulis jawaban. Muat ulang halaman."),
    "one_final_answer": _("Usulan ini sudah dijawab."),
    "one_interim_answer": _("Usulan ini sudah dijawab."),
    "feedback_process_slug_key": _("Alamat ini sudah dipakai forum lain."),
    "accounts_user_email_key": _("Akun untuk surel ini sudah ada. Silakan masuk."),
    "feedback_appeal_moderation_id_key": _("Keberatan atas keputusan ini sudah diajukan."),
}

verb = verb_of(changed_in_words(_SENTENCES))


def refuse(message: Text, *, field: str = "", rule: str = "forum") -> RuleRefused:
    return RuleRefused([Problem(message, rule=rule, field=field)])


def locked(model: type[Any], pk: Any, *related: str) -> Any:
    """The row as it is now, locked until the verb ends."""
    row = model._default_manager.select_related(*related).select_for_update(of=("self",)).filter(pk=pk).first()
    if row is None:
        raise ApplicationError(_("Yang Anda cari sudah tidak ada."), status=404)
    return row


def lock_person(user: Any) -> None:
    """Two clicks of one person come one after the other, so that limits per person hold. Rows that name him may be
    written meanwhile: a verb that locked something else first waits for nobody here."""
    User.objects.select_for_update(of=("self",), no_key=True).only("pk").get(pk=user.pk)


def phases_of(process: Process) -> list[ProcessPhase]:
    """Read once for a process at hand."""
    if not hasattr(process, "_phases"):
        process._phases = list(process.phases.order_by("order"))  # type: ignore[attr-defined]
    found: list[ProcessPhase] = process._phases  # type: ignore[attr-defined]
    return found


def allows(process: Process) -> Allows:
    """What is open today; nothing in a forum that is not published."""
    if process.published_at is None:
        return Allows()
    return allowed(phases_of(process), today())
