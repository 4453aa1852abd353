"""Every purpose of a consent and every topic has its words."""

from backends.ports import Topic
from bot.wording.words import read_values
from dialogs.consents import CONSENTS
from dialogs.engine.house import House
from tests.shape.conftest import TEMPLATES


def test_every_purpose_can_be_named_and_chosen(shipped: House) -> None:
    values = read_values(TEMPLATES)["consent"]
    assert set(values) == set(CONSENTS)
    options = shipped.wording.options["my_data.purpose"]
    assert {purpose: words[0] for purpose, words in options.items()} == values


def test_every_topic_can_be_named_and_its_name_switches_it(shipped: House) -> None:
    values = read_values(TEMPLATES)["subscription"]
    assert set(values) == set(Topic)
    options = shipped.wording.options["subscriptions.topics"]
    for topic, name in values.items():
        assert options[topic][0] == name
