"""What happens: citizens go through all that asks for private values (conversations.py,
applications.py), staff decide, and results are told. Some is left half-way.
"""

from sandbox.hotline import staff
from sandbox.office import accept_reading, advance, approve, pass_check, queue, send_back
from tests.load.outage.desks import CsmsDesk
from tests.privacy.applications import applications, connections
from tests.privacy.conversations import (
    astray,
    bindings,
    choices,
    contact_and_password,
    meters_and_words,
    new_contact,
)
from tests.privacy.story import COMPANY, HER, IN_PASSING, LEAVER, STRANGER, Story
from tests.privacy.surroundings import CITY
from tests.privacy.values import VALUES


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
    story.submits("contact, open", HER, *new_contact(story), ("提交", "受理号"))
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
        *new_contact(story),
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
