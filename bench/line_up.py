"""Who is measured, with what traffic, and how their replies are checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bench.contenders import waterdesk
from bench.replies import ReplyCheck, echoed_text, sealed_text, success
from bench.traffic import Workload
from bench.workloads import chatter, inside_a_dialog, menu_and_binding


def _always_there() -> str | None:
    return None


def _nothing_to_prepare(_env: Mapping[str, str]) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Contender:
    """`entry` is module:name; with `factory` the name is called and returns the application."""

    key: str
    title: str
    entry: str
    factory: bool
    workload: Workload
    check: ReplyCheck
    missing: Callable[[], str | None] = _always_there
    prepare: Callable[[Mapping[str, str]], None] = _nothing_to_prepare


RAW = Contender(
    key="a",
    title="raw WSGI, signature",
    entry="bench.contenders.raw:build",
    factory=True,
    workload=chatter,
    check=success,
)
WEROBOT = Contender(
    key="b",
    title="WeRoBot echo, session",
    entry="bench.contenders.werobot_echo:build",
    factory=True,
    workload=chatter,
    check=echoed_text,
)
WATERDESK = Contender(
    key="c",
    title="Waterdesk, full turn",
    entry=waterdesk.ENTRY,
    factory=False,
    workload=inside_a_dialog,
    check=sealed_text,
    missing=waterdesk.missing,
    prepare=waterdesk.prepare,
)
WATERDESK_WITH_SQL = replace(
    WATERDESK,
    key="d",
    title="Waterdesk, every fourth turn asks its database",
    workload=menu_and_binding,
)
LINE_UP = (RAW, WEROBOT, WATERDESK, WATERDESK_WITH_SQL)
