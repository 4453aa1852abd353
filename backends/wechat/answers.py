"""Reads WeChat's answers from bytes: the content type is not to be trusted (protocol sheet, 3.0).

Enters: status, content type, body. Leaves: an `Answer`; an answer that is none carries its problem.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`data`: the JSON object, None for a file. `oversize`: longer than the call allowed, cut off.
    `problem`: why it cannot be taken for WeChat's word."""

    path: str
    mime: str = ""
    body: bytes = field(default=b"", repr=False)
    data: Mapping[str, object] | None = field(default=None, repr=False)
    oversize: bool = False
    problem: str = ""

    @property
    def errcode(self) -> int:
        code = (self.data or {}).get("errcode", 0)
        return code if isinstance(code, int) else 0

    @property
    def errmsg(self) -> str:
        return self.text("errmsg")

    def text(self, name: str) -> str:
        value = (self.data or {}).get(name)
        return value if isinstance(value, str) else ""


def parse(path: str, status: int, mime: str, body: bytes) -> Answer:
    data = _object_in(body)
    problem = ""
    if status >= 500 or (status != 200 and not (data or {}).get("errcode")):
        problem = f"{path}: HTTP status {status}"
    elif data is None and _claims_text(mime):
        problem = f"{path}: {len(body)} bytes that are not a JSON object"
    return Answer(path=path, mime=mime, body=body, data=data, problem=problem)


def _object_in(body: bytes) -> Mapping[str, object] | None:
    if not body.lstrip().startswith(b"{"):
        return None
    try:
        # strict=False: control characters stand raw in some of WeChat's strings
        data = json.loads(body.decode("utf-8"), strict=False)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _claims_text(mime: str) -> bool:
    kind = mime.partition(";")[0].strip().lower()
    return kind.startswith("text/") or kind.endswith("json")
