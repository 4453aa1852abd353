"""Accounts are bound, choices made, meters read, words written; and private values are typed where
nobody asks for them."""

from sandbox.office import draw_checks
from tests.load.outage import scripts
from tests.privacy.story import HER, IN_PASSING, LEAVER, STRANGER, Saying, Step, Story
from tests.privacy.values import VALUES


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


def new_contact(story: Story) -> tuple[Step, ...]:
    return (
        ("联系方式", "户号"),
        (Saying(story.home.acct_no), "改手机号"),
        ("3", "请输入新的手机号"),
        (VALUES["her new mobile"], "请输入新的邮箱"),
        (VALUES["her e-mail"], "请核对"),
    )
