"""`waterdesk worker` whose leases and pauses are short: a test cannot wait two minutes until
another worker takes over what a killed one held."""

import sys

from bot.cli import main
from jobs import deliveries, events, notices, worker

LEASE_S = 4.0
PAUSE_S = 2.0

deliveries.LEASE_S = events.LEASE_S = notices.LEASE_S = LEASE_S
deliveries.LONGEST_PAUSE_S = worker.LONGEST_PAUSE_S = PAUSE_S

if __name__ == "__main__":
    sys.argv = ["waterdesk", "worker"]
    main()
