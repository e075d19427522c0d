"""Forums themselves: made from a template or as a copy, changed, given phases, published, followed."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import NoticeLevel
from feedback.models import Follow, Process, ProcessPhase
from feedback.permissions_forums import SIGN_IN, can_manage, can_organise
from feedback.rules.forum_templates import TEMPLATES, Template
from feedback.rules.forums import PHASES, last_day
from feedback.services.forums_common import locked, phases_of, refuse, verb
from kepegawaian.audit.services import record
from kepegawaian.lib.exceptions import PermissionRefused, demand
from kepegawaian.units.models import Unit

RESERVED = frozenset(
    {"kantor", "saya", "rss", "moderasi", "usulan", "komentar", "pertemuan", "laporkan", "banding", "perubahan"}
)
"""Words that addresses under /forum/ need for themselves."""
FACTS = (
    *("title", "summary", "text", "area", "goal", "audience", "starts_on", "ends_on", "pre_moderation"),
    *("slow_seconds", "proposals_each", "supports_each", "supports_wanted", "edit_minutes", "voters"),
    *("counts_hidden", "tie_rule"),
)
SETTINGS = FACTS[8:]
"""What a copy takes over besides texts and phases."""


def template_for(kind: str) -> Template:
    return TEMPLATES[kind]


@verb
def create_process(*, actor: Any, unit: Unit, slug: str, kind: str, facts: Mapping[str, Any]) -> Process:
    """A draft with the phases and settings of its template. `facts` needs title, summary and starts_on."""
    demand(can_organise(actor, unit))
    _check_slug(slug)
    template = template_for(kind)
    start: datetime.date = facts["starts_on"]
    values = {"goal": template.goal, "audience": template.audience, **template.settings}
    values |= {name: facts[name] for name in FACTS if name in facts}
    values["ends_on"] = facts.get("ends_on") or last_day(template.phases, start)
    process = Process.objects.create(unit=unit, slug=slug, kind=template.kind, created_by=actor, **values)
    rows = []
    for order, draft in enumerate(template.phases, start=1):
        first, last = draft.dates(start)
        opens = PHASES[draft.kind]
        rows.append(
            ProcessPhase(
                process=process, kind=draft.kind, title=draft.title, text=draft.text, order=order,
                starts_on=first, ends_on=last,
                proposals=opens.proposals, supports=opens.supports, comments=opens.comments,
            )
        )  # fmt: skip
    ProcessPhase.objects.bulk_create(rows)
    record("feedback.forum_created", process, actor=actor, data={"kind": kind, "slug": slug})
    return process


@verb
def copy_process(*, actor: Any, source: Process, slug: str, title: str, starts_on: datetime.date) -> Process:
    """An earlier forum as template: texts, settings and phases, moved to the new beginning."""
    demand(can_manage(actor, source))
    _check_slug(slug)
    moved = starts_on - source.starts_on
    values = {name: getattr(source, name) for name in FACTS}
    values |= {"title": title, "starts_on": starts_on, "ends_on": source.ends_on + moved}
    process = Process.objects.create(
        unit=source.unit, slug=slug, kind=source.kind, created_by=actor, copied_from=source, **values
    )
    ProcessPhase.objects.bulk_create(
        ProcessPhase(
            process=process, kind=old.kind, title=old.title, text=old.text, order=old.order,
            starts_on=old.starts_on + moved, ends_on=old.ends_on + moved,
            proposals=old.proposals, supports=old.supports, comments=old.comments,
        )
        for old in phases_of(source)
    )  # fmt: skip
    record("feedback.forum_created", process, actor=actor, data={"copied_from": str(source.pk), "slug": slug})
    return process


def _check_slug(slug: str) -> None:
    if slug in RESERVED:
        raise refuse(_("Alamat ini dipakai portal. Pilih yang lain."), field="slug")
    if Process.objects.filter(slug=slug).exists():
        raise refuse(_("Alamat ini sudah dipakai forum lain."), field="slug")


@verb
def edit_process(*, actor: Any, process: Process, facts: Mapping[str, Any]) -> Process:
    process = locked(Process, process.pk, "unit")
    demand(can_manage(actor, process))
    changed = {name: facts[name] for name in FACTS if name in facts and facts[name] != getattr(process, name)}
    before = {name: getattr(process, name) for name in changed}
    for name, value in changed.items():
        setattr(process, name, value)
    outside = process.phases.filter(starts_on__lt=process.starts_on) | process.phases.filter(
        ends_on__gt=process.ends_on
    )
    if outside.exists():
        raise refuse(_("Ada tahap di luar tanggal ini. Ubah tahapnya dahulu."), field="ends_on")
    if changed:
        process.save(update_fields=list(changed))
        record("feedback.forum_changed", process, actor=actor, data={"from": before, "to": changed})
    return process


@verb
def set_phases(*, actor: Any, process: Process, phases: Sequence[Mapping[str, Any]]) -> Process:
    """The whole table of phases at once; rows are kept in the order of their beginning."""
    process = locked(Process, process.pk, "unit")
    demand(can_manage(actor, process))
    if process.published_at and not phases:
        raise refuse(_("Forum yang sudah terbit mempunyai paling sedikit satu tahap."))
    for phase in phases:
        if phase["starts_on"] < process.starts_on or phase["ends_on"] > process.ends_on:
            raise refuse(_("Tahap “%(title)s” keluar dari tanggal forum.") % {"title": phase["title"]})
        if phase["ends_on"] < phase["starts_on"]:
            raise refuse(_("Tahap “%(title)s” selesai sebelum mulai.") % {"title": phase["title"]})
    before = [(phase.title, phase.starts_on, phase.ends_on) for phase in phases_of(process)]
    process.phases.all().delete()
    ordered = sorted(phases, key=lambda phase: (phase["starts_on"], phase["ends_on"]))
    ProcessPhase.objects.bulk_create(
        ProcessPhase(process=process, order=order, **phase) for order, phase in enumerate(ordered, start=1)
    )
    after = [(phase["title"], phase["starts_on"], phase["ends_on"]) for phase in ordered]
    record("feedback.forum_phases", process, actor=actor, data={"from": before, "to": after})
    return process


@verb
def publish_process(*, actor: Any, process: Process) -> Process:
    """For everybody to see, for good: citizens' words and votes are not taken off line with a click."""
    process = locked(Process, process.pk, "unit")
    demand(can_manage(actor, process))
    if process.published_at is None:
        if not process.phases.exists():
            raise refuse(_("Tambahkan paling sedikit satu tahap sebelum menerbitkan."))
        process.published_at = timezone.now()
        process.save(update_fields=["published_at"])
        record("feedback.forum_published", process, actor=actor)
    return process


# --- Following ------------------------------------------------------------------------------------
@verb
def choose_level(*, user: Any, process: Process, level: str) -> Follow:
    """How much of a forum somebody wants to hear; decisions about what he wrote himself always come."""
    if not user.is_authenticated:
        raise PermissionRefused(SIGN_IN)
    follow, _created = Follow.objects.update_or_create(
        process=process, user=user, defaults={"level": NoticeLevel(level)}
    )
    return follow


def follow_by_taking_part(user: Any, process: Process) -> None:
    """Who takes part hears of it once a day, unless he chose otherwise."""
    Follow.objects.get_or_create(process=process, user=user)


def level_of(user: Any, process: Process) -> str:
    if not user.is_authenticated:
        return NoticeLevel.NONE
    return Follow.objects.filter(process=process, user=user).values_list("level", flat=True).first() or ""
