"""`GET /files/<photo_id>?expires=…&signature=…`: a photo for CSMS and the hotline, by signed link.

The link is all that is asked for: whoever has it sees that one photo until it expires. Wired in
bot/app.py; the worker and the reviewers' command make the links with `links`.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, Response, abort, request

from backends.errors import BackendUnavailable
from backends.ports import PhotoStore

_EPOCH = re.compile(r"[0-9]{1,12}")
_HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


def sign_link(base_url: str, key: bytes, photo_id: str, expires_at: int) -> str:
    """`base_url` without a slash at its end; `expires_at` in epoch seconds."""
    signature = _signature(key, photo_id, str(expires_at))
    return f"{base_url}/files/{photo_id}?expires={expires_at}&signature={signature}"


def links(
    public_url: str, key: bytes, live: timedelta, now_s: Callable[[], float]
) -> Callable[[str], str]:
    """What makes a photo's link, good for so long from when it is made."""

    def link(photo_id: str) -> str:
        until_s = int(now_s() + live.total_seconds())
        return sign_link(public_url.rstrip("/"), key, photo_id, until_s)

    return link


def files(store: PhotoStore, key: bytes, now_s: Callable[[], float]) -> Blueprint:
    """403: the link is wrong or has expired. 404: the photo is gone. 503: it cannot be read."""
    pages = Blueprint("files", __name__)

    @pages.get("/files/<photo_id>")
    def file(photo_id: str) -> Response:
        expires = request.args.get("expires", "")
        given = request.args.get("signature", "")
        right = _signature(key, photo_id, expires)
        # As bytes: compare_digest refuses text that is not ASCII.
        if not hmac.compare_digest(given.encode(), right.encode()):
            abort(403)
        if not _EPOCH.fullmatch(expires) or int(expires) <= now_s():
            abort(403)
        try:
            jpeg = store.read(photo_id)
        except BackendUnavailable:
            abort(503)
        if jpeg is None:
            abort(404)
        return Response(jpeg, mimetype="image/jpeg", headers=_HEADERS)

    return pages


def _signature(key: bytes, photo_id: str, expires: str) -> str:
    return hmac.new(key, f"{photo_id}\n{expires}".encode(), hashlib.sha256).hexdigest()
