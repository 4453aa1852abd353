"""The control API and the platform API of one sandbox, as the tests speak to them."""

import io
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse


class Control:
    def __init__(self, app: Flask) -> None:
        self.app = app
        self.http = app.test_client()

    def post(self, path: str, body: dict[str, Any] | None = None) -> TestResponse:
        return self.http.post(f"/sandbox/api{path}", json=body or {})

    def upload(self, path: str, field: str, content: bytes) -> TestResponse:
        answer = self.http.post(path, data={field: (io.BytesIO(content), "picture.jpg")})
        # A large form lies in a temporary file, which werkzeug's client leaves open.
        answer.request.environ["wsgi.input"].close()
        return answer

    def get(self, path: str) -> Any:
        return self.http.get(f"/sandbox/api{path}").get_json()

    def faults(self, **change: Any) -> TestResponse:
        return self.http.put("/sandbox/api/faults", json=change)

    def follower(self) -> str:
        openid: str = self.post("/citizens").get_json()["openid"]
        assert self.post(f"/citizens/{openid}/follow").status_code == 200
        return openid

    def act(self, openid: str, **action: Any) -> dict[str, Any]:
        answer = self.post(f"/citizens/{openid}/send", action)
        assert answer.status_code == 200, answer.get_json()
        outcome: dict[str, Any] = answer.get_json()
        return outcome

    def says(self, openid: str, content: str) -> dict[str, Any]:
        return self.act(openid, type="text", content=content)

    def advance(self, seconds: float) -> None:
        assert self.post("/clock", {"advance_s": seconds}).status_code == 200

    def bubbles(self, openid: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get(f"/citizens/{openid}/bubbles")["bubbles"]
        return found

    def entries(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.get("/inspector")["entries"]
        return found

    def wait_for_entries(self, count: int) -> list[dict[str, Any]]:
        world = self.app.extensions["sandbox"].world
        with world.news:
            assert world.news.wait_for(lambda: world.inspector.last >= count, 5)
        return self.entries()
