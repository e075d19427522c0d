"""A point on a small picture of the map, put together from tiles of the government's own (Web Mercator).

No script, no other host: the address of the tiles must be a path of this portal."""

import math
from dataclasses import dataclass
from decimal import Decimal

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
    x, y = _place(float(lat), float(long))
    first_x, first_y = math.floor(x - (WIDE - 1) / 2), math.floor(y - (HIGH - 1) / 2)
    tiles = tuple(
        Tile(_url(address, first_x + column, first_y + row), column * TILE, row * TILE)
        for row in range(HIGH)
        for column in range(WIDE)
    )
    return MapView(tiles, round((x - first_x) * TILE), round((y - first_y) * TILE))


def usable(address: str) -> bool:
    """A path of this host with the three places; "//host" and "https://" would lead elsewhere."""
    own = address.startswith("/") and not address.startswith(("//", "/\\"))
    return own and all(place in address for place in ("{z}", "{x}", "{y}"))


def _url(address: str, x: int, y: int) -> str:
    return address.replace("{z}", str(ZOOM)).replace("{x}", str(x)).replace("{y}", str(y))


def _place(lat: float, long: float) -> tuple[float, float]:
    """In tiles from the north-west corner of the world."""
    across = 2**ZOOM
    down = math.asinh(math.tan(math.radians(lat)))
    return (long + 180) / 360 * across, (1 - down / math.pi) / 2 * across
