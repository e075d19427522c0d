"""Proposals: written, changed, withdrawn, merged, judged by the office; and the votes for them."""

import datetime
import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector, TrigramSimilarity
from django.db.models import F, FloatField, Max, QuerySet, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from feedback.enums import ProposalOrigin, ProposalState
from feedback.models import Meeting, Process, Proposal, ProposalFile, ProposalVersion, Support, VerifiedPerson
from feedback.permissions_forums import can_edit, can_manage, can_take_part, can_vote, is_answered
from feedback.rules.forums import editable_until
from feedback.rules.personal import cleaned
from feedback.services.forums import follow_by_taking_part
from feedback.services.forums_common import allows, lock_person, locked, refuse, verb
from feedback.services.forums_files import attach, detach
from feedback.services.forums_people import ensure_person
from kepegawaian.audit.services import record
from kepegawaian.documents.services import Incoming
from kepegawaian.lib.exceptions import StateChanged, demand
from kepegawaian.lib.verbs import require_fields

WORDING = ("title", "text", "location", "volume")
COUNTED = (ProposalState.PENDING, ProposalState.OPEN, ProposalState.MERGED, ProposalState.HIDDEN)
"""What stands against the limit per person: all but what was withdrawn."""
ALIKE = 0.25
SHOWN_ALIKE = 5


# --- Before sending -------------------------------------------------------------------------------
def similar(process: Process, *, title: str, text: str = "") -> list[Proposal]:
    """Proposals of the forum that may say the same: alike in letters, or sharing rare words with the title."""
    words = SearchQuery(" | ".join(_lexemes(f"{title} {text}")) or "''", config="indonesian", search_type="raw")
    vector = SearchVector("title", weight="A", config="indonesian") + SearchVector(
        "text", weight="C", config="indonesian"
    )
    rows = Proposal.objects.shown().filter(process=process)
    scored = rows.annotate(
        alike=Greatest(
            TrigramSimilarity("title", title),
            Coalesce(SearchRank(vector, words, normalization=Value(2)), 0.0, output_field=FloatField()),
        )
    )
    return list(scored.filter(alike__gte=ALIKE).order_by("-alike", "number")[:SHOWN_ALIKE])


def _lexemes(text: str) -> list[str]:
    """Words as PostgreSQL may take them, longest first; anything but letters and digits is a gap."""
    words = "".join(letter if letter.isalnum() else " " for letter in text).split()
    return [f"'{word}'" for word in sorted({word.lower() for word in words if len(word) > 3}, key=len)][-12:]


# --- Writing --------------------------------------------------------------------------------------
@verb
def propose(*, actor: Any, process: Process, facts: Mapping[str, Any], files: Iterable[Incoming] = ()) -> Proposal:
    """A citizen's proposal, or a group's when `facts` names one. Pre-moderated where the forum says so."""
    process = locked(Process, process.pk, "unit")
    demand(can_take_part(actor))
    if not allows(process).proposals:
        raise refuse(_("Forum ini sedang tidak menerima usulan."))
    check_words(facts)
    mine = process.proposals.filter(author=actor, state__in=COUNTED)
    same = mine.filter(title=cleaned(facts["title"]), text=cleaned(facts["text"])).first()
    if same is not None:
        return same
    if mine.count() >= process.proposals_each:
        message = ngettext(
            "Paling banyak %(count)d usulan per orang di forum ini.",
            "Paling banyak %(count)d usulan per orang di forum ini.",
            process.proposals_each,
        )
        raise refuse(message % {"count": process.proposals_each})
    group = cleaned(facts.get("group_name", ""))
    state = ProposalState.PENDING if process.pre_moderation else ProposalState.OPEN
    origin = ProposalOrigin.GROUP if group else ProposalOrigin.CITIZEN
    proposal = _write(actor, process, facts, origin=origin, group_name=group, state=state)
    attach(proposal, files, actor)
    follow_by_taking_part(actor, process)
    return proposal


@verb
def propose_officially(
    *,
    actor: Any,
    process: Process,
    facts: Mapping[str, Any],
    meeting: Meeting | None = None,
    files: Iterable[Incoming] = (),
) -> Proposal:
    """By an office, or one that came up in a meeting; in any phase that is not the vote."""
    process = locked(Process, process.pk, "unit")
    demand(can_manage(actor, process))
    if allows(process).supports:
        raise refuse(_("Selama dukungan dibuka tidak ada usulan baru, agar semua usulan dinilai sama."))
    if meeting is not None and meeting.process_id != process.pk:
        raise refuse(_("Pertemuan ini milik forum lain."), field="meeting")
    check_words(facts)
    origin = ProposalOrigin.MEETING if meeting else ProposalOrigin.OFFICE
    alike = process.proposals.filter(origin=origin, meeting=meeting, state=ProposalState.OPEN)
    same = alike.filter(title=cleaned(facts["title"]), text=cleaned(facts["text"])).first()
    if same is not None:
        return same
    name = cleaned(facts.get("group_name", "")) or process.unit.name
    proposal = _write(actor, process, facts, origin=origin, group_name=name, meeting=meeting)
    attach(proposal, files, actor)
    return proposal


