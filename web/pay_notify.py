"""`POST /pay/notify`, `POST /pay/refund-notify`: what WeChat Pay tells by itself.

200 only when it is committed: WeChat repeats everything else for a day. Wired in bot/app.py.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

import structlog
from flask import Blueprint, Response, jsonify, request

from backends.errors import BackendUnavailable, NotGenuine, Overtaken, PaymentMismatch
from backends.ports import GatewayNotices, RefundStanding, Transaction

log = structlog.get_logger()
MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class PayNotices:
    """`took` and `refund_told` change our database, or raise."""

    notices: GatewayNotices
    took: Callable[[Transaction], bool]
    refund_told: Callable[[RefundStanding], bool]
    clock: Callable[[], datetime]

    def blueprint(self) -> Blueprint:
        pages = Blueprint("pay_notify", __name__)

        @pages.post("/pay/notify")
        @pages.post("/pay/refund-notify")
        def told() -> tuple[Response, int]:
            return self._told()

        return pages

    def _told(self) -> tuple[Response, int]:
        if (request.content_length or 0) > MOST_BYTES:
            return _failed(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        body = request.get_data(cache=False)
        try:
            news = self.notices.opened(dict(request.headers), body, self.clock())
            self._take(news)
        except NotGenuine as error:
            log.warning("payment_notice_refused", why=error.why)
            return _failed(HTTPStatus.UNAUTHORIZED)
        except (PaymentMismatch, Overtaken) as error:
            log.error("payment_notice_refused", why=str(error))
            return _failed(HTTPStatus.CONFLICT)
        except BackendUnavailable as error:
            log.warning("payment_notice_postponed", system=error.system, why=error.why)
            return _failed(HTTPStatus.SERVICE_UNAVAILABLE)
        return jsonify(code="SUCCESS"), HTTPStatus.OK

    def _take(self, news: Transaction | RefundStanding | None) -> None:
        match news:
            case Transaction():
                self.took(news)
            case RefundStanding():
                self.refund_told(news)


def _failed(status: HTTPStatus) -> tuple[Response, int]:
    return jsonify(code="FAIL", message="失败"), status
