"""What must be said of every kind of notice that citizens are told."""

from bot.concern import KINDS
from bot.wording.card_files import paths, read
from bot.wording.words import Contract
from jobs.results import CSMS_EVENTS, HOTLINE_EVENTS
from tests.shape.conftest import TEMPLATES

# Told to those who are in the chat anyway (also who has just paid), or of a link that has ended.
BY_CHAT_ONLY = {"family_joined", "family_removed", "link_ended", "water_restored"}
# Events that are no news to whoever made the request.
UNTOLD = {"request_taken", "bill_type_changed"}
# Told only where money went elsewhere than was meant, by notices of other kinds.
OF_PAYMENTS = {"payment_posted", "payment_refused"}


def test_each_says_whom_it_concerns_and_has_words_and_samples(contract: Contract) -> None:
    folder = "templates/replies/notice"
    written = {path.stem for path in (TEMPLATES / "replies" / "notice").glob("*.j2")}
    assert sorted(written - KINDS.keys()) == [], "say in bot/concern.py whom it concerns"
    assert sorted(KINDS.keys() - written) == [], f"write its words in {folder}"
    sampled = {name.removeprefix("notice/") for name in contract.replies if "notice/" in name}
    assert sorted(KINDS.keys() ^ sampled) == [], "give its variables in templates/contract.toml"


def test_each_has_a_card_or_is_one_of_those_that_need_none() -> None:
    on_cards = {kind for path in paths(TEMPLATES) for kind in read(path).layouts}
    assert sorted(on_cards - KINDS.keys()) == []
    assert sorted(KINDS.keys() - on_cards) == sorted(BY_CHAT_ONLY), "add it to templates/pushes"


def test_each_event_that_is_told_has_its_kind() -> None:
    assert sorted(CSMS_EVENTS.keys() - UNTOLD - OF_PAYMENTS - KINDS.keys()) == []
    assert set(HOTLINE_EVENTS) == {"ticket_changed", "ticket_joined"}
