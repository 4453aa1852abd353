"""What lies in one sealed file: a line of JSON with all that was measured, then the JPEG.

With the measures beside it, a picture can be judged again, for another purpose too, without being
fetched or decoded a second time.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field

from backends.photos.measures import Measures


@dataclass(frozen=True, slots=True)
class Kept:
    """`width` and `height` are the JPEG's; those of `measures` are what the citizen sent."""

    width: int
    height: int
    print: str
    measures: Measures
    jpeg: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.jpeg).hexdigest()


def pack(kept: Kept) -> bytes:
    facts = {
        "width": kept.width,
        "height": kept.height,
        "print": kept.print,
        "measures": asdict(kept.measures),
    }
    return json.dumps(facts).encode() + b"\n" + kept.jpeg


def unpack(clear: bytes) -> Kept:
    """Only what `pack` made comes here: the seal has vouched for it."""
    line, _, jpeg = clear.partition(b"\n")
    facts = json.loads(line)
    return Kept(
        width=facts["width"],
        height=facts["height"],
        print=facts["print"],
        measures=Measures(**facts["measures"]),
        jpeg=jpeg,
    )
