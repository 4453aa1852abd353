"""Puts web authorisation into the sandbox: its pages under /sandbox/open, its call on the face of
the platform's API, the phone's browser under /sandbox/browse."""

from random import Random

from flask import Flask

from sandbox.webauth import pages, sns
from sandbox.webauth.codes import Codes
from sandbox.world import World


def join_webauth(app: Flask, world: World) -> None:
    codes = Codes(Random(world.clock.now()))
    app.register_blueprint(pages.create_open(world, codes), url_prefix="/sandbox/open")
    app.register_blueprint(pages.create_browser(world), url_prefix="/sandbox")
    app.register_blueprint(sns.create_blueprint(world, codes), url_prefix="/sandbox/wechat")
