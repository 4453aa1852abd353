"""HTTP/1.1 with kept connections, as much of it as `requests` speaks, and quick: what answers must
not be what is measured."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

Answering = Callable[[str, bytes], Awaitable[Mapping[str, Any] | None]]
END_OF_HEAD = b"\r\n\r\n"
LENGTH = b"content-length:"


class _Connection(asyncio.Protocol):
    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._received = b""
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Nobody sends a second request before the first is answered."""
        self._received += data
        head, end, body = self._received.partition(END_OF_HEAD)
        if end and len(body) >= _length(head):
            self._received = b""
            path = head.split(b" ", 2)[1].decode()
            task = asyncio.ensure_future(self._answer(path, body))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _answer(self, path: str, body: bytes) -> None:
        answer = await self._answering(path, body)
        if answer is None:
            self._transport.abort()
            return
        written = json.dumps(answer).encode()
        head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        self._transport.write(f"{head}{len(written)}\r\n\r\n".encode() + written)


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line[: len(LENGTH)].lower() == LENGTH:
            return int(line[len(LENGTH) :])
    return 0


async def serve(port: int, answering: Answering) -> None:
    server = await asyncio.get_running_loop().create_server(
        lambda: _Connection(answering), "127.0.0.1", port, backlog=1024
    )
    async with server:
        await server.serve_forever()
