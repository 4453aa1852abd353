"""What is not chat: probes, photos by link, the guide to meter photos. A Flask application."""

from collections.abc import Callable, Sequence

from flask import Blueprint, Flask, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from werkzeug.exceptions import HTTPException

from web.probes import Probes


def create_app(
    probes: Probes,
    *,
    needed: frozenset[str],
    registry: Callable[[], CollectorRegistry],
    pages: Sequence[Blueprint] = (),
) -> Flask:
    """Only the dependencies in `needed` make the service unready: without the others it still
    serves, and must stay in rotation."""
    app = Flask(__name__, static_folder=None)
    for page in pages:
        app.register_blueprint(page)

    @app.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", mimetype="text/plain")

    @app.get("/readyz")
    def readyz() -> tuple[Response, int]:
        found = probes.states()
        ready = all(found[name] == "ok" for name in needed)
        return jsonify(ready=ready, dependencies=found), 200 if ready else 503

    @app.errorhandler(HTTPException)
    def plain(error: HTTPException) -> tuple[Response, int]:
        """Says the least: no page that tells which framework answers."""
        return Response(mimetype="text/plain"), error.code or 500

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry()), content_type=CONTENT_TYPE_LATEST)

    return app
