"""What a browser may do with a page of ours: nothing that does not stand in it."""

import base64
import hashlib


def headers(style: str, script: str = "", *, asks_us: bool = False) -> dict[str, str]:
    """For a page that holds this style, and this script if any. `asks_us`: it is somebody's own,
    and its script asks this server for more."""
    allowed = f"style-src {_source(style)}; "
    if script:
        allowed += f"script-src {_source(script)}; "
    if asks_us:
        allowed += "connect-src 'self'; "
    return {
        "Cache-Control": "private, no-store" if asks_us else "public, max-age=300",
        "Content-Security-Policy": (
            f"default-src 'none'; img-src 'self'; {allowed}"
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
