"""A step of the filing form: a point is chosen on a piece of the map, without scripts. Each tile is a button that
sends which of its pixels was pressed."""

import re
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from feedback.models import FeedbackSetting
from feedback.rules.maps import COLUMNS, MIDDLE, ROWS, SIDE, STREET, TOWN, WHOLE, Frame, point_on
from feedback.rules.origins import Point, parse_point

_PRESSED = re.compile(r"tile-(\d{1,2}-\d{1,7}-\d{1,7})\.x")
_STEPS = {"north": (0, -2), "west": (-2, 0), "east": (2, 0), "south": (0, 2)}


@dataclass(frozen=True, slots=True)
class Board:
    """`chosen`: the point marked so far; `mark`: where it stands on the piece, in pixels."""

    frame: Frame
    tiles: list[tuple[str, str, bool]]
    chosen: Point | None
    mark: tuple[int, int] | None
    width: int = COLUMNS * SIDE
    height: int = ROWS * SIDE

    @property
    def moves(self) -> dict[str, Frame]:
        return {name: self.frame.moved(*step) for name, step in _STEPS.items()}

    @property
    def zooms(self) -> dict[str, Frame]:
        """Around the mark, where one is in sight."""
        around = (self.chosen.lat, self.chosen.long) if self.chosen and self.mark else None
        return {"in": self.frame.zoomed(1, around), "out": self.frame.zoomed(-1, around)}

    @property
    def point(self) -> str:
        """As it is written in the form."""
        return _written(self.chosen.lat, self.chosen.long) if self.chosen else ""

    @property
    def middle(self) -> str:
        return _written(*self.frame.middle)


def board(request: HttpRequest, typed: str, setting: FeedbackSetting) -> Board:
    """The piece that was asked for, else around the point as far as it is known, else of the government's area."""
    pressed = _pressed(request)
    point = parse_point(request.POST.get("aim") or pressed or typed)
    frame = Frame.named(request.POST.get("map", "")) or _start(point, setting)
    mark = frame.mark(point.lat, point.long) if point else None
    return Board(frame, frame.tiles(setting.map_tiles), point, mark)


def _pressed(request: HttpRequest) -> str:
    """The point of the pixel that was pressed, as it is written. A keyboard presses at 0, 0: the tile's middle."""
    for name in request.POST:
        if found := _PRESSED.fullmatch(name):
            left, top = (_pixel(request.POST.get(name[:-1] + axis, "")) for axis in "xy")
            if (left, top) == (0, 0):
                left = top = SIDE // 2
            point = point_on(found[1], left, top)
            return _written(*point) if point else ""
    return ""


def _pixel(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else 0


def _start(point: Point | None, setting: FeedbackSetting) -> Frame:
    if point is not None and point.in_indonesia:
        return Frame.around(point.lat, point.long, STREET)
    centre = parse_point(setting.map_centre)
    return Frame.around(centre.lat, centre.long, TOWN) if centre else Frame.around(*MIDDLE, WHOLE)


def _written(lat: Any, long: Any) -> str:
    return f"{lat}, {long}"
