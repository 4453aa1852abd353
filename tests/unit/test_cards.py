"""Cards as customer service edits them: checked, filled in, kept at the last good version."""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from shutil import copyfile, copytree
from typing import Any

import pytest

from bot.wording import cards as cards_module
from bot.wording.card_check import CardCheck
from bot.wording.card_files import MOST_KEYS, paths, read
from bot.wording.cards import Card, CardBroken, Cards
from bot.wording.check import is_heard, of_pages
from bot.wording.vocabulary import heard
from bot.wording.words import Contract, read_contract, read_values, read_words
from tests.logged import logged_by
from tests.shape.conftest import TEMPLATES

CONTRACT = Contract(
    {
        "notice/bill_opened": {"shown": "31*****017", "amount": Decimal("75.60"), "text": ""},
        "notice/bill_due": {"shown": "31*****017", "amount": Decimal("75.60"), "text": ""},
        "notice/asked": {"state": "on_way"},
    }
)
HEARD = heard(read_words(TEMPLATES))
VALUES = {"state": {"on_way": "在路上", "done": "已处理好"}}
BILL = """
title = "水费账单通知"
kinds = ["bill_opened", "bill_due"]
page = "bill"
[labels]
character_string1 = "户号"
amount2 = "金额"
thing3 = "说明"
[fields]
character_string1 = "{{ shown }}"
amount2 = "{{ amount | money }}元"
thing3 = "账单出来了"
[kind.bill_due]
page = "due"
[kind.bill_due.fields]
thing3 = "{{ text or '快到期了' }}"
"""
ASKED = """
title = "进度通知"
kinds = ["asked"]
[labels]
phrase1 = "进度"
[fields]
phrase1 = "{{ state | state }}"
"""
VIEW = {"shown": "31*****017", "amount": Decimal("12.5"), "text": ""}


@dataclass
class Desk:
    """A folder of cards; `save` also moves the file's date on."""

    folder: Path
    now_s: float = 0.0
    reported: list[str] = field(default_factory=list)
    ticks: int = 0

    def save(self, text: str, name: str = "bill") -> None:
        self.ticks += 1
        path = self.folder / "pushes" / f"{name}.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        os.utime(path, (1_700_000_000 + self.ticks, 1_700_000_000 + self.ticks))

    def cards(self) -> Cards:
        return Cards(
            self.folder,
            CONTRACT,
            VALUES,
            monotonic=lambda: self.now_s,
            report=self.reported.append,
        )

    def wrong(self, text: str) -> list[str]:
        self.save(text)
        return list(CardCheck(CONTRACT, VALUES).problems(self.folder))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.save(BILL)
    desk.save(ASKED, "ticket")
    return desk


# --- filled in ------------------------------------------------------------------------------------


def test_a_card_holds_what_its_kind_says_in_the_order_of_the_template(desk: Desk) -> None:
    card = desk.cards().card("bill_opened", VIEW)
    data = {"character_string1": "31*****017", "amount2": "12.50元", "thing3": "账单出来了"}
    rows = {"户号": "31*****017", "金额": "12.50元", "说明": "账单出来了"}
    assert card == Card("bill", data, "bill", rows)
    assert list(card.data) == list(data)


def test_a_kind_may_say_some_of_it_otherwise_and_lead_elsewhere(desk: Desk) -> None:
    card = desk.cards().card("bill_due", VIEW)
    assert card
    assert (card.data["thing3"], card.data["amount2"], card.page) == ("快到期了", "12.50元", "due")


def test_a_kind_without_a_card_has_none(desk: Desk) -> None:
    assert desk.cards().card("family_joined", VIEW) is None


def test_what_is_too_long_is_cut(desk: Desk) -> None:
    card = desk.cards().card("bill_due", {**VIEW, "text": "一" * 50})
    assert card
    assert card.data["thing3"] == "一" * 17 + "..."


@pytest.mark.parametrize("between", ["<|>", "\n", "<", "|"])
def test_no_value_can_spill_into_the_next_one(desk: Desk, between: str) -> None:
    card = desk.cards().card("bill_due", {**VIEW, "text": f"甲{between}乙"})
    assert card
    assert list(card.data) == ["character_string1", "amount2", "thing3"]
    assert card.data["thing3"].startswith("甲")
    assert card.data["thing3"].endswith("乙")


@pytest.mark.parametrize(
    "view",
    [
        {"shown": "31*****017", "text": ""},
        {**VIEW, "amount": "12.50"},
        {**VIEW, "amount": Decimal("NaN")},
        {**VIEW, "amount": Decimal("123456789012")},
        {**VIEW, "shown": "户号31"},
    ],
)
def test_what_cannot_be_filled_in_is_an_error_that_names_no_value(
    desk: Desk, view: dict[str, object]
) -> None:
    with pytest.raises(CardBroken, match=r"pushes/bill\.toml, bill_opened") as caught:
        desk.cards().card("bill_opened", view)
    assert "31" not in str(caught.value)


# --- taken up -------------------------------------------------------------------------------------


