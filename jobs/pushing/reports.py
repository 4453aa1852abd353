"""What the log hears of a batch: a line for it, one for each kind of refusal; never of whom."""

from collections import Counter
from collections.abc import Sequence

import structlog

from jobs.pushing.channels import Course
from jobs.pushing.sending import BARRED, Told

log = structlog.get_logger()
EVERY_DAY = (Course.ACCEPTED, Course.OTHER_CHANNEL)
FOR_OPERATORS = (Course.ACCOUNT_BARRED, Course.TEMPLATE_BARRED)


def report(told: Sequence[Told], *, taken_over: int) -> None:
    """`taken_over`: those that another worker has by now, because this one was too slow."""
    log.info("pushes", **Counter(one.settlement.state.value for one in told))
    if taken_over:
        log.warning("pushes_taken_over", count=taken_over)
    refusals = Counter((one.claimed.notice.kind, why) for one in told for why in one.refused)
    for (kind, why), count in refusals.items():
        if why == BARRED:
            continue  # that it was refused has been said
        if why.course in FOR_OPERATORS:
            log.error(
                "push_configuration", kind=kind, reason=why.reason, remedy=why.why, count=count
            )
        elif why.course is Course.OUR_BUG:
            log.error("push_wrong", kind=kind, reason=why.reason, field=why.field, count=count)
        elif why.course not in EVERY_DAY:
            log.warning("push_refused", kind=kind, reason=why.reason, count=count)
