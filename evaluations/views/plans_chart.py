"""The small chart of a person's years, drawn by the server; the numbers stand beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from evaluations.enums import CHART_ORDER, Predikat
from evaluations.selectors.plans_team import YearMark

LEFT, TOP, STEP, ROW = 40, 10, 64, 22


@dataclass(frozen=True, slots=True)
class Point:
    x: int
    y: int
    year: int
    predikat: Predikat


@dataclass(frozen=True, slots=True)
class Level:
    y: int
    short: str


SHORT = {
    Predikat.SANGAT_BAIK: "SB",
    Predikat.BAIK: "B",
    Predikat.BUTUH_PERBAIKAN: "BP",
    Predikat.KURANG: "K",
    Predikat.SANGAT_KURANG: "SK",
}


@dataclass(frozen=True, slots=True)
class Chart:
    """Years from left to right, *predikat* from bottom (SK) to top (SB)."""

    points: tuple[Point, ...]
    levels: tuple[Level, ...]
    width: int
    height: int

    @property
    def line(self) -> str:
        return " ".join(f"{point.x},{point.y}" for point in self.points)

    @property
    def foot(self) -> int:
        return self.height - 4

    @classmethod
    def of(cls, marks: Sequence[YearMark]) -> "Chart | None":
        """None for fewer than two years: one point shows no course."""
        rated = [(mark.year, mark.predikat) for mark in marks if mark.predikat is not None]
        if len(rated) < 2:
            return None
        top = len(CHART_ORDER) - 1
        height_of = {one: TOP + (top - place) * ROW for place, one in enumerate(CHART_ORDER)}
        points = tuple(
            Point(LEFT + 20 + place * STEP, height_of[one], year, one) for place, (year, one) in enumerate(rated)
        )
        levels = tuple(Level(height_of[one], SHORT[one]) for one in reversed(CHART_ORDER))
        return cls(points, levels, LEFT + 40 + (len(rated) - 1) * STEP, TOP + top * ROW + 28)