def test_a_saved_card_is_taken_up_within_seconds(desk: Desk) -> None:
    cards = desk.cards()
    desk.save(BILL.replace("账单出来了", "请查收"))
    before = cards.card("bill_opened", VIEW)
    desk.now_s += 6
    after = cards.card("bill_opened", VIEW)
    assert before
    assert after
    assert (before.data["thing3"], after.data["thing3"]) == ("账单出来了", "请查收")


@pytest.mark.parametrize("broken", ["[x", BILL.replace("{{ shown }}", "{{ name }}"), ""])
def test_the_last_good_version_stays_when_a_card_breaks(desk: Desk, broken: str) -> None:
    cards = desk.cards()
    desk.save(broken)
    desk.now_s += 6
    card = cards.card("bill_opened", VIEW)
    assert card
    assert card.data["thing3"] == "账单出来了"
    assert desk.reported
    assert cards.card("asked", {"state": "done"}), "another card is not held up"


def test_a_broken_card_is_logged(desk: Desk) -> None:
    desk.save("[x")
    with logged_by(cards_module) as logs:
        Cards(desk.folder, CONTRACT, VALUES, monotonic=lambda: 0.0)
    assert logs[0]["event"] == "card_broken"
    assert "bill.toml" in logs[0]["why"]


# --- checked --------------------------------------------------------------------------------------


def test_good_cards_have_no_problems(desk: Desk) -> None:
    assert desk.wrong(BILL) == []


