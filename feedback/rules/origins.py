"""Where something comes from: the network of an address, and a point on the map as people write it."""

import ipaddress
import re
from dataclasses import dataclass
from decimal import Decimal

_V4_BITS, _V6_BITS = 24, 64
"""Neighbours share a limit, so that the key says less than the address (reference section 7)."""
SOUTH, NORTH, WEST, EAST = Decimal("-11.1"), Decimal("6.1"), Decimal("94.9"), Decimal("141.1")
"""Indonesia (reference 1.10)."""
_NUMBER = r"-?\d{1,3}(?:[.,]\d+)?"
_PAIR = re.compile(rf"({_NUMBER})\s*[,;\s/]\s*({_NUMBER})")
_IN_LINK = re.compile(r"(?:@|geo:|[?&](?:q|ll|query|mlat)=)(-?\d{1,3}\.\d+)(?:,|%2C|&mlon=)(-?\d{1,3}\.\d+)")
_PLACES = Decimal("0.000001")


def network_of(address: str | None) -> str:
    """The /24 or /64 that the address is in; one name for all whose address is not known."""
    try:
        found = ipaddress.ip_address((address or "").split("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return str(ipaddress.IPv6Network((found, _V6_BITS), strict=False))
        found = found.ipv4_mapped
    return str(ipaddress.IPv4Network((found, _V4_BITS), strict=False))


@dataclass(frozen=True, slots=True)
class Point:
    lat: Decimal
    long: Decimal

    @property
    def in_indonesia(self) -> bool:
        return SOUTH <= self.lat <= NORTH and WEST <= self.long <= EAST


def parse_point(text: str) -> Point | None:
    """ "-7.2575, 112.7521", "-7,2575; 112,7521", or a link that a map shares. None when it is neither."""
    text = text.strip()[:500]
    found = _IN_LINK.search(text) or _PAIR.fullmatch(text)
    if found is None:
        return None
    lat, long = (Decimal(part.replace(",", ".")).quantize(_PLACES) for part in found.groups())
    return Point(lat, long)
