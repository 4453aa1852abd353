"""What a browser may do with a page of ours: nothing that does not stand in it."""

import base64
import hashlib


def headers(style: str, script: str = "") -> dict[str, str]:
    """For a page that holds this style, and this script if any."""
    allowed = f"style-src {_source(style)}; "
    if script:
        allowed += f"script-src {_source(script)}; "
    return {
        "Cache-Control": "public, max-age=300",
        "Content-Security-Policy": (
            f"default-src 'none'; img-src 'self'; {allowed}"
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }


def _source(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
