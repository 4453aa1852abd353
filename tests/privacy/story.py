"""What happens: citizens go through all that asks for private values, staff decide, and results are
told. On the way private values are typed where nobody asked for them.

Each saying stands beside words of the answer: a conversation that goes another way is an error.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from numpy.random import default_rng

from sandbox.hotline import staff
from sandbox.meter_photos import MeterPhoto, draw
from sandbox.office import (
    accept_reading,
    advance,
    approve,
    draw_checks,
    pass_check,
    queue,
    send_back,
)
from tests.load.outage import scripts
from tests.load.outage.desks import CsmsDesk
from tests.load.outage.phone import Action, Phone
from tests.privacy.values import PAPERS, VALUES
from tests.privacy.world import CITY, World

HER, BUYER, STRANGER, COMPANY, LEAVER = "her", "the buyer", "the stranger", "the company", "leaver"
FITS = (
    "SELECT a.acct_no, a.mobile, m.meter_code, m.last_value FROM wx_account a"
    " JOIN wx_meter m ON m.acct_no = a.acct_no WHERE a.status = 'active'"
    " AND length(a.mobile) = 11 AND m.is_remote = 0 AND m.visit_due = 0 AND m.self_streak < 4"
    " AND m.last_value BETWEEN 50 AND 8000 AND m.last_read_on < :today"
    " AND m.next_reading_on BETWEEN :first AND :last"
    " AND NOT EXISTS (SELECT 1 FROM wx_bill b WHERE b.acct_no = a.acct_no"
    " AND b.status IN ('open', 'partly'))"
    " AND NOT EXISTS (SELECT 1 FROM wx_spot_check s WHERE s.acct_no = a.acct_no)"
    " AND a.acct_no {not_} IN (SELECT acct_no FROM wx_real_name) ORDER BY a.acct_no"
)
METERS = 5
Step = tuple["str | Action | Saying", str]
IN_PASSING = (
    f"打 {VALUES['a mobile in passing']}，身份证{VALUES['her ID number']}，"
    f"卡{VALUES['a bank card in passing']}，回信{VALUES['an e-mail in passing']}，"
    "公司91350100M000100Y43"
)


@dataclass(frozen=True)
class Saying:
    """What is said depends on what was asked: the number beside this account in a list."""

    acct_no: str


@dataclass(frozen=True)
class Account:
    acct_no: str
    mobile: str
    meter_code: str
    last_value: int


@dataclass
class Story:
    world: World
    home: Account
    sold: Account
    taken_over: Account
    meters: Iterator[bytes]
    numbers: dict[str, str] = field(default_factory=dict)

    @property
    def values(self) -> Mapping[str, str]:
        """With what the city has on file and citizens prove accounts by."""
        proofs = {"home": self.home, "sold": self.sold, "taken over": self.taken_over}
        return {**VALUES, **{f"mobile on file, {name}": one.mobile for name, one in proofs.items()}}

    def goes(self, whose: str, *steps: Step) -> str:
        phone, reply = self.world.phone(whose), ""
        for said, expected in steps:
            action = scripts.option(said.acct_no)(reply) if isinstance(said, Saying) else said
            before, reply = reply, phone.does(action)
            assert expected in reply, f"{whose} said {said!r} to {before!r}, answered {reply!r}"
        return reply

    def submits(self, name: str, whose: str, *steps: Step) -> None:
        found = scripts.NUMBER.search(self.goes(whose, *steps))
        assert found, f"{name} has no number"
        self.numbers[name] = found[1]

    def paper(self, whose: str, name: str) -> Action:
        return self.world.phone(whose).sends(PAPERS[name])

    def meter(self, whose: str) -> Action:
        return self.world.phone(whose).sends(next(self.meters))


def begin(world: World) -> Story:
    rng = default_rng(11)
    photos = iter([draw(MeterPhoto(1000 + n, with_gps=True), rng) for n in range(METERS)])
    named, nameless = _accounts(world, ""), _accounts(world, "NOT")
    return Story(world, nameless[0], named[0], named[1], photos)


def tell(story: Story) -> None:
    bindings(story)
    choices(story)
    contact_and_password(story)
    applications(story)
    connections(story)
    meters_and_words(story)
    astray(story)
    desk_away(story)
    story.world.carry()
    review(story)
    story.world.carry()
    decide(story)
    story.world.carry()
    afterwards(story)
    unfinished(story)


def bindings(story: Story) -> None:
    first: list[Step] = [("绑定户号", "是否同意"), ("同意", "请输入10位户号")]
    for account, on_the_way in ((story.home, first), (story.sold, [("绑定户号", "10位户号")])):
        story.goes(
            HER,
            *on_the_way,
            (VALUES["her e-mail"], "户号"),
            (account.acct_no, "登记的手机号"),
            (VALUES["a mobile in passing"], "还可以试"),
            (f"+86 {account.mobile[:3]}-{account.mobile[3:7]}-{account.mobile[7:]}", "验证通过"),
            ("绑好了", "账单怎么给您"),
            ("1", "请核对"),
            ("确认绑定", "绑定成功"),
        )
    story.goes(
        LEAVER,
        *first,
        (story.taken_over.acct_no, "登记的手机号"),
        (story.taken_over.mobile, "验证通过"),
        ("绑好了", "账单怎么给您"),
        ("1", "请核对"),
        ("确认绑定", "绑定成功"),
    )


def choices(story: Story) -> None:
    story.goes(
        HER,
        ("订阅停水", "已订阅"),
        ("家人", "户号"),
        (Saying(story.home.acct_no), "邀请家人"),
        ("1", "邀请谁"),
        ("查看家人", "请核对"),
        ("发邀请码", "邀请码："),
    )


def contact_and_password(story: Story) -> None:
    story.submits(
        "contact",
        HER,
        ("联系方式", "户号"),
        (Saying(story.home.acct_no), "改手机号"),
        ("3", "请输入新的手机号"),
        (VALUES["her ID number"], "手机号"),
        ("138 1234 5678", "请输入新的邮箱"),
        (VALUES["her new mobile"], "邮箱"),
        (VALUES["her e-mail"].title(), "请核对"),
        ("提交", "受理号"),
    )
    story.goes(
        HER,
        ("查询密码", "6位数字密码"),
        (VALUES["her password"], "请再输入一次"),
        ("135 792", "查询密码设置好了"),
        ("查询密码", "1. 改密码"),
        ("1", "现在的6位查询密码"),
        (VALUES["her second password"], "密码不对"),
        (VALUES["her password"], "新的6位数字密码"),
        (VALUES["her second password"], "请再输入一次"),
        (VALUES["her password"], "两次"),
        (VALUES["her second password"], "查询密码设置好了"),
        (VALUES["her password"], ""),
    )


def applications(story: Story) -> None:
    story.submits(
        "real_name",
        HER,
        ("实名登记", "户号"),
        (Saying(story.home.acct_no), "单独同意"),
        ("同意", "姓名"),
        (VALUES["her new mobile"], "没有看懂姓名"),
        (VALUES["her name"], "身份证号"),
        (VALUES["her new mobile"], "身份证号"),
        ("110105 19491231 002x", "人像面"),
        (VALUES["her ID number"], ""),
        (story.paper(HER, "her ID card, front"), "国徽面"),
        (story.paper(HER, "her ID card, back"), "房产证"),
        (story.paper(HER, "her certificate"), "收到1张"),
        ("完成", "户口本"),
        ("下一步", "请核对"),
        ("提交申请", "受理号"),
    )
    her: tuple[Step, ...] = (
        ("过户", "户号"),
        (Saying(story.sold.acct_no), "办过户"),
        ("办过户", "姓名"),
    )
    story.submits("transfer", HER, *her, *_holder(story, HER, BUYER, story.sold))
    stranger: tuple[Step, ...] = (
        ("变更申请", "单独同意"),
        ("同意", "10位户号"),
        (VALUES["the stranger's ID number"], "户号"),
        (story.taken_over.acct_no, "姓名"),
    )
    told = _holder(story, STRANGER, STRANGER, story.taken_over)
    story.submits("override", STRANGER, *stranger, *told)


def connections(story: Story) -> None:
    for whose, kind, name, number in (
        (STRANGER, "居民住宅单户", "the stranger's name", "the stranger's ID number"),
        (COMPANY, "商铺", "the company's name", "the company's code"),
    ):
        mobile = VALUES[f"{whose}'s mobile"]
        story.submits(
            f"connection of {whose}",
            whose,
            ("报装", "单独同意"),
            ("同意", "哪一种"),
            ("1" if kind.startswith("居民") else "2", "姓名"),
            (VALUES[name], "号"),
            (VALUES[number].lower(), "详细地址"),
            (f"望江路118号 {VALUES['a mobile in passing']}", "手机号"),
            ("江北区望江路118号2楼", "手机号"),
            ("+86" + mobile, "资料照片"),
            (story.paper(whose, "her certificate"), "收到1张"),
            ("完成", "说明"),
            ("电话" + mobile, ""),
            (f"开票91350100M000100Y43，{VALUES['an e-mail in passing']}", "请核对"),
            ("提交申请", "受理号"),
        )


def meters_and_words(story: Story) -> None:
    world, phone = story.world, story.world.phone(HER)
    draw_checks(world.office, (story.home.acct_no,), world.now())
    world.carry()
    reading = scripts.reading(
        story.home.acct_no, story.home.last_value + 4, lambda: story.meter(HER)
    )
    found = scripts.NUMBER.search(phone.runs(reading))
    assert found
    story.numbers["reading"] = found[1]
    story.submits(
        "spot_check",
        HER,
        ("抽检", "抽检"),
        (story.meter(HER), "黑色数字"),
        (VALUES["her new mobile"], "数字"),
        (str(story.home.last_value + 4), "请核对"),
        ("提交", "受理号"),
    )
    story.submits(
        "complaint",
        HER,
        ("我要投诉", "哪方面"),
        (VALUES["her ID number"], "没有看懂"),
        ("2", "写下来"),
        (f"窗口排队两小时。{IN_PASSING}", "户号"),
        ("和户号无关", "照片"),
        ("下一步", "请核对"),
        ("提交", "受理号"),
    )
    story.submits(
        "consult",
        STRANGER,
        ("咨询", "写下您的问题"),
        (f"子女能不能代办？{IN_PASSING}", "提交问题"),
        ("提交问题", "受理号"),
    )
    story.submits(
        "fault",
        STRANGER,
        ("报修", "哪一种"),
        ("6", "在什么地方"),
        (f"学府路9号找{VALUES['a mobile in passing']}", "照片"),
        ("没有照片", "还有什么要说的"),
        (IN_PASSING, "请核对"),
        ("提交", "受理号"),
    )


def astray(story: Story) -> None:
    """Private values where none is asked for: with nothing under way, in a list, in words."""
    for value in story.values.values():
        story.goes(STRANGER, (value, ""))
    story.goes(
        STRANGER,
        ("菜单", ""),
        (VALUES["the stranger's ID number"], ""),
        ("停水公告", ""),
        (f"望江路{VALUES['a mobile in passing']}", ""),
        ("辨真伪", ""),
        (IN_PASSING, ""),
        ("进度", ""),
        (VALUES["the stranger's mobile"], ""),
        ("进度" + VALUES["the stranger's mobile"], ""),
        ({"type": "voice", "recognition": f"我的电话{VALUES['a mobile in passing']}"}, ""),
        ({"type": "location", "lat": 25.0, "lon": 102.7, "label": "云川市望江路"}, ""),
        ("取消", ""),
    )
    story.goes(
        HER,
        ("户号昵称", "户号"),
        (Saying(story.home.acct_no), ""),
        ("1", ""),
        (VALUES["her new mobile"], ""),
        (VALUES["her e-mail"], ""),
        ("妈妈家", "妈妈家"),
    )


def desk_away(story: Story) -> None:
    """What could not be handed over says why, in a row and in the log."""
    world = story.world
    desk = CsmsDesk(world.folder / CITY)
    desk.take_away()
    assert world.tries("to-csms") is None
    desk.bring_back()
    world.told.append(world.command("waterdesk", "submissions", "list"))
    world.command("waterdesk", "submissions", "resend", *story.numbers.values(), code=1)


def review(story: Story) -> None:
    """By our own staff. What the reviewer is shown in full is theirs to read, the one place that
    shows private values, and not searched; that it was shown stands in the log."""
    world, numbers = story.world, story.numbers
    world.told.append(world.command("waterdesk", "applications", "list"))
    natural, company = numbers[f"connection of {STRANGER}"], numbers[f"connection of {COMPANY}"]
    for number, name in ((natural, "the stranger's name"), (company, "the company's code")):
        assert VALUES[name] in world.command("waterdesk", "applications", "show", number)
    back = ("applications", "return", company, "--text", "营业执照没有拍全")
    world.told.append(world.command("waterdesk", *back))
    world.told.append(world.command("waterdesk", "applications", "approve", natural))
    world.carry()
    story.submits(
        f"connection of {COMPANY}",
        COMPANY,
        ("进度", "补正"),
        ("补正", "营业执照没有拍全"),
        ("提交申请", "受理号"),
    )
    again = numbers[f"connection of {COMPANY}"]
    world.told.append(world.command("waterdesk", "applications", "approve", again))
    for number in numbers.values():
        world.told.append(world.command("waterdesk", "submissions", "show", number))
    world.told.append(world.command("waterdesk", "submissions", "list"))


def decide(story: Story) -> None:
    world, numbers, now = story.world, story.numbers, story.world.now()
    waiting = {entry.request_no for entry in queue(world.office)}
    decided = ("real_name", "transfer", "override", "reading", "spot_check")
    assert {numbers[name] for name in decided} <= waiting
    accept_reading(world.office, numbers["reading"], now)
    pass_check(world.office, numbers["spot_check"], "读数一致", now)
    approve(world.office, numbers["real_name"], now)
    approve(world.office, numbers["transfer"], now)
    approve(world.office, numbers["override"], now)
    for stage in ("accepted", "archived"):
        advance(world.office, numbers[f"connection of {STRANGER}"], now, stage=stage)
    send_back(world.office, numbers[f"connection of {COMPANY}"], "other", "请补房产证", now)
    for ticket in staff.tickets(world.hotline):
        staff.move(world.hotline, ticket["ticket_no"], "done", "已经处理好了", now)


def afterwards(story: Story) -> None:
    """Results are read, a repair is rated, and what was applied for is looked at."""
    number = story.numbers["fault"]
    story.goes(
        STRANGER,
        (f"评价{number}", "您满意吗"),
        ("1", "哪里没有做好"),
        (IN_PASSING, "评价收到了"),
        ("进度", "受理号"),
    )
    story.goes(HER, ("我的户号", ""), ("进度", "受理号"), ("我的数据", "我们保存了您的"))
    story.goes(LEAVER, ("我的户号", ""))
    story.goes(COMPANY, ("进度", "受理号"))
    story.world.carry()
    story.goes(
        LEAVER,
        ("撤回同意", "1. 撤回同意"),
        ("1", "撤回哪一项"),
        ("1", "确认撤回"),
        ("确认撤回", "已经撤回"),
    )
    story.submits("contact, open", HER, *_contact(story), ("提交", "受理号"))
    story.submits(
        "complaint, open",
        HER,
        ("我要投诉", "哪方面"),
        ("2", "写下来"),
        (f"还是没有人管。{IN_PASSING}", "哪个户号"),
        ("和户号无关", "照片"),
        (story.paper(HER, "her certificate"), "收到1张"),
        ("下一步", "请核对"),
        ("提交", "受理号"),
    )


def unfinished(story: Story) -> None:
    """Left half-way, so that Redis holds what was typed so far: at the end of a form, behind the
    first entry of a password, and set aside for a look at something else."""
    story.goes(
        COMPANY,
        ("报装", "哪一种"),
        ("2", "姓名"),
        (VALUES["the company's name"], "号"),
        (VALUES["the company's code"], "详细地址"),
        ("江北区望江路118号2楼", "手机号"),
        (VALUES["the company's mobile"], "资料照片"),
        (story.paper(COMPANY, "her ID card, front"), "收到1张"),
    )
    story.goes(
        HER,
        *_contact(story),
        ("查询密码", "1. 改密码"),
        ("1", "现在的6位查询密码"),
        (VALUES["her second password"], "新的6位数字密码"),
        (VALUES["her password"], "请再输入一次"),
    )
    story.goes(
        LEAVER,
        ("变更申请", "单独同意"),
        ("同意", "10位户号"),
        (story.home.acct_no, "姓名"),
        (VALUES["the buyer's name"], "身份证号"),
        (VALUES["the buyer's ID number"], "手机号"),
        ("进度", ""),
    )


def _contact(story: Story) -> tuple[Step, ...]:
    return (
        ("联系方式", "户号"),
        (Saying(story.home.acct_no), "改手机号"),
        ("3", "请输入新的手机号"),
        (VALUES["her new mobile"], "请输入新的邮箱"),
        (VALUES["her e-mail"], "请核对"),
    )


def _holder(story: Story, whose: str, new: str, account: Account) -> Iterator[Step]:
    """From the name to the number: of whoever is to hold the account."""
    yield VALUES[f"{new}'s name"], "身份证号"
    yield VALUES[f"{new}'s ID number"], "手机号"
    yield VALUES[f"{new}'s mobile"], "水表现在的照片"
    yield story.meter(whose), "条码"
    yield account.meter_code, "黑色数字"
    yield VALUES[f"{new}'s mobile"], "黑色数字"
    yield str(account.last_value + 3), "人像面"
    yield story.paper(whose, "her ID card, front"), "国徽面"
    yield story.paper(whose, "her ID card, back"), "房产证"
    yield story.paper(whose, "her certificate"), "收到1张"
    yield "完成", "户口本"
    yield "下一步", "请核对"
    yield "提交申请", "受理号"


def _accounts(world: World, not_: str) -> list[Account]:
    today = world.now().date()
    found = world.query(
        FITS.format(not_=not_),
        today=today.isoformat(),
        first=(today - timedelta(days=5)).isoformat(),
        last=(today + timedelta(days=14)).isoformat(),
    )
    return [Account(*row) for row in found]


__all__ = ["Phone", "Story", "begin", "tell"]
