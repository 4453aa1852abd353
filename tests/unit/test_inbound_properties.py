"""Whatever comes, reading ends in an `Inbound` or in `Unreadable`: nothing else is ever raised."""

import contextlib
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bot.gate import Unreadable
from bot.inbound import normal
from tests.unit.messages import read, text, wrap

_NAMES = st.sampled_from(
    ["Content", "MsgId", "Event", "EventKey", "MsgID", "Location_X", "SendPicsInfo", "Count", "A"]
)
_KINDS = st.sampled_from(
    ["text", "event", "image", "location", "voice", "pic_weixin_event", "click_event", "subscribe"]
)
_EVENTS = st.sampled_from(["pic_weixin", "PIC_SYSPHOTO", "LOCATION", "SCAN", "card_pay_order"])
_VALUES = st.one_of(st.sampled_from(["", "0", "1", "-1", "x", "9" * 30]), st.text(max_size=8))


def _escaped(value: str) -> str:
    return value.replace("&", "&amp;").replace("<", "&lt;").replace("]]>", "]]&gt;")


_ELEMENTS = st.recursive(
    _VALUES.map(_escaped),
    lambda inner: st.lists(st.tuples(_NAMES, inner), max_size=4).map(
        lambda pairs: "".join(f"<{name}>{value}</{name}>" for name, value in pairs)
    ),
    max_leaves=12,
)


def _read_or_unreadable(xml: str | bytes) -> None:
    with contextlib.suppress(Unreadable):
        read(xml)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_unreadable(noise: bytes) -> None:
    _read_or_unreadable(noise)
    _read_or_unreadable(b"<xml>" + noise + b"</xml>")
    _read_or_unreadable(b"<?xml " + noise + b"?><xml></xml>")


@given(_KINDS, _EVENTS, _ELEMENTS)
def test_any_elements_are_read_or_unreadable(kind: str, event: str, elements: str) -> None:
    _read_or_unreadable(wrap(kind, elements))
    _read_or_unreadable(wrap("event", f"<Event>{event}</Event>{elements}"))


@given(st.integers(min_value=0, max_value=300), st.binary(max_size=4))
def test_a_message_with_some_bytes_changed_is_read_or_unreadable(at: int, bytes_: bytes) -> None:
    whole = text("查水费", "<MsgId>1</MsgId>").encode()
    _read_or_unreadable(whole[:at] + bytes_ + whole[at + len(bytes_) :])


@given(st.text(max_size=60))
def test_whatever_a_citizen_types_arrives_normalised(typed: str) -> None:
    typed = typed.replace("]", "")  # what may hide behind it has a test of its own
    assert read(text(f"<![CDATA[{typed}]]>")).text == normal(
        "".join(letter for letter in typed if _may_stand_in_xml(letter)).strip()
    )


@given(st.text(max_size=60))
def test_a_normal_text_is_in_its_last_form(typed: str) -> None:
    once = normal(typed)
    assert normal(once) == once
    assert once == once.strip()
    assert "  " not in once
    assert unicodedata.is_normalized("NFKC", once)


def _may_stand_in_xml(letter: str) -> bool:
    return letter in "\t\n\r" or (letter >= " " and letter not in "\ufffe\uffff")
