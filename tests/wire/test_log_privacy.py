"""The log names nobody and quotes nothing, whatever goes wrong: whole conversations, every failure
on the way, and then every line that was written is searched."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from backends.csms.adapter import open_csms
from backends.errors import BackendUnavailable, Reaction, WechatRejected
from backends.records.adapter import open_records
from sandbox import crypto
from tests.citizen import Citizen
from tests.fakes import FakeCsms, FakeRecords
from tests.redis_server import RedisServer, stoppable_redis
from tests.service import AES_KEY, PREVIOUS_AES_KEY, Service, running, settings_for
from tests.town import ACCOUNTS, MOBILES, NAMELESS, OWES_ONE, OWES_SEVERAL
from tests.wire.steady import deliver_bytes, post

TYPED = ("我家水表被人砸了", "不对的名字", "13700009999", "贾宝玉")


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    with stoppable_redis() as server:
        yield server


@pytest.fixture
def talkative(own_redis: RedisServer, csms: FakeCsms, records: FakeRecords) -> Iterator[Service]:
    """Logs all it has, and gives up waiting soon."""
    settings = settings_for(
        own_redis.url,
        LOG_LEVEL="debug",
        ANSWER_WITHIN_S="0.5",
        WECHAT_TOKEN="Tokenthatnobodyknows",
        WECHAT_AES_KEY_PREVIOUS=PREVIOUS_AES_KEY,
    )
    with running(settings, csms, records) as started:
        yield started


def test_nothing_of_a_citizen_and_no_secret_is_in_the_log(
    talkative: Service,
    own_redis: RedisServer,
    csms: FakeCsms,
    records: FakeRecords,
    capfd: pytest.CaptureFixture[str],
) -> None:
    citizen, guesser = talkative.citizen(), talkative.citizen()
    _binds(citizen)
    _guesses_until_locked(guesser)
    _sends_what_is_broken(citizen)
    _meets_failing_backends(citizen, csms, records)
    _is_told_late(citizen, csms)
    own_redis.stop()
    assert "系统正在维护" in citizen.says(TYPED[0]).plain
    told = capfd.readouterr()
    assert told.out == ""
    logged = {json.loads(line)["event"] for line in told.err.splitlines()}
    assert logged >= {
        "turn",
        "request_refused",
        "message_unreadable",
        "backend_unavailable",
        "turn_failed",
        "late_answer",
        "late_answer_refused",
        "memory_lost",
    }
    _assert_private(told.err, talkative, [citizen, guesser])


def test_databases_that_fail_do_not_tell_the_log_what_they_were_asked(
    own_redis: RedisServer, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Real ones without their tables: the statement fails with its parameters at hand."""
    limits = {"pool_size": 2, "statement_timeout_s": 2.0}
    empty = open_csms(f"sqlite:///{tmp_path / 'csms.sqlite3'}", **limits)
    records = open_records(f"sqlite:///{tmp_path / 'records.sqlite3'}", **limits)
    settings = settings_for(own_redis.url, LOG_LEVEL="debug")
    try:
        with running(settings, empty, records) as service:
            citizen = service.citizen()
            citizen.follows()
            for typed in ("绑定户号", "同意", OWES_ONE, "张伟", *TYPED):
                citizen.says(typed)
        with running(settings, empty, FakeRecords()) as service:
            citizen = service.citizen()
            for typed in ("绑定户号", "同意", OWES_ONE, "张伟", *TYPED):
                citizen.says(typed)
    finally:
        empty.close()
        records.close()
    told = capfd.readouterr().err
    failed = {
        line["system"]
        for line in map(json.loads, told.splitlines())
        if line["event"] == "backend_unavailable"
    }
    assert failed == {"csms", "records"}
    _assert_private(told, service, [citizen])


def test_the_same_citizen_is_the_same_pseudonym_and_others_are_others(
    talkative: Service, capfd: pytest.CaptureFixture[str]
) -> None:
    one, other = talkative.citizen(), talkative.citizen()
    for citizen in (one, other, one):
        citizen.says("菜单")
    lines = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    first, second, third = (line["citizen"] for line in lines if line["event"] == "turn")
    assert first == third != second


