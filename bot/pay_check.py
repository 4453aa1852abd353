"""`waterdesk check`, WeChat Pay: can the keys be used, and does it know us."""

import secrets
from collections.abc import Iterator

from backends.errors import BackendUnavailable, Rejected
from backends.ports import Gateway
from bot.finding import Finding
from bot.pay_parts import gateway_notices_of, gateway_of
from bot.settings import Settings

WHAT = "WeChat Pay"
_REMEDIES = {
    "SIGN_ERROR": "check WATERDESK_PAY_KEY_FILE, WATERDESK_PAY_CERT_SERIAL, WATERDESK_PAY_MCHID"
    " (all of one merchant certificate) and this server's clock",
    "MCH_NOT_EXISTS": "check WATERDESK_PAY_MCHID",
    "NO_AUTH": "have JSAPI支付 opened for the merchant in its console",
}
_REMEDY = "check WATERDESK_PAY_MCHID, WATERDESK_PAY_CERT_SERIAL and WATERDESK_PAY_API"


def pay_findings(settings: Settings) -> Iterator[Finding]:
    """WeChat Pay is asked about an order that nobody can have placed."""
    if not settings.takes_payments:
        yield Finding(WHAT, "off: set WATERDESK_PAY_MCHID to take payments")
        return
    try:
        gateway = gateway_of(settings)
        gateway_notices_of(settings)
    except ValueError as error:
        yield Finding(WHAT, f"{error}; see WATERDESK_PAY_… in docs/operations.md", grave=True)
        return
    remedy = _not_answering(gateway)
    yield Finding(WHAT, remedy, grave=bool(remedy))
    if not settings.public_url.startswith("https://") and "127.0.0.1" not in settings.public_url:
        yield Finding(
            "WeChat Pay notifications", "WATERDESK_PUBLIC_URL is not https: none come", grave=True
        )


def _not_answering(gateway: Gateway) -> str:
    """'' when it knows us: that it does not know the order is the answer of a healthy one."""
    try:
        found = gateway.query(f"CHECK{secrets.token_hex(10)}")
    except Rejected as error:
        return f"{error}; {_REMEDIES.get(error.code, _REMEDY)}"
    except BackendUnavailable as error:
        return f"{error}; check WATERDESK_PAY_API and the way out of this network"
    return "" if found is None else "it knows an order that nobody placed: is it WeChat Pay?"
