"""Points on the map, put together from tiles of the government's own (Web Mercator): a small picture of one, and
a piece of the map on which one is chosen.

No script, no other host: the address of the tiles must be a path of this portal."""

import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

TILE, ZOOM = 256, 16
WIDE, HIGH = 3, 2
"""Tiles beside and above each other."""


@dataclass(frozen=True, slots=True)
class Tile:
    url: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class MapView:
    """Everything in pixels of a picture of `width` x `height`; the point is at (`left`, `top`)."""

    tiles: tuple[Tile, ...]
    left: int
    top: int
    width: int = WIDE * TILE
    height: int = HIGH * TILE


def map_view(address: str, lat: Decimal | None, long: Decimal | None) -> MapView | None:
    """`address`: "/peta/{z}/{x}/{y}.png". None without a point, or where no tiles of our own are set."""
    if lat is None or long is None or not usable(address):
        return None
    x, y = _place(float(lat), float(long), ZOOM)
    first_x, first_y = math.floor(x - (WIDE - 1) / 2), math.floor(y - (HIGH - 1) / 2)
    tiles = tuple(
        Tile(_url(address, ZOOM, first_x + column, first_y + row), column * TILE, row * TILE)
        for row in range(HIGH)
        for column in range(WIDE)
    )
    return MapView(tiles, round((x - first_x) * TILE), round((y - first_y) * TILE))


def usable(address: str) -> bool:
    """A path of this host with the three places; "//host" and "https://" would lead elsewhere."""
    own = address.startswith("/") and not address.startswith(("//", "/\\"))
    return own and all(place in address for place in ("{z}", "{x}", "{y}"))


def _url(address: str, zoom: int, x: int, y: int) -> str:
    return address.replace("{z}", str(zoom)).replace("{x}", str(x)).replace("{y}", str(y))


def _place(lat: float, long: float, zoom: int) -> tuple[float, float]:
    """In tiles from the north-west corner of the world."""
    across = 2**zoom
    down = math.asinh(math.tan(math.radians(lat)))
    return (long + 180) / 360 * across, (1 - down / math.pi) / 2 * across


# --- A piece of the map to choose a point on --------------------------------------------------------
COLUMNS, ROWS, SIDE = 4, 3, 144
"""Tiles beside and above each other, and how large one is drawn: two fit 320 pixels, and a narrow page leaves the
outer columns out."""
FARTHEST, NEAREST = 5, 18
WHOLE, TOWN, STREET = 5, 13, 16
"""Zooms: all of Indonesia, a town, a street."""
MIDDLE = Decimal("-2.5"), Decimal("118.0")
"""Of Indonesia (reference 1.10)."""
_PLACES = Decimal("0.000001")
_FRAME = re.compile(r"(\d{1,2})/(\d{1,7})/(\d{1,7})")


@dataclass(frozen=True, slots=True)
class Frame:
    """`x`, `y`: the tile in the north-west corner."""

    zoom: int
    x: int
    y: int

    @classmethod
    def around(cls, lat: Decimal, long: Decimal, zoom: int) -> Self:
        return cls._centred(*_place(float(lat), float(long), zoom), zoom)

    @classmethod
    def named(cls, name: str) -> Self | None:
        """What `str` gave. None for anything else, and for what lies outside of the map."""
        found = _FRAME.fullmatch(name)
        frame = cls(*map(int, found.groups())) if found else None
        return frame if frame is not None and frame == frame._inside() else None

    @classmethod
    def _centred(cls, x: float, y: float, zoom: int) -> Self:
        return cls(zoom, round(x) - COLUMNS // 2, math.floor(y) - ROWS // 2)._inside()

    def _inside(self) -> Self:
        zoom = min(max(self.zoom, FARTHEST), NEAREST)
        last = 2**zoom
        return type(self)(zoom, min(max(self.x, 0), last - COLUMNS), min(max(self.y, 0), last - ROWS))

    def __str__(self) -> str:
        return f"{self.zoom}/{self.x}/{self.y}"

    @property
    def middle(self) -> tuple[Decimal, Decimal]:
        return _point(self.x + COLUMNS / 2, self.y + ROWS / 2, self.zoom)

    def moved(self, right: int, down: int) -> Self:
        """By so many tiles, as far as the map goes."""
        return type(self)(self.zoom, self.x + right, self.y + down)._inside()

    def zoomed(self, by: int, around: tuple[Decimal, Decimal] | None = None) -> Self:
        """Around a point or its middle; itself where the tiles end."""
        zoom = self.zoom + by
        return self.around(*(around or self.middle), zoom) if FARTHEST <= zoom <= NEAREST else self

    def tiles(self, address: str) -> list[tuple[str, str, bool]]:
        """(address, "z-x-y", whether in an outer column), row by row."""
        return [
            (_url(address, self.zoom, x, y), f"{self.zoom}-{x}-{y}", x in (self.x, self.x + COLUMNS - 1))
            for y in range(self.y, self.y + ROWS)
            for x in range(self.x, self.x + COLUMNS)
        ]

    def mark(self, lat: Decimal, long: Decimal) -> tuple[int, int] | None:
        """(left, top) of a point in pixels of the piece as it is drawn; None for one that is not on it."""
        x, y = _place(float(lat), float(long), self.zoom)
        left, top = round((x - self.x) * SIDE), round((y - self.y) * SIDE)
        return (left, top) if 0 <= left <= COLUMNS * SIDE and 0 <= top <= ROWS * SIDE else None


def point_on(tile: str, left: int, top: int) -> tuple[Decimal, Decimal] | None:
    """(lat, long) of a pixel of the tile "z-x-y" as it is drawn. None where there is no such tile."""
    found = _FRAME.fullmatch(tile.replace("-", "/"))
    if found is None:
        return None
    zoom, x, y = map(int, found.groups())
    if not FARTHEST <= zoom <= NEAREST or x >= 2**zoom or y >= 2**zoom:
        return None
    inside = (min(max(part, 0), SIDE) / SIDE for part in (left, top))
    return _point(x + next(inside), y + next(inside), zoom)


def _point(x: float, y: float, zoom: int) -> tuple[Decimal, Decimal]:
    """What `_place` came from."""
    across = 2**zoom
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / across))))
    long = x / across * 360 - 180
    return Decimal(lat).quantize(_PLACES), Decimal(long).quantize(_PLACES)
