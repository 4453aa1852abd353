"""A whole measurement against small products: real server, real Redis, real encryption."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench.account import BENCH_ACCOUNT
from bench.contenders import waterdesk
from bench.line_up import RAW, WATERDESK, WEROBOT, Contender
from bench.machine import cpu_time_s
from bench.measure import Measurement, Plan, Stage
from bench.report import as_json, ratios, warnings
from bench.rounds import run
from bench.server import Options
from bench.store import Store, opened

BURN_IN_A_CHILD = """
import subprocess, sys
child = "import time\\nwhile time.process_time() < 0.5: pass\\nprint(flush=True)\\ninput()"
subprocess.run([sys.executable, "-c", child])
"""


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with opened() as store:
        yield store


@pytest.fixture
def stage(store: Store, tmp_path: Path) -> Stage:
    options = Options(workers=1, threads=4, cpus=frozenset(os.sched_getaffinity(0)))
    plan = Plan(rounds=1, seconds=0.3, connections=8, citizens=100, seed=1, options=options)
    return Stage(plan, BENCH_ACCOUNT, store, tmp_path)


def toy(name: str) -> Contender:
    return replace(
        WATERDESK,
        entry=f"tests.bench.toy_product:{name}",
        factory=True,
        missing=lambda: None,
        prepare=lambda _env: None,
    )


def silent(_line: str) -> None:
    return None


def test_contenders_are_measured_on_replies_that_were_checked(stage: Stage) -> None:
    measurements, failures = run((RAW, WEROBOT, toy("build")), stage, silent)
    assert not failures
    assert [each.contender for each in measurements] == ["a", "b", "c"]
    for each in measurements:
        assert each.requests > 100
        assert each.checked > 0
        assert each.cpu_us > 1
        assert each.p50_ms <= each.p99_ms
    raw, werobot, _ = measurements
    assert werobot.cpu_us > raw.cpu_us
    assert werobot.redis_us > raw.redis_us
    figures = json.loads(json.dumps(as_json(stage.plan, {}, measurements, failures)))
    assert [each["requests"] for each in figures["measurements"]] == [
        each.requests for each in measurements
    ]
    assert sum(figures["measurements"][0]["replies"].values()) == raw.checked
    found = {(r.over, r.under) for r in ratios(measurements)}
    assert found == {("c", "b"), ("c", "a"), ("b", "a")}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("build_confused", "another citizen"),
        ("build_broken", "not 200"),
        ("build_unstartable", "WATERDESK_TOY|no answer|broke|closed"),
    ],
)
def test_a_product_that_answers_wrongly_gets_no_figure(
    stage: Stage, name: str, reason: str
) -> None:
    measurements, failures = run((toy(name),), stage, silent)
    assert measurements == []
    (failure,) = failures
    assert re.search(reason, failure.reason)


def test_a_preparation_that_fails_says_which_command_and_why(stage: Stage) -> None:
    def prepare(_env: object) -> None:
        command = [sys.executable, "-c", "raise SystemExit('no such table')"]
        subprocess.run(command, check=True, capture_output=True)

    _, (failure,) = run((replace(toy("build"), prepare=prepare),), stage, silent)
    assert "no such table" in failure.reason


def test_waterdesk_is_left_out_while_its_entry_is_missing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(waterdesk, "ROOT", tmp_path)
    assert waterdesk.missing() == "wsgi.py is not there yet"
    (tmp_path / "wsgi.py").touch()
    assert waterdesk.missing() is None


def test_cpu_time_counts_the_children_of_a_process() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BURN_IN_A_CHILD], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdin is not None
        assert parent.stdout is not None
        parent.stdout.readline()
        used_s = cpu_time_s(parent.pid)
        parent.stdin.write(b"\n")
        parent.stdin.close()
    assert used_s >= 0.4  # whole ticks of 10 ms, counted in two processes


def test_a_server_that_did_not_get_its_cpu_is_named_in_a_warning() -> None:
    starved = Measurement(
        contender="b",
        round=1,
        requests=1000,
        requests_per_s=500.0,
        cpu_us=250.0,
        redis_us=30.0,
        busy_percent=12.5,
        p50_ms=1.0,
        p99_ms=2.0,
        checked=20,
        replies={},
    )
    (warning,) = warnings([starved, replace(starved, contender="c", busy_percent=99.0)])
    assert warning.startswith("(b)")
    assert "12 %" in warning


def test_ratios_are_taken_within_a_round_and_summed_up_by_their_median() -> None:
    def at(contender: str, number: int, cpu_us: float) -> Measurement:
        return Measurement(contender, number, 1, 1.0, cpu_us, 0.0, 100.0, 1.0, 1.0, 1, {})

    measurements = [
        *(at("b", number, 200.0 * number) for number in (1, 2, 3)),
        *(at("c", number, cpu) for number, cpu in ((1, 100.0), (2, 100.0), (3, 600.0))),
    ]
    cpu, _ = ratios(measurements)
    assert (cpu.over, cpu.under, cpu.quantity) == ("c", "b", "cpu_us")
    assert (cpu.least, cpu.middle, cpu.most) == (0.25, 0.5, 1.0)
