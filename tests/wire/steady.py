"""A citizen in the midst of a dialog, whom nothing bad that arrives may disturb."""

import copy
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import redis
import requests

from sandbox import crypto
from tests.citizen import Citizen, Reply
from tests.fakes import FakeRecords
from tests.service import AES_KEY, Service
from tests.town import OWES_ONE

SILENCE = Reply(200, "")


def in_a_dialog(service: Service) -> Citizen:
    """They have just been asked for their account number."""
    citizen = service.citizen()
    citizen.says("绑定户号")
    assert "请输入10位户号" in citizen.says("同意").plain
    return citizen


@contextmanager
def undisturbed(citizen: Citizen, records: FakeRecords) -> Iterator[None]:
    """Whatever happens inside leaves no trace in our database and the dialog where it was."""
    before = copy.deepcopy(records._state)
    with dialog_where_it_was(citizen):
        yield
        assert records._state == before


@contextmanager
def dialog_where_it_was(citizen: Citizen) -> Iterator[None]:
    before = _dialog(citizen)
    yield
    assert _dialog(citizen) == before
    assert "户主姓名" in citizen.says(OWES_ONE).plain, "the dialog goes on"


@contextmanager
def no_trace(citizen: Citizen, records: FakeRecords) -> Iterator[None]:
    """The same, and Redis does not even remember that something has arrived."""
    before = remembered(citizen)
    with undisturbed(citizen, records):
        yield
        assert remembered(citizen) == before


def remembered(citizen: Citizen) -> dict[bytes, object]:
    """Everything that Redis holds of the citizen."""
    settings = citizen.service.settings
    with redis.Redis.from_url(settings.redis_url) as link:
        keys = link.keys(f"wd:{settings.wechat_appid}:*{citizen.openid}*")
        return {key: link.dump(key) for key in keys}


def _dialog(citizen: Citizen) -> object:
    settings = citizen.service.settings
    key = f"wd:{settings.wechat_appid}:{{{citizen.openid}}}:record"
    with redis.Redis.from_url(settings.redis_url) as link:
        return link.hget(key, "b")


def deliver_bytes(
    citizen: Citizen, message: bytes, *, appid: str = "", aes_key: str = AES_KEY
) -> Reply:
    """Signed and sealed, whatever the bytes are, for whichever AppID."""
    settings = citizen.service.settings
    sealed = crypto.seal(message, aes_key, appid or settings.wechat_appid, b"0" * 16)
    query, _ = citizen.seal("<xml/>")
    token = settings.wechat_token.get_secret_value()
    query["msg_signature"] = crypto.signature(token, query["timestamp"], query["nonce"], sealed)
    body = f"<xml><Encrypt>{sealed}</Encrypt></xml>".encode()
    return citizen.open(post(citizen.service, query, body))


def post(
    service: Service, query: Mapping[str, str], body: bytes, method: str = "POST"
) -> requests.Response:
    return requests.request(
        method, f"{service.url}/wechat", params=query, data=body, timeout=6, allow_redirects=False
    )
