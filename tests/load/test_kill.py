"""A worker is killed in the middle of everything: nothing confirmed is lost, nobody stays mute."""

import os
import signal
import threading
import time

from tests.load import binders, ledger
from tests.load.labels import labels
from tests.load.person import Person
from tests.load.stack import Stack


def test_a_killed_worker_costs_no_confirmed_binding_and_no_citizen_an_answer(stack: Stack) -> None:
    people, progress = binders.gather(stack, 40)
    before = set(stack.server.workers())
    victim = min(before)
    crowd = threading.Thread(target=binders.bind_all, args=(people,), kwargs={"at_once": 20})
    crowd.start()
    progress.wait_for(100)
    os.kill(victim, signal.SIGKILL)
    crowd.join()
    confirmed = {(one.person.openid, one.acct_no) for one in people if one.confirmed}
    assert not [one.gave_up for one in people if one.gave_up]
    assert confirmed == set(ledger.rows(stack, "SELECT openid, acct_no FROM binding"))
    assert sum(one.silences for one in people) == 0
    assert not [one.odd for one in people if one.odd]
    workers = set(stack.server.workers())
    assert len(workers) == 2
    assert victim not in workers


def test_the_retry_of_a_message_whose_worker_died_is_answered_within_its_own_five_seconds(
    stack: Stack,
) -> None:
    """The first delivery is with a worker that waits for a hung CSMS when it is killed."""
    person = Person(stack, "oDIES" + "0" * 22 + "1")
    for text in ("绑定户号", "同意", "9999999999"):
        person.says(text)
    asked = person.text("王五六七")
    with stack.hanging_csms():
        first = threading.Thread(target=_ignore_failure, args=(person, asked))
        first.start()
        time.sleep(0.5)
        for worker in stack.server.workers():
            os.kill(worker, signal.SIGKILL)
        first.join()
    stack.server.wait_until_ready()
    reply = person.deliver(asked)
    assert labels(reply.plain) == {"mismatch:4"}
    assert ledger.rows(stack, "SELECT COUNT(*) FROM proof_failure") == [(1,)]


def _ignore_failure(person: Person, xml: str) -> None:
    try:
        person.deliver(xml)
    except Exception:  # noqa: BLE001 - the worker is killed under it
        return
