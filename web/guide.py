"""`GET /guide/meter-photo`: how to photograph a meter and read it. `GET /pictures/<name>.jpg`: the
pictures it shows, which cards in the chat show too. Wired in bot/app.py.
"""

import re
from pathlib import Path

from flask import Blueprint, Response, abort
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from web.policy import headers

PICTURES = Path(__file__).with_name("pictures")
_NAME = re.compile(r"[a-z_]{1,40}")


def guide(templates: Path, *, utility_name: str, hotline: str) -> Blueprint:
    """`templates`: the folder that has pages/meter_photo.html; customer service owns it."""
    pages = Blueprint("guide", __name__)
    html, style = _page(templates / "pages", utility_name, hotline)
    allowed = headers(style)

    @pages.get("/guide/meter-photo")
    def meter_photo() -> Response:
        return Response(html, mimetype="text/html", headers=allowed)

    @pages.get("/pictures/<name>.jpg")
    def picture(name: str) -> Response:
        path = PICTURES / f"{name}.jpg"
        if not _NAME.fullmatch(name) or not path.is_file():
            abort(404)
        kept = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}
        return Response(path.read_bytes(), mimetype="image/jpeg", headers=kept)

    return pages


def _page(folder: Path, utility_name: str, hotline: str) -> tuple[str, str]:
    style = (folder / "guide.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined
    )
    html = environment.get_template("meter_photo.html").render(
        utility_name=utility_name,
        hotline=hotline,
        style=Markup(style),  # noqa: S704 - a file of ours
    )
    return html, style
