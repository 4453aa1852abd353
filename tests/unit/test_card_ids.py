"""Which template of the account belongs to which card."""

from backends.ports import MessageTemplate
from bot.wording.card_files import CardFile, Layout
from bot.wording.card_ids import misfits, paired
from bot.wording.toml_places import Places

KEYS = {"character_string1": "户号", "time2": "上门时间", "thing3": "事项"}
NOWHERE = Places("", {})
VISIT = CardFile("visit", "上门服务提醒", KEYS, {"visit_booked": Layout({}, "visit", {})}, NOWHERE)
CHECK = CardFile(
    "spot_check", "抽检通知", KEYS, {"spot_check_due": Layout({}, "spot_check", {})}, NOWHERE
)
CARDS = (VISIT, CHECK)
# WeChat may list the keys in another order than the card has them.
ON_ACCOUNT = MessageTemplate("V" * 43, "上门服务提醒", ("time2", "thing3", "character_string1"))


def test_the_same_title_and_keys_tell_cards_apart() -> None:
    other = MessageTemplate("C" * 43, "抽检通知", tuple(KEYS))
    pairs = list(paired(CARDS, [other, ON_ACCOUNT]))
    assert [(pair.card.name, pair.fits) for pair in pairs] == [
        ("visit", ON_ACCOUNT),
        ("spot_check", other),
    ]


def test_of_what_is_only_near_somebody_has_to_choose() -> None:
    renumbered = MessageTemplate("R" * 43, "抽检通知", ("character_string2", "time3", "thing4"))
    _, pair = paired(CARDS, [ON_ACCOUNT, renumbered])
    assert pair.fits is None
    assert pair.near == (renumbered, ON_ACCOUNT)


def test_an_account_without_templates_has_nothing_near() -> None:
    assert [(pair.fits, pair.near) for pair in paired(CARDS, [])] == [(None, ()), (None, ())]


def test_right_ids_are_no_finding() -> None:
    assert list(misfits([VISIT], {"visit": ON_ACCOUNT.template_id}, [ON_ACCOUNT])) == []


def test_an_id_that_is_not_on_the_account_is_named() -> None:
    (wrong,) = misfits([VISIT], {"visit": "X" * 43}, [ON_ACCOUNT])
    assert "X" * 43 in wrong
    assert "not on the account" in wrong


def test_keys_that_only_one_side_has_are_named() -> None:
    shorter = MessageTemplate("S" * 43, "上门服务提醒", ("character_string1", "time2", "phrase9"))
    lost, empty = misfits([VISIT], {"visit": shorter.template_id}, [shorter])
    assert "no thing3" in lost
    assert "no phrase9" in empty


def test_a_card_that_nobody_knows_is_named() -> None:
    wrong = list(misfits([VISIT], {"vist": "V" * 43}, [ON_ACCOUNT]))
    assert wrong == [
        "there is no card vist in templates/pushes/",
        "visit: no template, so by chat only",
    ]
