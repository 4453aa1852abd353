"""Does what is due without anybody asking: refunds end, notifications go out, again and again until
they are taken. By the sandbox's clock, which may leap."""

import sqlite3
import threading
from collections.abc import Callable
from functools import partial

from sandbox.pay import notices, refunds
from sandbox.pay.delivery import deliver
from sandbox.pay.desk import PayDesk
from sandbox.pay.notices import Notice

_AT_ONCE = 8
_LOOK_EVERY_S = 0.2


class Teller:
    def __init__(self, desk: PayDesk) -> None:
        self._desk = desk
        self._news = threading.Condition()
        self._busy: set[int] = set()
        self._threads: list[threading.Thread] = []
        self._closed = False

    def wake(self) -> None:
        """Something is due, now or later."""
        with self._news:
            if not self._closed and self._left() > len(self._threads) < _AT_ONCE:
                thread = threading.Thread(target=self._run, name="pay-notice", daemon=True)
                self._threads.append(thread)
                thread.start()
            self._news.notify_all()

    def close(self) -> None:
        """Whoever is telling the server something is not waited for: it may take its time."""
        with self._news:
            self._closed = True
            self._news.notify_all()

    def _run(self) -> None:
        while (notice := self._next()) is not None:
            try:
                self._tell(notice)
            finally:
                with self._news:
                    self._busy.discard(notice.notice_no)

    def _next(self) -> Notice | None:
        """None: the sandbox has ended."""
        with self._news:
            while not self._closed:
                self._desk.end_refunds()
                with self._desk.store.reading() as db:
                    found = notices.due(db, self._desk.now(), frozenset(self._busy))
                if found is not None:
                    self._busy.add(found.notice_no)
                    return found
                self._news.wait(_LOOK_EVERY_S if self._left() else None)
        return None

    def _left(self) -> int:
        with self._desk.store.reading() as db:
            return notices.waiting(db) + refunds.under_way(db)

    def _tell(self, notice: Notice) -> None:
        desk = self._desk
        sent_at = desk.now()
        end: Callable[[sqlite3.Connection, Notice], None]
        if notice.tries == 0 and desk.world.chance(desk.faults.notice_loss_rate):
            end = notices.lost
        elif deliver(desk, notice):
            end = notices.taken
        else:
            end = partial(notices.failed, now=sent_at)
        with self._news:
            if self._closed:
                return
            with desk.store.writing() as db:
                end(db, notice)
