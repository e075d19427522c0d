"""What the pages show of a result: elements by their words, a chart, and how each number came about."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.enums import SurveyKind
from feedback.forms_surveys import ABOUT_LABELS
from feedback.models import Survey, Weight
from feedback.rules.survey import sample_size
from feedback.services.survey_results import result_of, unanswered
from kepegawaian.lib.ui import formatting
from kepegawaian.lib.ui.parts import Bar, Bars, Because

GRADE_WORDS = {
    "A": gettext_lazy("Sangat baik"),
    "B": gettext_lazy("Baik"),
    "C": gettext_lazy("Kurang baik"),
    "D": gettext_lazy("Tidak baik"),
}
_TONES = {"A": "success", "B": "success", "C": "wait", "D": "danger"}
LOWEST_SHOWN = 3
RULE = "PermenPANRB 14/2017"


@dataclass(frozen=True, slots=True)
class Element:
    slug: str
    name: str
    text: str
    answered: int
    mean: Decimal
    converted: Decimal | None
    grade: str
    favourable: Decimal | None

    @property
    def grade_words(self) -> str | Promise:
        return GRADE_WORDS.get(self.grade, "")

    @property
    def tone(self) -> str:
        return _TONES.get(self.grade, "")


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


class ResultDrawn:
    """`result` is what was kept, or the answers so far."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.result: Mapping[str, Any] = result_of(survey)

    @property
    def n(self) -> int:
        return int(self.result.get("n", 0))

    @cached_property
    def elements(self) -> list[Element]:
        questions = {question.slug: question for question in self.survey.questions.all()}
        return [
            Element(
                slug=row["slug"],
                name=questions[row["slug"]].element,
                text=questions[row["slug"]].text,
                answered=row["answered"],
                mean=Decimal(row["mean"]),
                converted=_decimal(row["converted"]),
                grade=row["grade"],
                favourable=_decimal(row["favourable"]),
            )
            for row in self.result.get("elements", [])
        ]

    @cached_property
    def unanswered(self) -> str:
        """Names of the elements that everybody left out."""
        return "; ".join(unanswered(self.survey, self.result))

    @property
    def lowest(self) -> list[Element]:
        by_slug = {element.slug: element for element in self.elements}
        return [by_slug[slug] for slug in self.result.get("lowest", [])[:LOWEST_SHOWN]]

    @property
    def is_skm(self) -> bool:
        return self.survey.kind == SurveyKind.SKM

    @property
    def is_staff(self) -> bool:
        return self.survey.kind == SurveyKind.STAFF

    @property
    def index(self) -> Decimal | None:
        return _decimal(self.result.get("index", ""))

    @property
    def grade(self) -> str:
        return str(self.result.get("grade", ""))

    @property
    def grade_words(self) -> str | Promise:
        return GRADE_WORDS.get(self.grade, "")

    @property
    def grade_tone(self) -> str:
        return _TONES.get(self.grade, "neutral")

    @property
    def enps(self) -> Decimal | None:
        return _decimal(self.result.get("enps", ""))

    @property
    def chart(self) -> Bars:
        """Each element on the scale that its kind is judged by."""
        if self.is_skm:
            bars = [Bar(row.name, row.converted or Decimal(0), row.tone) for row in self.elements]
            return Bars(_("Nilai tiap unsur (25–100)"), bars, whole=100)
        if self.is_staff:
            bars = [Bar(row.name, row.favourable or Decimal(0)) for row in self.elements]
            return Bars(_("Yang setuju, persen"), bars, "%", whole=100)
        bars = [Bar(row.name, row.mean) for row in self.elements]
        return Bars(_("Nilai rata-rata tiap pernyataan (1–6)"), bars, whole=6)

    @property
    def derivation(self) -> list[Because]:
        """The index from its elements; SKM alone has a formula of the regulation."""
        weight = self.result.get("weight", Weight.EXACT)
        weighted = [row["weighted"] for row in self.result.get("elements", [])]
        rows = [
            Because(
                element.name, formatting.number(Decimal(part)), f"{formatting.number(element.mean)} × {weight}"
            )
            for element, part in zip(self.elements, weighted, strict=True)
        ]
        rows.append(Because(_("Nilai interval"), formatting.number(Decimal(self.result["interval"]))))
        rows.append(Because(_("Dikalikan"), 25, RULE))
        return rows

    @property
    def needed(self) -> int | None:
        return sample_size(self.survey.population) if self.survey.population else None

    @property
    def too_few(self) -> bool:
        return self.needed is not None and self.n < self.needed

    @property
    def profile(self) -> list[tuple[str | Promise, list[tuple[str | Promise, int | None]]]]:
        """Who answered; those who said nothing stand last."""
        tables: list[tuple[str | Promise, list[tuple[str | Promise, int | None]]]] = []
        for name, (label, choices) in ABOUT_LABELS.items():
            numbers = self.result.get("profile", {}).get(name, {})
            if set(numbers) - {""}:
                words: list[Any] = [*choices, ("", _("Tidak diisi"))]
                tables.append((label, [(word, numbers[code]) for code, word in words if code in numbers]))
        return tables

    @property
    def groups(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        for group in self.result.get("groups", []):
            shares = [group["favourable"].get(element.slug, "") for element in self.elements]
            rows.append({"name": group["name"], "n": group["n"], "shares": [_decimal(share) for share in shares]})
        return rows
