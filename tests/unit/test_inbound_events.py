"""Events: those that we know, those that WeRoBot trips over, those that nobody has heard of."""

import pytest

from dialogs.engine.inbound import Kind
from tests.unit.messages import event, read

PICTURE = "<item><PicMd5Sum>1b5f7c23b5bf75682a53e7b6d163e185</PicMd5Sum></item>"


def test_an_events_name_is_lower_case_and_its_key_as_it_is() -> None:
    inbound = read(event("CLICK", "<EventKey>Bind_Account</EventKey>"))
    assert (inbound.kind, inbound.event, inbound.event_key) == (Kind.EVENT, "click", "Bind_Account")


@pytest.mark.parametrize(
    "name",
    [
        "subscribe_msg_popup_event",
        "view_miniprogram",
        "kf_switch_session",
        "MASSSENDJOBFINISH",
        "user_authorization_revoke",
        "an event of 2031",
    ],
)
def test_an_event_that_werobot_does_not_know_keeps_its_name(name: str) -> None:
    assert read(event(name)).event == name.lower()


@pytest.mark.parametrize(
    "pictures",
    [
        "",
        "<SendPicsInfo></SendPicsInfo>",
        "<SendPicsInfo>none</SendPicsInfo>",
        "<SendPicsInfo><Count>0</Count><PicList></PicList></SendPicsInfo>",
        "<SendPicsInfo><Count>many</Count></SendPicsInfo>",
        f"<SendPicsInfo><Count>1</Count><PicList>{PICTURE}</PicList></SendPicsInfo>",
        f"<SendPicsInfo><Count>2</Count><PicList>{PICTURE}</PicList></SendPicsInfo>",
        f"<SendPicsInfo><Count>2</Count><PicList>{PICTURE * 2}</PicList></SendPicsInfo>",
    ],
)
@pytest.mark.parametrize("name", ["pic_sysphoto", "pic_photo_or_album", "pic_weixin"])
def test_a_picture_event_is_read_however_many_pictures_it_counts(name: str, pictures: str) -> None:
    inbound = read(event(name, f"<EventKey>k</EventKey>{pictures}"))
    assert (inbound.event, inbound.event_key) == (name, "k")


def test_a_list_of_one_and_a_list_of_two_are_read_alike() -> None:
    entry = "<List><TemplateId>t</TemplateId><PopupScene>1</PopupScene></List>"
    for entries in (entry, entry * 2, ""):
        fields = f"<SubscribeMsgPopupEvent>{entries}</SubscribeMsgPopupEvent>"
        assert read(event("subscribe_msg_popup_event", fields)).event == "subscribe_msg_popup_event"


def test_events_of_one_second_are_told_apart_by_name_key_and_job() -> None:
    one_second = [
        event("subscribe", "<EventKey>qrscene_1</EventKey>"),
        event("SCAN", "<EventKey>1</EventKey>"),
        event("SCAN", "<EventKey>2</EventKey>"),
        event("TEMPLATESENDJOBFINISH", "<MsgID>1</MsgID><Status>success</Status>"),
        event("TEMPLATESENDJOBFINISH", "<MsgID>2</MsgID><Status>success</Status>"),
    ]
    keys = {read(xml).key for xml in one_second}
    assert len(keys) == len(one_second)
    assert keys == {read(xml).key for xml in one_second}, "a retry has the same key"


def test_an_event_key_that_holds_elements_counts_as_empty() -> None:
    assert read(event("CLICK", "<EventKey><a>arrears</a></EventKey>")).event_key == ""
