"""The pattern of *predikat* that a unit's result suggests (PermenPANRB 6/2022 Pasal 24-25, SE MenPANRB 3/2023;
performance reference 9). A guide that the leader weighs: it warns and asks for a reason, it never blocks."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from evaluations.enums import CHART_ORDER, OrgResult, Predikat
from evaluations.rules.policy import DEFAULT
from evaluations.rules.sources import Citation, NoRuleError, Sentence, in_force
from kepegawaian.lib.exceptions import Text

Counts = Mapping[Predikat, int]
"""People per *predikat* in the unit; a missing one is nobody."""


class Code(StrEnum):
    LARGEST = "largest"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"
    SOMEBODY = "somebody"
    NOBODY = "nobody"
    TINY = "tiny"
    """A note: the unit is too small for shares."""


_GUIDES: Mapping[Code, Text] = {
    Code.LARGEST: _("%(predikat)s sebaiknya kelompok terbesar."),
    Code.AT_MOST: _("%(predikat)s paling banyak %(limit)s%% pegawai."),
    Code.AT_LEAST: _("%(predikat)s paling sedikit %(limit)s%% pegawai."),
    Code.SOMEBODY: _("Paling sedikit satu pegawai %(predikat)s."),
    Code.NOBODY: _("Tidak ada pegawai %(predikat)s."),
}
_MESSAGES: Mapping[Code, Text] = {
    Code.LARGEST: _("%(predikat)s bukan kelompok terbesar (%(share)s%%)."),
    Code.AT_MOST: _("%(predikat)s %(share)s%%, pedoman paling banyak %(limit)s%%."),
    Code.AT_LEAST: _("%(predikat)s %(share)s%%, pedoman paling sedikit %(limit)s%%."),
    Code.SOMEBODY: _("Belum ada pegawai %(predikat)s, pedoman paling sedikit satu."),
    Code.NOBODY: _("%(predikat)s %(share)s%%, pedoman tidak ada."),
}


@dataclass(frozen=True, slots=True)
class Guide:
    """One demand of a pattern on the people with any of these *predikat* together; `limit` in percent."""

    code: Code
    predikats: tuple[Predikat, ...]
    limit: int | None = None

    @property
    def names(self) -> Text:
        first, *others = (one.label for one in self.predikats)
        return format_lazy(_("{one} dan/atau {other}"), one=first, other=others[0]) if others else first

    @property
    def sentence(self) -> Sentence:
        return Sentence(_GUIDES[self.code], {"predikat": self.names, "limit": self.limit})

    def met(self, counts: Counts) -> bool:
        number, total = self.number(counts), sum(counts.values())
        if self.code is Code.LARGEST:
            return number == max(counts.values(), default=0)
        if self.code is Code.AT_MOST:
            return 100 * number <= (self.limit or 0) * total
        if self.code is Code.AT_LEAST:
            return 100 * number >= (self.limit or 0) * total
        return number > 0 if self.code is Code.SOMEBODY else number == 0

    def number(self, counts: Counts) -> int:
        return sum(counts.get(one, 0) for one in self.predikats)


@dataclass(frozen=True, slots=True)
class Patterns:
    effective_from: datetime.date
    citation: Citation
    guides: Mapping[OrgResult, Sequence[Guide]]


def _largest(predikat: Predikat) -> tuple[Guide, Guide]:
    """ "Sebagian besar (maksimal 70%)" names no minimum: read as the largest group (reference 9)."""
    return Guide(Code.LARGEST, (predikat,)), Guide(Code.AT_MOST, (predikat,), 70)


_SB, _B, _BP, _K, _SK = Predikat
_FEW_SB = Guide(Code.AT_MOST, (_SB,), 10)
PATTERNS: Sequence[Patterns] = (
    Patterns(
        effective_from=datetime.date(2023, 1, 31),
        citation=Citation("SE MenPANRB 3/2023"),
        guides={
            OrgResult.ISTIMEWA: _largest(_SB),
            OrgResult.BAIK: (*_largest(_B), Guide(Code.SOMEBODY, (_BP, _K))),
            OrgResult.BUTUH_PERBAIKAN: (Guide(Code.AT_LEAST, (_BP,), 60), _FEW_SB),
            OrgResult.KURANG: (Guide(Code.AT_LEAST, (_K,), 60), Guide(Code.AT_LEAST, (_BP,), 10), _FEW_SB),
            OrgResult.SANGAT_KURANG: (
                Guide(Code.AT_LEAST, (_SK,), 60),
                Guide(Code.AT_LEAST, (_K, _BP), 10),
                Guide(Code.NOBODY, (_SB,)),
            ),
        },
    ),
)


@dataclass(frozen=True, slots=True)
class PatternWarning:
    """`share` and `limit` in percent; `needs_reason` is False for a mere note."""

    code: Code
    message: Sentence
    share: Decimal
    limit: int | None
    source: Citation
    predikats: tuple[Predikat, ...] = ()

    @property
    def needs_reason(self) -> bool:
        return self.code is not Code.TINY


@dataclass(frozen=True, slots=True)
class Bar:
    predikat: Predikat
    count: int
    share: Decimal
    """Percent with one decimal."""


def guides(org_result: OrgResult, *, on: datetime.date | None = None) -> tuple[Sentence, ...]:
    """The pattern in words; none before the circular."""
    patterns = _patterns(on)
    return tuple(guide.sentence for guide in patterns.guides[org_result]) if patterns else ()


def check(
    org_result: OrgResult,
    counts: Counts,
    *,
    people: int = 0,
    tiny_unit: int = DEFAULT.tiny_unit,
    on: datetime.date | None = None,
) -> list[PatternWarning]:
    """Where the unit leaves the pattern; one note instead for a unit of up to `tiny_unit` people. `people`: all of
    the unit, where not everybody is rated yet."""
    patterns, total = _patterns(on), sum(counts.values())
    size = max(people, total)
    if patterns is None or total == 0:
        return []
    missed = [guide for guide in patterns.guides[org_result] if not guide.met(counts)]
    if missed and size <= tiny_unit:
        return [_note(size, patterns.citation)]
    return [_warning(guide, counts, patterns.citation) for guide in missed]


def needs_reason(warnings: Sequence[PatternWarning]) -> bool:
    """Whether the leader is asked why; he may go on either way once he has written it."""
    return any(warning.needs_reason for warning in warnings)


def bars(counts: Counts) -> tuple[Bar, ...]:
    """For the chart and the numbers under it: SK, K, BP, B, SB."""
    total = sum(counts.values())
    return tuple(Bar(one, counts.get(one, 0), share(counts.get(one, 0), total)) for one in CHART_ORDER)


def share(number: int, total: int) -> Decimal:
    """Percent with one decimal; 0 of nobody."""
    exact = Decimal(100 * number) / total if total else Decimal(0)
    return exact.quantize(Decimal("0.1"), ROUND_HALF_UP)


def _patterns(on: datetime.date | None) -> Patterns | None:
    try:
        return in_force(PATTERNS, on)
    except NoRuleError:
        return None


def _warning(guide: Guide, counts: Counts, citation: Citation) -> PatternWarning:
    found = share(guide.number(counts), sum(counts.values()))
    params = {"predikat": guide.names, "share": found, "limit": guide.limit}
    sentence = Sentence(_MESSAGES[guide.code], params)
    return PatternWarning(guide.code, sentence, found, guide.limit, citation, guide.predikats)


def _note(total: int, citation: Citation) -> PatternWarning:
    text = _("Unit ini hanya %(total)s pegawai; pola distribusi tidak dapat diterapkan dalam persen.")
    return PatternWarning(Code.TINY, Sentence(text, {"total": total}), Decimal(100), None, citation)
