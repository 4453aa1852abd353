"""Plays a transcript over the wire: signed, encrypted HTTP in, and what comes back is judged.

Every message is delivered twice, as WeChat does when it is impatient: both deliveries must get
one and the same reply, and nothing may follow as a customer-service message.
"""

import functools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backends.errors import BackendUnavailable
from backends.ports import (
    AccountsBound,
    BillType,
    Binding,
    BindingEnded,
    Checked,
    ConsentGiven,
    Invite,
    InviteMade,
    InvitesRevoked,
    PasswordSet,
    ProofFactor,
    Role,
    SpotCheck,
    Submission,
)
from bot.parts import secrets_of
from bot.wording.words import read_values
from dialogs.consents import BIND_ACCOUNT
from tests.citizen import Citizen, Reply, cdata
from tests.dialogs.done_before import submission
from tests.dialogs.till import Till, ordered
from tests.dialogs.transcript import SILENT_ACTIONS, Given, Transcript, Turn, duration
from tests.fakes import FakeBulletins, FakeCsms, FakeHotline, FakeOrders, FakeRecords
from tests.service import Service

KINDS = {"没有回复": "silence", "转人工": "transfer_customer_service", "图文": "news"}
SAYING = ("text", "news")
EVENTS = {
    "关注": "subscribe",
    "取关": "unsubscribe",
    "菜单": "CLICK",
    "扫码": "SCAN",
    "客服接入": "kf_create_session",
    "客服结束": "kf_close_session",
}
THINGS = {
    "视频": ("video", "<MediaId>media-2</MediaId><ThumbMediaId>media-3</ThumbMediaId>"),
    "链接": ("link", "<Title>a</Title><Description>b</Description><Url>http://x/1</Url>"),
    "文件": ("text", "<Content>【收到不支持的消息类型，暂无法显示】</Content>"),
}
BEFORE = timedelta(days=1)
values_in = functools.cache(read_values)


