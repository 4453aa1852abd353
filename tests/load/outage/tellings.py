"""What was planned to be told, and how often each citizen has read it: as a customer-service
message or ahead of a reply. The words are rendered from the notice; that it is the right notice is
judged elsewhere, from the desks' events."""

import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import text

from bot.wording.parts import renderer_of
from dialogs.engine.reply import Say
from jobs.pushing.mailing import typed
from tests.load.outage.phone import MORE, text_of
from tests.load.outage.world import Utility

ROWS = "SELECT openid, kind, notice_key, view_values, state FROM notification ORDER BY id"
PAGE_HINT = re.compile(r"（第\d+/\d+页，" + re.escape(MORE) + "）")
TOLD = ("delivered", "told")


@dataclass
class Tellings:
    """`twice`: read two times; whether that is excused, the caller knows."""

    planned: list[tuple[str, str, str]] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def tellings(utility: Utility) -> Tellings:
    renderer = renderer_of(utility.settings, monotonic=time.monotonic)
    found, wanted = Tellings(), dict[str, Counter[str]]()
    states: Counter[str] = Counter()
    with utility.records.connect() as db:
        rows = db.execute(text(ROWS)).all()
    for openid, kind, key, view, state in rows:
        found.planned.append((openid, kind, key))
        states[state] += 1
        if state not in TOLD:
            found.problems.append(f"{kind} {key} is {state}")
        said = renderer.text(Say(f"notice/{kind}", typed(json.loads(view))))
        wanted.setdefault(openid, Counter())[_bare(text_of({"text": said}))] += 1
    for openid, texts in wanted.items():
        read = everything_read(utility, openid)
        for words, times in texts.items():
            _compare(found, words, times, read.count(words))
    found.counts = {
        "results told": len(rows),
        "  at once, as customer-service messages": states["delivered"],
        "  ahead of a reply": states["told"],
    }
    return found


def everything_read(utility: Utility, openid: str) -> str:
    """On one line, whatever page it stood on."""
    with utility.wechat.news:
        bubbles = utility.wechat.citizen(openid).bubbles.after(0)
    own = (text_of(one) for one in bubbles if one["who"] == "account")
    return "".join(_bare(PAGE_HINT.sub("", words)) for words in own)


def duplicates_answered_otherwise(utility: Utility) -> Iterator[str]:
    """The sandbox compares the reply to a repeated delivery with the first."""
    with utility.wechat.news:
        entries = utility.wechat.inspector.after(0)
    for entry in entries:
        if entry["kind"] == "callback" and "duplicate" in str(entry["problem"]):
            yield f"{entry['title']}: {entry['problem']}"


def _compare(found: Tellings, words: str, times: int, read: int) -> None:
    if read < times or read > 2 * times:
        found.problems.append(f"told {read} times instead of {times}: {words[:80]}")
    elif read > times:
        found.twice += [words] * (read - times)


def _bare(words: str) -> str:
    return re.sub(r"\s+", "", words)
