"""Events that ask nothing: silence, whatever they hold, and the dialog stays where it is."""

import pytest

from tests.citizen import cdata
from tests.fakes import FakeRecords
from tests.service import Service
from tests.town import OWES_ONE
from tests.wire.steady import SILENCE, dialog_where_it_was, in_a_dialog, undisturbed

PICTURE = "<item><PicMd5Sum><![CDATA[1b5f7c23b5bf75682a53e7b6d163e185]]></PicMd5Sum></item>"
PLACE = (
    "<SendLocationInfo><Location_X>23</Location_X><Location_Y>113</Location_Y><Scale>15</Scale>"
    "<Label>滨河路</Label><Poiname></Poiname></SendLocationInfo>"
)
SCAN = "<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>3100000025</ScanResult></ScanCodeInfo>"
ASKED = (
    "<List><TemplateId>VRR0</TemplateId><SubscribeStatusString>{}</SubscribeStatusString>"
    "<PopupScene>1</PopupScene></List>"
)
CHANGED = (
    "<List><TemplateId>VRR0</TemplateId>"
    "<SubscribeStatusString>reject</SubscribeStatusString></List>"
)
SENT = (
    "<List><TemplateId>VRR0</TemplateId><MsgID>1700827132819554304</MsgID><ErrorCode>0</ErrorCode>"
    "<ErrorStatus>success</ErrorStatus></List>"
)
MASS_SENT = (
    "<MsgID>1000001625</MsgID><Status>err(30003)</Status><TotalCount>0</TotalCount>"
    "<CopyrightCheckResult><Count>1</Count><ResultList><item><ArticleIdx>1</ArticleIdx></item>"
    "</ResultList><CheckState>2</CheckState></CopyrightCheckResult>"
)


@pytest.mark.parametrize(
    ("name", "more"),
    [
        (
            "LOCATION",
            "<Latitude>23.1</Latitude><Longitude>113.3</Longitude><Precision>1</Precision>",
        ),
        ("LOCATION", "<Latitude>north</Latitude>"),
        ("VIEW", "<EventKey>http://x/?a=1&amp;b=2</EventKey><MenuId>1</MenuId>"),
        ("view_miniprogram", "<EventKey>pages/index</EventKey><MenuId>1</MenuId>"),
        ("scancode_push", SCAN),
        ("scancode_waitmsg", f"<EventKey>arrears</EventKey>{SCAN}"),
        ("scancode_waitmsg", ""),
        ("location_select", f"<EventKey>arrears</EventKey>{PLACE}"),
        ("location_select", "<SendLocationInfo/>"),
        ("TEMPLATESENDJOBFINISH", ""),
        ("MASSSENDJOBFINISH", MASS_SENT),
        ("PUBLISHJOBFINISH", "<PublishEventInfo><publish_id>1</publish_id></PublishEventInfo>"),
        ("kf_switch_session", "<FromKfAccount>a@b</FromKfAccount><ToKfAccount>c@b</ToKfAccount>"),
        ("user_info_modified", "<OpenID>oX</OpenID><AppID>wx</AppID><RevokeInfo>205</RevokeInfo>"),
        ("user_authorization_revoke", "<RevokeInfo>201</RevokeInfo>"),
        ("user_get_card", "<CardId>c</CardId><IsGiveByFriend>maybe</IsGiveByFriend>"),
        ("card_pay_order", "<CreateOrderTime>soon</CreateOrderTime>"),
        ("annual_renew", "<ExpiredTime>1442401156</ExpiredTime>"),
        ("hologram_event", "<Anything><At><All>1</All></At></Anything>"),
        ("cancel", "<EventKey>cancel</EventKey>"),
        ("取消", ""),
    ],
)
def test_events_that_ask_nothing(desk: Service, ledger: FakeRecords, name: str, more: str) -> None:
    citizen = in_a_dialog(desk)
    with undisturbed(citizen, ledger):
        assert (
            citizen.deliver(citizen.wrap("event", f"<Event>{cdata(name)}</Event>{more}")) == SILENCE
        )


@pytest.mark.parametrize("name", ["pic_sysphoto", "pic_photo_or_album", "pic_weixin"])
@pytest.mark.parametrize(
    "pictures",
    [
        "",
        "<SendPicsInfo/>",
        "<SendPicsInfo><Count>0</Count><PicList/></SendPicsInfo>",
        "<SendPicsInfo><Count>x</Count></SendPicsInfo>",
        f"<SendPicsInfo><Count>1</Count><PicList>{PICTURE}</PicList></SendPicsInfo>",
        f"<SendPicsInfo><Count>2</Count><PicList>{PICTURE}{PICTURE}</PicList></SendPicsInfo>",
    ],
)
def test_picture_buttons_with_any_number_of_pictures_are_no_alert(
    desk: Service, ledger: FakeRecords, name: str, pictures: str
) -> None:
    citizen = in_a_dialog(desk)
    alerts = desk.metric("waterdesk_apologies_total", {"template": "unreadable"})
    with undisturbed(citizen, ledger):
        assert citizen.event(name, "photo", pictures) == SILENCE
    assert desk.metric("waterdesk_apologies_total", {"template": "unreadable"}) == alerts


@pytest.mark.parametrize("entries", [1, 2, 5])
@pytest.mark.parametrize(
    ("name", "element", "entry"),
    [
        ("subscribe_msg_popup_event", "SubscribeMsgPopupEvent", ASKED.format("accept")),
        ("subscribe_msg_popup_event", "SubscribeMsgPopupEvent", ASKED.format("reject")),
        ("subscribe_msg_change_event", "SubscribeMsgChangeEvent", CHANGED),
        ("subscribe_msg_change_event", "SubscribeMsgPopupEvent", CHANGED),
        ("subscribe_msg_sent_event", "SubscribeMsgSentEvent", SENT),
    ],
)
def test_subscription_notices_with_one_entry_and_with_several(
    desk: Service, name: str, element: str, entry: str, entries: int
) -> None:
    citizen = in_a_dialog(desk)
    with dialog_where_it_was(citizen):
        assert citizen.event(name, more=f"<{element}>{entry * entries}</{element}>") == SILENCE


def test_while_a_person_serves_we_are_silent_and_afterwards_the_dialog_goes_on(
    desk: Service,
) -> None:
    citizen = in_a_dialog(desk)
    account = "<KfAccount>test1@test</KfAccount>"
    assert citizen.event("kf_create_session", more=account) == SILENCE
    assert citizen.says("我的水费不对") == SILENCE
    assert citizen.event("kf_switch_session", more=account) == SILENCE
    assert citizen.says("取消") == SILENCE
    assert citizen.event("kf_close_session", more=account) == SILENCE
    assert "户主姓名" in citizen.says(OWES_ONE).plain


def test_a_scan_by_a_follower_welcomes_and_leaves_the_dialog_alone(
    desk: Service, ledger: FakeRecords
) -> None:
    citizen = in_a_dialog(desk)
    with undisturbed(citizen, ledger):
        assert "欢迎" in citizen.event("SCAN", "outlet_1", "<Ticket>t</Ticket>").plain


def test_a_menu_key_that_was_retired_shows_the_menu(desk: Service) -> None:
    for key in ("no_such_dialog", "", "__class__", "a" * 3000, "水费"):
        assert "1. 查欠费" in desk.citizen().taps_menu(key).plain


def test_an_unsupported_event_key_of_elements_shows_the_menu(desk: Service) -> None:
    citizen = desk.citizen()
    event = "<Event>CLICK</Event><EventKey><a>cancel</a></EventKey>"
    assert "1. 查欠费" in citizen.deliver(citizen.wrap("event", event)).plain
