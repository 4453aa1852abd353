"""`waterdesk worker --only pushes` whose leases and pauses are short: a test cannot wait until what
a killed one held is free again, nor until WeChat's errors are tried again."""

import sys
from datetime import timedelta

from bot.cli import main
from jobs import worker
from jobs.pushing import channels, sender, sending

sender.AT_ONCE, sender.LEASE_S, sender.BEGIN_WITHIN = 50, 5.0, timedelta(seconds=3)
channels.FIRST_PAUSE = channels.UNSURE_AGAIN = channels.UNWELL_FOR = timedelta(seconds=1)
channels.LONGEST_PAUSE = channels.BARRED_FOR = sending.BARRED_FOR = timedelta(seconds=2)
worker.LONGEST_PAUSE_S = 2.0

if __name__ == "__main__":
    sys.argv = ["waterdesk", "worker", "--only", "pushes"]
    main()
