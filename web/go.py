"""`GET /go/<page>`: where a card leads when it is tapped: the one thing to do now in the chat. No
address says whose card it was. Wired in bot/app.py.
"""

from collections.abc import Mapping
from pathlib import Path

from flask import Blueprint, Response, abort
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.wording.landing import LandingPage
from web.policy import headers


def go(
    templates: Path, pages: Mapping[str, LandingPage], *, utility_name: str, hotline: str
) -> Blueprint:
    """`templates`: the folder that has pages/go.html; customer service owns it."""
    blueprint = Blueprint("go", __name__)
    folder = templates / "pages"
    style, script = ((folder / name).read_text(encoding="utf-8") for name in ("go.css", "go.js"))
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined
    )
    template = environment.get_template("go.html")
    shown = {
        name: template.render(
            page=page,
            utility_name=utility_name,
            hotline=hotline,
            style=Markup(style),  # noqa: S704 - a file of ours
            script=Markup(script),  # noqa: S704 - a file of ours
        )
        for name, page in pages.items()
    }
    allowed = headers(style, script)

    @blueprint.get("/go/<name>")
    def page(name: str) -> Response:
        if name not in shown:
            abort(404)
        return Response(shown[name], mimetype="text/html", headers=allowed)

    return blueprint
