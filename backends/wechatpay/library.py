"""wechatpayv3 with our keys and our connections.

By itself the library makes a connection for each call, believes signatures that are days old, and
asks the real WeChat for certificates: when it has no public key, and whenever it meets a serial
number that it does not know. It still knows the paths, the bodies and how to sign.
"""

import json
from collections.abc import Mapping
from typing import IO, Any

from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.core import Core
from wechatpayv3.type import RequestType
from wechatpayv3.utils import build_authorization

from backends.wechatpay.keys import PlatformKeys, merchant_key
from backends.wechatpay.options import GatewayOptions
from backends.wechatpay.transport import Call, Transport

_HEADERS = {
    "Accept": "application/json",
    # A trade bill is packed already, and signatures are of the plain answer.
    "Accept-Encoding": "identity",
    "User-Agent": "waterdesk",
}


class Client(WeChatPay):  # type: ignore[misc]  # wechatpayv3 has no type hints
    """Its methods give the JSON object of an answer, {} when that has no body."""

    def __init__(self, options: GatewayOptions, keys: PlatformKeys) -> None:
        # Not the library's own constructor: in certificate mode it may call WeChat.
        self._type = WeChatPayType.JSAPI
        self._mchid = options.mchid
        self._appid = options.appid
        self._notify_url = options.notify_url
        self._partner_mode = False
        self._core = PooledCore(options, keys)

    def download(self, path: str, file: IO[bytes]) -> None:
        self._core.download(path, file)

    def close_connections(self) -> None:
        self._core.transport.close()


class PooledCore(Core):  # type: ignore[misc]  # wechatpayv3 has no type hints
    def __init__(self, options: GatewayOptions, keys: PlatformKeys) -> None:
        super().__init__(options.mchid, options.cert_serial, None, options.apiv3_key)
        self._private_key = merchant_key(options.key_file)
        self._answers_by = keys.public_key_id
        self.transport = Transport(options, keys)

    def _init_certificates(self) -> None:
        """PlatformKeys has them."""

    def request(
        self, path: str, method: RequestType = RequestType.GET, data: object = None
    ) -> Mapping[str, Any]:
        body = None if data is None else json.dumps(data)
        return self.transport.exchange(self._signed(path, method, body))

    def download(self, path: str, file: IO[bytes]) -> None:
        self.transport.download(self._signed(path, RequestType.GET, None), file)

    def _signed(self, path: str, method: RequestType, body: str | None) -> Call:
        authorization = build_authorization(
            path, method.value, self._mchid, self._cert_serial_no, self._private_key, body
        )
        headers = {**_HEADERS, "Authorization": authorization}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if self._answers_by:
            headers["Wechatpay-Serial"] = self._answers_by
        return Call(method.value, path, headers, None if body is None else body.encode())
