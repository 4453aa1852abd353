"""The control API (docs/sandbox.md), the pay sheet: what the phone's page asks of WeChat Pay."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from sandbox.control_body import BadRequest, body, text
from sandbox.pay import notices, sheet
from sandbox.pay.bill_words import yuan
from sandbox.pay.desk import PayDesk
from sandbox.pay.receipts import show_payment


def create_blueprint(desk: PayDesk) -> Blueprint:
    blueprint = Blueprint("pay_sheet", __name__)

    @blueprint.post("/sheet")
    def look() -> ResponseReturnValue:
        found = sheet.opened(desk, _openid(desk), _call())
        return {
            "merchant": desk.world.config.name,
            "description": found.description,
            "amount": yuan(found.total_fen),
            "order_no": found.out_trade_no,
        }

    @blueprint.post("/confirm")
    def confirm() -> ResponseReturnValue:
        trade = sheet.confirmed(desk, _openid(desk), _call())
        show_payment(desk, trade)
        return {"err_msg": "get_brand_wcpay_request:ok"}

    @blueprint.post("/cancel")
    def cancel() -> ResponseReturnValue:
        _openid(desk)
        return {"err_msg": "get_brand_wcpay_request:cancel"}

    @blueprint.get("/notices")
    def left() -> ResponseReturnValue:
        """How many notifications are still to be taken."""
        with desk.store.reading() as db:
            return {"waiting": notices.waiting(db)}

    @blueprint.errorhandler(sheet.SheetRefused)
    def refused(error: sheet.SheetRefused) -> ResponseReturnValue:
        return {"error": str(error), "err_msg": "get_brand_wcpay_request:fail"}, 400

    return blueprint


def _openid(desk: PayDesk) -> str:
    return desk.world.citizen(text("openid")).openid


def _call() -> Mapping[str, Any]:
    call = body().get("call")
    if not isinstance(call, dict):
        raise BadRequest("call must be the object that the page gave to getBrandWCPayRequest")
    return call
