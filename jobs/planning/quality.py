"""Water quality 水质日报: the website's latest day, to those who asked for it (R58, R59).

Nothing is judged here: a value without the website's own word for it is not 合格, and is said so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from backends.ports import Bulletins, Lane, Ledger, Notice, QualityValue, Topic
from jobs.planning.plan import Page
from jobs.planning.told import end_of

CITIZENS_AT_ONCE = 500
OLDEST = timedelta(days=3)
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class QualityDigest:
    """A day that is older than three is no news: better no digest than one of last month."""

    bulletins: Bulletins
    ledger: Ledger

    def pages(self, now: datetime) -> Iterator[Page]:
        values = self.bulletins.quality().values
        on = max((one.on for one in values), default=None)
        if on is None or on < now.date() - OLDEST:
            return
        view = _view(on, [one for one in values if one.on == on])
        if not view["items_ok"] + view["items_bad"]:
            return
        until = end_of(now.date() + timedelta(days=1), now)
        after = ""
        while openids := self.ledger.subscribers(
            Topic.WATER_QUALITY, after=after, limit=CITIZENS_AT_ONCE
        ):
            after = openids[-1]
            notices = (
                Notice("water_quality", on.isoformat(), openid, "", view, Lane.DIGEST, None, until)
                for openid in openids
            )
            yield Page(len(openids), tuple(notices))


def _view(on: date, values: Sequence[QualityValue]) -> Mapping[str, Any]:
    bad = [one for one in values if one.ok is False]
    unsaid = [one for one in values if one.ok is None or not one.value]
    return {
        "on": on.isoformat(),
        "plants": len({one.plant for one in values}),
        "items_ok": len(values) - len(bad) - len(unsaid),
        "items_bad": len(bad),
        "text": _text(bad, unsaid),
        "source_url": next((one.source_url for one in values if one.source_url), ""),
    }


def _text(bad: Sequence[QualityValue], unsaid: Sequence[QualityValue]) -> str:
    if bad:
        named = [f"{one.plant}{one.item}" for one in bad[:MOST_NAMED]]
        return f"超出限值：{'、'.join(named)}{'等' if len(bad) > MOST_NAMED else ''}"
    return f"另有{len(unsaid)}项还没有公布结论" if unsaid else ""
