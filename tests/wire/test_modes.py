"""Encryption modes and keys over the wire. The settings decide the mode, never the request."""

from collections.abc import Iterator

import pytest

from sandbox import crypto
from tests.citizen import Citizen, cdata
from tests.fakes import FakeCsms, FakeRecords
from tests.service import AES_KEY, PREVIOUS_AES_KEY, Service, running, settings_for
from tests.town import ACCOUNTS
from tests.wire.steady import SILENCE, deliver_bytes, in_a_dialog, no_trace, post

FOREIGN_AES_KEY = "0" * 43


@pytest.fixture
def plain(redis_url: str) -> Iterator[Service]:
    settings = settings_for(redis_url, WECHAT_MODE="plain", WECHAT_AES_KEY="")
    with running(settings, FakeCsms(ACCOUNTS), FakeRecords()) as started:
        yield started


@pytest.fixture
def rotating(redis_url: str) -> Iterator[Service]:
    settings = settings_for(redis_url, WECHAT_AES_KEY_PREVIOUS=PREVIOUS_AES_KEY)
    with running(settings, FakeCsms(ACCOUNTS), FakeRecords()) as started:
        yield started


def asks(citizen: Citizen, text: str) -> str:
    return citizen.message("text", f"<Content>{cdata(text)}</Content>")


def test_plain_mode_holds_a_whole_conversation(plain: Service) -> None:
    citizen = in_a_dialog(plain)
    assert "户主姓名" in citizen.says(ACCOUNTS[0].acct_no).plain


def test_plain_mode_reads_the_plain_half_of_a_compatible_body(plain: Service) -> None:
    citizen = plain.citizen()
    xml = asks(citizen, "菜单")
    query, _ = citizen.seal(xml)
    both = xml.replace("</xml>", f"<Encrypt>{cdata('bm90IG91cnM=')}</Encrypt></xml>")
    assert "1. 查欠费" in citizen.open(post(plain, query, both.encode())).plain


def test_plain_mode_cannot_read_a_sealed_body_and_says_nothing(plain: Service) -> None:
    citizen = plain.citizen()
    sealed = crypto.seal(b"<xml/>", AES_KEY, plain.settings.wechat_appid, b"0" * 16)
    query, _ = citizen.seal("<xml/>")
    answer = post(plain, query, f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode())
    assert citizen.open(answer) == SILENCE


@pytest.mark.parametrize("change", [{"signature": "0" * 40}, {"nonce": "other"}])
def test_plain_mode_turns_wrong_signatures_away(plain: Service, change: dict[str, str]) -> None:
    citizen = plain.citizen()
    query, body = citizen.seal(asks(citizen, "菜单"))
    assert post(plain, {**query, **change}, body).status_code == 403


@pytest.mark.parametrize("encrypt_type", [None, "", "raw", "aes"])
def test_a_downgrade_to_plaintext_is_refused(
    desk: Service, ledger: FakeRecords, encrypt_type: str | None
) -> None:
    citizen = in_a_dialog(desk)
    query, _ = citizen.seal(asks(citizen, "取消"))
    query.pop("encrypt_type")
    if encrypt_type is not None:
        query["encrypt_type"] = encrypt_type
    with no_trace(citizen, ledger):
        answer = post(desk, query, asks(citizen, "取消").encode())
        assert (answer.status_code, answer.content) == (403, b"")


def test_a_captured_address_does_not_carry_another_message(
    desk: Service, ledger: FakeRecords
) -> None:
    citizen = in_a_dialog(desk)
    captured, _ = citizen.seal(asks(citizen, "菜单"))
    _, other = citizen.seal(asks(citizen, "取消"))
    with no_trace(citizen, ledger):
        assert post(desk, captured, other).status_code == 403


def test_of_a_compatible_body_only_the_sealed_half_counts(desk: Service) -> None:
    citizen = desk.citizen()
    query, body = citizen.seal(asks(citizen, "菜单"))
    forged = asks(desk.citizen(), "取消").removesuffix("</xml>").encode()
    both = body.replace(b"<xml>", forged, 1)
    reply = citizen.open(post(desk, query, both))
    assert "1. 查欠费" in reply.plain, "the plain half is nobody's signature"


@pytest.mark.parametrize(
    "written",
    [
        "<Encrypt>{}</Encrypt>",
        "<Encrypt>\n<![CDATA[\n{}\n]]>\n</Encrypt>",
        "<MsgType/>\n  <Encrypt><![CDATA[{}]]></Encrypt>\n  <AgentID></AgentID>",
    ],
)
def test_the_envelope_may_be_written_in_any_way(desk: Service, written: str) -> None:
    citizen = desk.citizen()
    query, body = citizen.seal(asks(citizen, "菜单"))
    sealed = body.decode().split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    answer = post(desk, query, f"<xml>{written.format(sealed)}</xml>".encode())
    assert "1. 查欠费" in citizen.open(answer).plain


def test_the_previous_key_is_understood_and_answered_in_kind(rotating: Service) -> None:
    citizen = rotating.citizen()
    rotating.aes_key = PREVIOUS_AES_KEY
    assert "是否同意" in citizen.says("绑定户号").plain
    rotating.aes_key = AES_KEY
    assert "请输入10位户号" in citizen.says("同意").plain


def test_a_key_that_was_never_ours_gets_silence_and_changes_nothing(
    desk: Service, ledger: FakeRecords
) -> None:
    citizen = in_a_dialog(desk)
    message = asks(citizen, "取消").encode()
    with no_trace(citizen, ledger):
        assert deliver_bytes(citizen, message, aes_key=FOREIGN_AES_KEY) == SILENCE
        assert deliver_bytes(citizen, message, aes_key=PREVIOUS_AES_KEY) == SILENCE


def test_a_message_for_another_appid_gets_silence_and_changes_nothing(
    desk: Service, ledger: FakeRecords
) -> None:
    citizen = in_a_dialog(desk)
    with no_trace(citizen, ledger):
        assert deliver_bytes(citizen, asks(citizen, "取消").encode(), appid="wxother") == SILENCE


@pytest.mark.parametrize(("off_by_s", "passes"), [(-301, False), (-300, True), (300, True)])
def test_a_message_is_good_for_five_minutes(desk: Service, off_by_s: int, passes: bool) -> None:
    citizen = desk.citizen()
    now_s = desk.clock.now_s
    desk.clock.now_s = now_s + off_by_s
    query, body = citizen.seal(asks(citizen, "菜单"))
    desk.clock.now_s = now_s
    assert (post(desk, query, body).status_code == 200) is passes


def test_from_the_future_a_message_is_refused_too(desk: Service, ledger: FakeRecords) -> None:
    citizen = in_a_dialog(desk)
    desk.clock.advance(301)
    query, body = citizen.seal(asks(citizen, "取消"))
    desk.clock.advance(-301)
    with no_trace(citizen, ledger):
        assert post(desk, query, body).status_code == 403


@pytest.mark.parametrize("name", ["msg_signature", "timestamp", "nonce"])
def test_each_part_of_the_signature_counts(desk: Service, ledger: FakeRecords, name: str) -> None:
    citizen = in_a_dialog(desk)
    query, body = citizen.seal(asks(citizen, "取消"))
    with no_trace(citizen, ledger):
        for wrong in (query[name][:-1] + "x", "", "签"):
            assert post(desk, {**query, name: wrong}, body).status_code == 403
        without = {key: value for key, value in query.items() if key != name}
        assert post(desk, without, body).status_code == 403
