"""How a choice is read: by number in any script, by label, by synonym; and what is refused."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.inbound import normal
from dialogs.engine import readers
from dialogs.engine.definition import Bad, Ok, Policy, Turn
from dialogs.engine.inbound import Inbound, Kind
from dialogs.engine.readers import (
    SentPhoto,
    choice,
    choice_from,
    choice_in_words,
    confirm,
    position,
    remark,
    text,
)
from dialogs.engine.wording import Wording
from tests.fakes import FakeCsms, FakeRecords
from tests.shape.conftest import POLICY
from tests.shape.walk import World

NOW = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
WHERE = "d.ask"
WORDING = Wording(
    titles={},
    keywords={},
    commands={},
    options={
        WHERE: {"yes": ("同意", "好的", "ok"), "no": ("不同意",)},
        "d.list": {"all": ("全部", "都查")},
        "d.say": {"skip": ("跳过", "没有了")},
    },
    menu=(),
)
DATA = {"accounts": [("310", "31*0 甲路"), ("320", "32*0 乙路")]}


def turn(said: str, kind: Kind = Kind.TEXT, menu_id: str = "", policy: Policy = POLICY) -> Turn:
    inbound = Inbound(
        key="k",
        openid="oTEST",
        account_id="gh",
        kind=kind,
        at=NOW,
        text=normal(said),
        menu_id=menu_id,
    )
    world = World(FakeCsms(), FakeRecords())
    return Turn(inbound=inbound, now=NOW, key="k", data=DATA, ask=world, policy=policy)


def chosen(said: str, kind: Kind = Kind.TEXT) -> Ok | Bad:
    return choice("yes", "no").read(turn(said, kind), WORDING, WHERE)


def listed(said: str) -> Ok | Bad:
    reader = choice_from(lambda data: (*data["accounts"], ("all", "")))
    return reader.read(turn(said), WORDING, "d.list")


@pytest.mark.parametrize(
    "said",
    ["1", "１", "1.", "1、", "1。", "一", "第一", "第1个", "第一项", "1号", "（1）", " 1 ", "①"],
)
def test_the_first_option_by_its_number(said: str) -> None:
    assert chosen(said) == Ok("yes")


@pytest.mark.parametrize("said", ["同意", "好的", "OK", "ＯＫ", "同意。", "好 的！", "同意，"])
def test_an_option_by_its_label_or_synonym(said: str) -> None:
    assert chosen(said) == Ok("yes")


def test_a_spoken_answer_is_read_like_a_typed_one() -> None:
    assert chosen("不同意。", Kind.VOICE) == Ok("no")
    assert chosen("第二个。", Kind.VOICE) == Ok("no")


@pytest.mark.parametrize(
    "said", ["3", "0", "-1", "11", "1 2", "同意吗", "yes", "二十", "٣", "1.5", "第", "个"]
)
def test_what_is_no_option_is_refused(said: str) -> None:
    assert chosen(said) == Bad("choice")


@pytest.mark.parametrize(
    ("said", "kind", "reason"),
    [
        ("", Kind.TEXT, "empty"),
        ("", Kind.VOICE, "kind"),
        ("", Kind.IMAGE, "kind"),
        ("", Kind.LOCATION, "kind"),
        ("", Kind.UNSUPPORTED, "kind"),
        ("好" * (readers.MAX_TEXT + 1), Kind.TEXT, "too_long"),
    ],
)
def test_every_reader_refuses_what_is_no_text(said: str, kind: Kind, reason: str) -> None:
    typed = text(lambda _, answer: Ok(answer), reasons=())
    for reader in (choice("yes", "no"), confirm("yes", "no"), typed):
        assert reader.read(turn(said, kind), WORDING, WHERE) == Bad(reason)


def test_the_longest_text_allowed_is_read() -> None:
    typed = text(lambda _, answer: Ok(len(answer)), reasons=())
    assert typed.read(turn("好" * readers.MAX_TEXT), WORDING, WHERE) == Ok(readers.MAX_TEXT)


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("1", "310"),
        ("二", "320"),
        ("3", "all"),
        ("320", "320"),
        ("31*0 甲路", "310"),
        ("全部", "all"),
        ("都查。", "all"),
    ],
)
def test_one_of_a_list_of_ones_own(said: str, value: str) -> None:
    assert listed(said) == Ok(value)


@pytest.mark.parametrize("said", ["4", "330", "甲路", "all", ""])
def test_what_is_not_in_the_list_is_refused(said: str) -> None:
    assert isinstance(listed(said), Bad)


def test_a_confirmation_takes_typed_answers_and_its_own_links() -> None:
    reader = confirm("yes", "no")
    assert reader.read(turn("1"), WORDING, WHERE) == Ok("yes")
    assert reader.read(turn("同意", menu_id="c.0123"), WORDING, WHERE) == Ok("yes")


def test_a_link_of_some_other_list_confirms_nothing() -> None:
    assert confirm("yes", "no").read(turn("1", menu_id="0"), WORDING, WHERE) == Bad("choice")


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("2", "no"),
        ("好的", "yes"),
        ("我同意了", "yes"),
        ("我不同意", "no"),  # the longer word inside
        ("同意,不同意", "no"),
    ],
)
def test_a_choice_in_words_hears_an_option_inside_a_sentence(said: str, value: str) -> None:
    assert choice_in_words("yes", "no").read(turn(said), WORDING, WHERE) == Ok(value)


@pytest.mark.parametrize("said", ["3", "随便"])
def test_a_choice_in_words_refuses_a_sentence_without_an_option(said: str) -> None:
    assert choice_in_words("yes", "no").read(turn(said), WORDING, WHERE) == Bad("choice")


@pytest.mark.parametrize(
    ("said", "value"), [("1", ""), ("跳过", ""), ("没有了。", ""), ("水很大", "水很大")]
)
def test_a_remark_is_what_was_said_or_nothing(said: str, value: str) -> None:
    assert remark("skip").read(turn(said), WORDING, "d.say") == Ok(value)


def test_a_remark_that_is_too_long_or_no_text_is_refused() -> None:
    too_long = turn("好" * (readers.MAX_TEXT + 1))
    assert remark("skip").read(too_long, WORDING, "d.say") == Bad("too_long")
    assert remark("skip").read(turn("", Kind.IMAGE), WORDING, "d.say") == Bad("kind")


@given(st.text())
def test_any_text_is_a_position_or_none(said: str) -> None:
    for one in (said, normal(said)):
        found = position(one)
        assert found is None or 0 <= found <= 99


@given(st.text())
def test_any_text_is_a_choice_or_refused(said: str) -> None:
    assert isinstance(chosen(said), Ok | Bad)
    assert isinstance(listed(said), Ok | Bad)


@given(st.text(), st.sampled_from(["", "。", "！", "?", " ", "..."]))
def test_a_word_is_looked_up_without_closing_punctuation(said: str, closing: str) -> None:
    word = turn(said + closing).inbound.word
    assert " " not in word
    assert bool(word) == bool(normal(said + closing))


def sent(kind: Kind, said: str = "", media_id: str = "") -> Turn:
    asked = turn(said, kind)
    return replace(asked, inbound=replace(asked.inbound, media_id=media_id))


def test_a_photo_is_read_as_what_was_sent() -> None:
    reader = readers.photo()
    assert reader.read(sent(Kind.IMAGE, media_id="m1"), WORDING, WHERE) == Ok(SentPhoto("m1"))


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.VOICE, Kind.VIDEO, Kind.LOCATION])
def test_where_a_photo_is_due_nothing_else_will_do(kind: Kind) -> None:
    assert readers.photo().read(sent(kind, "1250"), WORDING, WHERE) == Bad("kind")


def test_beside_a_photo_an_option_or_a_text_may_do() -> None:
    among = readers.photo("yes", "no")
    assert among.read(sent(Kind.TEXT, "不同意"), WORDING, WHERE) == Ok("no")
    assert among.reasons == ("choice",)
    typed = text(
        lambda _, said: Ok(int(said)) if said.isdigit() else Bad("number"), reasons=("number",)
    )
    reader = readers.photo(otherwise=typed)
    assert reader.read(sent(Kind.TEXT, "1250"), WORDING, WHERE) == Ok(1250)
    assert reader.read(sent(Kind.VOICE, "1250"), WORDING, WHERE) == Ok(1250)
    assert reader.read(sent(Kind.TEXT, "不清楚"), WORDING, WHERE) == Bad("number")
    assert reader.read(sent(Kind.LOCATION), WORDING, WHERE) == Bad("kind")
    assert reader.read(sent(Kind.IMAGE, media_id="m2"), WORDING, WHERE) == Ok(SentPhoto("m2"))
