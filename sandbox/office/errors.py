"""What the back office refuses to do. The message is meant for its staff, in Chinese."""


class OfficeError(Exception):
    """The state of things does not allow it; nothing was changed."""


class BadEntry(OfficeError):
    """What was entered cannot be right, whatever the state of things."""


class NoSuchThing(OfficeError):
    pass


class Refused(OfficeError):
    """Told to the citizen instead of staff; `kind` is the event that answers the request."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind
