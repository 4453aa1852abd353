"""One delivery of one callback: packed, posted, judged, and written into the inspector."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.config import Mode
from sandbox.envelope import Envelope, Stamp, pack
from sandbox.faults import CallbackFaults
from sandbox.replies import Judgement, Question, Verdict, judge
from sandbox.transport import HttpAnswer, HttpRequest, OnLate, Timing
from sandbox.world import World, wire

Exchange = Callable[[HttpRequest, Timing, OnLate], HttpAnswer]


@dataclass(frozen=True, slots=True)
class Callback:
    openid: str
    xml: str
    title: str
    is_message: bool


@dataclass(frozen=True, slots=True)
class Attempt:
    at: str
    status: int | None
    ms: int
    problem: str


@dataclass(frozen=True, slots=True)
class Try:
    """`answered_before`: the reply to the same callback, when this is its duplicate."""

    callback: Callback
    faults: CallbackFaults
    stamp: Stamp
    number: int
    answered_before: str | None = None


def attempt(world: World, http: Exchange, this: Try) -> tuple[Attempt, Verdict]:
    config, faults = world.config, this.faults
    envelope = pack(this.callback.xml, this.callback.openid, config, faults, this.stamp)
    at = world.clock.iso()

    def on_late(answer: HttpAnswer) -> None:
        verdict = _judge(world, answer, this)
        _record(world, this, envelope, answer, verdict, "late: answered when nobody listened")

    answer = http(
        HttpRequest(
            "POST",
            f"{config.server_url}{config.callback_path}?{envelope.query}",
            envelope.body.encode(),
        ),
        Timing(config.connect_timeout_s, faults.timeout_s, config.late_window_s),
        on_late,
    )
    verdict = _judge(world, answer, this)
    problem = verdict.problem
    if this.answered_before is not None and verdict.clear != this.answered_before:
        problem = problem or "a duplicate was answered otherwise than the first delivery"
    _record(world, this, envelope, answer, verdict, problem)
    return Attempt(at, answer.status, answer.ms, verdict.problem), verdict


def _judge(world: World, answer: HttpAnswer, this: Try) -> Verdict:
    config, faults = world.config, this.faults
    key = ""
    if config.mode is Mode.SAFE and not faults.downgrade:
        rotated = faults.previous_key and config.previous_aes_key
        key = config.previous_aes_key if rotated else config.aes_key
    question = Question(this.callback.openid, this.callback.is_message, key)
    verdict = judge(answer, question, config)
    for bubble in verdict.bubbles:
        media_id = bubble.content.get("media_id")
        if media_id and not world.media.is_alive(str(media_id), world.clock.now()):
            problem = "the reply's MediaId is unknown or older than three days"
            return Verdict(Judgement.REFUSED, problem, verdict.clear)
    return verdict


def _record(
    world: World,
    this: Try,
    envelope: Envelope,
    answer: HttpAnswer,
    verdict: Verdict,
    problem: str,
) -> None:
    body = answer.body.decode("utf-8", "replace")
    again = f" · {this.number}" if this.number > 1 else ""
    line = f"POST {world.config.callback_path}?{envelope.query}"
    world.inspect(
        {
            "kind": "callback",
            "title": this.callback.title + again,
            "status": answer.status,
            "ms": answer.ms,
            "request": wire(line, this.callback.xml, envelope.body),
            "response": wire(f"{answer.status or '-'}", verdict.clear or body, body),
            "problem": problem,
        }
    )
