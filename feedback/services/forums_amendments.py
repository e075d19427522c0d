"""Better words for somebody's proposal: suggested, taken over as its next version, or not, with a reason.

Votes stay with the proposal. Those who gave them see on their own pages that it reads otherwise now, and get a
mail that the portal does not keep: a message in the inbox would tell who voted for what.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback import notifications_forums as notices
from feedback.enums import AmendmentState
from feedback.models import Amendment, Proposal
from feedback.permissions_forums import can_decide_amendment, can_take_part, can_withdraw_amendment, is_open
from feedback.rules.personal import cleaned
from feedback.services.forums import follow_by_taking_part
from feedback.services.forums_common import allows, locked, refuse, verb
from feedback.services.forums_proposals import WORDING, check_words, reword
from kepegawaian.audit.services import record
from kepegawaian.lib.exceptions import StateChanged, demand
from kepegawaian.lib.verbs import require_fields


def is_amendable(proposal: Proposal) -> bool:
    """While others may still propose or vote, and the office has not answered."""
    open_now = allows(proposal.process)
    return (open_now.proposals or open_now.supports) and is_open(proposal)


def _amendable(proposal: Proposal) -> None:
    if not is_amendable(proposal):
        raise refuse(_("Usulan ini tidak dapat diubah lagi."))


def waiting_for(user: Any, proposal: Proposal, *, manages: bool) -> QuerySet[Amendment]:
    """What waits, for who wrote or decides it; nobody else reads words that no moderator looks at."""
    if not user.is_authenticated:
        return proposal.amendments.none()
    rows = proposal.amendments.filter(state=AmendmentState.WAITING).select_related("author")
    return rows if manages or user.pk == proposal.author_id else rows.filter(author=user)


@verb
def suggest(*, actor: Any, proposal: Proposal, facts: Mapping[str, Any], version: int) -> Amendment:
    """`facts` holds the whole wording and `why`; `version` is the one that was read."""
    proposal = locked(Proposal, proposal.pk, "process__unit", "author")
    demand(can_take_part(actor))
    _amendable(proposal)
    require_fields([("why", cleaned(facts["why"]), _("Tuliskan mengapa."))])
    check_words(facts)
    if version != proposal.version:
        raise StateChanged(_("Usulan ini berubah sejak Anda membukanya. Baca lagi sebelum mengubah."))
    words = {name: cleaned(facts.get(name, "")) for name in WORDING}
    if all(getattr(proposal, name) == value for name, value in words.items()):
        raise refuse(_("Belum ada yang berubah."))
    amendment = Amendment.objects.create(
        proposal=proposal, author=actor, base_version=version, why=cleaned(facts["why"])[:300], **words
    )
    follow_by_taking_part(actor, proposal.process)
    notices.tell_amendment(amendment)
    record("feedback.amendment_suggested", amendment, actor=actor, data={"proposal": str(proposal.pk)})
    return amendment


@verb
def decide(*, actor: Any, amendment: Amendment, accepted: bool, reason: str = "") -> Amendment:
    """Taken over it is the next version of the proposal; otherwise its author reads why not."""
    proposal = locked(Proposal, amendment.proposal_id, "process__unit")
    amendment = _waiting(amendment)
    amendment.proposal = proposal
    demand(can_decide_amendment(actor, amendment))
    if accepted:
        _amendable(proposal)
        if amendment.base_version != proposal.version:
            raise StateChanged(_("Usulan ini berubah sejak usul itu ditulis. Minta penulisnya mengusulkan lagi."))
        reword(proposal, {name: getattr(amendment, name) for name in WORDING}, amendment.author)
        amendment.version = proposal.version
    else:
        require_fields([("reason", reason, _("Tuliskan alasannya."))])
    amendment.state = AmendmentState.ACCEPTED if accepted else AmendmentState.REFUSED
    amendment.decided_by, amendment.decided_at = actor, timezone.now()
    amendment.decision = cleaned(reason)[:300]
    amendment.save(update_fields=["state", "decided_by", "decided_at", "decision", "version"])
    notices.tell_amendment_decided(amendment)
    if accepted:
        notices.mail_supporters(proposal)
    record("feedback.amendment_decided", amendment, actor=actor, data={"state": str(amendment.state)})
    return amendment


@verb
def withdraw_amendment(*, actor: Any, amendment: Amendment) -> Amendment:
    amendment = _waiting(amendment)
    demand(can_withdraw_amendment(actor, amendment))
    amendment.state = AmendmentState.WITHDRAWN
    amendment.save(update_fields=["state"])
    record("feedback.amendment_withdrawn", amendment, actor=actor)
    return amendment


def _waiting(amendment: Amendment) -> Amendment:
    found: Amendment = locked(Amendment, amendment.pk, "author", "proposal__process__unit")
    if found.state != AmendmentState.WAITING:
        raise StateChanged(_("Usul perubahan ini sudah diputus."))
    return found
