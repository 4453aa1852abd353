"""`GET /go/<page>`: where a card leads when it is tapped: the one thing to do now in the chat. No
address tells in clear whose card it was (web/card_links.py). Wired in bot/app.py.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from flask import Blueprint, Response, abort, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from backends.ports import WayToPay
from bot.wording.landing import LandingPage
from web.card_links import IN_QUERY, Said
from web.policy import headers

PRIVATE = {"Cache-Control": "private, no-store"}


def go(
    templates: Path,
    pages: Mapping[str, LandingPage],
    *,
    utility_name: str,
    hotline: str,
    ways: Callable[[], Sequence[WayToPay]],
    card: Callable[[str], Said | None],
) -> Blueprint:
    """`templates`: the folder that has pages/go.html; customer service owns it. `card`: what the
    card said, of the address it led to."""
    blueprint = Blueprint("go", __name__)
    folder = templates / "pages"
    style, script = ((folder / name).read_text(encoding="utf-8") for name in ("go.css", "go.js"))
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined
    )
    environment.globals.update(
        utility_name=utility_name,
        hotline=hotline,
        style=Markup(style),  # noqa: S704 - a file of ours
        script=Markup(script),  # noqa: S704 - a file of ours
    )
    template = environment.get_template("go.html")
    allowed = headers(style, script)

    @blueprint.get("/go/<name>")
    def page(name: str) -> Response:
        if name not in pages:
            abort(404)
        one = pages[name]
        said = card(request.args.get(IN_QUERY, "")) if one.card else None
        html = template.render(page=one, said=said, ways=ways() if one.ways else ())
        return Response(
            html, mimetype="text/html", headers={**allowed, **(PRIVATE if said else {})}
        )

    return blueprint
