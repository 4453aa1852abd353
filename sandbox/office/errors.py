"""What the back office refuses to do. The message is meant for its staff, in Chinese."""


class OfficeError(Exception):
    """The state of things does not allow it; nothing was changed."""


class BadEntry(OfficeError):
    """What was entered cannot be right, whatever the state of things."""


class NoSuchThing(OfficeError):
    pass
