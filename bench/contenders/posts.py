"""The measure of sending: threads that post the same push through one pooled session, and nothing
else.

    python -m bench.contenders.posts URL THREADS
"""

import json
import sys
import threading

import requests
from requests.adapters import HTTPAdapter

from tests.load.pushes.bills import openid_of
from tests.load.pushes.world import TEMPLATE_ID

PUSH = {
    "touser": openid_of(0),
    "template_id": TEMPLATE_ID,
    "data": {
        "character_string1": {"value": "31*****017"},
        "thing2": {"value": "2026年10月"},
        "thing3": {"value": "12立方米"},
        "amount4": {"value": "33.50元"},
        "time5": {"value": "2026年12月11日 23:59"},
    },
    "url": "http://127.0.0.1:8000/go/bill",
}


def post_for_ever(session: requests.Session, url: str) -> None:
    body = json.dumps(PUSH, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json; charset=utf-8"}
    while True:
        response = session.post(
            url, params={"access_token": "token"}, data=body, headers=headers, timeout=10
        )
        response.raise_for_status()
        response.json()


def main(url: str, threads: int) -> None:
    session = requests.Session()
    session.mount("http://", HTTPAdapter(pool_connections=1, pool_maxsize=threads))
    for _ in range(threads):
        threading.Thread(target=post_for_ever, args=(session, url), daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