def check_words(facts: Mapping[str, Any]) -> None:
    """Of characters that are not kept no proposal is made."""
    title, text = (cleaned(facts.get(name, "")) for name in ("title", "text"))
    require_fields([("title", title, _("Tuliskan judulnya.")), ("text", text, _("Tuliskan isi usulan."))])


def _write(actor: Any, process: Process, facts: Mapping[str, Any], **more: Any) -> Proposal:
    """Inside the lock of the process, which makes the numbers gapless."""
    last = process.proposals.aggregate(last=Max("number"))["last"] or 0
    words = {name: cleaned(facts.get(name, "")) for name in WORDING}
    proposal = Proposal.objects.create(process=process, number=last + 1, author=actor, **words, **more)
    keep_version(proposal, actor)
    record("feedback.proposed", proposal, actor=actor, data={"forum": process.slug, "number": proposal.number})
    return proposal


def keep_version(proposal: Proposal, actor: Any) -> None:
    content = "\x1f".join(getattr(proposal, name) for name in WORDING)
    ProposalVersion.objects.create(
        proposal=proposal,
        version=proposal.version,
        title=proposal.title,
        text=proposal.text,
        fingerprint=hashlib.sha256(content.encode()).hexdigest(),
        by=actor,
    )


def edit_deadline(proposal: Proposal) -> datetime.datetime:
    return editable_until(proposal.created_at, proposal.process.edit_minutes)


def why_not_edit(proposal: Proposal) -> str:
    """Empty while the author may still change it: in time, open, and nobody has voted for other words."""
    if proposal.state not in (ProposalState.OPEN, ProposalState.PENDING):
        return _("Usulan ini tidak terbuka lagi.")
    if proposal.supports:
        return _("Usulan ini sudah mendapat dukungan; isinya tidak dapat diubah lagi.")
    if timezone.now() > edit_deadline(proposal):
        return _("Waktu untuk mengubah usulan ini sudah lewat.")
    return ""


@verb
def edit_proposal(
    *,
    actor: Any,
    proposal: Proposal,
    facts: Mapping[str, Any],
    version: int,
    files: Iterable[Incoming] = (),
    dropped: Iterable[ProposalFile] = (),
) -> Proposal:
    """`version`: the one that the author read. Every version stays readable; files come and go without one."""
    proposal = locked(Proposal, proposal.pk, "process__unit")
    demand(can_edit(actor, proposal))
    if reason := why_not_edit(proposal):
        raise refuse(reason)
    if version != proposal.version:
        raise StateChanged(_("Usulan ini berubah sejak Anda membukanya. Baca lagi sebelum mengubah."))
    check_words(facts)
    detach(proposal, dropped, actor)
    added = attach(proposal, files, actor)
    if not reword(proposal, facts, actor) and added and proposal.process.pre_moderation:
        proposal.state = ProposalState.PENDING
        proposal.save(update_fields=["state"])
    return proposal


def reword(proposal: Proposal, facts: Mapping[str, Any], actor: Any) -> bool:
    """Other words for a locked proposal, as its next version; whether they are other words."""
    words = {name: cleaned(facts.get(name, "")) for name in WORDING}
    if all(getattr(proposal, name) == value for name, value in words.items()):
        return False
    for name, value in words.items():
        setattr(proposal, name, value)
    proposal.version += 1
    proposal.updated_at = timezone.now()
    if proposal.process.pre_moderation:
        proposal.state = ProposalState.PENDING
    proposal.save(update_fields=[*words, "version", "updated_at", "state"])
    keep_version(proposal, actor)
    record("feedback.proposal_changed", proposal, actor=actor, data={"version": proposal.version})
    return True


@verb
def withdraw(*, actor: Any, proposal: Proposal) -> Proposal:
    """By the author, before anybody supports it: then it belongs to others as well."""
    proposal = locked(Proposal, proposal.pk, "process__unit")
    demand(can_edit(actor, proposal))
    if proposal.state == ProposalState.WITHDRAWN:
        return proposal
    if proposal.state not in (ProposalState.OPEN, ProposalState.PENDING):
        raise refuse(_("Usulan ini tidak terbuka lagi."))
    if proposal.supports:
        raise refuse(_("Usulan yang sudah didukung orang lain tidak dapat ditarik."))
    proposal.state = ProposalState.WITHDRAWN
    proposal.save(update_fields=["state"])
    record("feedback.proposal_withdrawn", proposal, actor=actor)
    return proposal


