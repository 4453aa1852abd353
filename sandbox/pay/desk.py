"""What the parts of WeChat Pay share: keys, memory, clocks, switches; and what follows from an act
without anybody asking (notifications, refunds that end)."""

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.pay import notices, refunds, trades
from sandbox.pay.faults import PayFaults
from sandbox.pay.keys import PayKeys
from sandbox.pay.merchant import Merchant
from sandbox.pay.refund_views import told
from sandbox.pay.refunds import Fate
from sandbox.pay.shelf import Shelf
from sandbox.pay.store import PayStore
from sandbox.world import NoSuchCitizen, World


class PayDesk:
    """`address`: what stands before /v3 in this sandbox. `wake` is called when something is due,
    now or later; `hush` ends the telling; `show_refund` shows one that has ended on the phone."""

    def __init__(self, world: World, keys: PayKeys, store: PayStore, address: str) -> None:
        self.world = world
        self.keys = keys
        self.store = store
        self.address = address
        self.shelf = Shelf()
        self.wake: Callable[[], None] = lambda: None
        self.hush: Callable[[], None] = lambda: None
        self.show_refund: Callable[[sqlite3.Row, sqlite3.Row], None] = lambda *_: None

    def close(self) -> None:
        self.hush()
        self.shelf.close()

    @property
    def faults(self) -> PayFaults:
        return self.world.faults.pay

    def now(self) -> float:
        return self.world.clock.now()

    def merchant(self) -> Merchant:
        return Merchant(
            appid=self.world.config.appid,
            mchid=self.keys.mchid,
            knows=self._knows,
            paid_code=self.faults.paid_code,
            plain_http=self.faults.http_notify,
        )

    def tell(
        self,
        db: sqlite3.Connection,
        event_type: str,
        about: str,
        url: str,
        plain: Mapping[str, Any],
    ) -> None:
        """Soon; `wake` follows when the transaction is done."""
        now, rng = self.now(), self.world.rng
        with self.world.news:
            wait_s = self.faults.notice_after_s + rng.random() * self.faults.notice_spread_s
            notice_id = notices.new_id(rng)
        fresh = notices.Fresh(notice_id, event_type, about, plain, url, now, now + wait_s)
        notices.queue(db, fresh)

    def fate(self) -> Fate:
        """Of a refund that is asked for now."""
        world, faults = self.world, self.faults
        outcome = "SUCCESS"
        if world.chance(faults.refund_abnormal_rate):
            outcome = "ABNORMAL"
        elif world.chance(faults.refund_closed_rate):
            outcome = "CLOSED"
        return Fate(outcome, self.now() + faults.refund_after_s, faults.not_enough)

    def end_refunds(self) -> None:
        """Those whose time has come; whoever looks at refunds sees them as they are now."""
        with self.store.reading() as db:
            if not refunds.any_due(db, self.now()):
                return
        with self.store.writing() as db:
            ended = refunds.ended(db, self.now())
            both = [(refund, trades.by_number(db, refund["out_trade_no"])) for refund in ended]
            for refund, trade in both:
                if refund["notify_url"]:
                    self.tell(
                        db,
                        f"REFUND.{refund['status']}",
                        refund["out_refund_no"],
                        refund["notify_url"],
                        told(refund, trade, self.keys.mchid),
                    )
        for refund, trade in both:
            self.show_refund(refund, trade)

    def _knows(self, openid: str) -> bool:
        try:
            self.world.citizen(openid)
        except NoSuchCitizen:
            return False
        return True
