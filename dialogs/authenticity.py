"""辨真伪: is a message that claims to be ours a swindle? The citizen pastes it.

Three answers, and none is “genuine”: anybody can copy our words. What was pasted is not kept.
"""

from dialogs.engine.definition import Bad, Dialog, Exit, Go, Ok, Opening, Reader, Step, Turn
from dialogs.engine.inbound import Kind
from dialogs.engine.wording import Wording
from dialogs.information import swindles

SHORTEST, LONGEST = 4, 1200
SHOWN_HOSTS, LONGEST_HOST = 3, 60


def opening(turn: Turn, _: None) -> Go:
    del turn
    return Go("asked")


def _read(turn: Turn, wording: Wording, where: str) -> Ok | Bad:
    """Longer than other answers may be. A picture of a message cannot be read here."""
    del wording, where
    if turn.inbound.kind not in (Kind.TEXT, Kind.VOICE):
        return Bad("kind")
    text = turn.inbound.text
    if len(text) > LONGEST:
        return Bad("too_long")
    return Ok(text) if len(text) >= SHORTEST else Bad("too_short")


def message(turn: Turn, text: str) -> Go:
    policy = turn.policy
    own = {swindles.host_of(policy.website_url), swindles.host_of(policy.public_url)} - {""}
    help_ = {"hotline": policy.hotline, "utility": policy.utility_name}
    strange = [_harmless(host) for host in swindles.foreign(text, own)][:SHOWN_HOSTS]
    if found := swindles.signs(text):
        return Go("suspicious", show={**help_, "signs": found, "hosts": strange})
    if strange:
        return Go("foreign", show={**help_, "hosts": strange})
    return Go("unknown", show={**help_, "linked": bool(swindles.hosts(text))})


def _harmless(host: str) -> str:
    """WeChat would make a link of it."""
    return host[:LONGEST_HOST].replace(".", "[.]")


AUTHENTICITY = Dialog(
    name="authenticity",
    revision=1,
    opens=Opening(opening, {"asked": "message"}),
    steps={
        "message": Step(
            reads=Reader(wants="text", read=_read, reasons=("too_short",)),
            decide=message,
            leads_to={"suspicious": "suspicious", "foreign": "not_ours", "unknown": "cannot_tell"},
        ),
    },
    ends={
        "suspicious": Exit.COMPLETED,
        "not_ours": Exit.COMPLETED,
        "cannot_tell": Exit.COMPLETED,
    },
)
