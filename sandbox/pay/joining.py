"""Puts WeChat Pay into the sandbox: the API v3 under /sandbox/pay, the phone's pay sheet under
/sandbox/api/pay."""

from dataclasses import dataclass
from functools import partial

from flask import Flask

from sandbox.pay import api, phone_api, receipts
from sandbox.pay.desk import PayDesk
from sandbox.pay.keys import PayKeys
from sandbox.pay.store import PayStore
from sandbox.pay.teller import Teller
from sandbox.world import World

PATH = "/sandbox/pay"


@dataclass(frozen=True, slots=True)
class PayStandIn:
    """Whoever opened the store closes it, after the sandbox."""

    keys: PayKeys
    store: PayStore


def join_pay(app: Flask, stand_in: PayStandIn, world: World) -> PayDesk:
    address = world.config.public_url.rstrip("/") + PATH
    desk = PayDesk(world, stand_in.keys, stand_in.store, address)
    teller = Teller(desk)
    desk.wake, desk.hush = teller.wake, teller.close
    desk.show_refund = partial(receipts.show_refund, desk)
    app.register_blueprint(api.create_blueprint(desk), url_prefix=PATH)
    app.register_blueprint(phone_api.create_blueprint(desk), url_prefix="/sandbox/api/pay")
    # What an earlier run of the sandbox has left to tell.
    teller.wake()
    return desk
