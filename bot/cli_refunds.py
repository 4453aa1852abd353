"""`waterdesk refunds`: what goes back to citizens, agreed to by two of the staff."""

import os
import re
import secrets
import time
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from backends.ports import RefundState
from bot import log, pay_parts
from bot.cli_orders import refund_line
from bot.paying.agreeing import NOT_AT_AN_END, Agreeing, NotPossible, Wanted
from bot.settings import Settings, load_settings

refunds = typer.Typer(no_args_is_help=True, help="Refunds: two of the staff agree to each.")
out = Console(highlight=False, soft_wrap=True)
YUAN = re.compile(r"[0-9]{1,7}(\.[0-9]{1,2})?")
DIGITS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
By = Annotated[str, typer.Option(help="Who says so; it is kept and logged.")]


@refunds.command("list")
def list_(
    state: Annotated[str, typer.Option(help="such as proposed; else all that wait")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 50,
) -> None:
    """The newest first: what waits for staff or for WeChat."""
    if state and state not in set(RefundState):
        raise typer.BadParameter(f"one of {', '.join(RefundState)}", param_hint="--state")
    wanted = (RefundState(state),) if state else NOT_AT_AN_END
    found = pay_parts.refunds_of(_settings()).refunds(wanted, limit)
    for refund in found:
        out.print(refund_line(refund), markup=False)
    if not found:
        out.print("no refund waits" if not state else f"no refund is {state}")


@refunds.command("ask")
def ask(
    number: Annotated[str, typer.Argument(help="Of an order, or of a proposed refund.")],
    by: By,
    bill: Annotated[str, typer.Option(help="Only of this bill.")] = "",
    amount: Annotated[str, typer.Option(help="Yuan; else all that is left.")] = "",
    reason: Annotated[str, typer.Option(help="WeChat shows it to the citizen.")] = "",
) -> None:
    """Ask for a refund; somebody else approves it. CSMS is not told: undo the posting there."""
    agreeing = _agreeing()
    if agreeing.second(number, by=_known(by)):
        out.print(f"{number} is asked for: somebody else approves it", markup=False)
        return
    wanted = Wanted(number.upper(), bill, _fen(amount), reason)
    try:
        refund = agreeing.ask(wanted, by=_known(by))
    except NotPossible as error:
        out.print(f"{number}: {error}", style="red", markup=False)
        raise typer.Exit(1) from None
    out.print(refund_line(refund), markup=False)


@refunds.command("approve")
def approve(number: str, by: By) -> None:
    """As the second of two: the worker sends it to WeChat."""
    done = _agreeing().approve(number, by=_known(by))
    _decided(done, number, "goes to WeChat", "not asked for, or by you: somebody else approves it")


@refunds.command("refuse")
def refuse(number: str, by: By) -> None:
    """Nothing goes back."""
    done = _agreeing().refuse(number, by=_known(by))
    _decided(done, number, "is refused", "decided already, or unknown")


def _decided(done: bool, number: str, well: str, ill: str) -> None:
    if not done:
        out.print(f"{number}: {ill}", style="red", markup=False)
        raise typer.Exit(1)
    out.print(f"{number} {well}", markup=False)


def _known(by: str) -> str:
    if not by.strip():
        raise typer.BadParameter("say who", param_hint="--by")
    return by


def _fen(amount: str) -> int:
    """0 for none given."""
    fen = int(Decimal(amount).scaleb(2)) if YUAN.fullmatch(amount) else 0
    if amount and not fen:
        raise typer.BadParameter("yuan, like 43.92", param_hint="--amount")
    return fen


def _agreeing() -> Agreeing:
    settings = _settings()
    log.set_up(settings.log_level)

    def now() -> datetime:
        return datetime.fromtimestamp(time.time(), settings.zone)

    def new_number() -> str:
        drawn = "".join(secrets.choice(DIGITS) for _ in range(10))
        return f"WR{now():%y%m%d%H%M%S}{drawn}"

    orders, refunds = pay_parts.orders_of(settings), pay_parts.refunds_of(settings)
    return Agreeing(orders, refunds, now, new_number)


def _settings() -> Settings:
    return load_settings(os.environ, env_file=Path(".env"))
