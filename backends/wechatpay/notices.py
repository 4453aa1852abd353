"""`GatewayNotices` of the ports: what WeChat Pay sends to our notification addresses.

Enters: headers and raw body of a request from anywhere. Leaves: what WeChat says, or NotGenuine.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from wechatpayv3.utils import aes_decrypt

from backends.errors import NotGenuine
from backends.ports.payments import RefundStanding, Transaction
from backends.wechatpay import fields
from backends.wechatpay.fields import Merchant, Odd
from backends.wechatpay.genuine import SYSTEM, check
from backends.wechatpay.keys import PlatformKeys, platform_keys
from backends.wechatpay.options import GatewayOptions

_PAID = "TRANSACTION.SUCCESS"
_REFUND = "REFUND."
_ALGORITHM = "AEAD_AES_256_GCM"
_LONGEST_TEXT = 1_000_000


def open_notices(options: GatewayOptions) -> "WechatPayNotices":
    """KeyFileError when a key cannot be used."""
    keys = platform_keys(options.public_key_file, options.public_key_id, options.cert_dir)
    return WechatPayNotices(keys, options.apiv3_key, Merchant(options.mchid, options.appid))


class WechatPayNotices:
    def __init__(self, keys: PlatformKeys, apiv3_key: str, merchant: Merchant) -> None:
        self._keys = keys
        self._apiv3_key = apiv3_key
        self._merchant = merchant

    def opened(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Transaction | RefundStanding | None:
        check(headers, body, self._keys, now)
        try:
            return self._read(fields.object_in(body))
        except Odd as error:
            raise NotGenuine(SYSTEM, str(error)) from None

    def _read(self, notice: Mapping[str, Any]) -> Transaction | RefundStanding | None:
        event = fields.text(notice, "event_type", longest=64)
        if event != _PAID and not event.startswith(_REFUND):
            return None
        said = self._unsealed(fields.part(notice, "resource"))
        if event == _PAID:
            return fields.transaction(said, self._merchant)
        fields.of_merchant(said, self._merchant)
        return fields.refund_standing(said, "refund_status")

    def _unsealed(self, resource: Mapping[str, Any]) -> Mapping[str, Any]:
        if resource.get("algorithm") != _ALGORITHM:
            raise Odd("algorithm")
        sealed = fields.text(resource, "ciphertext", longest=_LONGEST_TEXT)
        nonce = fields.text(resource, "nonce", longest=64)
        about = resource.get("associated_data") or ""
        if not isinstance(about, str):
            raise Odd("associated_data")
        return fields.object_in(_decrypted(nonce, sealed, about, self._apiv3_key))


def _decrypted(nonce: str, sealed: str, about: str, apiv3_key: str) -> str:
    try:
        plain = aes_decrypt(nonce, sealed, about, apiv3_key)
    except ValueError:
        plain = None
    if not isinstance(plain, str):
        raise Odd("ciphertext")
    return plain
