"""Redis is stopped and started again in the middle of everything: the service is back by itself."""

import threading
import time

from tests.load import binders, ledger
from tests.load.stack import Stack

AWAY_S = 1.0


def test_after_a_restart_of_redis_the_conversations_go_on_where_they_were(stack: Stack) -> None:
    people, progress = binders.gather(stack, 40)
    crowd = threading.Thread(target=binders.bind_all, args=(people,), kwargs={"at_once": 10})
    crowd.start()
    progress.wait_for(80)
    stack.redis.stop()
    time.sleep(AWAY_S)
    stack.redis.start()
    crowd.join()
    assert not [one.gave_up for one in people if one.gave_up]
    bound = set(ledger.rows(stack, "SELECT openid, acct_no FROM binding"))
    assert bound == {(one.person.openid, one.acct_no) for one in people}
    assert ledger.outcomes_counted(stack)["memory_lost"] > 0
    assert sum(one.undelivered for one in people) == 0
    assert sum(one.silences for one in people) == 0
