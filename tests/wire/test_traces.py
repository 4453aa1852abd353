"""What Redis keeps of a citizen: under the account, for a time, and not past their leaving."""

import secrets

import pytest
import redis

from bot.memory import REPLY_KEPT_S
from bot.settings import Settings
from tests.citizen import Citizen
from tests.fakes import FakeCsms, FakeRecords
from tests.service import Service, running, settings_for
from tests.town import ACCOUNTS, BILLS, OWES_MANY, OWES_ONE
from tests.wire.steady import in_a_dialog, post, remembered


def test_every_key_has_an_end_and_names_the_account_and_the_citizen(desk: Service) -> None:
    citizen = Citizen(desk, "oNobodyElseHasThis" + secrets.token_hex(5))
    for typed in (
        "绑定户号",
        "同意",
        OWES_MANY,
        "云川市朝阳贸易有限公司",
        "绑好了",
        "2",
        "1",
        "查欠费",
    ):
        citizen.says(typed)
    citizen.says("绑定户号")
    settings = desk.settings
    with redis.Redis.from_url(settings.redis_url) as link:
        keys = link.keys(f"*{citizen.openid}*")
        assert len(keys) >= 5
        for key in keys:
            assert key.decode().startswith(f"wd:{settings.wechat_appid}:{{{citizen.openid}}}:")
            assert 0 < link.ttl(key) <= 7 * 24 * 3600


def test_two_accounts_on_one_redis_never_meet(redis_url: str) -> None:
    """The same person has another openid with each account; even the same one would not matter."""
    csms = FakeCsms(ACCOUNTS, BILLS)
    with (
        running(settings_for(redis_url), csms, FakeRecords()) as one,
        running(settings_for(redis_url), csms, FakeRecords()) as other,
    ):
        binding = in_a_dialog(one)
        elsewhere = Citizen(other, binding.openid)
        assert "1. 查欠费" in elsewhere.says("菜单").plain
        assert "现在没有正在办的事" in elsewhere.says("取消").plain
        assert "户主姓名" in binding.says(OWES_ONE).plain


def test_who_leaves_is_forgotten_and_marked_as_unreachable(
    desk: Service, ledger: FakeRecords
) -> None:
    citizen = desk.citizen()
    citizen.follows()
    citizen.says("绑定户号")
    citizen.says("同意")
    assert ledger.is_following(citizen.openid)
    citizen.leaves()
    assert not ledger.is_following(citizen.openid)
    kept = {key.decode().split("}:")[1].split(":")[0] for key in remembered(citizen)}
    assert kept <= {"seen"}, "only which messages have been answered, for some minutes"
    citizen.follows()
    assert "现在没有正在办的事" in citizen.says("取消").plain


@pytest.mark.parametrize("after_s", [0, 299])
def test_a_captured_request_sent_again_gets_the_same_answer_and_does_nothing(
    desk: Service, after_s: int
) -> None:
    citizen = in_a_dialog(desk)
    answer = citizen.message("text", f"<Content>{OWES_ONE}</Content>")
    query, body = citizen.seal(answer)
    first = citizen.open(post(desk, query, body))
    citizen.says("返回")
    desk.clock.advance(after_s)
    assert citizen.open(post(desk, query, body)) == first
    desk.clock.advance(-after_s)
    assert "户主姓名" in citizen.says(OWES_ONE).plain, "still at the account number"


def test_answers_are_kept_for_longer_than_a_signature_is_good() -> None:
    (limit,) = (m.le for m in Settings.model_fields["clock_skew_s"].metadata if hasattr(m, "le"))
    assert 2 * limit < REPLY_KEPT_S
