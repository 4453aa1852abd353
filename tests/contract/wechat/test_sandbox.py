"""The same client against the sandbox's platform: what the stand-in is scripted to do, it does."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import requests

from backends.errors import BackendUnavailable, Reaction, WechatRejected
from backends.ports import Push, PushMessages
from backends.wechat.media import download, upload_image
from backends.wechat.menu import create_menu, delete_menu, get_menu
from backends.wechat.push_messages import WechatPushes
from backends.wechat.qr_codes import permanent_code
from bot.wording.card_files import paths, read
from bot.wording.card_ids import paired
from bot.wording.cards import Cards
from bot.wording.words import read_contract, read_values
from sandbox.app import create_app
from sandbox.config import SandboxConfig
from sandbox.serving import served
from tests.contract.wechat.conftest import APPID, SECRET, Worker, Workers
from tests.contract.wechat.test_client import free_port
from tests.shape.conftest import TEMPLATES

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4"
    "890000000d4944415478da63f8cfc0f01f0005000201a2f29d5b0000000049454e44ae426082"
)
MENU = {"button": [{"type": "click", "name": "人工客服", "key": "HUMAN"}]}
SEND = "/cgi-bin/message/custom/send"


@dataclass(frozen=True, slots=True)
class Sandbox:
    """The levers of docs/sandbox.md."""

    address: str

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = requests.post(f"{self.address}/sandbox/api{path}", json=body or {}, timeout=5)
        answer.raise_for_status()
        return answer.json()

    def put_faults(self, **api: object) -> None:
        faults = {"api": api}
        url = f"{self.address}/sandbox/api/faults"
        requests.put(url, json=faults, timeout=5).raise_for_status()

    def bubbles(self, openid: str) -> list[str]:
        url = f"{self.address}/sandbox/api/citizens/{openid}/bubbles?after=0"
        bubbles = requests.get(url, timeout=5).json()["bubbles"]
        return [bubble["text"] for bubble in bubbles if bubble["via"] == "customer_service"]

    def calls(self, title: str) -> int:
        url = f"{self.address}/sandbox/api/inspector?after=0"
        entries = requests.get(url, timeout=5).json()["entries"]
        return sum(entry["title"] == title for entry in entries)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    config = SandboxConfig(
        appid=APPID,
        secret=SECRET,
        token="callback-token",
        aes_key="A" * 43,
        account_id="gh_0123456789ab",
        server_url=f"http://127.0.0.1:{free_port()}",
    )
    with served(create_app(config), 0) as address:
        yield address


@pytest.fixture
def sandbox(address: str) -> Iterator[Sandbox]:
    sandbox = Sandbox(address)
    yield sandbox
    sandbox.put_faults(lost_answer_rate=0.0, busy_rate=0.0, errcodes={}, refuse_escapes=False)


@pytest.fixture
def worker(workers: Workers, sandbox: Sandbox) -> Worker:
    return workers.start(base_url=f"{sandbox.address}/sandbox/wechat")


@pytest.fixture
def citizen(sandbox: Sandbox) -> str:
    openid = sandbox.post("/citizens", {"name": "王芳"})["openid"]
    sandbox.post(f"/citizens/{openid}/follow")
    sandbox.post(f"/citizens/{openid}/send", {"type": "text", "content": "你好"})
    return str(openid)


def test_a_text_reaches_the_citizen_unescaped(
    worker: Worker, sandbox: Sandbox, citizen: str
) -> None:
    sandbox.put_faults(refuse_escapes=True)
    worker.messages.send_typing(citizen)
    worker.messages.send_text(citizen, "您的水费已到账 🚰")
    assert sandbox.bubbles(citizen) == ["您的水费已到账 🚰"]


def test_a_citizen_whose_window_is_closed_is_unreachable(worker: Worker, sandbox: Sandbox) -> None:
    stranger = sandbox.post("/citizens", {"name": "李雷"})["openid"]
    with pytest.raises(WechatRejected) as caught:
        worker.messages.send_text(stranger, "您好")
    assert caught.value.reaction is Reaction.CITIZEN_UNREACHABLE
    assert caught.value.rid
    assert stranger not in str(caught.value)


def test_a_token_that_somebody_else_replaced_is_renewed_and_the_message_sent_once(
    worker: Worker, sandbox: Sandbox, citizen: str
) -> None:
    worker.tokens.current()
    fetched = sandbox.calls("stable_token")
    sandbox.post("/token/invalidate")
    worker.messages.send_text(citizen, "一")
    assert sandbox.bubbles(citizen) == ["一"]
    assert sandbox.calls("stable_token") == fetched + 1


def test_a_token_past_its_end_is_renewed(worker: Worker, sandbox: Sandbox) -> None:
    create_menu(worker.client, MENU)
    sandbox.post("/clock", {"advance_s": 7300})
    assert get_menu(worker.client) is not None


def test_a_lost_answer_counts_as_possibly_sent_and_it_was(
    worker: Worker, sandbox: Sandbox, citizen: str
) -> None:
    worker.tokens.current()
    sandbox.put_faults(lost_answer_rate=1.0)
    with pytest.raises(BackendUnavailable) as caught:
        worker.messages.send_text(citizen, "一")
    assert caught.value.sent is True
    assert sandbox.bubbles(citizen) == ["一"], "carried out, and not twice"


@pytest.mark.parametrize(
    ("errcode", "reaction"),
    [(45047, Reaction.CITIZEN_UNREACHABLE), (48001, Reaction.CONFIGURATION)],
)
def test_a_switched_error_is_classed(
    worker: Worker, sandbox: Sandbox, citizen: str, errcode: int, reaction: Reaction
) -> None:
    sandbox.put_faults(errcodes={SEND: errcode})
    with pytest.raises(WechatRejected) as caught:
        worker.messages.send_text(citizen, "一")
    assert (caught.value.errcode, caught.value.reaction) == (errcode, reaction)


def test_the_menu_goes_up_comes_back_and_goes(worker: Worker) -> None:
    create_menu(worker.client, MENU)
    assert _names(get_menu(worker.client)) == ["人工客服"]
    delete_menu(worker.client)
    assert get_menu(worker.client) is None


def test_a_picture_goes_up_comes_down_and_dies_after_three_days(
    worker: Worker, sandbox: Sandbox
) -> None:
    media_id = upload_image(worker.client, "meter.png", PNG, "image/png")
    media = download(worker.client, media_id, 10_000)
    assert (media.mime, media.data) == ("image/png", PNG)
    sandbox.post("/clock", {"advance_s": 3 * 86_400 + 1})
    with pytest.raises(WechatRejected) as caught:
        download(worker.client, media_id, 10_000)
    assert caught.value.reaction is Reaction.MEDIA


@pytest.mark.parametrize("act", [get_menu, delete_menu])
def test_a_platform_that_stays_busy_is_asked_three_times(
    worker: Worker, sandbox: Sandbox, act: Callable[..., object]
) -> None:
    worker.tokens.current()
    sandbox.put_faults(busy_rate=1.0)
    title = act.__name__.removesuffix("_menu")
    before = sandbox.calls(f"menu/{title}")
    with pytest.raises(WechatRejected) as caught:
        act(worker.client)
    assert caught.value.reaction is Reaction.BACK_OFF
    assert sandbox.calls(f"menu/{title}") == before + 3


def _names(menu: object) -> list[str]:
    assert isinstance(menu, dict)
    return [button["name"] for button in menu["button"]]


def test_the_sandbox_makes_qr_codes_of_scenes_it_could_print(worker: Worker) -> None:
    code = permanent_code(worker.client, "shop_01")
    assert code.link.startswith("http://weixin.qq.com/q/")
    with pytest.raises(WechatRejected):
        permanent_code(worker.client, "x" * 65)


@pytest.fixture
def pushes(worker: Worker) -> PushMessages:
    return WechatPushes(worker.client)


def shipped_cards() -> Cards:
    contract, values = read_contract(TEMPLATES), read_values(TEMPLATES)
    return Cards(TEMPLATES, contract, values, monotonic=lambda: 0.0)


def test_every_card_has_its_template_on_the_account(pushes: PushMessages) -> None:
    files = [read(path) for path in paths(TEMPLATES)]
    pairs = list(paired(files, pushes.templates()))
    assert len(pairs) == 12
    assert [pair.card.name for pair in pairs if pair.fits is None] == []


def test_every_card_is_taken_and_has_its_own_message(
    pushes: PushMessages, sandbox: Sandbox, citizen: str
) -> None:
    sandbox.put_faults(refuse_escapes=True)
    files = [read(path) for path in paths(TEMPLATES)]
    pairs = paired(files, pushes.templates())
    on_account = {pair.card.name: pair.fits.template_id for pair in pairs if pair.fits}
    msg_ids = {
        kind: pushes.send_template(
            Push(citizen, on_account[file.name], card.data, "https://water.example/go/x", kind)
        )
        for file, kind, card in shipped_cards().preview()
    }
    assert len(msg_ids) > 40
    assert None not in msg_ids.values()
    assert len(set(msg_ids.values())) == len(msg_ids)


def test_a_repetition_within_ten_minutes_is_the_same_message(
    pushes: PushMessages, citizen: str
) -> None:
    push = bill_to(citizen, pushes, "the same")
    assert pushes.send_template(push) == pushes.send_template(push)
    assert pushes.send_template(replace(push, client_msg_id="another")) != (
        pushes.send_template(push)
    )


def test_a_value_that_breaks_its_rule_is_our_bug_and_the_key_is_named(
    pushes: PushMessages, citizen: str
) -> None:
    push = bill_to(citizen, pushes)
    wrong = replace(push, data={**push.data, "amount4": "十六元四角"})
    with pytest.raises(WechatRejected, match=r"data\.amount4") as caught:
        pushes.send_template(wrong)
    assert caught.value.reaction is Reaction.OUR_BUG
    assert "十六元四角" not in str(caught.value)


@pytest.mark.parametrize(
    ("change", "reaction"),
    [
        ({"openid": "oNOBODY"}, Reaction.CITIZEN_UNREACHABLE),
        ({"template_id": "X" * 43}, Reaction.CONFIGURATION),
        ({"client_msg_id": "x" * 33}, Reaction.OUR_BUG),
    ],
)
def test_what_is_wrong_with_a_push_is_classed(
    pushes: PushMessages, citizen: str, change: dict[str, Any], reaction: Reaction
) -> None:
    with pytest.raises(WechatRejected) as caught:
        pushes.send_template(replace(bill_to(citizen, pushes), **change))
    assert caught.value.reaction is reaction


def test_a_citizen_who_has_accepted_nothing_gets_no_subscription_notice(
    pushes: PushMessages, citizen: str
) -> None:
    with pytest.raises(WechatRejected) as caught:
        pushes.send_subscription(bill_to(citizen, pushes))
    assert caught.value.errcode == 43101
    assert caught.value.reaction is Reaction.CITIZEN_UNREACHABLE


def bill_to(citizen: str, pushes: PushMessages, client_msg_id: str = "") -> Push:
    (template,) = (one for one in pushes.templates() if one.title == "水费账单通知")
    sample = read_contract(TEMPLATES).replies["notice/bill_opened"]
    card = shipped_cards().card("bill_opened", sample)
    assert card
    return Push(citizen, template.template_id, card.data, "", client_msg_id)
