"""“Save configuration” of the platform's console: the GET that the server must echo exactly."""

from urllib.parse import urlencode

from sandbox.attempt import Exchange
from sandbox.crypto import signature
from sandbox.envelope import new_stamp
from sandbox.transport import HttpAnswer, HttpRequest, Timing, exchange
from sandbox.world import World, wire


def verify_callback_url(world: World, http: Exchange = exchange) -> str:
    """What is wrong with the server's answer, "" when nothing is."""
    config = world.config
    with world.news:
        stamp = new_stamp(world.rng, world.clock.of_server, 0)
        echostr = str(world.rng.randrange(10**18, 10**19))
    query = urlencode(
        {
            "signature": signature(config.token, stamp.timestamp, stamp.nonce),
            "timestamp": stamp.timestamp,
            "nonce": stamp.nonce,
            "echostr": echostr,
        }
    )
    timing = Timing(config.connect_timeout_s, world.faults.callback.timeout_s, 0)
    path = f"{config.callback_path}?{query}"
    answer = http(HttpRequest("GET", config.server_url + path), timing, lambda _: None)
    problem = _problem(answer, echostr)
    _record(world, path, answer, problem)
    return problem


def _record(world: World, path: str, answer: HttpAnswer, problem: str) -> None:
    body = answer.body.decode("utf-8", "replace")
    world.inspect(
        {
            "kind": "callback",
            "title": "verification",
            "status": answer.status,
            "ms": answer.ms,
            "request": wire(f"GET {path}", ""),
            "response": wire(str(answer.status or "-"), body),
            "problem": problem,
        }
    )


def _problem(answer: HttpAnswer, echostr: str) -> str:
    if answer.status is None:
        return f"请求URL超时 ({answer.problem})"
    if answer.status != 200:
        return f"token验证失败 (HTTP {answer.status})"
    if answer.body != echostr.encode():
        return f"token验证失败 (the body is not echostr: {len(answer.body)} bytes)"
    return ""
