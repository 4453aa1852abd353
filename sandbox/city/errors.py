"""What can go wrong when a city is built or read. Each says what the operator can do."""

from collections.abc import Sequence


class CityError(Exception):
    """The message is meant for the operator."""


class BadRequest(CityError):
    pass


class NotACity(CityError):
    """Something that is not a synthetic city stands where one shall be written or read."""

    def __init__(self, evidence: Sequence[str]) -> None:
        super().__init__(
            f"the database holds no synthetic city, but: {', '.join(evidence) or 'nothing'}. "
            "Nothing was changed. Name an empty database, or build a city there first "
            "(python -m sandbox.city --url URL --accounts 10000 --seed 1)"
        )
