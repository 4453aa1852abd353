"""The windows for customer-service messages 客服消息 that a citizen's acts open: their counters."""

from sandbox.citizens import Citizen, Right, Window
from sandbox.errcodes import ApiError

# Messages allowed and seconds open, in force since 2023-06-12.
_ALLOWANCE = {
    Right.MESSAGE: (5, 48 * 3600),
    Right.MENU: (3, 60),
    Right.FOLLOW: (3, 60),
    Right.SCAN: (3, 60),
}


def open_window(citizen: Citizen, right: Right, now: float) -> None:
    """Each act arms its own counter anew; those of the other acts stay."""
    left, seconds = _ALLOWANCE[right]
    citizen.windows[right] = Window(now + seconds, left)


def take(citizen: Citizen, now: float) -> None:
    """Uses the window that closes first. 45015: none is open; 45047: none has anything left."""
    is_open = [w for w in citizen.windows.values() if now < w.closes_at]
    if not citizen.following or not is_open:
        raise ApiError(45015)
    usable = [window for window in is_open if window.left > 0]
    if not usable:
        raise ApiError(45047)
    min(usable, key=lambda window: window.closes_at).left -= 1
