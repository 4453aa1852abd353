"""`waterdesk worker` whose leases and pauses are short: a test cannot wait two minutes until
another worker takes over what a killed one held."""

import sys
from datetime import timedelta

from bot.cli import main
from jobs import deliveries, events, worker
from jobs.pushing import sender

LEASE_S = 4.0
PAUSE_S = 2.0

deliveries.LEASE_S = events.LEASE_S = sender.LEASE_S = LEASE_S
sender.BEGIN_WITHIN = timedelta(seconds=LEASE_S / 2)
deliveries.LONGEST_PAUSE_S = worker.LONGEST_PAUSE_S = PAUSE_S

if __name__ == "__main__":
    sys.argv = ["waterdesk", "worker"]
    main()
