"""Web authorisation 网页授权: whose browser a page of ours is opened in (protocol sheet, 3.9).

Enters: the code that WeChat sent the browser back with. Leaves: who it is. Called by web/login.py.
"""

from dataclasses import dataclass

from backends.errors import BackendUnavailable, Rejected
from backends.ports import Visitor
from backends.wechat.answers import Answer
from backends.wechat.transport import SYSTEM, Call, Transport

PATH = "/sns/oauth2/access_token"


@dataclass(frozen=True, slots=True)
class WebAuthorisation:
    """Implements `ports.WebLogin`. Its token has nothing to do with that of the server API."""

    transport: Transport
    appid: str
    secret: str

    def visitor(self, code: str) -> Visitor:
        asked = {
            "appid": self.appid,
            "secret": self.secret,
            "code": code,
            "grant_type": "authorization_code",
        }
        call = Call(method="GET", path=PATH, params=asked, private=(self.secret, self.appid, code))
        return _visitor_in(self.transport.exchange(call))


def _visitor_in(answer: Answer) -> Visitor:
    if answer.errcode:
        # Without its text, which may repeat the code.
        raise Rejected(SYSTEM, str(answer.errcode), "the code of a web authorisation")
    openid = answer.text("openid")
    if not openid:
        raise BackendUnavailable(SYSTEM, 0.0, f"{PATH}: an answer without an openid")
    return Visitor(openid, is_snapshot=bool((answer.data or {}).get("is_snapshotuser")))
