"""Private values: sealed before they are kept anywhere, and passwords that are only compared."""

from typing import Protocol


class Secrets(Protocol):
    """Without a key (`WATERDESK_DATA_KEY`) every method raises BackendUnavailable("secrets")."""

    def seal(self, text: str) -> str:
        """Encrypted and signed, in printable ASCII; each time another one."""
        ...

    def open(self, sealed: str) -> str | None:
        """None for what was not sealed here, or with a key that is gone."""
        ...

    def hash(self, password: str) -> str:
        """Salted and slow (argon2id), for `fits`."""
        ...

    def fits(self, password: str, hashed: str) -> bool: ...

    def fingerprint(self, text: str) -> str:
        """The same for the same text, and of no use without the key: for codes to look up by."""
        ...
