"""Private values that a test can read back: sealing the same twice gives the same."""

import base64
import hashlib

from tests.fakes.switches import Switches

SEAL = "sealed."


class FakeSecrets(Switches):
    """Not secret at all, but not in clear either: a test that looks for a name finds none."""

    def seal(self, text: str) -> str:
        self._obey()
        return SEAL + base64.urlsafe_b64encode(text.encode()).decode()

    def open(self, sealed: str) -> str | None:
        self._obey()
        if not sealed.startswith(SEAL):
            return None
        try:
            return base64.urlsafe_b64decode(sealed.removeprefix(SEAL)).decode()
        except ValueError:
            return None

    def hash(self, password: str) -> str:
        self._obey()
        return "hashed." + _digest(password)

    def fits(self, password: str, hashed: str) -> bool:
        return hashed == self.hash(password)

    def fingerprint(self, text: str) -> str:
        self._obey()
        return _digest(text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
