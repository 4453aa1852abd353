"""A photo that a citizen has sent: taken, or refused for a reason they can act on."""

from backends.ports import Flaw, FlawReason, PhotoKept, PhotoPurpose
from dialogs.engine.definition import Bad, Turn
from dialogs.engine.readers import SentPhoto

FLAWS = ("not_image", "too_large", "too_small", "too_dark", "glare", "blurred", "gone")
REFUSALS = (*FLAWS, "seen_before")


def take(turn: Turn, sent: SentPhoto, purpose: PhotoPurpose, acct_no: str) -> PhotoKept | Bad:
    """The effect that keeps it, to be committed at once. Within a dialog, and once it has been
    submitted, the same picture cannot be sent again."""
    kept = take_any(turn, sent, purpose, acct_no)
    if isinstance(kept, PhotoKept) and turn.ask.records.photo_seen(
        turn.openid, acct_no, kept.photo, turn.data.get("photos", ())
    ):
        return Bad("seen_before")
    return kept


def take_any(turn: Turn, sent: SentPhoto, purpose: PhotoPurpose, acct_no: str) -> PhotoKept | Bad:
    """Also one that was sent before: a fault reported again looks the same."""
    found = turn.ask.photos.take(sent.media_id, purpose)
    if isinstance(found, Flaw):
        return _refused(found.reason)
    return PhotoKept(turn.openid, acct_no, purpose, found, turn.inbound.at)


def _refused(reason: FlawReason) -> Bad:
    match reason:
        case FlawReason.NOT_IMAGE:
            return Bad("not_image")
        case FlawReason.TOO_LARGE:
            return Bad("too_large")
        case FlawReason.TOO_SMALL:
            return Bad("too_small")
        case FlawReason.TOO_DARK:
            return Bad("too_dark")
        case FlawReason.GLARE:
            return Bad("glare")
        case FlawReason.BLURRED:
            return Bad("blurred")
        case FlawReason.GONE:
            return Bad("gone")
