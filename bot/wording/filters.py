"""What a template may do with a value: money, day, period, volume, and the names of codes."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from markupsafe import Markup


def money(value: Decimal) -> str:
    return f"{value:.2f}"


def day(value: date | datetime | str) -> str:
    """Dialogs remember a day as text, 2026-11-25."""
    on = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{on.year}年{on.month}月{on.day}日"


def weekday(value: date | datetime | str) -> str:
    on = date.fromisoformat(value) if isinstance(value, str) else value
    return f"周{'一二三四五六日'[on.weekday()]}"


def moment(value: datetime | str) -> str:
    """Dialogs remember a time as text, 2026-11-25T18:00+08:00."""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{at.month}月{at.day}日{at:%H:%M}"


def period(value: str) -> str:
    year, month = value.split("-")
    return f"{year}年{int(month)}月"


def clock(value: datetime | str) -> str:
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{at:%H:%M}"


def number(value: Decimal) -> str:
    """No more decimals than it has: for cards, where a number stands without its unit."""
    shown = f"{value:f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def volume(value: Decimal) -> str:
    return f"{number(value)}立方米"


def price(value: Decimal) -> str:
    """At least two decimals, and no more than it has: 1.70, 3.195."""
    whole, _, decimals = f"{value:f}".partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(2, '0')}"


@lru_cache(maxsize=2048)  # the same few links stand in most replies
def quick_reply(send: str, label: str, id_: str = "0") -> Markup:
    """A blue word that sends `send` as the citizen's own message when tapped. Texts with such a
    link always say the same in words or a number beside it: not every client has the link."""
    link = f"weixin://bizmsgmenu?msgmenucontent={quote(send)}&msgmenuid={quote(id_)}"
    return Markup(f'<a href="{link}">{clean(label)}</a>')  # noqa: S704 - quoted and cleaned


def clean(value: object) -> Markup:
    """A value as it may stand in a message. WeChat reads `<a …>` in texts as a link, so that a
    name or address from outside must not bring its own; entities would be shown literally."""
    if isinstance(value, Markup):
        return value
    harmless = str(value).replace("<", "＜").replace(">", "＞")
    return Markup(harmless)  # noqa: S704 - it holds no tag any more


def named(table: Mapping[str, str]) -> Callable[[str], str]:
    def name(code: str) -> str:
        return table.get(code, code)

    return name


def all_filters(values: Mapping[str, Mapping[str, str]]) -> dict[str, Callable[..., Any]]:
    return {
        "money": money,
        "day": day,
        "weekday": weekday,
        "moment": moment,
        "clock": clock,
        "period": period,
        "number": number,
        "volume": volume,
        "price": price,
        "length": len,
        "last": lambda items: items[-1],
        **{name: named(table) for name, table in values.items()},
    }
