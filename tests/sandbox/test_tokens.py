"""Access tokens of the two kinds, by the sandbox's clock."""

from typing import Any

import pytest

from sandbox.config import SandboxConfig
from tests.sandbox.client import Control

WECHAT = "/sandbox/wechat/cgi-bin"


def plain(control: Control, config: SandboxConfig, **other: str) -> dict[str, Any]:
    query = {
        "grant_type": "client_credential",
        "appid": config.appid,
        "secret": config.secret,
        **other,
    }
    answer: dict[str, Any] = control.http.get(f"{WECHAT}/token", query_string=query).get_json()
    return answer


def stable(control: Control, config: SandboxConfig, **other: Any) -> dict[str, Any]:
    body = {
        "grant_type": "client_credential",
        "appid": config.appid,
        "secret": config.secret,
        **other,
    }
    answer: dict[str, Any] = control.http.post(f"{WECHAT}/stable_token", json=body).get_json()
    return answer


def use(control: Control, token: str | None) -> int:
    query = {} if token is None else {"access_token": token}
    answer = control.http.get(f"{WECHAT}/getcallbackip", query_string=query)
    assert answer.status_code == 200
    return int(answer.get_json().get("errcode", 0))


def test_the_plain_token_is_new_each_time_and_the_one_before_lives_five_minutes_more(
    control: Control, config: SandboxConfig
) -> None:
    first = plain(control, config)
    assert first["expires_in"] == 7200
    second = plain(control, config)["access_token"]
    assert second != first["access_token"]
    control.advance(299)
    assert use(control, first["access_token"]) == 0
    control.advance(2)
    assert use(control, first["access_token"]) == 40001
    assert use(control, second) == 0
    control.advance(7200)
    assert use(control, second) == 42001


def test_the_stable_token_stays_until_its_last_five_minutes_and_both_work_then(
    control: Control, config: SandboxConfig
) -> None:
    first = stable(control, config)["access_token"]
    control.advance(6899)
    again = stable(control, config)
    assert (again["access_token"], again["expires_in"]) == (first, 301)
    control.advance(2)
    second = stable(control, config)
    assert second["access_token"] != first
    assert second["expires_in"] == 7200
    assert use(control, first) == use(control, second["access_token"]) == 0
    control.advance(300)
    assert use(control, first) == 42001


def test_a_forced_refresh_kills_the_token_before_at_once_but_not_twice_in_half_a_minute(
    control: Control, config: SandboxConfig
) -> None:
    first = stable(control, config)["access_token"]
    second = stable(control, config, force_refresh=True)["access_token"]
    assert use(control, first) == 40001
    assert stable(control, config, force_refresh=True)["access_token"] == second
    control.advance(31)
    assert stable(control, config, force_refresh=True)["access_token"] != second


def test_twenty_forced_refreshes_a_day_are_allowed(control: Control, config: SandboxConfig) -> None:
    for _ in range(20):
        assert "access_token" in stable(control, config, force_refresh=True)
        control.advance(60)
    assert stable(control, config, force_refresh=True)["errcode"] == 45009


def test_the_two_kinds_do_not_touch_each_other(control: Control, config: SandboxConfig) -> None:
    stable_token = stable(control, config)["access_token"]
    for _ in range(3):
        plain_token = plain(control, config)["access_token"]
    control.advance(400)
    stable(control, config, force_refresh=True)
    assert use(control, plain_token) == 0
    assert use(control, stable_token) == 40001


def test_somebody_elses_fetch_kills_ours_and_the_next_call_brings_a_new_one(
    control: Control, config: SandboxConfig
) -> None:
    ours = stable(control, config)["access_token"]
    assert control.post("/token/invalidate").get_json() == {}
    assert use(control, ours) == 40001
    new = stable(control, config)["access_token"]
    assert new != ours
    assert use(control, new) == 0


@pytest.mark.parametrize(
    ("wrong", "errcode"),
    [
        ({"appid": "wxother"}, 40013),
        ({"secret": "wrong"}, 40125),
        ({"grant_type": "password"}, 40002),
        ({"secret": ""}, 41004),
    ],
)
def test_a_wrong_caller_gets_no_token(
    control: Control, config: SandboxConfig, wrong: dict[str, str], errcode: int
) -> None:
    assert plain(control, config, **wrong)["errcode"] == errcode
    assert stable(control, config, **wrong)["errcode"] == errcode


def test_no_token_and_garbage_have_codes_of_their_own(control: Control) -> None:
    assert use(control, None) == 41001
    assert use(control, "garbage") == 40014


def test_two_thousand_plain_tokens_a_day_are_the_limit(
    control: Control, config: SandboxConfig
) -> None:
    for _ in range(2000):
        control.app.extensions["sandbox"].world.quotas.take("/cgi-bin/token", "2026-01-05")
    assert plain(control, config)["errcode"] == 45009
    control.advance(86_400)
    assert "access_token" in plain(control, config)


def test_neither_secret_nor_token_shows_in_the_inspector(
    control: Control, config: SandboxConfig
) -> None:
    tokens = [plain(control, config)["access_token"], stable(control, config)["access_token"]]
    use(control, tokens[0])
    shown = str(control.entries())
    assert config.secret not in shown
    assert not any(token in shown for token in tokens)