def _binds(citizen: Citizen) -> None:
    citizen.follows()
    for typed in ("绑定户号", "同意", OWES_ONE, "张伟", "1", OWES_SEVERAL, "欧阳娜娜"):
        citizen.says(typed)
    for typed in ("绑好了", "2", "1", "我的户号", "1", "查欠费", "全部", TYPED[0]):
        citizen.says(typed)
    citizen.sends_photo()
    citizen.taps_menu("arrears")


def _guesses_until_locked(guesser: Citizen) -> None:
    for typed in ("绑定户号", "同意", NAMELESS, *TYPED, OWES_SEVERAL, MOBILES[OWES_SEVERAL]):
        guesser.says(typed)
    for typed in TYPED:
        guesser.says(typed)


def _sends_what_is_broken(citizen: Citizen) -> None:
    message = citizen.message("text", f"<Content>{TYPED[0]}</Content>")
    for broken in (
        message.replace("</Content>", ""),
        message.replace("<MsgId>", f"<MsgId>{TYPED[3]}"),
        message.replace("</xml>", f"<Content>{TYPED[1]}</Content></xml>"),
        f'<!DOCTYPE xml [<!ENTITY a "{TYPED[0]}">]>{message}',
        message.replace("<![CDATA[text]]>", TYPED[0]),
        message.replace("gh_0123456789ab", TYPED[0]),
    ):
        citizen.deliver(broken)
    citizen.event(TYPED[0], TYPED[1])
    deliver_bytes(citizen, message.encode("gbk"))
    deliver_bytes(citizen, message.encode(), appid="wxother")
    deliver_bytes(citizen, message.encode(), aes_key="0" * 43)
    query, body = citizen.seal(message)
    for wrong in ({"msg_signature": TYPED[1]}, {"timestamp": TYPED[2]}, {"encrypt_type": "raw"}):
        assert post(citizen.service, {**query, **wrong}, body).status_code == 403
    assert post(citizen.service, query, message.encode()).status_code == 403
    assert post(citizen.service, query, message.encode() * 500).status_code == 413
    assert post(citizen.service, query, body, "PUT").status_code == 405
    timestamp = query["timestamp"]
    sealed = crypto.seal(message.encode(), AES_KEY, "wx", b"0" * 16)
    signed = crypto.signature("another token", timestamp, "n", sealed)
    query |= {"msg_signature": signed, "nonce": "n"}
    assert post(citizen.service, query, body).status_code == 403


def _meets_failing_backends(citizen: Citizen, csms: FakeCsms, records: FakeRecords) -> None:
    csms.fail_with(BackendUnavailable("csms", 1.5, "connection refused"))
    assert "暂时查不到" in citizen.says("查欠费").plain + citizen.says("1").plain
    csms.fail_with(None)
    records.fail_with(RuntimeError("an error that nobody foresaw"))
    citizen.says("取消")
    assert "报错误号" in citizen.says("我的户号").plain
    records.fail_with(None)


def _is_told_late(citizen: Citizen, csms: FakeCsms) -> None:
    service, answers = citizen.service, threading.Event()
    refusal = WechatRejected(45015, Reaction.CITIZEN_UNREACHABLE, "response out of time limit")
    service.messages.fail_with(refusal)
    csms.hang(answers)
    citizen.says("取消")
    citizen.says("查欠费")
    citizen.says("全部")
    answers.set()
    service.wait_for_metric("waterdesk_late_answers_total", {"fate": "handed_over"})


def _assert_private(logged: str, service: Service, citizens: list[Citizen]) -> None:
    settings = service.settings
    private = {citizen.openid for citizen in citizens} | {*TYPED, *MOBILES.values()}
    for account in ACCOUNTS:
        private |= {account.acct_no, account.owner_name, account.address, account.meter_code or ""}
    private |= {
        secret.get_secret_value()
        for secret in (settings.wechat_token, settings.wechat_secret, settings.data_key)
    }
    private |= {AES_KEY, PREVIOUS_AES_KEY, "查欠费", "取消", "media-1", "滨河路", "合计"}
    assert [word for word in private if word and word in logged] == []