@dataclass
class Stage:
    service: Service
    csms: FakeCsms
    records: FakeRecords
    hotline: FakeHotline = field(default_factory=FakeHotline)
    bulletins: FakeBulletins = field(default_factory=FakeBulletins)
    citizen: Citizen = field(init=False)
    remembered: dict[str, Reply] = field(default_factory=dict)
    last: Reply = field(default_factory=lambda: Reply(200, ""))

    def __post_init__(self) -> None:
        self.citizen = self.service.citizen()
        words = values_in(self.service.settings.templates_dir)
        self._words = {**words["role"], **words["bill_type"]}
        self._codes = {shown: code for code, shown in self._words.items()}
        self._secrets = secrets_of(self.service.settings)
        self._orders = FakeOrders(self.records)
        self._till = Till(self.csms, self._orders)

    def play(self, transcript: Transcript) -> None:
        self._set_up(transcript.given)
        for turn in transcript.turns:
            reply = self._do(turn)
            if turn.action not in SILENT_ACTIONS:
                self._judge(turn, reply, f"{transcript.title} 第{turn.number}句「{turn.what}」")

    def _set_up(self, given: Given) -> None:
        if given.time:
            zone = self.service.settings.zone
            wanted = datetime.strptime(given.time, "%Y-%m-%d %H:%M").replace(tzinfo=zone)
            self.service.clock.now_s = wanted.timestamp()
        consent = self.service.settings.consent_version
        bound = (BIND_ACCOUNT,) if given.consented or given.bound else ()
        for purpose in (*bound, *given.purposes):
            openid, at = self.citizen.openid, self._now() - BEFORE
            self.records.commit([ConsentGiven(openid, purpose, consent, at)])
        if given.password:
            hashed = self._secrets.hash(given.password)
            self.records.commit([PasswordSet(self.citizen.openid, hashed, self._now() - BEFORE)])
        family = self.service.citizen().openid
        self._bind(self.citizen.openid, given.bound)
        self._bind(family, given.family)
        self._invite(family, given.invited)
        self._draw(given.drawn)
        for one in given.done_before:
            whose = family if one.get("谁") == "家人" else self.citizen.openid
            self.records.put(submission(one, whose, self._now(), self._secrets))

    def _bind(self, openid: str, accounts: tuple[str, ...]) -> None:
        """Each reads `3100000017`, or with the role and the bill type after it."""
        for place, account in enumerate(accounts):
            acct_no, *rest = account.split()
            codes = [self._codes[word] for word in rest]
            binding = Binding(
                openid=openid,
                acct_no=acct_no,
                role=next((role for role in Role if role in codes), Role.OWNER),
                bill_type=next((way for way in BillType if way in codes), BillType.WECHAT_ONLY),
                factor=ProofFactor.OWNER_NAME,
                bound_at=self._now() - BEFORE + timedelta(seconds=place),
            )
            self.records.commit([AccountsBound((binding,))])

    def _invite(self, owner: str, codes: tuple[str, ...]) -> None:
        """Each reads `k7mp2qx9 3100000017 查看家人`; with 作废 it has been taken back."""
        for one in codes:
            code, acct_no, role, *rest = one.split()
            made_at = self._now() - timedelta(hours=1)
            invite = Invite(
                fingerprint=self._secrets.fingerprint(code),
                acct_no=acct_no,
                role=Role(self._codes[role]),
                invited_by=owner,
                made_at=made_at,
                expires_at=made_at + timedelta(hours=24),
            )
            self.records.commit([InviteMade(invite)])
            if rest:
                self.records.commit([InvitesRevoked(owner, acct_no, self._now())])

    def _draw(self, accounts: tuple[str, ...]) -> None:
        """A spot check of each account's meter, beside the one that the town has."""
        today = self._now().date()
        for place, acct_no in enumerate(accounts, start=2):
            meter_code = f"SH210000{acct_no[-6:]}"
            check = SpotCheck(f"C{place}", acct_no, meter_code, today, today + timedelta(days=7))
            self.csms.checks_open.append(check)

    def _do(self, turn: Turn) -> Reply:
        if turn.action == "过":
            self.service.clock.advance(duration(turn.what).total_seconds())
            return self.last
        if turn.action == "营业系统":
            broken = BackendUnavailable("csms", 1.0) if turn.what == "断开" else None
            self.csms.fail_with(broken)
            return self.last
        if turn.action == "热线系统":
            down = BackendUnavailable("hotline", 1.0) if turn.what == "断开" else None
            self.hotline.fail_with(down)
            return self.last
        if turn.action == "官网":
            self._website(turn.what)
            return self.last
        if turn.action == "绑定被解除":
            ended = BindingEnded(self.citizen.openid, turn.what, self._now())
            self.records.commit([ended])
            return self.last
        if turn.action == "付款":
            self._till.do(turn.what, self.citizen.openid, self._now())
            return self.last
        if turn.action == "家人交了":
            number, kind, acct_no, *rest = turn.what.split()
            payload = dict(pair.split("=") for pair in rest)
            made = {"号": number, "种类": kind, "户号": acct_no, "内容": payload, "多久前": "1秒"}
            self.records.put(submission(made, "oFAMILY", self._now(), self._secrets))
            return self.last
        xml = self._xml(turn)
        reply = self.citizen.deliver(xml)
        assert reply.status == 200
        assert self.citizen.deliver(xml).xml == reply.xml, "重复投递得到了另一个回复"
        assert not self.service.messages.sent, "一条消息只能有一个回复"
        self.last = reply
        if turn.remember:
            self.remembered[turn.remember] = reply
        return reply

    def _website(self, how: str) -> None:
        website = self.bulletins
        match how:
            case "断开":
                website.checked = Checked(website.checked.checked_at, failing=True)
            case "没有公布":
                website.notices, website.values = [], []
            case "从未连上":
                website.notices, website.values = [], []
                website.checked = Checked(None, failing=True)
            case _:
                raise AssertionError(f"官网只能断开、没有公布或从未连上，不是“{how}”")

    def _xml(self, turn: Turn) -> str:
        citizen = self.citizen
        if turn.action in EVENTS:
            self.service.clock.advance(1)  # events are told apart by their second
            event = f"<Event>{EVENTS[turn.action]}</Event><EventKey>{cdata(turn.what)}</EventKey>"
            return citizen.wrap("event", event)
        if turn.action == "照片":
            media_id = turn.what or f"media-{turn.number}"
            return citizen.message(
                "image", f"<PicUrl>http://x/0</PicUrl><MediaId>{cdata(media_id)}</MediaId>"
            )
        if turn.action == "位置":
            label, _, point = turn.what.partition("@")
            lat, lon = point.split(",") if point else ("25.04", "102.71")
            return citizen.message(
                "location",
                f"<Location_X>{lat}</Location_X><Location_Y>{lon}</Location_Y><Scale>15</Scale>"
                f"<Label>{cdata(label or '滨河路12号')}</Label>",
            )
        if turn.action in THINGS:
            return citizen.message(*THINGS[turn.action])
        if turn.action == "语音":
            heard = f"<MediaId>m</MediaId><Recognition>{cdata(turn.what)}</Recognition>"
            return citizen.message("voice", heard)
        said, menu_id = turn.what, ""
        if turn.action == "点":
            seen = self.remembered[turn.tapped_in] if turn.tapped_in else self.last
            links = seen.links if seen.kind == "text" else {}
            assert turn.what in links, f"“{turn.what}” 点不了，能点的是 {[*links]}"
            said, menu_id = links[turn.what]
        tapped = f"<bizmsgmenuid>{menu_id}</bizmsgmenuid>" if menu_id else ""
        return citizen.message("text", f"<Content>{cdata(said)}</Content>{tapped}")

    def _judge(self, turn: Turn, reply: Reply, where: str) -> None:
        expected = KINDS.get(turn.result, "text")
        said = reply.plain if reply.kind in SAYING else reply.kind
        kinds = SAYING if expected == "text" else (expected,)
        assert reply.kind in kinds, f"{where}：应该{turn.result or '回复文字'}，实际是：{said}"
        for piece in turn.reply:
            assert piece in said, f"{where}：回复里没有“{piece}”，实际是：\n{said}"
        for piece in turn.lacks:
            assert piece not in said, f"{where}：回复里不该有“{piece}”，实际是：\n{said}"
        if turn.same_as:
            assert reply.text == self.remembered[turn.same_as].text, f"{where}：两次的回复不一样"
        if turn.submitted is not None:
            _same(turn.submitted, self._submitted(), f"{where}：提交了的是")
        if turn.ordered is not None:
            _same(turn.ordered, ordered(self._orders, self.citizen.openid), f"{where}：下了的单是")
        if turn.bound is not None:
            _same(turn.bound, self._bound(), f"{where}：绑着的是")

    def _submitted(self) -> list[set[str]]:
        """The citizen's submissions, first made first: kind, state, account, what it is about, what
        the payload says, and what is sealed (密:张三)."""
        made = self.records.submissions(self.citizen.openid, 100)[::-1]
        return [
            {
                *(one.kind.value, one.state.value, one.acct_no, one.parent_no),
                *_words(one.payload),
                *one.photo_ids,
                *(f"密:{word}" for word in _words(self._private(one))),
            }
            for one in made
        ]

    def _private(self, one: Submission) -> object:
        opened = self._secrets.open(one.sealed) if one.sealed else None
        return json.loads(opened) if opened else {}

    def _bound(self) -> list[set[str]]:
        return [
            {one.acct_no, self._words[one.role], self._words[one.bill_type]}
            for one in self.records.bindings(self.citizen.openid)
        ]

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.service.clock.now_s, self.service.settings.zone)


def _same(wanted: Sequence[str], found: Sequence[set[str]], complaint: str) -> None:
    """Each of `wanted` names some words of its counterpart."""
    fits = [set(want.split()) <= have for want, have in zip(wanted, found, strict=False)]
    assert len(found) == len(wanted), f"{complaint} {found}"
    assert all(fits), f"{complaint} {found}"


def _words(value: object) -> Iterator[str]:
    """Every value in a payload, however deep, as text."""
    if isinstance(value, dict):
        for one in value.values():
            yield from _words(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from _words(one)
    else:
        yield str(value)
