"""What a swarm must have left behind: rows and counters, none missing, none twice."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing

import requests
from prometheus_client.parser import text_string_to_metric_families

from tests.load.stack import Stack
from tests.load.swarm import Report


def problems(stack: Stack, report: Report) -> Iterator[str]:
    yield from _differences("bindings", _bindings(stack), _expected_bindings(report))
    yield from _differences("failed proofs", _failed_proofs(stack), _expected_failures(report))
    yield from _differences("dialog events", _dialog_events(stack), report.counted)
    outcomes = outcomes_counted(stack)
    yield from _differences("turns", outcomes["answered"], report.messages)
    yield from _differences("duplicates", outcomes["duplicate"], report.extra)


def _differences(what: str, found: object, expected: object) -> Iterator[str]:
    if found != expected:
        yield f"{what}: found {found}, expected {expected}"


def _expected_bindings(report: Report) -> Counter[tuple[str, str]]:
    return Counter((who, no) for who, mind in report.minds.items() for no in mind.bound)


def _expected_failures(report: Report) -> Counter[str]:
    return Counter({who: mind.failures for who, mind in report.minds.items() if mind.failures})


def _bindings(stack: Stack) -> Counter[tuple[str, str]]:
    return Counter(rows(stack, "SELECT openid, acct_no FROM binding WHERE ended_seq = 0"))


def _failed_proofs(stack: Stack) -> Counter[str]:
    return Counter(dict(rows(stack, "SELECT openid, COUNT(*) FROM proof_failure GROUP BY openid")))


def rows(stack: Stack, query: str) -> list[tuple[str, ...]]:
    with closing(sqlite3.connect(stack.records)) as database:
        return database.execute(query).fetchall()


def outcomes_counted(stack: Stack) -> Counter[str]:
    counted: Counter[str] = Counter()
    for labels, value in samples(stack, "waterdesk_messages_total"):
        counted[labels["outcome"]] += int(value)
    return counted


def _dialog_events(stack: Stack) -> Counter[tuple[str, str]]:
    counted: Counter[tuple[str, str]] = Counter()
    for labels, value in samples(stack, "waterdesk_dialogs_total"):
        counted[labels["dialog"], labels["event"]] += int(value)
    return counted


def samples(stack: Stack, name: str) -> Iterator[tuple[dict[str, str], float]]:
    """The counters of all workers, also of those that have been killed."""
    text = requests.get(f"{stack.url}/metrics", timeout=5).text
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if sample.name == name:
                yield sample.labels, sample.value
