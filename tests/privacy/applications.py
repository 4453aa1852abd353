"""What is applied for with papers: a registration, a transfer, an override, two connections."""

from collections.abc import Iterator

from tests.privacy.story import BUYER, COMPANY, HER, STRANGER, Account, Saying, Step, Story
from tests.privacy.values import VALUES


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
