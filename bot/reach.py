"""The backends as decisions see them: out of reach in a request thread, at hand in the pool."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from backends.errors import BackendUnavailable
from backends.ports import (
    Bulletins,
    Checked,
    Content,
    Csms,
    Flaw,
    Hotline,
    Nearby,
    Order,
    OrderBook,
    OutageBulletin,
    Photo,
    PhotoPurpose,
    Photos,
    Place,
    QualityBulletin,
    Records,
    Secrets,
)


class NeedsBackend(Exception):
    """A decision asked a backend: the turn belongs in the pool, not in the request's thread."""


class OutOfReach:
    """The backends as the request's thread sees them."""

    @property
    def csms(self) -> NoReturn:
        raise NeedsBackend

    @property
    def records(self) -> NoReturn:
        raise NeedsBackend

    @property
    def photos(self) -> NoReturn:
        raise NeedsBackend

    @property
    def hotline(self) -> NoReturn:
        raise NeedsBackend

    @property
    def secrets(self) -> NoReturn:
        raise NeedsBackend

    @property
    def bulletins(self) -> NoReturn:
        raise NeedsBackend

    @property
    def content(self) -> NoReturn:
        raise NeedsBackend

    @property
    def orders(self) -> NoReturn:
        raise NeedsBackend


class NoPhotos:
    """`ports.Photos` where no key to encrypt them with is set."""

    def take(self, media_id: str, purpose: PhotoPurpose) -> Photo | Flaw:
        raise BackendUnavailable("photos", 0.0, "WATERDESK_DATA_KEY is not set")


class NoSecrets:
    """`ports.Secrets` where no key is set."""

    def seal(self, text: str) -> str:
        raise _no_key()

    def open(self, sealed: str) -> str | None:
        raise _no_key()

    def hash(self, password: str) -> str:
        raise _no_key()

    def fits(self, password: str, hashed: str) -> bool:
        raise _no_key()

    def fingerprint(self, text: str) -> str:
        raise _no_key()


def _no_key() -> BackendUnavailable:
    return BackendUnavailable("secrets", 0.0, "WATERDESK_DATA_KEY is not set")


class NoWebsite:
    """`ports.Bulletins` where no website is set up: nothing was ever published."""

    def outages(self) -> OutageBulletin:
        return OutageBulletin((), Checked(None, failing=False))

    def quality(self) -> QualityBulletin:
        return QualityBulletin((), Checked(None, failing=False))


class NoHotline:
    """`ports.Hotline` where none is set up."""

    def nearby(self, fault: str, place: Place) -> Nearby:
        raise BackendUnavailable("hotline", 0.0, "WATERDESK_HOTLINE_URL is not set")

    def ping(self) -> None:
        raise BackendUnavailable("hotline", 0.0, "WATERDESK_HOTLINE_URL is not set")


class NoOrders:
    """`ports.OrderBook` where WeChat Pay is not set up."""

    def latest(self, openid: str) -> Order | None:
        return None

    def order(self, order_no: str) -> Order | None:
        return None

    def in_flight(self, item_keys: Sequence[str]) -> Mapping[str, Order]:
        return {}


@dataclass(frozen=True, slots=True)
class WithinReach:
    csms: Csms
    records: Records
    photos: Photos
    hotline: Hotline
    secrets: Secrets
    bulletins: Bulletins
    content: Content
    orders: OrderBook
