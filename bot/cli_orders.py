"""`waterdesk orders`: what citizens pay through WeChat, and what CSMS has posted of it."""

import os
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from backends.ports import Order, Orders, Posting, Refund
from bot import pay_parts
from bot.paying.receipts import yuan
from bot.settings import Settings, load_settings
from dialogs.masking import masked_account

orders = typer.Typer(no_args_is_help=True, help="Payment orders: paid, posted, given back.")
out = Console(highlight=False, soft_wrap=True)
DAY = timedelta(days=1)
HEADING = f"{'order':25} {'state':8} {'yuan':>11} {'paid':14} what for"


@orders.command("list")
def list_(
    days: Annotated[int, typer.Option(min=1, max=400, help="Paid in so many days.")] = 1,
    unposted: Annotated[bool, typer.Option(help="Those that CSMS has not posted yet.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """Paid orders by their numbers, and how many orders of these days are in which state."""
    settings = _settings()
    book, now = pay_parts.orders_of(settings), _now(settings)
    since = now.replace(hour=0, minute=0, second=0, microsecond=0) - (days - 1) * DAY
    if unposted:
        found = tuple(order for order, _ in book.unposted(now, "", limit))
    else:
        found = book.paid_between(since, now + DAY, "", limit)
    out.print(HEADING)
    for order in found:
        out.print(_line(order, settings), markup=False)
    for state, (count, fen) in sorted(book.counts(since).items()):
        out.print(f"{state.value:8} {count:>9,} orders {yuan(fen):>15,} yuan")


@orders.command("show")
def show(number: Annotated[str, typer.Argument(help="Its number, 商户订单号.")]) -> None:
    """One order: its items, what CSMS has made of them, what goes back. Without who paid."""
    settings = _settings()
    book = pay_parts.orders_of(settings)
    order = book.order(number.upper())
    if order is None:
        out.print(f"no order {number}: see `waterdesk orders list`", style="red", markup=False)
        raise typer.Exit(1)
    for name, value in _facts(order, settings).items():
        out.print(f"{name:12} {value}", markup=False)
    for line in _items(book, order):
        out.print(line, markup=False)
    refunds = pay_parts.refunds_of(settings).refunds_of([order.order_no])
    for refund in refunds.get(order.order_no, ()):
        out.print(refund_line(refund), markup=False)


def refund_line(refund: Refund) -> str:
    """Within eighty columns; who, why and what is the trouble stand under it."""
    line = f"refund {refund.refund_no}  {refund.state.value} {yuan(refund.amount_fen):,} yuan"
    who = [("asked by", refund.asked_by), ("decided by", refund.approved_by)]
    more = [refund.reason, *(f"{word} {name}" for word, name in who if name), refund.trouble]
    return f"{line}\n    {'; '.join(part for part in more if part)}"


def _line(order: Order, settings: Settings) -> str:
    accounts = ", ".join(dict.fromkeys(masked_account(item.acct_no) for item in order.items))
    what = f"{len(order.items)} of {accounts}"
    paid = f"{yuan(order.amount_fen):>11,} {_time(order.paid_at, settings):14}"
    return f"{order.order_no:25} {order.state.value:8} {paid} {what}"


def _facts(order: Order, settings: Settings) -> dict[str, str]:
    closed = f" ({order.why_closed})" if order.why_closed else ""
    return {
        "order": order.order_no,
        "state": f"{order.state.value}{closed}",
        "yuan": f"{yuan(order.amount_fen):,}",
        "placed": _time(order.placed_at, settings),
        "expires": _time(order.expires_at, settings),
        "asked WeChat": _time(order.asked_at, settings),
        "paid": _time(order.paid_at, settings),
        "transaction": order.transaction_id,
    }


def _items(book: Orders, order: Order) -> Iterator[str]:
    postings = book.postings_of([order.order_no]).get(order.order_no, ())
    posted = {posting.item_key: posting for posting in postings}
    for item in order.items:
        name = item.bill_no or "prepayment"
        of = f"{name} {item.period} of {masked_account(item.acct_no)}"
        yield f"item {of}: {yuan(item.amount_fen):,} yuan"
        yield f"    {_made_of(posted.get(item.key))}"


def _made_of(posting: Posting | None) -> str:
    if posting is None:
        return "not posted"
    went = {
        "posted": posting.posted_fen,
        "credited": posting.credited_fen,
        "not taken": posting.returned_fen,
    }
    told = ", ".join(f"{word} {yuan(fen):,}" for word, fen in went.items() if fen)
    return f"{told} ({posting.pay_no})" if posting.pay_no else told


def _time(at: datetime | None, settings: Settings) -> str:
    return f"{at.astimezone(settings.zone):%m-%d %H:%M:%S}" if at else ""


def _now(settings: Settings) -> datetime:
    return datetime.fromtimestamp(time.time(), settings.zone)


def _settings() -> Settings:
    return load_settings(os.environ, env_file=Path(".env"))
