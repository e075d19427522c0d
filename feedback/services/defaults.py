"""The limits and grounds of refusal that a portal starts with, each with its source (reference 1.2, 1.3, 6.2);
rows that exist stay."""

import datetime

from feedback.enums import CaseKind, Phase
from feedback.models import FeedbackSetting, LimitRule, RefusalGround

SINCE = datetime.date(2020, 1, 1)
LAPOR = "Alur SP4N-LAPOR!"
PRACTICE = "Praktik menurut PermenPANRB 62/2018 (diganti PermenPANRB 5/2025)"
PUBLIC_INFORMATION = "UU 14/2008; Perki 1/2021"
DEFAULTS = (
    (Phase.VERIFY, "", 3, False, LAPOR),
    (Phase.FIRST, "", 5, False, LAPOR),
    (Phase.SILENCE, "", 10, False, LAPOR),
    (Phase.COMPLETE, "", 30, True, "UU 25/2009"),
    (Phase.FINAL, CaseKind.INFORMATION, 5, False, PRACTICE),
    (Phase.FINAL, CaseKind.SERVICE, 14, False, PRACTICE),
    (Phase.FINAL, CaseKind.SUPERVISION, 60, False, f"{PRACTICE}; Perpres 76/2013"),
    (Phase.FINAL, CaseKind.REQUEST, 10, False, PUBLIC_INFORMATION),
    (Phase.EXTENSION, CaseKind.REQUEST, 7, False, f"{PUBLIC_INFORMATION}, perpanjangan satu kali"),
    (Phase.SILENCE, CaseKind.REQUEST, 30, False, f"{PUBLIC_INFORMATION}, keberatan"),
    (Phase.OBJECTION, CaseKind.REQUEST, 30, False, f"{PUBLIC_INFORMATION}, tanggapan atasan PPID"),
    (Phase.DISPUTE, CaseKind.REQUEST, 14, False, f"{PUBLIC_INFORMATION}, sengketa (belum diverifikasi)"),
    (Phase.FINAL, CaseKind.ASPIRATION, 5, False, "Satu sumber; kebanyakan instansi tidak menetapkan"),
)
# The letters of the article are not in the reference, and the article itself is marked as not found in a source.
GROUNDS = (("pasal-17", "Dikecualikan sesudah uji konsekuensi", "UU 14/2008 Pasal 17", True),)


def seed_defaults() -> int:
    """How many limits were new."""
    FeedbackSetting.objects.get_or_create(singleton=True)
    for code, name, source, unverified in GROUNDS:
        facts = {"name": name, "source": source, "unverified": unverified}
        RefusalGround.objects.get_or_create(code=code, defaults=facts)
    made = 0
    for phase, kind, days, calendar_days, source in DEFAULTS:
        if LimitRule.objects.filter(phase=phase, kind=kind, unit=None).exists():
            continue
        LimitRule.objects.create(
            phase=phase, kind=kind, days=days, calendar_days=calendar_days, source=source, valid_from=SINCE
        )
        made += 1
    return made
