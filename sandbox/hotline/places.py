"""Where a fault is: words made comparable, what of them others may read, and distances."""

import math
import re
import unicodedata
from dataclasses import dataclass

NEAR_M = 200
_EARTH_M = 6_371_000
_SHORTEST_KEY = 3
_LONGEST_SHOWN = 20

# 云川市, 滨江区: whoever types an address leaves them out, CSMS does not. 小区 is no district.
_REGIONS = re.compile(r"^(?:[^\d路街道巷弄号]{2,6}?(?:省|市|(?<!小)区|县))+")
_NUMBERED = re.compile(r"^\D+?\d+(?:号|弄)")
_STREET = re.compile(r"^\D+?(?:大道|路|街|巷|桥|广场)")


@dataclass(frozen=True, slots=True)
class Spot:
    text: str
    lat: float | None = None
    lon: float | None = None

    @property
    def key(self) -> str:
        return street_key(self.text)


def street_key(text: str) -> str:
    """Street and house number without city and flat; all the words where there is no number."""
    bare = _bare(text)
    numbered = _NUMBERED.match(bare)
    return numbered[0] if numbered else bare


def for_the_public(text: str) -> str:
    """What others may read of a reporter's words: no flat, no telephone number."""
    bare = _bare(text)
    found = _NUMBERED.match(bare) or _STREET.match(bare)
    if found:
        return found[0]
    return re.sub(r"\d{5,}", "", bare)[:_LONGEST_SHOWN] or "地图定位处"


def bare_words(text: str) -> str:
    """Without blanks, punctuation and width, so that `in` finds a street."""
    return re.sub(r"\W+", "", unicodedata.normalize("NFKC", text[:200]))


def distance_m(a: Spot, b: Spot) -> int | None:
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return None
    north, south = math.radians(a.lat), math.radians(b.lat)
    half_lat, half_lon = (north - south) / 2, math.radians(a.lon - b.lon) / 2
    chord = math.sin(half_lat) ** 2 + math.cos(north) * math.cos(south) * math.sin(half_lon) ** 2
    return round(2 * _EARTH_M * math.asin(math.sqrt(min(1.0, chord))))


def same_place(a: Spot, b: Spot) -> bool:
    """Two points decide by their distance; otherwise the words must name the same house."""
    apart_m = distance_m(a, b)
    if apart_m is not None:
        return apart_m <= NEAR_M
    return len(a.key) >= _SHORTEST_KEY and a.key == b.key


def _bare(text: str) -> str:
    return _REGIONS.sub("", bare_words(text))
