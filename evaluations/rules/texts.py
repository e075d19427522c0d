"""Hints about what people write (performance reference 4, 15): the same text again, a label in place of a reason,
an activity in place of a result. Hints only; nothing is refused because of them."""

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils.translation import gettext_lazy as _

from evaluations.rules.policy import DEFAULT
from evaluations.rules.sources import Citation, Sentence

Key = TypeVar("Key", bound=Hashable)
_SHORT = 20
"""Up to so many characters only the very same text is a copy: short sentences look alike by chance."""
_LABELS = frozenset(
    (
        "sesuai ekspektasi",
        "di atas ekspektasi",
        "di bawah ekspektasi",
        "sudah sesuai ekspektasi",
        "telah sesuai ekspektasi",
        "sesuai",
        "sudah sesuai",
        "sesuai target",
        "sangat baik",
        "sudah baik",
        "baik",
        "cukup",
        "cukup baik",
        "kurang",
        "ok",
        "oke",
        "nihil",
        "tidak ada",
        "",
    )
)
_RESULT_RULE = Citation("PermenPANRB 8/2021")
_ACTIVITY = re.compile(r"me(?:m|n|ng|ny|l|r|w|y)?[a-z]{2,}(?:kan|i)")
_ACTIVITIES = frozenset(
    (
        "membantu",
        "membuat",
        "menyusun",
        "mengelola",
        "mengikuti",
        "menghadiri",
        "menulis",
        "memeriksa",
        "memimpin",
        "mencatat",
        "mengajar",
        "mengetik",
        "mengolah",
        "menyimpan",
        "menghimpun",
        "merekap",
        "bertugas",
        "rapat",
        "kegiatan",
        "pelaksanaan",
        "tugas",
    )
)
_NO_VERBS = frozenset(("menteri", "melalui", "mengenai", "meliputi"))


def normalised(text: str) -> str:
    """Lower case words and numbers with single blanks."""
    return " ".join(re.findall(r"\w+", text.lower()))


def similarity(one: str, other: str) -> int:
    """Percent of the trigrams that two texts share (Jaccard), rounded down; 100 for the same words."""
    first, second = normalised(one), normalised(other)
    if first == second:
        return 100
    here, there = _trigrams(first), _trigrams(second)
    return min(100 * len(here & there) // len(here | there), 99) if here and there else 0


def _trigrams(text: str) -> frozenset[str]:
    padded = f"  {text} "
    return frozenset(padded[place : place + 3] for place in range(len(padded) - 2)) if text else frozenset()


@dataclass(frozen=True, slots=True)
class Copy(Generic[Key]):
    """The earlier text that is most alike, and how much in percent."""

    of: Key
    percent: int

    @property
    def sentence(self) -> Sentence:
        if self.percent == 100:
            return Sentence(_("Teks ini sama dengan teks sebelumnya. Tulis yang terjadi pada periode ini."))
        text = _("Teks ini %(percent)s%% sama dengan teks sebelumnya. Tulis yang terjadi pada periode ini.")
        return Sentence(text, {"percent": self.percent})


def copied(
    text: str, earlier: Iterable[tuple[Key, str]], *, percent: int = DEFAULT.copied_percent
) -> Copy[Key] | None:
    """Of (key, text) pairs the most alike from `percent` on; None for a text of its own, or an empty one."""
    words = normalised(text)
    if not words:
        return None
    needed = 100 if len(words) <= _SHORT else percent
    best = max(((similarity(text, old), key) for key, old in earlier), key=lambda found: found[0], default=None)
    return Copy(best[1], best[0]) if best is not None and best[0] >= needed else None


def says_nothing(text: str) -> bool:
    """Whether a reason only repeats the rating, as in "Sesuai Ekspektasi"."""
    return normalised(text) in _LABELS


def activity_hint(planned: str) -> Sentence | None:
    """For a planned result that begins like an activity: "Melaksanakan ...", not "Terlaksananya ..."."""
    words = normalised(planned).split()
    first = words[0] if words else ""
    if first in _NO_VERBS or not (first in _ACTIVITIES or _ACTIVITY.fullmatch(first)):
        return None
    text = _(
        '"%(word)s" menyebut kegiatan. Rencana hasil kerja sebaiknya menyebut hasilnya, misalnya '
        '"Tersusunnya ..." atau "Meningkatnya ..." (%(source)s).'
    )
    return Sentence(text, {"word": planned.split()[0].strip("\"'.,:;"), "source": _RESULT_RULE})
