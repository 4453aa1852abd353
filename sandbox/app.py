"""Puts the sandbox together: one world, its three faces (control API, platform API, page) and
the way through to the server. The launcher and the tests call `create_app`."""

import logging
import time
from pathlib import Path

from flask import Flask, Response, redirect, send_from_directory
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from sandbox import platform_api, proxy
from sandbox.clock import MovableClock
from sandbox.config import SandboxConfig
from sandbox.context import Sandbox
from sandbox.control_api import REFUSALS, people, refuse
from sandbox.control_levers import levers
from sandbox.delivery import Courier
from sandbox.hotline.joining import HotlineStandIn, join_hotline
from sandbox.jobs_api import RunJob
from sandbox.jobs_api import create_blueprint as create_jobs
from sandbox.office.api import create_blueprint as create_office
from sandbox.office.api_values import EngineFactory
from sandbox.pay.joining import PayStandIn, join_pay
from sandbox.photo_api import photos
from sandbox.platform import Platform
from sandbox.push_api import pushes
from sandbox.push_results import PushResults
from sandbox.serving import LosingAnswers
from sandbox.switches import Switches
from sandbox.template_messages import PushDesk
from sandbox.webauth.joining import join_webauth
from sandbox.website.joining import join_website
from sandbox.website.store import WebsiteStore
from sandbox.world import World

log = logging.getLogger(__name__)

_PAGE = Path(__file__).parent / "page"
_UPLOAD_LIMIT_BYTES = 12 * 1024 * 1024


def create_app(
    config: SandboxConfig,
    *,
    clock: MovableClock | None = None,
    switches: Switches | None = None,
    hotline: HotlineStandIn | None = None,
    city: EngineFactory | None = None,
    website: WebsiteStore | None = None,
    pay: PayStandIn | None = None,
    run_job: RunJob | None = None,
) -> Flask:
    """`city` gives the engine on the city's database, for the back office; `run_job` runs the
    server's cron jobs."""
    world = World(config, clock or MovableClock(time.time))
    app = Flask("sandbox", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = _UPLOAD_LIMIT_BYTES
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    platform = Platform(world, Courier(world))
    desk = PushDesk(PushResults(world, platform.tell_server))
    cashier = join_pay(app, pay, world) if pay is not None else None
    app.extensions["sandbox"] = Sandbox(world, platform, switches, desk, pay=cashier, city=city)
    for blueprint in (people, levers):
        app.register_blueprint(blueprint, url_prefix="/sandbox/api")
    app.register_blueprint(pushes, url_prefix="/sandbox/api/pushes")
    app.register_blueprint(photos, url_prefix="/sandbox/api/photos")
    app.register_blueprint(create_office(city), url_prefix="/sandbox/api/office")
    app.register_blueprint(create_jobs(run_job), url_prefix="/sandbox/api/jobs")
    app.register_blueprint(platform_api.blueprint, url_prefix="/sandbox/wechat")
    join_webauth(app, world)
    if hotline is not None:
        join_hotline(app, hotline, world)
    if website is not None:
        join_website(app, website, world)
    _serve_page(app)
    app.register_blueprint(proxy.create_blueprint(world))
    _answer_errors(app)
    app.wsgi_app = LosingAnswers(app.wsgi_app)  # type: ignore[method-assign]
    return app


def _serve_page(app: Flask) -> None:
    @app.get("/")
    @app.get("/sandbox")
    def to_page() -> ResponseReturnValue:
        return redirect("/sandbox/")

    @app.get("/sandbox/")
    def page() -> Response:
        return send_from_directory(_PAGE, "index.html", max_age=0)

    @app.get("/sandbox/<path:name>")
    def page_file(name: str) -> Response:
        return send_from_directory(_PAGE, name, max_age=0)


def _answer_errors(app: Flask) -> None:
    for refusal in REFUSALS:
        app.register_error_handler(refusal, refuse)

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> ResponseReturnValue:
        return {"error": error.description or error.name}, error.code or 500

    @app.errorhandler(Exception)
    def internal_error(error: Exception) -> ResponseReturnValue:
        log.error("the sandbox failed", exc_info=error)
        return {"error": f"the sandbox failed: {type(error).__name__}"}, 500
