"""The errands as conversations: what is said, and by what words of the account it is known that a
request was taken. The wording may change around these words."""

import re
from collections.abc import Callable, Iterator

from dialogs.masking import masked_account
from tests.load.outage.phone import Action, Answer, Script

NUMBER = re.compile(r"(?:受理号 |不用再报了，)(W\d{13})")
PHOTO_TAKEN = re.compile(r"已加(\d)张")


def bind(acct_no: str, owner: str) -> Script:
    return Script(
        begins="绑定户号",
        answers=(
            ("是否同意", "同意"),
            ("请输入户主姓名", owner),
            ("您想怎么用", "1"),
            ("还有别的户号要一起绑定吗", "绑好了"),
            ("账单怎么给您", "1"),  # paper stays: CSMS is asked for nothing
            ("请核对", "确认绑定"),
            (r"请输入\d+位户号", acct_no),
        ),
        ends="绑定成功|已经绑定过了",
    )


def reading(acct_no: str, value: int, photo: Callable[[], Action]) -> Script:
    def send(_: str) -> Action:
        return photo()

    return Script(
        begins="自助抄表",
        answers=(
            ("抄哪一块", option(acct_no)),
            ("请输入表上的黑色数字", str(value)),
            ("请核对", "提交"),
            ("再确认一次", "1"),
            ("拍不好不要紧", "1"),
            ("张水表的照片|再拍一张|再发一次|重新拍", send),
        ),
        ends=r"已经提交，受理号|这一期的读数",
    )


def fault(
    word: str, place: Action | str | Answer, photo: Callable[[], Action] | None = None
) -> Script:
    """`place`: a position, words, or the choice of an account."""
    left = iter([photo]) if photo else iter(())

    def pictures(_: str) -> Action | str:
        take = next(left, None)
        return take() if take else "下一步"

    return Script(
        begins="报修",
        answers=(
            ("要报修的是哪一种", word),
            ("在水表的哪一边", "1"),
            ("还要报修吗", "1"),
            ("在什么地方", place if callable(place) else _always(place)),
            ("这次是同一处吗", "2"),
            ("这一带(正在|将要)停水", "2"),
            ("和您要报的是同一处吗", "1"),
            ("请拍现场照片|还可以再发，最多", pictures),
            ("还有什么要说的", "跳过"),
            ("请核对", "提交报修"),
        ),
        ends=r"报修已收到，受理号|已经在办",
    )


def urge(number: str) -> Script:
    return Script(
        begins=f"进度{number}", answers=(("补照片", "催办"),), ends="已经替您催办|刚刚已经催过"
    )


def add_photos(number: str, photos: list[Callable[[], Action]], heard: list[str]) -> Script:
    """`heard` takes the confirmation of each photo."""
    left: Iterator[Callable[[], Action]] = iter(photos)

    def send(said: str) -> Action | str:
        if taken := PHOTO_TAKEN.search(said):
            heard.append(taken[1])
        take = next(left, None)
        return take() if take else "完成"

    return Script(
        begins=f"进度{number}",
        answers=(("请把照片发过来|已加", send), ("催办", "补照片")),
        ends="照片已经加到",
    )


def rating(number: str, score: int) -> Script:
    return Script(
        begins=f"评价{number}",
        answers=(("您满意吗", str(score)), ("哪里没有做好", "来得太慢")),
        ends=r"评价收到了|评价 \d分",
    )


def visit(acct_no: str, place: int) -> Script:
    """`place`: which of the times, counted as on the list; the first when it is not there."""

    def slot(said: str) -> str:
        return str(place) if re.search(rf"^{place + 1}\. ", said, re.MULTILINE) else "1"

    return Script(
        begins="上门抄表",
        answers=(
            ("先约哪一个", option(acct_no)),
            ("要改吗", "1"),
            ("什么时间上门方便", slot),
            ("请核对", "确认预约"),
        ),
        ends=r"申请已经提交，受理号|现在没有要上门|都约满",
    )


def option(acct_no: str) -> Answer:
    """The number beside the account in a list to choose from."""
    shown = re.escape(masked_account(acct_no))

    def choose(said: str) -> str:
        found = re.search(rf"^(\d+)\. [^\n]*{shown}", said, re.MULTILINE)
        return found[1] if found else "1"

    return choose


def position(lat: float, lon: float) -> Action:
    return {"type": "location", "lat": lat, "lon": lon, "label": "云川市滨河路"}


def _always(answer: Action | str) -> Answer:
    return lambda _: answer
