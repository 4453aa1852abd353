"""Puts the website's stand-in into the sandbox: its two blueprints, with the sandbox's clock and
switch."""

from flask import Flask

from sandbox.website.public import Site, public_blueprint
from sandbox.website.staff_api import staff_blueprint
from sandbox.website.store import WebsiteStore
from sandbox.world import World

PATH = "/sandbox/website"


def join_website(app: Flask, store: WebsiteStore, world: World) -> None:
    site = Site(
        name=world.config.name,
        address=world.config.public_url.rstrip("/") + PATH,
        now=world.clock.moment,
        fault=lambda: world.faults.website,
    )
    app.register_blueprint(public_blueprint(store, site), url_prefix=PATH)
    staff = staff_blueprint(store, world.clock.moment)
    app.register_blueprint(staff, url_prefix="/sandbox/api/website")