@pytest.mark.parametrize(
    ("before", "after", "named"),
    [
        ('title = "水费账单通知"', "", "：title 要写成"),
        ('title = "水费账单通知"', "title = 1", ":2：title 要写成"),
        ('kinds = ["bill_opened", "bill_due"]', "", "：kinds 要写成"),
        ('page = "bill"', "page = 1", ":4：page"),
        ('page = "due"', "page = 1", ":14：[kind.bill_due] page"),
        ('page = "bill"', 'url = "bill"', ":4：不认识 url"),
        ('page = "due"', 'url = "due"', ":14：[kind.bill_due] 不认识 url"),
        ('amount2 = "金额"', 'amounts2 = "金额"', ":7：没有 amounts2 这种键"),
        ('amount2 = "金额"', "amount2 = 5", ":7：[labels] 的 amount2 要写成引号里的文字"),
        ("[labels]", "labels = 1\n[label]", ":5：labels 要写成 [labels] 表"),
        ('amount2 = "金额"\n', "", ":10：[fields] 的 amount2 不在 [labels] 里"),
        ('amount2 = "{{ amount | money }}元"\n', "", ":7：bill_opened 没有写 amount2"),
        ("[kind.bill_due]", "[kind.bill_late]", ":13：[kind.bill_late] 不在 kinds 里"),
        ("[kind.bill_due]", "kind = 1", ":13："),
        ('"账单出来了"', "5", ":12：[fields] 的 thing3 要写成引号里的文字"),
        (
            'kinds = ["bill_opened", ',
            'kinds = [\n"bill_gone",\n"bill_opened",\n',
            ":4：contract.toml 里没有 notice/bill_gone",
        ),
        (
            "{{ shown }}",
            "{{ name }}",
            ":10：bill_opened 等2种通知 的 character_string1（户号）：没有变量 name；"
            "这里能用的变量：shown、amount、text",
        ),
        (
            "{{ shown }}",
            "{{ shown",
            ":10：bill_opened 等2种通知 的 character_string1（户号）：写法有误",
        ),
        ("{{ shown }}", "户号{{ shown }}", ":10：bill_opened 等2种通知 的 character_string1"),
        (
            "{{ shown }}",
            "{ shown }",
            ":10：bill_opened 等2种通知 的 character_string1（户号）：市民会看到",
        ),
        ("money }}元", "money }}块", "要写成 75.60元"),
        ("账单出来了", "一" * 21, ":12：bill_opened 的 thing3（说明）："),
        ("账单出来了", "{{ quick_reply('a', 'b') }}", "不能有链接"),
        ("{{ text or", "{% if amount < 0 %}{{ due }}{% endif %}{{ text or", "没有变量 due"),
        ("text or", "txet or", ":16：bill_due 的 thing3（说明）：没有变量 txet"),
        ("title", "title =", ":2：第9个字附近写法有误：等号后面的值写得不对"),
        ('"账单出来了"', '"账单出来了', ":12：第16个字附近写法有误：引号没有成对"),
        ('thing3 = "账单', 'amount2 = "账单', ":12：第18个字附近写法有误：这个键写了两次"),
        ("[kind.bill_due.fields]", "[fields]", ":15：第8个字附近写法有误：[fields] 这个表写了两次"),
        (
            '["bill_opened", "bill_due"]',
            '["bill_opened" "bill_due"]',
            ":3：第24个字附近写法有误：方括号",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_file_and_line(
    desk: Desk, before: str, after: str, named: str
) -> None:
    assert before in BILL
    wrong = desk.wrong(BILL.replace(before, after, 1))
    assert wrong
    assert all(one.startswith("pushes/bill.toml") for one in wrong)
    assert any(named in one for one in wrong), wrong


def test_a_value_that_many_kinds_share_is_named_once(desk: Desk) -> None:
    assert len(desk.wrong(BILL.replace("{{ shown }}", "{{ name }}"))) == 1


def test_a_word_of_a_table_that_does_not_fit_is_named_though_the_sample_fits(desk: Desk) -> None:
    values = {"state": {"on_way": "在路上", "done": "已经处理好了"}}
    (wrong,) = CardCheck(CONTRACT, values).problems(desk.folder)
    assert wrong.startswith(
        "pushes/ticket.toml:7：asked 的 phrase1（进度）：words.toml [values.state] done"
    )


def test_a_template_has_at_most_five_keys(desk: Desk) -> None:
    many = [f"thing{number}" for number in range(4, 8)]
    labels = BILL.replace("[fields]", "\n".join(f'{key} = "x"' for key in many) + "\n[fields]")
    fields = labels.replace("[kind.bill_due]", "\n".join(f'{key} = "x"' for key in many), 1)
    assert any(f"最多 {MOST_KEYS} 个键" in one for one in desk.wrong(fields))


def test_a_kind_has_one_card(desk: Desk) -> None:
    desk.save(BILL, "due")
    assert "pushes/due.toml:3：bill_due 在 pushes/bill.toml 里已有，请删去一处" in desk.wrong(BILL)


def test_an_account_has_at_most_25_templates(desk: Desk) -> None:
    for number in range(26):
        desk.save(ASKED, f"card{number}")
    assert any("最多 25 个模板" in one for one in desk.wrong(BILL))


# --- as shipped -----------------------------------------------------------------------------------


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return copytree(TEMPLATES, tmp_path / "templates", copy_function=copyfile)


def edit(path: Path, change: Callable[[str], str]) -> None:
    path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")


def test_the_shipped_cards_have_no_problems() -> None:
    check = CardCheck(read_contract(TEMPLATES), read_values(TEMPLATES))
    assert list(check.problems(TEMPLATES)) == []


def test_a_page_that_is_not_there_and_a_word_that_nobody_hears_are_named(own: Path) -> None:
    edit(own / "pushes" / "due.toml", lambda text: text.replace('"due"', '"soon"'))
    edit(own / "pages" / "go.toml", lambda text: text.replace('"缴费"', '"怎样缴款"'))
    unheard, missing = of_pages(own, HEARD)
    assert re.match(r"pages/go\.toml:\d+：\[due\] 的“怎样缴款”没有人听得懂", unheard)
    assert missing == "pushes/due.toml:3：pages/go.toml 里没有 [soon]，请补上"


def test_every_word_that_a_card_asks_for_in_quotes_is_understood() -> None:
    """“回复“自助抄表”” on a card cannot be tapped: it has to be right to the letter."""
    asked = {
        word
        for path in paths(TEMPLATES)
        for layout in read(path).layouts.values()
        for text in layout.fields.values()
        for word in re.findall("回复“([^”]+)”", text)
    }
    assert len(asked) > 8
    assert [word for word in asked if not is_heard(word, HEARD)] == []


SAID: dict[str, tuple[dict[str, Any], list[str]]] = {
    "bill_opened": (
        {
            "shown": "31*****017",
            "bill_no": "B1",
            "period": "2026-11",
            "volume_m3": Decimal("16.500"),
            "amount": Decimal("75.6"),
            "due_date": date(2026, 12, 10),
        },
        ["31*****017", "2026年11月", "16.5立方米", "75.60元", "2026年12月10日"],
    ),
    "bill_due": (
        {
            "shown": "31*****017",
            "bill_no": "B1",
            "period": "2026-11",
            "amount": Decimal("43.92"),
            "owed_total": Decimal("87.84"),
            "owed_bills": 2,
            "due_date": date(2026, 12, 10),
        },
        [
            "31*****017",
            "43.92元",
            "87.84元",
            "2026年12月10日",
            "缴过的请忽略；回复“查欠费”看每一笔",
        ],
    ),
    "visit_tomorrow": (
        {"shown": "31*****017", "visit_no": "V1", "on": date(2026, 11, 25), "band": "09:00-11:00"},
        ["31*****017", "2026年11月25日 09:00~11:00", "抄表员上门，请家里留个人"],
    ),
    "ticket_changed": (
        {"number": "W1", "kind": "fault", "fault": "BURST", "state": "on_way", "text": ""},
        ["报修：爆管喷水", "在路上", "W1", "回复“进度”看办到哪一步"],
    ),
    "water_quality": (
        {"on": date(2026, 11, 22), "items_ok": 17, "items_bad": 1, "text": "浑浊度超出限值"},
        ["2026年11月22日", "1项超出限值", "浑浊度超出限值"],
    ),
}


@pytest.mark.parametrize("kind", SAID)
def test_the_shipped_cards_say_what_they_should(kind: str) -> None:
    contract, values = read_contract(TEMPLATES), read_values(TEMPLATES)
    view, said = SAID[kind]
    card = Cards(TEMPLATES, contract, values, monotonic=lambda: 0.0).card(kind, view)
    assert card
    assert list(card.data.values()) == said
