"""The page on which an SKP is written: a form for each line, read back together or one line at a time."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.text import Truncator

from evaluations.enums import Appendix, PlanState, ResultKind, Value
from evaluations.forms.plans import IndicatorForm, LineForm, NewResultForm, ParagraphForm, ResultForm
from evaluations.models import Plan, PlanComment, PlanResult, PlanStep, current_setting
from evaluations.rules.behaviour import guides_on
from evaluations.selectors.plans import Gaps, comments_of, gaps_of, superior_results, texts_of_last_year
from evaluations.services import plans as verbs
from evaluations.services.plans_lines import APPENDIX, EXPECTATION, INDICATOR, RESULT, Key
from evaluations.workflow import Action
from kepegawaian.lib.together import read_together

OPENED = "buka"
"""Names in the address the results that are open."""
OPEN_TOGETHER = 8
"""So many results and indicators are all open at once; of more, only the result that is worked on."""
NEW = {ResultKind.MAIN.value: "new-main", ResultKind.ADDITIONAL.value: "new-additional"}


@dataclass(slots=True)
class Line:
    """A line with its form. `clash`: what another tab made of it since this page was read."""

    key: Key
    form: LineForm
    mark: str
    row: Any = None
    hints: list[Any] = field(default_factory=list)
    clash: dict[str, str] | None = None
    gone: bool = False
    indicators: list["Line"] = field(default_factory=list)
    title: Any = ""
    guides: Any = ()
    open: bool = True
    """Whether the page has its form; else it says what the line says."""

    @property
    def hint_count(self) -> int:
        return len(self.hints) + sum(len(one.hints) for one in self.indicators)

    @property
    def clash_words(self) -> list[tuple[Any, Any]]:
        """What the other tab left in each field, under its name: choices by their words, not their keys."""
        return [
            (bound.label, dict(getattr(bound.field.widget, "choices", ())).get(text, text))
            for bound in self.form
            if (text := (self.clash or {}).get(bound.name))
        ]

    @property
    def prefix(self) -> str:
        return "-".join(self.key)


@dataclass(frozen=True, slots=True)
class Asked:
    """A change that was asked for and is still open; `address` of the line that it is about, if that still is."""

    comment: PlanComment
    line: str = ""
    address: str = ""


class Editor:
    """`data`: what was posted; lines that it does not name stay as they are. `opened`: keys of results."""

    def __init__(self, plan: Plan, data: Mapping[str, str] | None = None, *, opened: Collection[str] = ()) -> None:
        self.plan, self.data, self.opened = plan, data, opened
        self.lines: dict[Key, Line] = {}

    @cached_property
    def above(self) -> list[tuple[str, str]]:
        if self.plan.leader_form:
            return []
        rows = superior_results(self.plan.participant)
        return [(str(row.pk), Truncator(row.text).chars(120)) for row in rows]

    @cached_property
    def perspectives(self) -> list[str]:
        if not self.plan.leader_form:
            return []
        return [line.strip() for line in current_setting().perspectives.splitlines() if line.strip()]

    @cached_property
    def gaps(self) -> Gaps:
        return gaps_of(self.plan, last_year=texts_of_last_year(self.plan.participant))

    @cached_property
    def values(self) -> verbs.Lines:
        return verbs.Lines(self.plan)

    def _line(self, key: Key, make: Any, row: Any = None) -> Line:
        values = self.values.values(key) or {}
        prefix = "-".join(key)
        posted = self.data if self.data is not None and f"{prefix}-seen" in self.data else None
        form = make(posted, prefix=prefix, initial=values)
        hints = self.gaps.hints.get(str(row.pk), []) if row is not None else []
        line = Line(key, form, verbs.mark(values), row, hints)
        self.lines[key] = line
        return line

    def _above_of(self, row: PlanResult) -> list[tuple[str, str]]:
        """With the linked one, though the superior's plan may have moved on."""
        known = self.above
        if row.intervenes and str(row.intervenes_id) not in {key for key, _text in known}:
            return [(str(row.intervenes_id), Truncator(row.intervenes.text).chars(120)), *known]
        return known

    def _result(self, row: PlanResult) -> Line:
        options: dict[str, Any] = {
            "plan": self.plan,
            "kind": row.kind,
            "above": self._above_of(row),
            "perspectives": self.perspectives,
        }
        line = self._line((RESULT, str(row.pk)), lambda *a, **k: ResultForm(*a, **k, **options), row)
        line.open = self._is_open(row)
        line.indicators = [
            self._line((INDICATOR, str(one.pk)), lambda *a, **k: IndicatorForm(*a, **k, plan=self.plan), one)
            for one in row.indicators.all()
        ]
        return line

    @cached_property
    def first_gap(self) -> str:
        """The first line without which the plan cannot be submitted."""
        return next((key for key, _sentence in self.gaps.missing if key), "")

    @cached_property
    def _said(self) -> tuple[list[PlanStep], list[PlanComment]]:
        """The last return and the requests for change that are open; one statement."""
        returns = PlanStep.objects.filter(plan=self.plan, action=Action.RETURN).select_related("actor")
        requests = comments_of(self.plan.posting_id).filter(asks_change=True, settled_at=None)
        steps, comments = read_together(returns.order_by("-id")[:1], requests)
        return steps, comments

    @property
    def returned(self) -> PlanStep | None:
        """With the note for which the plan came back."""
        return next(iter(self._said[0]), None) if self.plan.state == PlanState.RETURNED else None

    @property
    def asked(self) -> list[Asked]:
        lines: dict[Any, tuple[str, str]] = {}
        for row in self.plan.results.all():
            opened = f"?{OPENED}={row.pk}#line"
            lines[row.origin] = row.text, f"{opened}-{RESULT}-{row.pk}"
            for one in row.indicators.all():
                lines[one.origin] = one.text, f"{opened}-{INDICATOR}-{one.pk}"
        return [Asked(comment, *lines.get(comment.line, ())) for comment in self._said[1]]

    @cached_property
    def is_short(self) -> bool:
        rows = list(self.plan.results.all())
        return len(rows) + sum(len(row.indicators.all()) for row in rows) <= OPEN_TOGETHER

    def _is_open(self, row: PlanResult) -> bool:
        """All of a few; of many what was asked for or posted, else the first that is not complete."""
        key = str(row.pk)
        if self.is_short or key in self.opened:
            return True
        if self.data is not None:
            return f"{RESULT}-{key}-seen" in self.data
        return not self.opened and key == self.first_gap

    @cached_property
    def main(self) -> list[Line]:
        return [self._result(row) for row in self.plan.results.all() if row.kind == ResultKind.MAIN]

    @cached_property
    def additional(self) -> list[Line]:
        return [self._result(row) for row in self.plan.results.all() if row.kind == ResultKind.ADDITIONAL]

    @cached_property
    def new_forms(self) -> dict[str, NewResultForm]:
        return {
            kind: NewResultForm(
                prefix=prefix, plan=self.plan, kind=kind, above=self.above, perspectives=self.perspectives
            )
            for kind, prefix in NEW.items()
        }

    @cached_property
    def expectations(self) -> list[Line]:
        guides, lines = guides_on().guides, []
        for value in Value:
            line = self._line(
                (EXPECTATION, value.value), lambda *a, label=value.label, **k: ParagraphForm(*a, **k, label=label)
            )
            line.title, line.guides = value.label, guides[value]
            lines.append(line)
        return lines

    @cached_property
    def appendix(self) -> list[Line]:
        return [
            self._line(
                (APPENDIX, kind.value), lambda *a, label=kind.label, **k: ParagraphForm(*a, **k, label=label)
            )
            for kind in Appendix
        ]

    def read(self) -> dict[Key, Line]:
        """Every line of the plan with its form."""
        for part in (self.main, self.additional, self.expectations, self.appendix):
            assert part is not None
        return self.lines

    # --- What was posted ----------------------------------------------------------------------------
    @property
    def invalid(self) -> list[Line]:
        return [line for line in self.read().values() if line.form.is_bound and not line.form.is_valid()]

    def changes(self) -> list[verbs.LineChange]:
        """Of the lines that were sent and may be saved."""
        assert self.data is not None
        return [
            verbs.LineChange(line.key, line.form.cleaned_data, self.data[f"{line.prefix}-seen"])
            for line in self.read().values()
            if line.form.is_bound and line.form.is_valid()
        ]

    def take(self, saved: verbs.Saved) -> list[Line]:
        """Put the new marks and the clashes on the lines; those that something happened to."""
        touched = []
        for key in {*saved.changed, *saved.clashes}:
            line = self.lines[key]
            line.mark = saved.marks.get(key, line.mark)
            line.clash = saved.clashes.get(key) or None
            touched.append(line)
        return touched