@verb
def merge_proposals(*, actor: Any, main: Proposal, duplicate: Proposal) -> Proposal:
    """The office finds two alike. Votes are nobody's to move, so it is done before the vote."""
    keys = sorted({main.pk, duplicate.pk})
    found = {key: locked(Proposal, key, "process__unit") for key in keys}
    main, duplicate = found[main.pk], found[duplicate.pk]
    demand(can_manage(actor, duplicate.process))
    if duplicate.merged_into_id == main.pk:
        return duplicate
    if main.pk == duplicate.pk or main.process_id != duplicate.process_id:
        raise refuse(_("Pilih usulan lain dari forum yang sama."), field="main")
    if main.state != ProposalState.OPEN or duplicate.state != ProposalState.OPEN:
        raise refuse(_("Hanya usulan terbuka yang dapat digabung."), field="main")
    if duplicate.supports or is_answered(duplicate):
        raise refuse(_("Usulan yang sudah didukung atau dijawab tidak dapat digabung."))
    duplicate.state, duplicate.merged_into = ProposalState.MERGED, main
    duplicate.save(update_fields=["state", "merged_into"])
    record("feedback.proposal_merged", duplicate, actor=actor, data={"into": str(main.pk)})
    return duplicate


@verb
def note_office(*, actor: Any, proposal: Proposal, facts: Mapping[str, Any]) -> Proposal:
    """What the office says about feasibility and cost before the vote (everybody reads it)."""
    proposal = locked(Proposal, proposal.pk, "process__unit")
    demand(can_manage(actor, proposal.process))
    if is_answered(proposal, finally_only=True):
        raise refuse(_("Usulan ini sudah dijawab dan tidak dapat diubah lagi."))
    values = {name: facts[name] for name in ("feasible", "office_note", "estimate")}
    before = {name: getattr(proposal, name) for name in values}
    if before == values:
        return proposal
    for name, value in values.items():
        setattr(proposal, name, value)
    proposal.save(update_fields=list(values))
    record("feedback.proposal_noted", proposal, actor=actor, data={"from": before, "to": values})
    return proposal


# --- Votes ----------------------------------------------------------------------------------------
# The trail says nothing of votes: whoever reads it may not learn who supported what.
@verb
def support(*, actor: Any, proposal: Proposal) -> Support:
    """One vote a verified person and proposal, `supports_each` in a forum; again is the same vote."""
    proposal = _votable(actor, proposal)
    person = ensure_person(actor)
    known = Support.objects.filter(proposal=proposal, person=person).first()
    if known is not None:
        return known
    process = proposal.process
    if votes_of(person, process).count() >= process.supports_each:
        message = ngettext(
            "Anda sudah memakai %(count)d dukungan. Tarik salah satunya dahulu.",
            "Anda sudah memakai %(count)d dukungan. Tarik salah satunya dahulu.",
            process.supports_each,
        )
        raise refuse(message % {"count": process.supports_each})
    return Support.objects.create(proposal=proposal, person=person, version=proposal.version)


@verb
def unsupport(*, actor: Any, proposal: Proposal) -> None:
    """A vote may be taken back as long as votes are taken."""
    proposal = _votable(actor, proposal)
    Support.objects.filter(proposal=proposal, person__user=actor).delete()


def _votable(actor: Any, proposal: Proposal) -> Proposal:
    lock_person(actor)
    rows = Proposal.objects.select_related("process__unit", "process__area")
    proposal = rows.select_for_update(of=("self",), no_key=True).get(pk=proposal.pk)
    demand(can_vote(actor, proposal.process))
    if not allows(proposal.process).supports:
        raise refuse(_("Dukungan untuk forum ini sedang ditutup."))
    if proposal.state != ProposalState.OPEN:
        raise refuse(_("Usulan ini tidak terbuka lagi."))
    if is_answered(proposal, finally_only=True):
        raise refuse(_("Usulan ini sudah dijawab; dukungannya tidak berubah lagi."))
    return proposal


def votes_of(person: VerifiedPerson, process: Process) -> QuerySet[Support]:
    return Support.objects.filter(person=person, proposal__process=process)


def supported_ids(user: Any, process: Process) -> set[Any]:
    """The person's own votes, shown to nobody else."""
    if not user.is_authenticated:
        return set()
    rows = Support.objects.filter(person__user_id=user.pk, proposal__process=process)
    return set(rows.values_list("proposal_id", flat=True))


def changed_since_supported(user: Any) -> QuerySet[Support]:
    """The person's votes for proposals that read otherwise now; told to nobody else."""
    rows = Support.objects.filter(person__user_id=user.pk, proposal__version__gt=F("version"))
    return rows.filter(proposal__state=ProposalState.OPEN).select_related("proposal__process").order_by("-id")


def vote_of(user: Any, proposal: Proposal) -> Support | None:
    """The person's own vote for it, shown to nobody else."""
    if not user.is_authenticated:
        return None
    return Support.objects.filter(person__user_id=user.pk, proposal=proposal).first()


def by_support(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """The ranking of `rules.forums.ranking`, by the database."""
    return proposals.order_by(F("supports").desc(), "number")
