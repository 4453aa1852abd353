"""What a call of the server API is: what it needs, what it gets, what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Request, Response

from sandbox.world import World

Answer = Mapping[str, Any] | Response


@dataclass(frozen=True, slots=True)
class Received:
    """A call after the common checks. `body` is {} for a GET and for an upload."""

    world: World
    request: Request
    body: Mapping[str, Any]

    def query(self, name: str) -> str:
        return self.request.args.get(name, "")

    def text(self, name: str) -> str:
        value = self.body.get(name, "")
        return value if isinstance(value, str) else ""


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    run: Callable[[Received], Answer]
    needs_token: bool = True
    is_upload: bool = False
